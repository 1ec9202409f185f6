"""Columns that give the edition's date, the same in every row, and the as-of date that a document has by one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from msgspec.structs import replace

from diffing.columnar.rows import column_of, prefetch
from diffing.readers.statements.dates import read_period
from state.document import DateRole, Document, Span, StatedDate, Table, Where

_OF_EDITION: Final = re.compile(
    r"(?i)(?:as[\s_]?of|snapshot|reference|ref|report(?:ing|ed)?|data|run|extract(?:ed|ion)?|edition)?[\s_-]*"
    r"(?:date|day|dt|asof|as[\s_]of|fecha|datum|data|dato|stand|stichtag|peildatum|dzień)"
    r"(?:[\s_-]*(?:of[\s_]*)?(?:report|snapshot|data|extract(?:ion)?|corte|stand))?"
)
"""Headers of columns that date the edition, as a whole: "report_date", "as of", "Fecha de corte", "Stand"."""


def is_stamp(table: Table, column: int) -> bool:
    """Whether a column gives one same day, or period of several rows, in every row."""
    rows = table.rows
    prefetch(rows, (0, len(rows) - 1))
    if not rows or rows[0][column] is None or rows[-1][column] != rows[0][column]:
        return False
    period = read_period(str(rows[0][column]), fiscal_year=None)
    if period is None or period.start is None or (len(rows) == 1 and period.span is not Span.DAY):
        return False
    return len(set(column_of(rows, column))) == 1


def date_by_stamps(document: Document) -> Document:
    """The document with the day that every row of a table bears as its as-of date, where it states none."""
    if document.as_of is not None:
        return document
    found = next((stated for table in document.tables if (stated := _stamp_of(table)) is not None), None)
    return document if found is None else replace(document, dates=(*document.dates, found))


def _stamp_of(table: Table) -> StatedDate | None:
    for place, column in enumerate(table.columns):
        if _OF_EDITION.fullmatch(column.name.strip()) is None or not is_stamp(table, place):
            continue
        value = str(table.rows[0][place])
        period = read_period(value, fiscal_year=None)
        doubtful = column.notation is not None and column.notation.ambiguous
        if period is None or period.span is not Span.DAY or period.start is None or doubtful:
            continue
        where = Where(sheet=table.sheet, page=table.page, table=table.name or None, column=column.name)
        return StatedDate(table.text_at(0, place), dt.date.fromisoformat(str(period.start)), DateRole.AS_OF, where)
    return None
