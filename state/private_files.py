"""Files that only their owner may read: the archive, what lies beside it, its copies.

An archive can hold sources that are not for the public, and alerts with the words of people who read them.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_BESIDE: Final = ("", "-wal", "-shm", ".head", ".key")


def create_for_owner(path: Path) -> None:
    """Make an empty file that only its owner may read; one that is there stays as it is. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def files_beside(archive: Path) -> tuple[Path, ...]:
    """The archive's file and those of its name beside it that are there."""
    found = (archive.with_name(archive.name + suffix) for suffix in _BESIDE)
    return tuple(path for path in found if path.exists())


def open_to_others(path: Path) -> int:
    """What group and others may do with a file, as bits of its mode; 0 where the system has no such modes."""
    return stat.S_IMODE(path.stat().st_mode) & _OTHERS if os.name == "posix" else 0


@contextlib.contextmanager
def for_owner_only() -> Iterator[None]:
    """All files that this process makes meanwhile are its owner's alone. Not for use beside other threads."""
    usual = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(usual)
