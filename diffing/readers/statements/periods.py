"""Periods that columns, rows and titles are about: months, quarters, fiscal years, to date.

A fiscal year is that of the United States federal government: FY2023 runs from 1 October 2022 to
30 September 2023 (31 U.S.C. 1102).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from diffing.readers.statements.date_words import with_english_months
from diffing.readers.statements.day_ranges import read_day_range
from state.document import Period, Span
from state.month_names import MONTH_NUMBERS

_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS: Final = {name: number for number, name in enumerate(_NAMES, start=1)}
"""Month numbers by the first three letters of their names."""

_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_FISCAL: Final = (
    r"(?:eo|end of )?(?:fiscal\s+year(?:\s*\(fy\))?|f\.?y\.?)\s*['-]?\s*(?P<fy>(?:19|20)\d\d|\d\d)(?!\d)"
)
_YEAR: Final = r"(?P<year>(?:19|20)\d\d|'?\d\d)"
_FULL_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_TO_DATE: Final = r"(?:\(?\s*(?:ytd|to\s+date|year[\s-]to[\s-]date)\s*\)?)"
_QUARTER: Final = (
    r"(?:q(?:tr|uarter)?\.?\s*(?P<quarter>[1-4])"
    r"|(?P<ordinal>1st|2nd|3rd|4th|first|second|third|fourth)\s+(?:quarter|qtr\.?))"
)
_DATE: Final = (
    r"(?:(?P<m>\d\d?)/(?P<d>\d\d?)/(?P<y>\d{4}|\d\d)"
    r"|(?P<iy>\d{4})-(?P<im>\d\d)-(?P<id>\d\d)(?:[t ]00:00(?::00)?)?)"
)
_DAY_NAME: Final = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_WEEK: Final = r"(?:w(?:ee)?k?\.?\s*|w)(?P<week>0?[1-9]|[1-4]\d|5[0-3])"

_FISCAL_YEARS: Final = re.compile(
    r"(?<![a-z])" + _FISCAL + r"|(?P<before>(?:19|20)\d\d)\s+fiscal\s+year", re.IGNORECASE
)
_RANGE: Final = re.compile(
    _FISCAL + r"\s*(?:-|–|—|to|through|/)\s*(?:(?:fy|ytd|fiscal\s+year)\s*)?'?\d\d(?:\d\d)?(?![\d/])",
    re.IGNORECASE,
)


def fiscal_year_start(fiscal_year: int) -> dt.date:
    """The first day of a fiscal year: 1 October of the year before."""
    return dt.date(fiscal_year - 1, 10, 1)


def fiscal_year_of(date: dt.date) -> int:
    """The fiscal year in which ``date`` lies."""
    return date.year + (date.month >= 10)


def last_day(year: int, month: int) -> dt.date:
    """The last day of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def find_fiscal_year(text: str) -> int | None:
    """The one fiscal year that ``text`` names ("FY23", "EOFY2020", "Fiscal Year (FY) 2023"); None for none,
    several or a span of years."""
    if _RANGE.search(text):
        return None
    years = {_whole(match["fy"] or match["before"]) for match in _FISCAL_YEARS.finditer(text)}
    return years.pop() if len(years) == 1 else None


def read_period(text: str, *, fiscal_year: int | None) -> Period | None:
    """The period that a header or label as a whole names, else None.

    A month or quarter without a year lies in ``fiscal_year``; where that is None too, both ends are
    None. A quarter is one of the fiscal year unless it says "CY". "FY23 YTD" has no end: the as-of
    date bounds it.
    """
    return None if len(text) > _LONGEST else _read(text, fiscal_year)


@lru_cache(maxsize=16_384)
def _read(text: str, fiscal_year: int | None) -> Period | None:
    """``read_period`` of a short text; a column's labels are asked for roles, for keys and for periods."""
    lower = text.lower()
    if lower[-1:].isdigit() or lower in MONTH_NUMBERS:
        lower = with_english_months(lower)
    if not _PERHAPS.match(lower):
        return None
    label = " ".join(lower.replace("–", "-").replace("—", "-").split()).strip(" *†‡:;,")
    if not _any_form().fullmatch(label):
        return read_day_range(label)
    for pattern, read in _forms():
        match = pattern.fullmatch(label)
        if match is not None:
            return read(match, fiscal_year)
    return None


