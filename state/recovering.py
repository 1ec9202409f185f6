"""A new archive out of a damaged one: what is whole is taken over, what is not is named and stays missing.

Nothing is guessed. A row that cannot be read is gone, and the chain, which is taken over as it is, goes on saying
so. Bytes that are not those of their digest are let go, so that they are kept again when they are received again.
What is made from bytes (figures, texts, views) is left out as a whole where any is lost: ``reanalyse`` makes it.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from state.blobs.snapshots import Snapshots
from state.database import transaction, why
from state.errors import UNREADABLE, BytesPruned, StoreError
from state.from_0_1 import place_releases
from state.ledger.agreement import PACKED, is_packed
from state.ledger.verify import Verification, verify_file
from state.private_files import create_for_owner
from state.reading.history import Archive
from state.salvage import Loss, Salvage, Table, tables_of, wrong_time
from state.schema import lay_out
from state.search.texts import Texts
from state.times import stamp

_TEXTS: Final = ("text", "text_bundle", "text_seen", "text_indexed")
_MADE: Final = {
    "what search finds": _TEXTS,
    "figures of releases": ("glossary", "facts", "table_content", "table_facts"),
    "readings kept for the next comparison": ("reading",),
    "side-by-side views": ("view",),
}
"""What is made from bytes, by what it is: its tables go together."""

_PACKED: Final = {
    "glossary": "data",
    "text_bundle": "data",
    "occurrence": "body",
    **{table: column for table, (_, column) in PACKED.items()},
}
"""Tables with packed JSON, and its column: it is unpacked to see whether it is whole."""

_OURS: Final = "dictionary"  # the program has it itself

_LENIENT: Final = "PRAGMA writable_schema = ON"  # SQLite then passes over parts of the schema that it cannot read


class Recovered(Struct, frozen=True):
    """What a recovery came to."""

    rows: int
    losses: tuple[Loss, ...]
    verified: Verification  # of the new archive: its faults stay in it


def recover_archive(
    damaged: Path, target: Path, *, at: dt.datetime, progress: Callable[[int, int], None] | None = None
) -> Recovered:
    """Make ``target`` of what is whole in ``damaged``, which is only read.

    ``progress`` hears how many blobs of how many are checked at the end. Raises StoreError where ``target`` exists
    or cannot be written, and where nothing of an archive can be read.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; name a file that does not")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        create_for_owner(part)
        rows, losses = _fill(damaged, part, at=at)
        verified = verify_file(part, progress=progress)
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{target} could not be made of {damaged}: {why(error)}") from error
    finally:
        part.unlink(missing_ok=True)
    return Recovered(rows, tuple(losses), verified)


def _fill(damaged: Path, part: Path, *, at: dt.datetime) -> tuple[int, list[Loss]]:
    with (
        closing(_open(damaged)) as old,
        closing(sqlite3.connect(part, isolation_level=None)) as new,
    ):
        _refuse_what_is_none(old, damaged)
        salvage = Salvage(old)
        new.execute("PRAGMA trusted_schema = OFF")
        with transaction(new):
            lay_out(new)
            triggers = _take_away_triggers(new)
            rows = sum(_copy(salvage, new, table) for table in tables_of(new) if table.name != _OURS)
            _let_go_of_damaged_bytes(new, salvage)
            _keep_made_things_whole(new, salvage)
            _mend_order_and_queue(new, salvage, at=at)
            for statement in triggers:
                new.execute(statement)
        return rows, salvage.losses


def _open(damaged: Path) -> Connection:
    """The damaged file to be read; with its journals where these can be read with it, else without."""
    for how in ("mode=ro", "mode=ro&immutable=1"):
        db = sqlite3.connect(f"{damaged.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            db.execute(_LENIENT)
            db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except UNREADABLE as error:
            db.close()
            trouble = error
        else:
            return db
    raise StoreError(
        f"{damaged} is too damaged for anything to be read from it ({trouble}); take a backup, or an export"
    )


def _refuse_what_is_none(db: Connection, path: Path) -> None:
    found = _names(db)
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if not {"ledger", "look", "snapshot", "packed"} & found:
        raise StoreError(f"{path} is no archive, or nothing of one can be found in it")
    if version == 0 and "_sqlite_migrations" in found:
        raise StoreError(f"{path} comes from version 0.1: recover it with that version's backups")


def _names(db: Connection) -> set[str]:
    """The names of the schema, as far as it can be read."""
    found: set[str] = set()
    try:
        for (name,) in db.execute("SELECT name FROM sqlite_master"):
            found.add(name)
    except UNREADABLE:
        pass
    return found


def _take_away_triggers(db: Connection) -> list[str]:
    found = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        db.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in found]


