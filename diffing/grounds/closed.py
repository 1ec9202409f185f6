"""Which figures are about a period that was over when the release before was published."""

from __future__ import annotations

import datetime as dt

from diffing.facts import Comparison, Evidence, TablePair
from diffing.grounds.figures import Move, is_closed_period, is_redated, moves, periods_of
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
            or (not live and seen is not None and _is_of_closed_year(pair, move, seen))
        )
    ]


def _published(evidence: Evidence, comparison: Comparison) -> dt.date | None:
    """When the release before was out: the day it was first seen, or the last day that it speaks of, if later."""
    releases = evidence.history.releases()
    days = [releases[-1].at.date()] if releases else []
    if comparison.before.as_of is not None and comparison.before.as_of.date is not None:
        days.append(comparison.before.as_of.date)
    return max(days, default=None)


def _is_of_closed_year(pair: TablePair, move: Move, seen: dt.date) -> bool:
    """Whether a cell is in a row, column or table of a year that was over, and of no month of its own."""
    periods = periods_of(pair, move.change)
    if periods:
        return any(
            period.span in _YEARS and period.end is not None and period.end + SETTLED < seen for period in periods
        )
    before = pair.before.columns[move.change.column_before].name, pair.before.fiscal_year
    after = pair.after.columns[move.change.column_after].name, pair.after.fiscal_year
    years = [max(fiscal_years_in(name), default=year) for name, year in (before, after)]
    if years[0] is None or years[0] != years[1]:
        return False
    return dt.date(years[0], 9, 30) + SETTLED < seen


def _is_live(past: Past) -> bool:
    changed = past.measures("cells.changed")
    return len(changed) >= ENOUGH and sum(map(bool, changed)) > LIVE * len(changed)
