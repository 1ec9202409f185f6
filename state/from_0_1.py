"""An archive of version 0.1 as this version has it, once, when it is opened for writing.

Nothing that was received, entered into the chain or said is touched: rows stay where they are, and the chain's
head is the same before and after.
"""

from __future__ import annotations

import json
from sqlite3 import Connection
from typing import Final

from msgspec.structs import replace

from state.blobs.snapshots import Bodies
from state.errors import StoreError
from state.model import Headers
from state.release_order import Order
from state.schema import lay_out
from state.serialisation.rows import CAPTURE, capture_of

_LAST: Final = "0019-entries-as-bytes"
"""The last step that an archive of 0.1 has seen; those without it were made before there was any version."""


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
    db.execute("ALTER TABLE judged ADD COLUMN again INTEGER NOT NULL DEFAULT 0")
    _drop_indexes(db)  # they had names made by a library; ``lay_out`` makes them anew
    db.execute("DROP VIEW capture")
    db.execute("DROP TABLE _sqlite_migrations")
    lay_out(db)
    _place_releases(db)


def _place_releases(db: Connection) -> None:
    """Give every release its place in the one order; those that came together wait for their dates."""
    db.execute(
        "INSERT OR IGNORE INTO stream (source, series, document) SELECT source, series, document FROM release"
    )
    order, bodies = Order(db), Bodies(db)
    rows = db.execute(
        "SELECT release.no, release.capture, stream.id, (SELECT headers FROM look WHERE id = release.capture)"
        " FROM release JOIN stream USING (source, series, document) ORDER BY release.no"
    ).fetchall()
    for number, capture, stream, headers in rows:
        brought = capture_of(db.execute(f"{CAPTURE} WHERE id = ?", [capture]).fetchone())
        sent = _headers(db, bodies, headers)
        order.enter(number, capture, replace(brought, headers=sent), stream=stream, listed=None)


def _headers(db: Connection, bodies: Bodies, snapshot: int | None) -> Headers:
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
