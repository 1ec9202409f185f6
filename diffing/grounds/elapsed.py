"""How many days of a fiscal year a to-date average covers: from the stated date, checked by the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from diffing.grounds.figures import as_of_date
from diffing.readers.statements.periods import fiscal_year_of
from state.document import Document, Table

LONGEST = 366
ALMOST = 0.8
"""Share of averages that must become whole numbers of person-days for a number of days to be believed.

Half of the days leaves about half of them whole; what is above that may be figures that were tampered with."""

MOST = 0.6
"""The same for the days that the stated date gives, against a larger number that explains more."""

ENOUGH, SPREAD = 5, 60
"""Averages that are needed, and how many are looked at, spread over all of them."""

SAMPLE = 5_000
"""Rows whose averages are looked at for a divisor."""

FULL_PRECISION = 5
"""Decimals from which on an average was computed, not rounded, so that its divisor can be found."""


def days_elapsed(document: Document, table: Table, averages: Sequence[float]) -> int | None:
    """Days from 1 October to the as-of date of ``table``, or the divisor that its averages show.

    Averages published in full precision are person-days over days: the smallest number that makes them
    whole is the divisor, and it survives a mistyped date. Where some were halved, twice the days make all
    of them whole: the stated date holds against a larger divisor. None where neither says anything.
    """
    found, stated = divisor(averages), _stated(document, table)
    if found and stated and stated < found and _share_of_whole(_precise(averages), stated) >= MOST:
        return stated
    return found or stated


def divisor(averages: Sequence[float]) -> int | None:
    """The smallest number of days that makes nearly all ``averages`` whole, None where they are rounded."""
    precise = _precise(averages)
    if len(precise) < ENOUGH:
        return None
    return next(
        (days for days in range(2, LONGEST + 1) if _share_of_whole(precise, days) >= ALMOST),
        None,
    )


def _precise(averages: Sequence[float]) -> list[float]:
    """Averages that were computed, spread over all of them."""
    precise = [value for value in averages if len(repr(float(value)).partition(".")[2]) > FULL_PRECISION]
    return precise[:: max(1, len(precise) // SPREAD)][:SPREAD]


def _share_of_whole(averages: Sequence[float], days: int) -> float:
    return sum(_is_whole(value * days) for value in averages) / max(1, len(averages))


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-4


def _stated(document: Document, table: Table) -> int | None:
    """Days by the stated date; a year that lies outside the table's fiscal year is taken for mistyped."""
    as_of = as_of_date(document, table)
    if as_of is None:
        return None
    year = table.fiscal_year or fiscal_year_of(as_of)
    days = (_inside(as_of, year) - dt.date(year - 1, 10, 1)).days
    return days if 0 < days <= LONGEST else None


def _inside(day: dt.date, year: int) -> dt.date:
    """The same day and month inside fiscal year ``year``; 29 February becomes 28 in a common year."""
    calendar = year - 1 if day.month >= 10 else year
    try:
        return day.replace(year=calendar)
    except ValueError:
        return day.replace(year=calendar, day=28)
