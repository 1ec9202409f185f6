"""How often a series comes out, declared by its source file or learnt from the days on which it came."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from msgspec import Struct

from state.model import Series

FEWEST_RELEASES = 4
"""Releases that must have come before a rhythm is learnt from them."""

QUICK = dt.timedelta(days=5)
FEWEST_QUICK = 12
"""A rhythm of less than five days shows itself only over more releases: weekends and holidays hide it."""

LEAST_GRACE = dt.timedelta(days=3)
"""A weekend is no delay."""

IRREGULAR = 0.4
"""Median deviation, as a share of the median gap, above which releases follow no rhythm."""


class Cadence(Struct, frozen=True):
    """The usual time between releases and the time after which the next one counts as overdue."""

    usual: dt.timedelta
    limit: dt.timedelta
    declared: bool
    longest: dt.timedelta = dt.timedelta(0)  # that was waited before, where learnt
    releases: int = 0  # how many it was learnt from

    @property
    def told(self) -> str:
        """Where the expectation comes from, in words."""
        if self.declared:
            return f"a release is promised every {days(self.usual)}"
        return f"the {self.releases} releases before came {days(self.usual)} apart (median)"


def cadence_of(series: Series, times: Sequence[dt.datetime]) -> Cadence | None:
    """The cadence a series declares, else the one that ``times`` of its releases show, else None."""
    if series.cadence is not None:
        return Cadence(series.cadence, series.cadence + series.grace, declared=True)
    return learn_cadence(times)


def learn_cadence(times: Sequence[dt.datetime]) -> Cadence | None:
    """What the gaps between releases say; None for too few releases.

    A regular series is overdue after the median gap and three median deviations (three days and a quarter of
    the gap at the least); an irregular one only after half as long again as it ever took.
    """
    moments = sorted(times)
    if len(moments) < FEWEST_RELEASES:
        return None
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    usual = _median(gaps)
    if usual < QUICK and len(moments) < FEWEST_QUICK:
        return None
    spread = _median([abs(gap - usual) for gap in gaps])
    if spread > usual * IRREGULAR:
        limit = max(gaps) * 1.5
    else:
        limit = usual + max(LEAST_GRACE, usual / 4, spread * 3)
    return Cadence(usual, max(limit, LEAST_GRACE * 2), declared=False, longest=max(gaps), releases=len(moments))


def _median(spans: Sequence[dt.timedelta]) -> dt.timedelta:
    from statistics import median  # slow to load, and most rounds learn nothing

    return dt.timedelta(seconds=median(span.total_seconds() for span in spans))


def days(span: dt.timedelta) -> str:
    """A stretch of time in whole days, in hours below two days: "14 days", "6 hours"."""
    if span < dt.timedelta(days=2):
        hours = round(span.total_seconds() / 3600)
        return "1 day" if hours == 24 else f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{round(span / dt.timedelta(days=1)):,} days"
