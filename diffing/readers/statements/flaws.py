"""What cannot be meant about a stated date: a year off by one, an end before the year began, the future."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from diffing.readers.statements.periods import fiscal_year_start
from state.document import DateRole, StatedDate

NO_YEAR: Final = "its year is not said"
"""The flaw of a day and a month by themselves, until the rest of the document has said their year."""

_YEAR_END_MONTHS: Final = (1, 2)
"""Months in which people still write last year's number."""

_NEAR: Final = dt.timedelta(days=45)
_AHEAD: Final = dt.timedelta(days=7)
_DATA_ROLES: Final = (DateRole.AS_OF, DateRole.DATA_THROUGH)


def flaw_by_neighbours(
    stated: StatedDate, others: Sequence[StatedDate], *, one_statement: bool, fiscal_year: int | None = None
) -> str | None:
    """Why ``stated`` contradicts the other dates of its statement, or else of its document.

    In one statement a date of any month may show the year as off by one, and data cannot run beyond the
    date of its own query; across a document only January and February are judged, since older
    statements stand there by right.
    """
    if stated.date is None or stated.role not in _DATA_ROLES:
        return None
    begun = fiscal_year_start(fiscal_year) if fiscal_year is not None else dt.date.min
    if stated.role is DateRole.DATA_THROUGH and stated.date < begun:
        return f"{stated.text} lies before FY{fiscal_year} began"
    if not one_statement and stated.date.month not in _YEAR_END_MONTHS:
        return None
    for other in others:
        if other is stated or other.date is None or other.role not in (*_DATA_ROLES, DateRole.RUN):
            continue
        if _a_year_behind(stated.date, other.date):
            return f"the year is probably mistyped: beside it stands {other.text}"
        if one_statement and other.role is DateRole.RUN and stated.date > other.date:
            return f"{stated.text} lies after the query of {other.text}"
    return None


def flaw_by_today(stated: StatedDate, today: dt.date | None) -> str | None:
    """Why ``stated`` cannot be meant on ``today``: it lies ahead, or is last year's date in January."""
    if today is None or stated.date is None or stated.role is DateRole.PERIOD:
        return None
    if stated.date > today + dt.timedelta(days=1) and stated.role is not DateRole.DATA_THROUGH:
        return f"{stated.text} lies in the future"
    if stated.date.month in _YEAR_END_MONTHS and _a_year_behind(stated.date, today):
        return "the year is probably mistyped: last year's number in a new year"
    return None


def _a_year_behind(date: dt.date, reference: dt.date) -> bool:
    """Whether ``date`` with its year raised by one is close to ``reference`` and by itself is not."""
    if date.year != reference.year - 1:
        return False
    raised = date + dt.timedelta(days=365)
    return reference - _NEAR <= raised <= reference + _AHEAD