_PERHAPS: Final = re.compile(
    r"[\s(]*(?:'?\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q|first|second|third|fourth|f\.?y|fiscal|eo"
    r"|end\s+of|ytd|to\s+date|year|cy|calendar|w(?:ee)?k|w\d|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s)"
)
"""How every label of a period begins, in lower case; most labels do not, and need no further look."""

_LONGEST: Final = 60
"""No label of a period is longer ("Fiscal Year (FY) 2023 through September 30, 2023")."""


def _whole(year: str) -> int:
    digits = year.lstrip("'")
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (1900 if number >= 70 else 2000)


def _month(match: re.Match[str], fiscal_year: int | None) -> Period:
    groups = match.groupdict()
    number = MONTHS[groups["month"][:3]] if groups.get("month") else int(groups["number"])
    if groups.get("year"):
        return _month_period(_whole(groups["year"]), number)
    fiscal = _whole(groups["fy"]) if groups.get("fy") else fiscal_year
    if fiscal is None:
        return Period(Span.MONTH, None, None)
    return _month_period(fiscal - (number >= 10), number)


def _month_period(year: int, month: int) -> Period:
    return Period(Span.MONTH, dt.date(year, month, 1), last_day(year, month))


_ORDINALS: Final = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4}


def _quarter(match: re.Match[str], fiscal_year: int | None) -> Period:
    groups = match.groupdict()
    number = int(groups["quarter"]) if groups["quarter"] else _ORDINALS[groups["ordinal"]]
    written = groups.get("fy") or groups.get("year")
    year = _whole(written) if written else fiscal_year
    if year is None:
        return Period(Span.QUARTER, None, None)
    if groups.get("cy"):
        start = dt.date(year, 3 * number - 2, 1)
    else:
        start = dt.date(year - 1, 10, 1) if number == 1 else dt.date(year, 3 * number - 5, 1)
    return Period(Span.QUARTER, start, last_day(start.year, start.month + 2))


def _fiscal(match: re.Match[str], _fiscal_year: int | None) -> Period:
    year = _whole(match["fy"])
    return Period(Span.FISCAL_YEAR, fiscal_year_start(year), dt.date(year, 9, 30))


def _to_date(match: re.Match[str], fiscal_year: int | None) -> Period:
    groups = match.groupdict()
    written = groups.get("fy") or groups.get("year")
    year = _whole(written) if written else fiscal_year
    return Period(Span.TO_DATE, None if year is None else fiscal_year_start(year), None)


def _through(match: re.Match[str], _fiscal_year: int | None) -> Period:
    year, month = _whole(match["fy"]), MONTHS[match["month"][:3]]
    return Period(Span.TO_DATE, fiscal_year_start(year), last_day(year - (month >= 10), month))


def _calendar(match: re.Match[str], _fiscal_year: int | None) -> Period:
    year = _whole(match["year"])
    return Period(Span.CALENDAR_YEAR, dt.date(year, 1, 1), dt.date(year, 12, 31))


def _day(match: re.Match[str], _fiscal_year: int | None) -> Period | None:
    date = _written_date(match)
    return None if date is None else Period(Span.DAY, date, date)


def _day_in_words(match: re.Match[str], _fiscal_year: int | None) -> Period | None:
    try:
        date = dt.date(int(match["year"]), MONTHS[match["month"][:3]], int(match["day"]))
    except ValueError:
        return None
    return Period(Span.DAY, date, date)


def _week(match: re.Match[str], _fiscal_year: int | None) -> Period | None:
    date = _written_date(match)
    if date is None:
        return None
    six = dt.timedelta(days=6)
    return Period(Span.WEEK, date - six, date) if match["end"] else Period(Span.WEEK, date, date + six)


def _written_date(match: re.Match[str]) -> dt.date | None:
    groups = match.groupdict()
    try:
        if groups["iy"]:
            return dt.date(int(groups["iy"]), int(groups["im"]), int(groups["id"]))
        return dt.date(_whole(groups["y"]), int(groups["m"]), int(groups["d"]))
    except ValueError:
        return None


