"""The year of a date that is stated without one: "as of 12 May" under "Weekly arrivals, 2034"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from diffing.readers.statements.date_words import month_number
from diffing.readers.statements.flaws import NO_YEAR
from state.document import Document, StatedDate, Table

_YEAR: Final = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d/,]|\.\d)")


def settle_years(document: Document) -> Document:
    """The document with the years of its dates that have none, told by its titles, else by what its data are of.

    A date whose year nothing says is left out: it can be put into no order.
    """
    stated = [*document.dates, *(table.as_of for table in document.tables if table.as_of is not None)]
    if not any(each.flaw == NO_YEAR for each in stated):
        return document
    told = _only_year((document.title, document.headline, *(table.name for table in document.tables)))
    near = _latest(document)
    dates = [_dated(each, told, near) for each in document.dates]
    tables = [_settled(table, told, near) for table in document.tables]
    return replace(document, dates=tuple(each for each in dates if each is not None), tables=tuple(tables))


def _settled(table: Table, told: int | None, near: dt.date | None) -> Table:
    if table.as_of is None or table.as_of.flaw != NO_YEAR:
        return table
    return replace(table, as_of=_dated(table.as_of, _only_year((table.name,)) or told, near))


def _dated(stated: StatedDate, told: int | None, near: dt.date | None) -> StatedDate | None:
    """The date with its year; None where nothing says it, or that year has no such day."""
    if stated.flaw != NO_YEAR:
        return stated
    month, digits = month_number(stated.text), re.search(r"\d+", stated.text)
    if month is None or digits is None:
        return None
    found = [date for year in _years(told, near) if (date := _day(year, month, int(digits[0]))) is not None]
    if not found:
        return None
    nearest = min(found, key=lambda date: abs(date - near)) if near is not None else found[0]
    return replace(stated, date=nearest, flaw=None)


def _years(told: int | None, near: dt.date | None) -> Iterator[int]:
    if told is not None:
        yield told
    elif near is not None:
        yield from (near.year, near.year - 1, near.year + 1)


def _day(year: int, month: int, day: int) -> dt.date | None:
    return dt.date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _only_year(texts: Iterable[str]) -> int | None:
    """The one year that titles name; None where they name none, or several."""
    years = {int(year) for text in texts for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def _latest(document: Document) -> dt.date | None:
    """The latest day that the document states in full, else the last one that its tables are about."""
    stated = [each.date for each in document.dates if each.date is not None and each.flaw is None]
    if stated:
        return max(stated)
    periods = [period for table in document.tables for period in table.row_periods]
    periods += [column.period for table in document.tables for column in table.columns]
    return max((period.end for period in periods if period is not None and period.end is not None), default=None)
