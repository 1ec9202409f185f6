"""Which figures are about a period that was over when the release before was published."""

from __future__ import annotations

import datetime as dt

from diffing.comparing.model import Comparison, Evidence, TablePair
from diffing.grounds.figures import Move, as_of_date, is_closed_period, is_redated, moves, periods_of
from diffing.grounds.past import ENOUGH, Past
from diffing.identity import fiscal_years_in
from state.document import Span

SETTLED = dt.timedelta(days=30)
"""After a fiscal year's end its figures are still being settled for so long."""

_YEARS = (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)

LIVE = 0.5
"""A table that changed in this share of the releases before is kept up, whatever year its title names."""


def closed_moves(evidence: Evidence, pair: TablePair, past: Past) -> list[Move]:
    """Figures that changed although their month, quarter or fiscal year was over."""
    comparison = evidence.comparison
    if comparison is None:
        return []
    seen = _published(evidence, comparison)
    live = _is_live(past)
    return [
        move
        for move in moves(pair)
        if not is_redated(pair, move.change)
        and (
            is_closed_period(comparison, pair, move.change)
            or (not live and seen is not None and _is_of_closed_year(comparison, pair, move, seen))
        )
    ]


def _published(evidence: Evidence, comparison: Comparison) -> dt.date | None:
    """When the release before was out: the day it was first seen, or the last day that it speaks of, if later."""
    releases = evidence.history.releases()
    days = [releases[-1].at.date()] if releases else []
    if comparison.before.as_of is not None and comparison.before.as_of.date is not None:
        days.append(comparison.before.as_of.date)
    return max(days, default=None)


def _is_of_closed_year(comparison: Comparison, pair: TablePair, move: Move, seen: dt.date) -> bool:
    """Whether a cell is in a row, column or table of a year that was over, and of no month of its own.

    A year goes on where the release after speaks of a later day within it, however late both were published.
    """
    spoke = as_of_date(comparison.before, pair.before), as_of_date(comparison.after, pair.after)
    went_on_until = spoke[1] if spoke[0] and spoke[1] and spoke[0] < spoke[1] else None

    def is_over(end: dt.date) -> bool:
        return end + SETTLED < seen and (went_on_until is None or went_on_until > end)

    periods = periods_of(pair, move.change)
    if periods:
        return any(period.span in _YEARS and period.end is not None and is_over(period.end) for period in periods)
    before = pair.before.columns[move.change.column_before].name, pair.before.fiscal_year
    after = pair.after.columns[move.change.column_after].name, pair.after.fiscal_year
    years = [max(fiscal_years_in(name), default=year) for name, year in (before, after)]
    if years[0] is None or years[0] != years[1]:
        return False
    return is_over(dt.date(years[0], 9, 30))


def _is_live(past: Past) -> bool:
    changed = past.measures("cells.changed")
    return len(changed) >= ENOUGH and sum(map(bool, changed)) > LIVE * len(changed)
