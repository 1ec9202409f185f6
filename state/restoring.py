"""Putting a backup in the archive's place, so that nothing of what stood there mixes with it.

A backup that is merely copied over the file meets the journals that a crash left beside it, and SQLite then plays
these into it: the result is neither the one nor the other.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec import Struct

from state.backup import copy_archive
from state.database import WHAT_TO_DO, open_unchecked, why
from state.errors import UNREADABLE, StoreError
from state.ledger.entries import Head
from state.ledger.head_file import NOTHING, read_head_file, refuse_lost_tail, was_left_open, write_head_file
from state.ledger.verify import verify_file

_JOURNALS: Final = ("", "-wal", "-shm", "-journal")


class Restored(Struct, frozen=True):
    """What a restore came to."""

    head: Head  # of what stands in the archive's place now
    aside: Path | None  # where the former archive is; None where there was none
    missing: int  # entries that the former archive's head had beyond it


def restore(
    backup: Path,
    archive: Path,
    *,
    at: dt.datetime,
    faulty: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Restored:
    """Put ``backup`` in the place of ``archive``, after every entry and byte of it was checked.

    The former archive is kept beside it with its journals, under a name with the time. The caller holds the lock.
    ``faulty``: with all that is wrong with it, as what was recovered from a damaged one has to be.
    ``progress`` hears how many blobs of how many are checked. Raises StoreError where the backup is damaged or is
    the archive itself, or the disk takes nothing; the archive is then as it was.
    """
    if archive.exists() and backup.exists() and backup.samefile(archive):
        raise StoreError(f"{backup} is the archive itself; name a backup")
    found = verify_file(backup, progress=progress)
    if not found.clean and not faulty:
        faults = f"{len(found.faults)} faults" if len(found.faults) > 1 else "a fault"
        raise StoreError(f"{backup} has {faults}, such as: {found.faults[0].what}; try an earlier one")
    try:
        fresh = _copy_beside(backup, archive)
        if archive.exists():
            fresh.chmod(archive.stat().st_mode)
        aside = _move_aside(archive, at)
        fresh.replace(archive)
        _sync_folder(archive.parent)
    except OSError as error:
        raise StoreError(f"{archive} could not be restored: {why(error)}") from error
    known = read_head_file(archive) or NOTHING
    write_head_file(archive, found.head)
    return Restored(head=found.head, aside=aside, missing=max(0, known.seq - found.head.seq))


def refuse_unsound(archive: Path) -> None:
    """Raise StoreError where another file stands in the archive's place or, after a crash, where it is damaged."""
    with closing(open_unchecked(archive)) as db:
        try:
            refuse_lost_tail(db, archive)
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0] if was_left_open(archive) else "ok"
        except UNREADABLE as error:
            raise StoreError(f"{archive} is too damaged to be read: {error}; {WHAT_TO_DO}") from error
    if verdict != "ok":
        raise StoreError(f"{archive} is damaged ({verdict}); {WHAT_TO_DO}")


def _copy_beside(backup: Path, archive: Path) -> Path:
    """A copy of the backup, with what its own journals hold, on the archive's disk."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    fresh = archive.with_name(f"{archive.name}.restoring")
    for suffix in _JOURNALS:
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    with closing(open_unchecked(backup)) as db:
        copy_archive(db, fresh)
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    return fresh


def _move_aside(archive: Path, at: dt.datetime) -> Path | None:
    """Move the archive and its journals to a name of their own; its journals first, for they are read with it."""
    if not archive.exists():
        for suffix in _JOURNALS:
            archive.with_name(archive.name + suffix).unlink(missing_ok=True)
        return None
    aside = archive.with_name(f"{archive.name}.until-{at:%Y%m%dT%H%M%S}")
    if aside.exists():
        raise StoreError(f"{aside} exists already; move it away first")
    for suffix in reversed(_JOURNALS):
        path = archive.with_name(archive.name + suffix)
        if path.exists():
            path.replace(aside.with_name(aside.name + suffix))
    return aside


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
