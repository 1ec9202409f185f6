"""Weeks and months that a label gives by their first and last day: "19.7.-25.7.2031", "19-25 July 2031"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from state.document import Period, Span

_JOIN: Final = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\bbis\b|\bau\b|\bal?\b|\btill?\b|\bdo\b)\s*"
_NUMERIC: Final = re.compile(
    r"(\d{1,2})([./])(\d{1,2})(?:[./](\d{4}|\d\d))?\.?" + _JOIN + r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d\d)\.?"
)
_SHORT: Final = re.compile(r"(\d{1,2})\.?" + _JOIN + r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)\.?")
_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)" + _JOIN + r"(\d{4}-\d\d-\d\d)")
_NAME: Final = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NAMED_AFTER: Final = re.compile(
    rf"(\d{{1,2}})(?:\s+{_NAME})?,?\s*(\d{{4}})?{_JOIN}(\d{{1,2}})\s+{_NAME},?\s+(\d{{4}})"
)
_NAMED_BEFORE: Final = re.compile(
    rf"{_NAME}\s+(\d{{1,2}}),?\s*(\d{{4}})?{_JOIN}(?:{_NAME}\s+)?(\d{{1,2}}),?\s+(\d{{4}})"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEK: Final = range(5, 9)
"""Days that are a week, of work or over a holiday."""


def read_day_range(label: str) -> Period | None:
    """The week or month from its first to its last day that ``label`` (in lower case) gives; None for no range.

    Days come before months, unless only the other way makes a week or a month of it ("07/19 - 07/25/2031").
    """
    for ends in _readings(label):
        period = _period(*ends)
        if period is not None:
            return period
    return None


def _readings(label: str) -> list[tuple[dt.date | None, dt.date | None]]:
    if match := _ISO.fullmatch(label):
        return [(_iso(match[1]), _iso(match[2]))]
    if match := _SHORT.fullmatch(label):
        first, last, month, year = match.groups()
        return [(_date(year, month, first), _date(year, month, last))]
    if match := _NUMERIC.fullmatch(label):
        one, sign, two, year, three, four, last_year = match.groups()
        days_first = _ends((one, two, year), (three, four, last_year))
        months_first = _ends((two, one, year), (four, three, last_year))
        return [days_first] if sign == "." else [days_first, months_first]
    if match := _NAMED_AFTER.fullmatch(label):
        day, name, year, last_day, last_name, last_year = match.groups()
        return [_ends((day, _number(name or last_name), year), (last_day, _number(last_name), last_year))]
    if match := _NAMED_BEFORE.fullmatch(label):
        name, day, year, last_name, last_day, last_year = match.groups()
        return [_ends((day, _number(name), year), (last_day, _number(last_name or name), last_year))]
    return []


def _ends(first: tuple[str, str, str | None], last: tuple[str, str, str]) -> tuple[dt.date | None, dt.date | None]:
    """Both days; a first day without a year lies in that of the last, or before its beginning."""
    day, month, year = first
    end = _date(last[2], last[1], last[0])
    start = _date(year or last[2], month, day)
    if start is not None and end is not None and year is None and start > end:
        start = _date(str(end.year - 1), month, day)
    return start, end


def _number(name: str) -> str:
    return str(_MONTHS.index(name[:3]) + 1)


def _iso(text: str) -> dt.date | None:
    return _date(text[:4], text[5:7], text[8:])


def _date(year: str, month: str, day: str) -> dt.date | None:
    whole = int(year) if len(year) == len("2031") else 2000 + int(year)
    try:
        return dt.date(whole, int(month), int(day))
    except ValueError:
        return None


def _period(first: dt.date | None, last: dt.date | None) -> Period | None:
    if first is None or last is None or last <= first:
        return None
    days = (last - first).days + 1
    if days in _WEEK:
        return Period(Span.WEEK, first, last)
    whole_month = first.day == 1 and (last + dt.timedelta(days=1)).day == 1 and first.month == last.month
    return Period(Span.MONTH, first, last) if whole_month and first.year == last.year else None
