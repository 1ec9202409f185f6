"""An archive of version 0.1 as this version has it, once, when it is opened for writing.

Nothing that was received, entered into the chain or said is touched: rows stay where they are, and the chain's
head is the same before and after.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from sqlite3 import Connection
from typing import Final

from msgspec.structs import replace

from state.blobs.snapshots import Snapshots
from state.errors import StoreError
from state.events import event_of_looks, event_of_release
from state.model import Headers
from state.naming import pair_of
from state.release_order import Order, predecessor
from state.schema import lay_out
from state.serialisation.nouns import pack_finding, unpack_finding
from state.serialisation.rows import CAPTURE, capture_of
from state.vocabulary import CONDITIONS

_LAST: Final = "0019-entries-as-bytes"
"""The last step that an archive of 0.1 has seen; those without it were made before there was any version."""


_COLUMNS: Final = (
    ("judged", "again INTEGER NOT NULL DEFAULT 0"),
    ("look", "request INTEGER REFERENCES snapshot (id)"),
    ("occurrence", "event TEXT"),
    ("occurrence", "retracted_at TEXT"),
    ("outbox", "said TEXT NOT NULL DEFAULT ''"),
)

_WITHDRAWN: Final = """
    UPDATE occurrence SET retracted_at = noted.at FROM (
        SELECT note.finding, note.release, note.words, note.at, max(note.id) FROM note
        WHERE note.author = 'reanalyse' GROUP BY note.finding, note.release
    ) AS noted JOIN finding ON finding.fingerprint = noted.finding
    WHERE finding.id = occurrence.finding AND noted.release IS occurrence.release
        AND noted.words LIKE 'No longer:%'
"""
"""What a note of 0.1 says is no longer raised."""

_TOLD: Final = """
    UPDATE outbox SET said = coalesce((SELECT event FROM occurrence JOIN finding ON finding.id = occurrence.finding
        WHERE fingerprint = outbox.finding AND occurrence.at <= outbox.created_at
        ORDER BY occurrence.at DESC, occurrence.id DESC LIMIT 1), '')
"""
"""Of which event an alert of 0.1 told."""


def is_from_0_1(db: Connection) -> bool:
    """Whether a file was laid out by version 0.1 of this program."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone() is not None


def convert(db: Connection) -> None:
    """Bring an archive of 0.1 to the schema of today, inside the caller's transaction.

    Raises StoreError for one that a development version left half way.
    """
    seen = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'archive'").fetchall()
    if (_LAST,) not in seen:
        raise StoreError("it was made before version 0.1; export its captures with the program that made it")
    for table, column in _COLUMNS:
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    _drop_indexes(db)  # they had names made by a library; ``lay_out`` makes them anew
    db.execute("DROP VIEW capture")
    db.execute("DROP TABLE _sqlite_migrations")
    lay_out(db)
    place_releases(db)
    _name_events(db)


def place_releases(db: Connection) -> None:
    """Give every release its place in the one order; those that came together wait for their dates."""
    db.execute(
        "INSERT OR IGNORE INTO stream (source, series, document) SELECT source, series, document FROM release"
    )
    order, bodies = Order(db), Snapshots(db)
    rows = db.execute(
        "SELECT release.no, release.capture, stream.id, (SELECT headers FROM look WHERE id = release.capture)"
        " FROM release JOIN stream USING (source, series, document)"
        " WHERE release.capture IN (SELECT id FROM capture) ORDER BY release.no"
    ).fetchall()
    for number, capture, stream, headers in rows:
        brought = capture_of(db.execute(f"{CAPTURE} WHERE id = ?", [capture]).fetchone())
        sent = _headers(db, bodies, headers)
        order.enter(number, capture, replace(brought, headers=sent), stream=stream, listed=None)


def _name_events(db: Connection) -> None:
    """Give what was said the names of events, and note what is withdrawn."""
    rows = db.execute(
        "SELECT occurrence.id, fingerprint, kind, occurrence.capture, release.id, occurrence.body FROM occurrence"
        " JOIN finding ON finding.id = occurrence.finding"
        " LEFT JOIN release ON release.no = occurrence.release ORDER BY occurrence.id"
    ).fetchall()
    taken: set[str] = set()
    for number, statement, kind, capture, release, body in rows:
        of_looks = release is None or kind in CONDITIONS
        names = _of_looks(statement, capture or 0) if of_looks else _of_release(db, statement, release)
        event = next(name for name in names if name not in taken)
        taken.add(event)
        said = pack_finding(replace(unpack_finding(body), event=event))
        before = None if release is None else predecessor(db, release)
        db.execute(
            "UPDATE occurrence SET event = ?, body = ?, before = (SELECT no FROM release WHERE id = ?)"
            " WHERE id = ?",
            [event, said, before, number],
        )
    db.execute(_WITHDRAWN)
    db.execute(_TOLD)


def _of_looks(statement: str, capture: int) -> Iterator[str]:
    return (event_of_looks(statement, capture=capture, n=n) for n in count())


def _of_release(db: Connection, statement: str, release: str) -> Iterator[str]:
    after, appearance, before = pair_of(db, release)
    return (event_of_release(statement, after=after, appearance=appearance, before=before, n=n) for n in count())


def _headers(db: Connection, bodies: Snapshots, snapshot: int | None) -> Headers:
    """The headers that came with a capture; none where they were let go."""
    if snapshot is None:
        return ()
    (digest,) = db.execute("SELECT sha256 FROM snapshot WHERE id = ?", [snapshot]).fetchone()
    try:
        data = bodies.read(snapshot, sha256=digest)
    except StoreError:
        return ()
    return tuple((str(name), str(value)) for name, value in json.loads(data.decode("utf-8", "surrogatepass")))


def _drop_indexes(db: Connection) -> None:
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for (name,) in rows:
        db.execute(f'DROP INDEX "{name}"')
