"""The date in the name of a file or in the words of its link, as far as it says one that can be read one way."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

_MONTHS: Final = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr, ("", *[""] * 8, "Sept", "", "", ""))
    for number, name in enumerate(names)
    if name
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_APART: Final = r"[-_. ,]?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_PATTERNS: Final = tuple(
    re.compile(rf"(?<!\d){pattern}(?!\d)", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}{_APART}(?P<month>0[1-9]|1[0-2]){_APART}(?P<day>0[1-9]|[12]\d|3[01])",
        rf"(?P<month>0?[1-9]|1[0-2])[-_.](?P<day>0?[1-9]|[12]\d|3[01])[-_.]{_YEAR}",
        rf"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01]){_YEAR}",
        rf"(?<![a-z])(?P<word>{_MONTH}){_APART}(?P<day>0?[1-9]|[12]\d|3[01])[-_. ,]+{_YEAR}",
        rf"(?P<day>0?[1-9]|[12]\d|3[01]){_APART}(?P<word>{_MONTH})[-_. ,]*{_YEAR}",
        rf"(?<![a-z])(?P<word>{_MONTH})[-_. ,]*{_YEAR}",
        rf"{_YEAR}[-_. ,]*(?P<word>{_MONTH})(?![a-z])",
        rf"{_YEAR}[-_. ,]*q(?P<quarter>[1-4])",
        rf"q(?P<quarter>[1-4])[-_. ,]*{_YEAR}",
        rf"{_YEAR}[-_.]?w(?P<week>[0-5]\d)",
        rf"{_YEAR}{_APART}(?P<month>0[1-9]|1[0-2])",
        rf"(?P<month>0[1-9]|1[0-2])[-_.]{_YEAR}",
        _YEAR,
    )
)


def date_in_names(url: str, *others: str | None) -> str | None:
    """The first date in the file name of an address, else in the other names (of the file, of its link).

    As ISO 8601, as exact as the name is: "2026-06-15", "2026-06" or "2026". None where none names one.
    """
    for name in (unquote(urlsplit(url).path.rpartition("/")[2]), *others):
        found = next(_dates_in(name or ""), None)
        if found is not None:
            return found
    return None


def _dates_in(name: str) -> Iterator[str]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(name):
            parts = match.groupdict()
            try:
                yield _iso(parts)
            except ValueError:  # the 31st of a short month, week 54
                continue


def _iso(parts: dict[str, str | None]) -> str:
    year = int(parts["year"] or 0)
    if week := parts.get("week"):
        return dt.date.fromisocalendar(year, int(week), 1).isoformat()
    if quarter := parts.get("quarter"):
        return f"{year:04}-{3 * int(quarter) - 2:02}"
    month = _MONTHS.get((parts.get("word") or "").lower()) or int(parts.get("month") or 0)
    if day := parts.get("day"):
        return dt.date(year, month, int(day)).isoformat()
    return f"{year:04}-{month:02}" if month else f"{year:04}"
