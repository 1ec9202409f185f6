"""Clocks for tests: they start where a test says, and they run."""

from __future__ import annotations

import datetime as dt


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        """The time now, UTC."""
        self.at += dt.timedelta(seconds=1)
        return self.at
