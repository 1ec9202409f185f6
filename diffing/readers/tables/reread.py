"""A document whose figures are read again by what their columns and their language show of their notation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diffing.columnar.rows import ColumnarRows
from diffing.readers.statements.day_first import settle_dates
from diffing.readers.statements.language import DECIMAL_COMMA, is_day_first, language_of
from diffing.readers.statements.years import settle_years
from diffing.readers.tables.keys import name_rows
from diffing.readers.tables.long_notation import settle_long
from diffing.readers.tables.notation import (
    Cells,
    Habits,
    cells_of,
    habits_of,
    is_code,
    is_flag,
    is_iso_date,
    is_list,
    may_stand_in,
    means_decimals,
    means_thousands,
    notation_of,
    published_by_column,
    stand_ins,
)
from diffing.readers.tables.rectangles import LARGE
from diffing.readers.tables.rows import dated_column, row_periods
from diffing.readers.tables.stamps import date_by_stamps
from diffing.values import as_typed, read_value
from state.document import Column, Document, Role, Table, Value
from state.formats import format_called

_SWAPPED: Final = str.maketrans(",.", ".,")
_SLASHES: Final = re.compile(r"(\d\d?)/(\d\d?)/(\d{4}|\d\d)\b(.*)", re.DOTALL)
_POINTS: Final = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})")


class _Reader(Struct, frozen=True):
    """What the document says of all its tables."""

    comma_language: bool
    day_first: bool | None
    native: bool


def settle_notation(document: Document) -> Document:
    """The document with its language, and with its dates and figures as its notation means them."""
    document = replace(document, language=language_of(document))
    document = settle_dates(settle_years(document))
    if not document.tables:
        return document
    form = format_called(document.media_type)
    reader = _Reader(
        comma_language=document.language in DECIMAL_COMMA,
        day_first=is_day_first(document),
        native=form is not None and form.numbers,
    )
    return date_by_stamps(replace(document, tables=tuple([_settle(table, reader) for table in document.tables])))


def _settle(table: Table, reader: _Reader) -> Table:
    if isinstance(table.rows, ColumnarRows):
        return settle_long(table, table.rows, partial(_read_column, reader))
    if not table.rows or len(table.rows) > LARGE:
        return table
    published = published_by_column(table)
    columns = [cells_of(table, index, published.get(index, {})) for index in range(len(table.columns))]
    habits = habits_of(columns)
    settled: list[Column] = []
    changed: dict[int, dict[int, Value]] = {}
    for column, cells in zip(table.columns, columns, strict=True):
        values, heading = _read_column(reader, table, column, cells, habits, published.get(cells.column, {}))
        if values:
            changed[cells.column] = values
        settled.append(heading)
    return rebuilt(table, tuple(settled), changed)


def _read_column(
    reader: _Reader,
    table: Table,
    column: Column,
    cells: Cells,
    habits: Habits,
    published: Mapping[int, str],
) -> tuple[dict[int, Value], Column]:
    """The cells that mean something else than they seem to, by row, and the column with its notation."""
    if not cells.figures:
        return _read_dates(table, column, cells, reader, published=published)
    if is_code(column, cells) or is_list(cells):
        notation = notation_of(column, cells, role=Role.CODE, sentinels=(), doubt=None)
        return _as_texts(table, cells.column), replace(column, notation=notation)
    if is_flag(column, [row[cells.column] for row in table.rows]):
        notation = notation_of(column, cells, role=Role.FLAG, sentinels=(), doubt=None)
        return _as_texts(table, cells.column), replace(column, notation=notation)
    values: dict[int, Value] = {}
    doubt: str | None = None
    if cells.open_:
        values, doubt = _read_open(table, cells, habits, reader)
    missing = frozenset[float]()
    if may_stand_in(cells):
        missing = stand_ins(column, [row[cells.column] for row in table.rows])
    if missing:
        values |= {row: None for row, cell in enumerate(table.rows) if cell[cells.column] in missing}
    written = sorted({table.text_at(row, cells.column) for row in values if values[row] is None})
    role = Role.FIGURE if cells.is_figures else Role.TEXT
    notation = notation_of(column, cells, role=role, sentinels=written, doubt=doubt)
    return values, replace(column, notation=notation)


def _read_open(table: Table, cells: Cells, habits: Habits, reader: _Reader) -> tuple[dict[int, Value], str | None]:
    """Figures with three digits after their only mark, read the other way where the column means that."""
    thousands = means_thousands(cells, habits, comma_language=reader.comma_language, native=reader.native)
    decimals = means_decimals(cells, habits)
    swapped = {"point three"} if thousands else set()
    swapped |= {"comma three"} if decimals else set()
    if thousands:
        cells.shapes["point thousands"] += cells.shapes["point three"]
    elif cells.shapes["point three"]:
        cells.shapes["point decimal"] += cells.shapes["point three"]
    cells.shapes["comma decimal" if decimals else "comma thousands"] += cells.shapes["comma three"]
    values = {row: swap(table.text_at(row, cells.column)) for row, shape in cells.open_ if shape in swapped}
    unknown = {"point three": thousands, "comma three": decimals}
    doubtful = next((row for row, shape in cells.open_ if unknown[shape] is None), None)
    if doubtful is None or reader.native:
        return values, None
    text = table.text_at(doubtful, cells.column)
    return values, f"“{text}” is read as {table.rows[doubtful][cells.column]}; its mark may part thousands"


def swap(text: str) -> Value:
    """A published figure read with comma and point in each other's place."""
    return read_value(as_typed(text).translate(_SWAPPED))


