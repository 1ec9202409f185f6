"""Whether "03/04/2025" is the third of April in a document, and its stated dates read so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from diffing.readers.statements.language import is_day_first
from state.document import Document, StatedDate, Table

_NUMERIC: Final = re.compile(r"(?<![\d/.-])(\d\d?)([/.-])(\d\d?)\2(\d{4}|\d\d)(?![\d/])")


def settle_dates(document: Document) -> Document:
    """The document with its stated dates day first, where one of them or its language shows that they are."""
    stated = [*document.dates, *(table.as_of for table in document.tables if table.as_of is not None)]
    if not any(_NUMERIC.fullmatch(each.text) for each in stated) or not _is_day_first(document):
        return document
    tables = tuple(
        table if table.as_of is None else replace(table, as_of=_turned(table.as_of)) for table in document.tables
    )
    return replace(document, dates=tuple(map(_turned, document.dates)), tables=tables)


def _is_day_first(document: Document) -> bool:
    first = second = False
    for text in _texts_of(document):
        for match in _NUMERIC.finditer(text):
            first = first or 12 < int(match[1]) <= 31
            second = second or 12 < int(match[3]) <= 31
    return bool(is_day_first(document)) if first == second else first


def _texts_of(document: Document) -> Iterator[str]:
    yield from (block.text for block in document.blocks)
    yield from (stated.text for stated in document.dates)
    yield from (text for table in document.tables for text in _heads(table))


def _heads(table: Table) -> Iterator[str]:
    yield table.name
    yield from table.notes
    yield from (column.name for column in table.columns)


def _turned(stated: StatedDate) -> StatedDate:
    """A numeric date day first; any other, or one whose second number is no month, as it was."""
    match = _NUMERIC.fullmatch(stated.text)
    if match is None or stated.date is None or int(match[3]) > 12:
        return stated
    try:
        date = dt.date(stated.date.year, int(match[3]), int(match[1]))
    except ValueError:
        return stated
    return replace(stated, date=date)
