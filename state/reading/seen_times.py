"""What looks showed in the order of the chain, and when that was, also where the clock was ahead at the time.

The order of looks is that of their numbers, never that of the wall clock. Mementos have the times of the web
archive and stand between the looks by these.
"""

from __future__ import annotations

import datetime as dt
from sqlite3 import Connection
from typing import Any, Final

from msgspec.structs import replace

from state.model import Capture, Release
from state.serialisation.rows import CAPTURE, capture_of
from state.times import moment, stamp

CAPTURES_KEPT: Final = 50
"""How many captures judging looks back on."""

_NUMBERED: Final = CAPTURE.replace("SELECT", "SELECT id, at,", 1)


class SeenTimes:
    """The times of looks and releases as one who asks at ``now`` may believe them; all of them without ``now``."""

    def __init__(self, db: Connection, *, now: dt.datetime | None) -> None:
        self._db = db
        self._now = None if now is None else stamp(now)

    def time(self, at: str, capture: int) -> dt.datetime:
        """When capture number ``capture`` was made, which says that it was ``at``.

        A time that is still to come was told by a wrong clock: then it is that of the first look after it that an
        earlier clock tells of.
        """
        if self._now is None or at <= self._now:
            return moment(at)
        row = self._db.execute(
            "SELECT min(look.at) FROM look JOIN answer ON answer.id = look.answer"
            " WHERE look.id > ? AND look.at < ? AND memento = 0",
            [capture, at],
        ).fetchone()
        return moment(row[0] or at)

    def captures(self, source: str, series: tuple[str, str], *, before: Release | None) -> tuple[Capture, ...]:
        """The newest captures of a series and as many of the page, which its documents would crowd out.

        Up to the one that brought ``before``. In the order of their numbers, mementos by their times.
        """
        number, memento, until = None, False, "9999"
        if before is not None:
            number, memento, until = self._db.execute(
                "SELECT capture.id, memento, capture.at FROM release JOIN capture ON capture.id = release.capture"
                " WHERE release.id = ?",
                [before.id],
            ).fetchone()
        found: list[tuple[str, int, Capture]] = []
        for name in dict.fromkeys(series):
            looks = self._looks(source, name, until) if memento else self._looks_to(source, name, number)
            found += sorted((*looks, *self._mementos(source, name, until)), key=lambda entry: entry[:2])[
                -CAPTURES_KEPT:
            ]
        return tuple(capture for _, _, capture in sorted(found, key=lambda entry: entry[:2]))

    def _looks_to(self, source: str, series: str, number: int | None) -> list[tuple[str, int, Capture]]:
        rows = self._db.execute(
            f"{_NUMBERED} WHERE source = ? AND series = ? AND memento = 0 AND id <= ? ORDER BY id DESC LIMIT ?",
            [source, series, (1 << 62) if number is None else number, CAPTURES_KEPT],
        ).fetchall()
        return self._placed(rows)

    def _looks(self, source: str, series: str, until: str) -> list[tuple[str, int, Capture]]:
        """Looks before a memento, which has a time and no place in the chain that says when it was made."""
        rows = self._db.execute(
            f"{_NUMBERED} WHERE source = ? AND series = ? AND memento = 0 AND at <= ? ORDER BY id DESC LIMIT ?",
            [source, series, until, CAPTURES_KEPT],
        ).fetchall()
        return self._placed(rows)

    def _placed(self, rows: list[tuple[Any, ...]]) -> list[tuple[str, int, Capture]]:
        """Looks, the newest first, with a time to place them by that no look after them precedes."""
        placed: list[tuple[str, int, Capture]] = []
        place = "~"
        for number, at, *row in rows:
            capture = capture_of(tuple(row))
            if self._now is not None and at > self._now:
                capture = replace(capture, at=self.time(at, number))
            place = min(place, stamp(capture.at))
            placed.append((place, number, capture))
        return placed

    def _mementos(self, source: str, series: str, until: str) -> list[tuple[str, int, Capture]]:
        has_any = self._db.execute(
            "SELECT 1 FROM placed JOIN stream ON stream.id = placed.stream"
            " WHERE stream.source = ? AND placed.appeared = 0 LIMIT 1",
            [source],
        ).fetchone()
        if has_any is None:
            return []
        rows = self._db.execute(
            f"{_NUMBERED} WHERE source = ? AND series = ? AND memento = 1 AND at <= ?"
            " ORDER BY at DESC, id DESC LIMIT ?",
            [source, series, until, CAPTURES_KEPT],
        ).fetchall()
        return [(at, number, capture_of(tuple(row))) for number, at, *row in rows]