def _named_day(match: re.Match[str], _fiscal_year: int | None) -> Period | None:
    """A day whose month is named: "1 March 2026", "Sunday, March 1, 2026"."""
    try:
        date = dt.date(int(match["year"]), MONTHS[match["month"][:3]], int(match["day"]))
    except ValueError:
        return None
    return Period(Span.DAY, date, date)


def _numbered_week(match: re.Match[str], _fiscal_year: int | None) -> Period | None:
    """A week by its number in the year (ISO 8601); without a year, both ends are open."""
    year = match.groupdict().get("year")
    if year is None:
        return Period(Span.WEEK, None, None)
    try:
        monday = dt.date.fromisocalendar(int(year), int(match["week"]), 1)
    except ValueError:
        return None
    return Period(Span.WEEK, monday, monday + dt.timedelta(days=6))


_Reader = Callable[[re.Match[str], "int | None"], "Period | None"]
_FORMS: Final[tuple[tuple[str, _Reader], ...]] = (
    (_MONTH, _month),
    (_MONTH + r"[\s,/'-]*" + _YEAR, _month),
    (_MONTH + r"[\s,-]*" + _FISCAL, _month),
    (_FISCAL + r"[\s,:-]*" + _MONTH, _month),
    (_FULL_YEAR + r"[\s-]*" + _MONTH, _month),
    (r"(?P<number>0?[1-9]|1[0-2])/" + _FULL_YEAR, _month),
    (_FULL_YEAR + r"-(?P<number>0[1-9]|1[0-2])", _month),
    (_FISCAL + r"(?:\s+(?:total|overall|data))?", _fiscal),
    (r"(?P<fy>(?:19|20)\d\d)\s+fiscal\s+year", _fiscal),
    (_FISCAL + r"[\s,-]*" + _TO_DATE, _to_date),
    (r"(?:fy\s*)?" + _TO_DATE + r"[\s,-]*(?:(?:fy\s*)?(?P<fy>(?:19|20)\d\d|\d\d))?", _to_date),
    (r"fytd", _to_date),
    (r"(?P<year>(?:19|20)\d\d)\s*" + _TO_DATE, _to_date),
    (_FISCAL + r"\s+(?:through|thru)\s+" + _MONTH, _through),
    (_QUARTER, _quarter),
    (r"(?:(?P<cy>cy)\s*)?" + _FULL_YEAR + r"[\s,-]*" + _QUARTER, _quarter),
    (_QUARTER + r"[\s,-]*(?:(?P<cy>cy)\s*)?" + _FULL_YEAR, _quarter),
    (_FISCAL + r"[\s,-]*" + _QUARTER + r"(?:\s+data)?", _quarter),
    (_QUARTER + r"[\s,-]*(?:of\s+)?" + _FISCAL, _quarter),
    (r"(?:cy|calendar\s+year)?\s*" + _FULL_YEAR, _calendar),
    (_DATE, _day),
    (r"(?P<day>\d\d?)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?" + _MONTH + r",?\s+" + _FULL_YEAR, _day_in_words),
    (_DAY_NAME + _DAY + r"(?:st|nd|rd|th)?[\s-]+(?:of\s+)?" + _MONTH + r"[\s,-]+" + _FULL_YEAR, _named_day),
    (_DAY_NAME + _MONTH + r"\s+" + _DAY + r"(?:st|nd|rd|th)?[\s,]+" + _FULL_YEAR, _named_day),
    (_WEEK, _numbered_week),
    (_FULL_YEAR + r"[\s,-]*" + _WEEK, _numbered_week),
    (_WEEK + r"[\s,/-]*(?:of\s+)?" + _FULL_YEAR, _numbered_week),
    (r"week\s+(?:of|beginning|(?P<end>end(?:ed|ing)))\s+" + _DATE, _week),
)


@cache
def _forms() -> list[tuple[re.Pattern[str], _Reader]]:
    """Compiled when the first label comes that may name a period: that takes as long as to read a page."""
    return [(re.compile(pattern), read) for pattern, read in _FORMS]


@cache
def _any_form() -> re.Pattern[str]:
    """All forms in one pattern without names: most labels have none, and are asked once."""
    return re.compile("|".join(f"(?:{re.sub(r'[(][?]P<[a-z]+>', '(?:', pattern)})" for pattern, _ in _FORMS))
