"""Whether the system's clock has jumped: what it says and said, beside how long the machine has been running.

The archive keeps when the machine was started, as its clock tells. While the machine runs this moves only where
the clock is set; what a time service slews is less than the tolerance.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from state.database import transaction
from state.times import moment, stamp

TOLERANCE: Final = dt.timedelta(minutes=5)
"""A clock is slewed by at most 500 parts in a million (adjtimex), 43 seconds a day; a jump is more than that."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class Clock:
    """The clock of the machine that writes an archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def jump(self, *, now: dt.datetime, running: dt.timedelta, boot: str) -> dt.timedelta | None:
        """By how much the clock was set forward (back: negative) since this was asked last; None where it was not.

        ``running`` is how long the machine has been running, sleep included, since its start ``boot``.
        """
        started = now - running
        name = f"started {boot}"
        row = self._db.execute("SELECT at FROM upkeep WHERE name = ?", [name]).fetchone()
        with transaction(self._db, durable=False):
            self._db.execute("DELETE FROM upkeep WHERE name LIKE 'started %'")
            self._db.execute("INSERT INTO upkeep (name, at) VALUES (?, ?)", [name, stamp(started)])
        by = None if row is None else started - moment(row[0])
        return by if by is not None and abs(by) > TOLERANCE else None


def running_time() -> tuple[dt.timedelta, str] | None:
    """How long this machine has been running, and a name for this start of it; None where it does not tell."""
    try:
        boot = _BOOT_ID.read_text(encoding="ascii").strip()
        return dt.timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME)), boot
    except (OSError, AttributeError):
        return None
