"""The newest entry of the chain in a small file beside the archive, written whenever a writer lets go of it.

It shows at the next start what the archive itself cannot show: that its tail is gone, that an earlier copy stands
in its place, or that the last writer did not end. It is read by people too: ``verify --known`` takes its line.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from state.errors import StoreError
from state.ledger.entries import GENESIS, Head, entry_of
from state.private_files import create_for_owner

_LINE: Final = re.compile(r"\s*(\d+):([0-9a-f]{64})\s*")
_JOURNALS: Final = ("", "-wal")


def head_file(archive: Path) -> Path:
    """Where the head of an archive stands."""
    return archive.with_name(f"{archive.name}.head")


def read_head_file(archive: Path) -> Head | None:
    """The head that was written beside an archive; None where there is none that can be read."""
    try:
        match = _LINE.fullmatch(head_file(archive).read_text("ascii"))
    except (OSError, UnicodeDecodeError):
        return None
    return Head(int(match[1]), match[2]) if match else None


def write_head_file(archive: Path, head: Head) -> None:
    """Write the head beside the archive, whole or not at all; on a disk that takes nothing it stays behind."""
    target = head_file(archive)
    part = target.with_name(f"{target.name}.part{os.getpid()}")
    with contextlib.suppress(OSError):
        create_for_owner(part)
        part.write_text(f"{head.seq}:{head.entry}\n", "ascii")
        part.replace(target)
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def was_left_open(archive: Path) -> bool:
    """Whether the archive was written to after its head: a writer was killed, or a file was put in its place."""
    try:
        written = head_file(archive).stat().st_mtime_ns
    except OSError:
        return False  # an archive from before heads were kept, or a new one
    return any(
        path.stat().st_mtime_ns > written
        for suffix in _JOURNALS
        if (path := archive.with_name(archive.name + suffix)).exists()
    )


def refuse_lost_tail(db: Connection, archive: Path) -> None:
    """Raise StoreError where the archive does not hold the entry that the file beside it names."""
    known = read_head_file(archive)
    if known is None or known.seq == 0:
        return
    row = db.execute("SELECT entry FROM ledger WHERE seq = ?", [known.seq]).fetchone()
    if row is not None and entry_of(row[0]) == known.entry:
        return
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM ledger").fetchone()
    held = f"its chain ends at entry {last}" if last < known.seq else f"its entry {known.seq} is another"
    raise StoreError(
        f"{archive} is not the archive that was written here: {held}, and {head_file(archive).name} beside it says"
        f" {known.seq}:{known.entry[:12]}…. `monitor.py restore BACKUP` puts a backup in its place; where this"
        f" one is meant to stand, remove {head_file(archive)}"
    )


NOTHING: Final = Head(0, GENESIS)
"""The head of an archive that holds nothing."""
