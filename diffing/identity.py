"""Normalised names: when two releases mean the same table, column, row or sentence by what they print.

The keys go into history and fingerprints: a key must not depend on dates, on the file, or on how often
something is printed. Fiscal years are part of a table's identity and of rows and columns; only the keys
used to pair tables across releases (``title_key``) leave them out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from diffing.values import normalise, tidy
from state.document import Table
from state.month_names import ENGLISH_MONTHS, MONTH_NUMBERS

_YEAR: Final = r"(?:(?:19|20)\d{2}|'?\d{2})"
_FISCAL_YEAR: Final = re.compile(
    rf"\b(?:eo)?(?:fy|fiscal\s+years?)\s*[-_]?\s*({_YEAR})(?:\s*[-/]\s*{_YEAR})?(?!\d)(?:\s*-?\s*\(?(?:ytd|to\s+date)\b\)?)?",
    re.IGNORECASE,
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE: Final = re.compile(
    rf"\b\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}\b"  # 04/06/2026, 2026-04-06
    rf"|\bx{{1,2}}/x{{1,2}}/\d{{2,4}}\b"  # a placeholder that was never filled in
    rf"|\b{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*(?:19|20)\d{{2}}\b"  # April 6, 2026
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\s*,?\s*(?:19|20)\d{{2}}\b"  # 6 April 2026
    rf"|\b{_MONTH}\s+(?:19|20)\d{{2}}\b",  # April 2026
    re.IGNORECASE,
)
_ABROAD: Final = "|".join(
    sorted(MONTH_NUMBERS.keys() - ENGLISH_MONTHS.keys(), key=lambda name: (-len(name), name))
)
_DATE_ABROAD: Final = re.compile(
    rf"(?:\b\d{{1,2}}(?:er|[.ºª°])?\s+(?:de\s+|di\s+|d['’])?)?"
    rf"(?<!\w)(?:{_ABROAD})\b\.?\s+(?:del?\s+)?(?:19|20)\d{{2}}\b(?:\s+r\.?(?!\w))?"
)
"""A day or a month in another language than English, in lower case: "31. märz 2024", "enero de 2024"."""

_DAY_ONLY: Final = re.compile(
    rf"\b\d{{1,2}}(?:(?:st|nd|rd|th)\s+(?:of\s+)?{_MONTH}|\s+(?!may\b|mar\b){_MONTH})(?!\w)"  # 6th April, 6 April
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)(?!\w)",  # April 6th
    re.IGNORECASE,
)
_MONTH_ONLY: Final = re.compile(rf"\s*{_MONTH}\s+(?:19|20)\d{{2}}\s*", re.IGNORECASE)
_BARE_YEAR: Final = re.compile(r"\b(?:19|20)\d{2}\b")
_DATE_LEADS: Final = re.compile(
    r"\b(?:(?:data\s+)?(?:as\s+of|through|thru|updated|current)(?:\s+on)?)\s*:?\s*(?=$|[|,;)\]-])",
    re.IGNORECASE,
)
_LEADS: Final = ("as of", "through", "thru", "updated", "current")
"""One of them is in all that ``_DATE_LEADS`` finds, spaces collapsed; to look for them is ten times as quick."""

_LOOSE_BEFORE: Final = " ,;:|()[]-"
_LOOSE_AFTER: Final = " ,;:|([-"
_EMPTY_BRACKETS: Final = re.compile(r"\(\s*\)|\[\s*\]")
_PERHAPS_DATED: Final = re.compile(r"[\d/][-/.\d]")
"""Some of it is in every date and year."""

_DAY: Final = re.compile(r"\d(?:st|nd|rd|th)?\s+(?:of\s+)?[a-z]{3}|[a-z.]\s+\d{1,2}(?:st|nd|rd|th)")
"""It is in every day that is named with its month and without a year."""

_PERHAPS_DATE: Final = re.compile(r"[\dx](?:(?<=\d)[-/.]\d|(?<=x)/x|(?<=1)9\d\d|(?<=2)0\d\d)")
"""Some of it is in every date. One set of characters comes first, to which a search leaps."""


HEADER_LONGEST: Final = 90
"""Letters above which a text over several columns is a note, not their common header."""


def table_key(table: Table) -> str:
    """The identity of a table over releases: sheet, section and title without dates, and fiscal year.

    >>> table_key(Table(name="Removals FY26 as of 04/06/2026", sheet="Detention FY26", columns=(), rows=(),
    ...                 row_keys=(), fiscal_year=2026))
    'detention | removals | fy2026'

    An untitled table is told from others on its sheet by its first column.
    """
    title = title_key(table.name, bare_years=False)
    if not title and table.columns:
        title = title_key(table.columns[0].name, bare_years=False)
    section = " / ".join(title_key(heading, bare_years=False) for heading in table.section)
    parts = [title_key(table.sheet or "", bare_years=False), section, title, _fiscal_years(table)]
    return " | ".join(part for part in parts if part)


@lru_cache(maxsize=4096)
def title_key(text: str, *, bare_years: bool = True) -> str:
    """A sheet name, heading or title without fiscal years and dates, for pairing tables of two releases.

    ``bare_years`` masks a year that stands alone ("Removals 2022") too. A title that is nothing but a month
    ("November 2025") stays: it is all that tells the table from the next month's.
    """
    folded = normalise(text).replace("_", " ")
    if _PERHAPS_DATED.search(folded):
        if "fy" in folded or "fiscal" in folded:
            folded = _FISCAL_YEAR.sub(" ", folded)
        if _MONTH_ONLY.fullmatch(folded) or _DATE_ABROAD.fullmatch(folded.strip()):
            return folded.strip()
        if _PERHAPS_DATE.search(folded):
            folded = _DATE_ABROAD.sub(" ", _DATE.sub(" ", folded))
        if bare_years:
            folded = _BARE_YEAR.sub(" ", folded)
    if _DAY.search(folded) and not _DAY_ONLY.fullmatch(folded.strip()):
        folded = _DAY_ONLY.sub(" ", folded)
    folded = tidy(folded)
    if any(lead in folded for lead in _LEADS):
        folded = _DATE_LEADS.sub(" ", folded)
    if "(" in folded or "[" in folded:
        folded = _EMPTY_BRACKETS.sub(" ", folded)
    return tidy(_without_loose_ends(folded))


def column_key(name: str) -> str:
    """The identity of a column inside its table. Fiscal years and dates stay: they are its meaning.

    Prose that stands over a block of columns is no part of their names.
    """
    parts = normalise(name).split(" / ")
    return " / ".join([part for part in parts[:-1] if len(part) <= HEADER_LONGEST] + parts[-1:])


def row_key(text: str) -> str:
    """The identity of a row inside its table. Fiscal years and dates stay: they are its meaning."""
    return normalise(text)


def fiscal_years_in(text: str) -> tuple[int, ...]:
    """The fiscal years that a text names, ascending, each once.

    >>> fiscal_years_in("ATD EOFY23 and FY 2024 YTD")
    (2023, 2024)
    """
    return tuple(sorted({_full_year(match[1]) for match in _FISCAL_YEAR.finditer(text.replace("_", " "))}))


def without_fiscal_year(text: str, fiscal_year: int) -> str:
    """``text`` normalised, with each naming of ``fiscal_year`` replaced by a mark; other years stay.

    Pairs "FY25 ADP" with "FY26 ADP" where the tables around them moved from 2025 to 2026.
    """

    def masked(match: re.Match[str]) -> str:
        return "fy#" if _full_year(match[1]) == fiscal_year else match[0]

    return _FISCAL_YEAR.sub(masked, normalise(text))


def without_dates(text: str) -> str:
    """``text`` normalised, without the dates in it; "" where nothing else is left.

    Pairs the column "07/23/20: Confirmed cases" with "07/24/20: Confirmed cases".
    """
    return _without_loose_ends(tidy(_DAY_ONLY.sub(" ", _DATE.sub(" ", normalise(text)))))


def _without_loose_ends(text: str) -> str:
    return text.lstrip(_LOOSE_BEFORE).rstrip(_LOOSE_AFTER)


def _full_year(digits: str) -> int:
    year = int(digits.lstrip("'"))
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _fiscal_years(table: Table) -> str:
    if table.fiscal_year is not None:
        return f"fy{table.fiscal_year}"
    named = fiscal_years_in(table.name) or fiscal_years_in(table.sheet or "")
    return " ".join(f"fy{year}" for year in named)