def _as_texts(table: Table, column: int) -> dict[int, Value]:
    return {
        row: table.text_at(row, column)
        for row, values in enumerate(table.rows)
        if isinstance(values[column], int | float)
    }


def _read_dates(
    table: Table, column: Column, cells: Cells, reader: _Reader, *, published: Mapping[int, str]
) -> tuple[dict[int, Value], Column]:
    """Dates whose day stands first, told by one that can be read no other way, else by the language."""
    written = {row: text for row, text in published.items() if _SLASHES.fullmatch(text)}
    if _is_pointed([row[cells.column] for row in table.rows]):
        return _read_pointed(table, column, cells)
    if not written:
        return {}, column
    numbers = [(int(match[1]), int(match[2])) for text in written.values() if (match := _SLASHES.fullmatch(text))]
    first, second = max(pair[0] for pair in numbers), max(pair[1] for pair in numbers)
    surely = first > 12 >= second if max(first, second) > 12 else None
    day_first = reader.day_first if surely is None else surely
    notation = notation_of(column, cells, role=Role.DATE, sentinels=(), doubt=None)
    doubt = "days and months cannot be told apart" if surely is None and day_first is None else None
    heading = replace(column, notation=replace(notation, day_first=bool(day_first), ambiguous=doubt))
    if not day_first:
        return {}, heading
    return {row: value for row, text in written.items() if (value := turned(text)) is not None}, heading


def _is_pointed(values: Sequence[Value]) -> bool:
    """Whether all texts of a column that are no dates yet are dates with points."""
    texts = [value for value in values if isinstance(value, str) and not is_iso_date(value)]
    return bool(texts) and all(map(_POINTS.fullmatch, texts))


def turned(text: str) -> str | None:
    """A published date with slashes read day first; None where that is none."""
    match = _SLASHES.fullmatch(text)
    value = read_value(f"{match[2]}/{match[1]}/{match[3]}{match[4]}") if match else None
    return value if isinstance(value, str) and value[4:5] == "-" else None


def _read_pointed(table: Table, column: Column, cells: Cells) -> tuple[dict[int, Value], Column]:
    """Dates with points: the day stands first, unless one has no such month."""
    matches = {
        row: match
        for row, values in enumerate(table.rows)
        if isinstance(text := values[cells.column], str) and (match := _POINTS.fullmatch(text))
    }
    day_first = not any(int(match[2]) > 12 for match in matches.values())
    values: dict[int, Value] = {}
    for row, match in matches.items():
        month, day = (match[2], match[1]) if day_first else (match[1], match[2])
        values[row] = read_value(f"{match[3]}-{int(month):02}-{int(day):02}")
    notation = notation_of(column, cells, role=Role.DATE, sentinels=(), doubt=None)
    return values, replace(column, notation=replace(notation, day_first=day_first))


def rebuilt(table: Table, columns: tuple[Column, ...], changed: Mapping[int, Mapping[int, Value]]) -> Table:
    """The table with these cells; what is published stays beside each, rows keep to their keys."""
    if not changed:
        return replace(table, columns=columns)
    texts = dict(table.texts)
    rows = [list(row) for row in table.rows]
    for place, values in changed.items():
        for row, value in values.items():
            published = table.text_at(row, place)
            rows[row][place] = value
            if str(value) == published:
                texts.pop((row, place), None)
            else:
                texts[row, place] = published
    frozen = tuple(map(tuple, rows))
    keyed = any(place in changed for place in table.key)
    dated = dated_column(frozen, table.key) if keyed else None
    return replace(
        table,
        columns=columns,
        rows=frozen,
        texts=texts,
        row_keys=name_rows(frozen, table.key) if keyed else table.row_keys,
        row_periods=table.row_periods
        if dated is None
        else row_periods([row[dated] for row in frozen], table.fiscal_year),
    )
