"""Dates that a document states about itself, with their role, and the periods that columns are about.

A date counts as *stated* only where words right before it say what it is the date of ("as of", "updated
through", "run date", "Last updated:"); all other dates of a text are left alone. Numeric dates are read
month first, as United States publishers write them.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Final

from msgspec.structs import replace

from diffing.readers.statements.date_roles import LEAD, names_role, role_of, speaks_abroad
from diffing.readers.statements.date_words import MONTH_BESIDE_DAY, MONTH_BY_ITSELF, month_number
from diffing.readers.statements.flaws import NO_YEAR, flaw_by_neighbours, flaw_by_today
from diffing.readers.statements.periods import MONTHS, find_fiscal_year, fiscal_year_start, last_day, read_period
from state.document import DateRole, StatedDate, Table, Where

__all__ = [
    "dates_in_cells",
    "find_dates",
    "find_fiscal_year",
    "mark_flaws",
    "may_state_date",
    "read_date",
    "read_period",
]

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = r"\d{1,3}(?:st|nd|rd|th|er|[.ºª°])?"
_YEAR: Final = r"(?:\d{4}|'\d\d)(?!\d)"
_DATE: Final = re.compile(
    rf"""
    (?P<iso>(?<!\d)\d{{4}}-\d\d?-\d\d?(?!\d))
    | (?P<numeric>(?<![\d/])(?:\d{{1,4}}|[x_?]{{1,2}})(?P<sep>[/.-])(?:\d{{1,3}}|[x_?]{{1,2}})(?P=sep)
        (?:\d{{5}}|\d{{4}}|\d{{2,3}}|x{{2,4}})(?![\d/]))
    | (?P<spaced>(?<![\d.])\d\d?\.\s\d\d?\.\s\d{{4}}(?!\d))
    | (?P<words>(?<![a-z]){_MONTH}\s*{_DAY}(?:\s*,\s*|\s+){_YEAR})
    | (?P<dayfirst>(?<!\d){_DAY}(?:\s+|-)(?:(?:of|de|del|di)\s+|d['’]\s?)?{MONTH_BESIDE_DAY},?(?:\s+|-)(?:del?\s+)?
        {_YEAR})
    | (?P<monthyear>(?<![^\W\d_])(?:{_MONTH}|{MONTH_BY_ITSELF}),?\s*(?:(?:of|del?)\s+)?{_YEAR}
        |(?<![\d/])\d\d?/(?:19|20)\d\d(?![\d/]))
    | (?P<yearless>(?<![a-z]){_MONTH}\s*\d\d?(?:st|nd|rd|th)?(?![\d/:.,-]?\d|,?\s*(?:of\s+)?'?\d\d)
        |(?<!\d){_DAY}(?:\s+|-)(?:(?:of|de|di)\s+)?{MONTH_BESIDE_DAY}(?![-/\w]|,?\s*(?:del?\s+)?'?\d))
    | (?P<month>(?<![a-z]){_MONTH}(?!\s*\d))
    | (?P<fiscal>\b(?:fy|fiscal\s+year)\s*'?(?:\d{{4}}|\d\d)(?!\d))
    | (?P<year>(?<![\d/.,-])(?:19|20)\d\d(?![\d/,-]|\.\d))
    """,
    re.IGNORECASE | re.VERBOSE,
)

_PERHAPS: Final = re.compile(
    r"[\d'fFxX_?](?:(?<=\d)[/.-]\d|(?<=[12])\d{3}|(?<=')\d\d|(?<=[fF])[yY]\s*\d\d|(?<=[xX_?])[xX_?][/.-])"
)  # one set of characters first, so that a search can leap
"""Some of it is in every date; most texts hold none and need no further look."""

_BESIDE: Final = re.compile(
    rf"\d(?:st|nd|rd|th|er|[.º])?[\s-](?:(?:of|de|di)\s)?{MONTH_BESIDE_DAY}|(?<![a-z]){_MONTH}\s\d",
    re.IGNORECASE,
)
"""A day beside the name of a month, with or without a year."""

_DIGIT: Final = re.compile(r"\d")
_PLACEHOLDER: Final = re.compile(r"[xX_?][xX_?][/.-]")
"""What stands for the digits of a date that was never filled in."""

_MOST_DATES: Final = 200
"""No text states more dates than this; what follows in one that seems to is not read."""

_LONGEST_STATEMENT: Final = 600
"""A fiscal year named in a longer text need not be that of its dates."""

_FEWEST_SPACES: Final = 4
"""A cell with fewer holds a label, not a sentence."""


def find_dates(text: str, *, where: Where, today: dt.date | None = None) -> list[StatedDate]:
    """The dates that ``text`` states about its document, in the order of the text.

    A date that cannot be one ("101/14/2023", "xx/xx/2022") has ``date`` None and a flaw in words; one that
    contradicts its own sentence (a year that is off by one, an end before the fiscal year began) keeps its
    reading and has a flaw. ``today`` adds the check for dates in the future and for last year's date in
    January.
    """
    if not may_state_date(text):
        return []
    found = _read_short(text) if len(text) <= _LONGEST_STATEMENT else _read_statements(text)
    return [_flagged(replace(stated, where=where), flaw_by_today(stated, today)) for stated in found]


@lru_cache(maxsize=4096)
def may_state_date(text: str) -> bool:
    """Whether ``find_dates`` may find anything in ``text`` or a part of it; most texts need no further look."""
    if not (_DIGIT.search(text) or _PLACEHOLDER.search(text)):
        return False
    return names_role(text) and (_PERHAPS.search(text) is not None or _BESIDE.search(text) is not None)


@lru_cache(maxsize=2048)
def _read_short(text: str) -> tuple[StatedDate, ...]:
    """The same for texts that are short enough to remember: two releases share nearly all of theirs."""
    return _read_statements(text)


def _read_statements(text: str) -> tuple[StatedDate, ...]:
    found: list[StatedDate] = []
    end = 0
    matches = list(islice(_DATE.finditer(text), _MOST_DATES))
    for match, following in zip_longest(matches, matches[1:]):
        if match.start() < end:
            continue  # the end of a range that has been told
        full = _kind(match) in _FULL_DATES
        role = role_of(text, start=match.start(), end=match.end(), previous=end, is_full=full)
        if role is None and following is not None and _is_range(text, match, following):
            date, flaw = _resolve(following)
            found.append(StatedDate(text[match.start() : following.end()], date, DateRole.PERIOD, flaw=flaw))
            end = following.end()
        if role is None:
            continue
        stated = _read_match(match, role=role, text=text)
        if stated is not None:
            found.append(stated)
            end = match.end()
    year = find_fiscal_year(text) if len(text) <= _LONGEST_STATEMENT else None
    return tuple(
        _flagged(stated, flaw_by_neighbours(stated, found, one_statement=True, fiscal_year=year))
        for stated in found
    )


def dates_in_cells(table: Table) -> list[StatedDate]:
    """Dates that the sentences in a table's cells state: glossaries and sheets of notes are tables too."""
    found: list[StatedDate] = []
    for index, row in enumerate(table.rows):
        for value in row:
            if isinstance(value, str) and value.count(" ") >= _FEWEST_SPACES:
                where = Where(
                    sheet=table.sheet, page=table.page, table=table.name or None, row=table.row_keys[index]
                )
                found += find_dates(value, where=where)
    return found


def mark_flaws(dates: list[StatedDate], *, today: dt.date | None = None) -> list[StatedDate]:
    """The same dates, with last year's date in January marked where other dates of the document show it."""
    marked = [_flagged(stated, flaw_by_neighbours(stated, dates, one_statement=False)) for stated in dates]
    return [_flagged(stated, flaw_by_today(stated, today)) for stated in marked]


def read_date(text: str) -> dt.date | None:
    """The date that ``text`` as a whole writes ("5.20.2023", "May 20, 2023", "2023-05-20T10:00"), else None."""
    stripped = text.strip()
    match = _DATE.match(stripped)
    if match is None or _kind(match) not in _FULL_DATES:
        return None
    rest = stripped[match.end() :]
    if rest and not re.fullmatch(r"[T ,]*\d{1,2}:\d\d.*|[.,;)]*", rest):
        return None
    return _resolve(match)[0]


_FULL_DATES: Final = frozenset({"iso", "numeric", "spaced", "words", "dayfirst"})


def _kind(match: re.Match[str]) -> str:
    """Which form of date matched; ``sep`` is a part of the numeric form."""
    return next(name for name, part in match.groupdict().items() if part is not None and name != "sep")


def _is_range(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two dates are the ends of the period that the words before them announce."""
    between = text[first.end() : second.start()].strip().lower()
    if between not in _RANGE_WORDS or {_kind(first), _kind(second)} & {"month", "year", "fiscal", "yearless"}:
        return False
    return _RANGE_CUE.search(text[max(0, first.start() - LEAD) : first.start()]) is not None


_RANGE_WORDS: Final = frozenset({"-", "–", "—", "to", "through", "thru", "and"})
_RANGE_CUE: Final = re.compile(
    r"\b(?:period|recorded|covering|covers?|data|statistics|figures|reporting\s+dates?)\b[^.;]*$", re.IGNORECASE
)


def _read_match(match: re.Match[str], *, role: DateRole, text: str) -> StatedDate | None:
    """The stated date of a match; None where a bare month or year says no date in this role."""
    kind = _kind(match)
    if kind in {"month", "year", "fiscal"} and role not in (DateRole.DATA_THROUGH, DateRole.PERIOD):
        return None
    if kind == "month":
        date = _month_of_fiscal_year(match.group(), text[: match.start()])
        return None if date is None else StatedDate(match.group(), date, role)
    if kind == "yearless":
        return StatedDate(match.group(), None, role, flaw=NO_YEAR) if role in _ENDS else None
    before = text[max(0, match.start() - LEAD) : match.start()]
    date, flaw = _resolve(match, day_first=kind == "numeric" and speaks_abroad(before))
    if kind == "monthyear" and date is not None and role not in _ENDS:
        date = date.replace(day=1)
    return StatedDate(match.group(), date, role, flaw=flaw)


_ENDS: Final = frozenset({DateRole.AS_OF, DateRole.DATA_THROUGH, DateRole.PERIOD})
"""Roles in which a month means its last day."""


def _resolve(match: re.Match[str], *, day_first: bool = False) -> tuple[dt.date | None, str | None]:
    """The date that a match writes and, where it writes none, why. Months, years mean their last day."""
    kind, written = _kind(match), match.group()
    if kind == "fiscal":
        return fiscal_year_start(_year(re.findall(r"\d+", written)[-1]) + 1) - dt.timedelta(days=1), None
    if kind == "year":
        return dt.date(int(written), 12, 31), None
    if kind == "iso":
        year, month, day = (int(part) for part in written.split("-"))
        return _date(year, month, day)
    if kind == "numeric":
        return _resolve_numeric(written, match.group("sep"), day_first=day_first)
    if kind == "spaced":
        day, month, year = (int(part) for part in written.split("."))
        return _date(year, month, day)
    numbers = re.findall(r"\d+", written)
    if kind == "monthyear":
        month = month_number(written) or int(numbers[0])
        year = _year(numbers[-1])
        return (last_day(year, month), None) if 1 <= month <= 12 else (None, f"there is no month {month}")
    month = month_number(written) or 0
    return _date(_year(numbers[-1]), month, int(numbers[0]))


def _resolve_numeric(written: str, separator: str, *, day_first: bool) -> tuple[dt.date | None, str | None]:
    """Read "5.20.2023" month first; day first where that cannot be a month, or where other countries speak."""
    parts = written.split(separator)
    if not all(part.isdigit() for part in parts):
        return None, "a placeholder stands where the date should be"
    if len(parts[2]) not in (2, 4):
        return None, f"there is no year {parts[2]}"
    if len(parts[0]) == 4:
        return _date(int(parts[0]), int(parts[1]), int(parts[2]))
    month, day, year = int(parts[0]), int(parts[1]), _year(parts[2])
    if (day_first or 12 < month <= 31) and 1 <= day <= 12:
        month, day = day, month
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> tuple[dt.date | None, str | None]:
    if not 1 <= month <= 12:
        return None, f"there is no month {month}"
    if not 1 <= year <= 9999:
        return None, f"there is no year {year}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None, f"month {month} of {year} has no day {day}"
    return dt.date(year, month, day), None


def _month_of_fiscal_year(month: str, before: str) -> dt.date | None:
    """The end of the month in "FY23 through February", where the fiscal year stands before it."""
    year = find_fiscal_year(before)
    number = MONTHS.get(month[:3].lower())
    if year is None or number is None:
        return None
    return last_day(year - 1 if number >= 10 else year, number)


def _year(written: str) -> int:
    """A year of two digits is one of 1970 to 2069."""
    year = int(written)
    if len(written) > 2:
        return year
    return year + (1900 if year >= 70 else 2000)


def _flagged(stated: StatedDate, flaw: str | None) -> StatedDate:
    if flaw is None or stated.flaw is not None:
        return stated
    return StatedDate(stated.text, stated.date, stated.role, stated.where, flaw)
