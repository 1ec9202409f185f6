"""How the archive is opened, checked and written to: connections, transactions, copies.

Durability: the database is in WAL mode. A killed process loses no commit; what a power cut may undo depends on
``synchronous``. New bytes and everything about sending are committed with FULL, which waits for the disk (0.1
to 6 ms) and makes all commits before it durable too. Notes that nothing has changed and reports are committed
with NORMAL, which does not wait: a lost note costs nothing, a lost report is made again from the stored
release, and nothing is sent before a FULL commit.

A table that is rebuilt loses its triggers without a word: ``open_archive`` refuses an archive that lacks one.
"""

from __future__ import annotations

import datetime as dt
import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

from state.append_only import APPEND_ONLY, trigger_statements
from state.errors import UNREADABLE, StoreError
from state.ledger.head_file import was_left_open
from state.private_files import create_for_owner
from state.schema import VERSION, bring_on, lay_out
from state.times import moment, stamp

BUSY_MS = 10_000
"""How long a writer waits for another one before it gives up, milliseconds."""

CHECK_EVERY = dt.timedelta(days=1)
"""How often opening for writing runs SQLite's quick check over the whole file; always after a kill."""


WHAT_TO_DO = (
    "`monitor.py restore BACKUP` puts a backup in its place; without one, `monitor.py recover ARCHIVE --to NEW`"
    " takes out what is whole"
)
"""About a damaged archive."""

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_PRIMARY = 0xFF  # the bits of SQLite's extended codes that tell the kind of error


@contextmanager
def transaction(db: Connection, *, durable: bool = True) -> Iterator[None]:
    """All or nothing, holding SQLite's write lock from the start; ``durable`` waits for the disk.

    A deferred transaction that reads first and writes later can fail at once with "database is locked"
    whatever the busy timeout is; BEGIN IMMEDIATE waits for its turn instead.
    """
    try:
        db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise StoreError(f"the archive cannot be written: {why(error)}") from error
    try:
        yield
        db.execute("COMMIT")
    except sqlite3.Error as error:
        db.rollback()
        raise StoreError(f"the archive could not keep this: {why(error)}") from error
    except BaseException:
        db.rollback()
        raise


def open_archive(path: Path, *, read_only: bool = False, now: dt.datetime | None = None) -> Connection:
    """The database at ``path``, brought to the newest schema when opened for writing.

    Raises StoreError where the file is no archive, is damaged, comes from a newer version of the program or
    lacks one of its append-only triggers.
    """
    left_open = not read_only and was_left_open(path)
    try:
        db = _connect(path, read_only=read_only)
        _bring_up_to_date(db, path, read_only=read_only)
        _assert_triggers(db, path)
        if not read_only:
            _check_sometimes(db, path, now or dt.datetime.now(dt.UTC), at_once=left_open)
    except (*UNREADABLE, OSError) as error:
        raise StoreError(f"{path} cannot be used as the archive: {why(error)}") from error
    return db


def why(error: Exception) -> str:
    """What went wrong, with what to do about it where the disk is the cause."""
    code = getattr(error, "sqlite_errorcode", 0)
    number = getattr(error, "errno", None)
    if code in _FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; make room, the next round goes on where this one stopped"
    if code & _PRIMARY in _DAMAGE:
        return f"{error}; {WHAT_TO_DO}"
    if code == sqlite3.SQLITE_IOERR_WRITE:
        return f"{error}; is the disk full, a quota or a limit on the size of files reached, or the disk broken?"
    if code & _PRIMARY == sqlite3.SQLITE_READONLY or number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "it is read-only here; `status`, `history`, `verify`, `browse` and `export` read it all the same"
    return str(error)


def open_unchecked(path: Path) -> Connection:
    """The file at ``path`` to be read as it is, whatever its version and state. Raises StoreError for none."""
    if not path.is_file():
        raise StoreError(f"there is no archive at {path}")
    try:
        return _connect(path, read_only=True)
    except UNREADABLE as error:
        raise StoreError(f"{path} is no archive, or too damaged to be opened: {error}") from error


def refuse_newer(db: Connection, path: Path) -> None:
    """Raise StoreError for an archive whose tables a later version of the program has laid out anew."""
    version = _version_of(db)
    if version > VERSION:
        raise StoreError(f"{path} was written by a newer version of this program (schema {version}); update it")


def missing_triggers(db: Connection) -> list[str]:
    """The append-only triggers that the tables there are should have and have not."""
    rows = db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'trigger')").fetchall()
    tables = [table for table in APPEND_ONLY if ("table", table) in rows]
    return sorted(name for name in trigger_statements(tables) if ("trigger", name) not in rows)


def _connect(path: Path, *, read_only: bool) -> Connection:
    if read_only:
        connection = _connect_to_read(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_for_owner(path)  # SQLite gives its journals the same mode
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE deletes rows without asking the triggers
    connection.execute("PRAGMA trusted_schema = OFF")
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. A copy on a read-only medium has no room for SQLite's shared memory file,
    and needs none where no log stands beside it.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        connection.close()
        address = f"{address}&immutable=1"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    return connection


def _bring_up_to_date(db: Connection, path: Path, *, read_only: bool) -> None:
    if _version_of(db) == VERSION:
        return
    refuse_newer(db, path)
    if read_only:
        raise StoreError(f"{path} comes from an earlier version of this program; run a check first")
    with transaction(db):  # a second process that opens it now waits, then finds nothing to do
        if _version_of(db) != VERSION:
            _lay_out_anew(db, path)


def _lay_out_anew(db: Connection, path: Path) -> None:
    from state.from_0_1 import convert, is_from_0_1

    if is_from_0_1(db):
        convert(db)
    elif db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        lay_out(db)
    elif (version := _version_of(db)) > 0:
        bring_on(db, version)
    else:
        raise StoreError(f"{path} is a database of something else")


def _version_of(db: Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _assert_triggers(db: Connection, path: Path) -> None:
    missing = missing_triggers(db)
    if missing:
        raise StoreError(
            f"{path} lacks its append-only protection ({', '.join(missing)}); "
            "somebody altered the tables: restore a backup, or run verify on a copy"
        )


def _check_sometimes(db: Connection, path: Path, now: dt.datetime, *, at_once: bool) -> None:
    row = db.execute("SELECT at FROM upkeep WHERE name = 'quick-check'").fetchone()
    if row is not None and abs(now - moment(row[0])) < CHECK_EVERY and not at_once:
        return
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreError(f"{path} is damaged ({verdict}); {WHAT_TO_DO}")
    db.execute("INSERT OR REPLACE INTO upkeep (name, at) VALUES ('quick-check', ?)", [stamp(now)])