def _copy(salvage: Salvage, new: Connection, table: Table) -> int:
    """Take over a table; a row that does not fit its table is lost."""
    new.execute(f"DELETE FROM {table.name}")
    names = ("rowid", *table.columns) if _needs_number(new, table) else table.columns
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    packed = table.columns.index(_PACKED[table.name]) if table.name in _PACKED else None
    count = 0
    for number, *values in salvage.rows(table):
        if packed is not None and not is_packed(values[packed]):
            salvage.lose(table.name, f"row {number} holds packed data that is damaged")
            continue
        if wrong := wrong_time(table, values):
            salvage.lose(table.name, f"row {number} has a time ({wrong}) that is none")
            continue
        try:
            new.execute(statement, [number, *values] if len(names) > len(values) else values)
            count += 1
        except sqlite3.Error as error:
            salvage.lose(table.name, f"row {number} does not fit its table ({error})")
    return count


def _needs_number(db: Connection, table: Table) -> bool:
    """Whether the number of a row stands in no column of its own."""
    keys = [row for row in db.execute(f"PRAGMA table_info({table.name})") if row[5]]
    return table.numbered and not (len(keys) == 1 and keys[0][2] == "INTEGER")


def _let_go_of_damaged_bytes(db: Connection, salvage: Salvage) -> None:
    """Bytes that cannot be read go, unless only those that they are compressed against are to blame."""
    db.execute("DELETE FROM keyframe")  # what comes next stands alone
    bodies = Snapshots(db)
    rows = db.execute(
        "SELECT snapshot.id, sha256 FROM snapshot LEFT JOIN packed ON packed.snapshot = snapshot.id"
        " ORDER BY coalesce(keyframe, snapshot.id), snapshot.id"
    ).fetchall()
    missing, damaged = [], []
    for number, sha256 in rows:
        try:
            bodies.read(number, sha256=sha256)
        except BytesPruned:
            continue
        except StoreError:
            missing.append(number)
            if not _is_as_written(db, number):
                damaged.append((number,))
    db.executemany("DELETE FROM packed WHERE snapshot = ?", damaged)
    for line in _captures_with(db, missing):
        salvage.lose("packed", line)


def _is_as_written(db: Connection, number: int) -> bool:
    row = db.execute("SELECT data, crc FROM packed WHERE snapshot = ?", [number]).fetchone()
    return row is not None and row[1] is not None and zlib.crc32(row[0]) == row[1]


def _captures_with(db: Connection, snapshots: Sequence[int]) -> Iterator[str]:
    """A line for each capture that rests on bytes which are not to be had."""
    db.execute("CREATE TEMP TABLE gone (snapshot INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO gone VALUES (?)", [(number,) for number in snapshots])
    named = ("headers", "request", "body", "wire", "certificate", "redirects")
    gone = [f"{part} IN (SELECT snapshot FROM gone)" for part in named]
    rows = db.execute(
        f"SELECT source, url, at, {', '.join(gone)} FROM capture WHERE {' OR '.join(gone)} ORDER BY id"
    ).fetchall()
    for source, url, at, *flags in rows:
        parts = ", ".join(part for part, is_gone in zip(named, flags, strict=True) if is_gone)
        yield f"the bytes of {source}: {url} of {at[:16]}: {parts}"
    db.execute("DROP TABLE gone")


def _keep_made_things_whole(db: Connection, salvage: Salvage) -> None:
    """What is made from bytes is taken over wholly or not at all."""
    dangling = {row[0] for row in db.execute("PRAGMA foreign_key_check")}
    for what, tables in _MADE.items():
        if salvage.lost(*tables) or dangling & set(tables):
            for table in reversed(tables):
                db.execute(f"DELETE FROM {table}")
            salvage.lose(tables[0], f"{what}: left out, `reanalyse` makes them again")
    db.execute("DELETE FROM text_indexed")
    db.execute("INSERT INTO text_indexed (last) VALUES (0)")
    Texts(db, Archive(db)).index()


def _mend_order_and_queue(db: Connection, salvage: Salvage, *, at: dt.datetime) -> None:
    """Every release is judged and has its place, or would be told as new."""
    db.execute(
        "INSERT INTO judged (release, at, attempts) SELECT no, ?, 1 FROM release"
        " WHERE no NOT IN (SELECT release FROM judged)",
        [stamp(at)],
    )
    if salvage.lost("stream", "placed"):
        db.execute("DELETE FROM placed")
        place_releases(db)
        db.execute("DELETE FROM placed WHERE release IN (SELECT release FROM questioned)")
