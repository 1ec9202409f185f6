"""A whole copy of the archive while others go on writing: SQLite's online backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from state.errors import StoreError
from state.private_files import create_for_owner

_PAGES = 4096  # copied between two reports of progress


def copy_archive(db: Connection, target: Path, *, progress: Callable[[int, int], None] | None = None) -> None:
    """Write the archive as it stands now to ``target``, a new file; ``progress`` hears pages done and of how many.

    One read transaction spans the copy: what others write meanwhile is not in it and does not make it start over.
    Raises StoreError where the file exists, cannot be written, or does not pass SQLite's check.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; name a file that does not")
    part = target.with_name(f"{target.name}.part")
    try:
        create_for_owner(part)
        _copy(db, part, progress)
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the archive could not be copied to {target}: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(db: Connection, part: Path, progress: Callable[[int, int], None] | None) -> None:
    def report(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    with closing(sqlite3.connect(part)) as copy:
        db.execute("BEGIN")
        try:
            db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            db.backup(copy, pages=_PAGES, progress=report)
        finally:
            db.execute("ROLLBACK")
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged ({verdict})")
