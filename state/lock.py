"""One lock for daemon, cron and command line, so that two rounds never fetch the same pages at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from state.database import why
from state.errors import LockHeld, StoreError

HELD_STATUS = 75
"""Exit status of a command that found the lock held: EX_TEMPFAIL of sysexits.h, "try again later"."""


@contextmanager
def round_lock(archive: Path) -> Iterator[None]:
    """Hold the lock of the archive for a round. Raises LockHeld at once where another process has it.

    Raises StoreError where none can be made, as on a read-only disk. The lock is the operating system's own and
    goes with the process, so a killed round leaves none behind.
    """
    lock = FileLock(archive.with_name(archive.name + ".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockHeld(f"another round is working on {archive}; it ends by itself, try again then") from error
    except OSError as error:
        raise StoreError(f"{archive} cannot be written: {why(error)}") from error
    try:
        yield
    finally:
        lock.release()
