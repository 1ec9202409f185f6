"""The notation of a table held by columns: told by rows from all over it, proved by every text of a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diffing.columnar.rows import ColumnarRows, column_of
from diffing.readers.tables.keys import name_rows
from diffing.readers.tables.notation import (
    Cells,
    Habits,
    cells_of,
    counted_cells,
    habits_of,
    is_flag,
    published_by_column,
    stand_ins,
)
from diffing.readers.tables.rectangles import LARGE
from diffing.readers.tables.rows import dated_column, row_periods
from diffing.values import tidy
from state.document import Column, Role, Table, Value

_SAMPLE: Final = 5_000
"""Rows that show which columns could be read in two ways."""

_DATE: Final = re.compile(r"\d\d?([/.])\s?\d\d?\1\s?(?:\d{4}|\d\d)\b.*", re.DOTALL)

ReadColumn = Callable[[Table, Column, Cells, Habits, Mapping[int, str]], tuple[dict[int, Value], Column]]
"""What reads a column again: the cells that mean something else, by row, and the column with its notation."""


class _Rereading(Struct, frozen=True):
    """How the texts of a column are read that are not read by themselves."""

    role: Role
    day_first: bool | None
    known: Mapping[str, Value]  # what texts mean, of those that were shown
    missing: frozenset[Value]  # numbers that stand for none

    @property
    def notation(self) -> str:
        """A name for it: two columns of one name read equal texts alike, be they swapped, turned or left out."""
        marks = sorted({("." in text, "," in text, "/" in text) for text in self.known})
        return f"{self.role} {self.day_first} {marks} {sorted(map(repr, self.missing))}"

    def value(self, text: str, value: Value) -> Value:
        """What a text means that was read as ``value``."""
        clean = tidy(text)
        if clean in self.known:
            return self.known[clean]
        if isinstance(value, int | float) and self.role in (Role.CODE, Role.FLAG):
            return clean
        return None if value in self.missing else value


def settle_long(table: Table, rows: ColumnarRows, read: ReadColumn) -> Table:
    """The table with its figures, codes and dates as the notation of each column means them."""
    step = max(1, len(rows) // _SAMPLE)
    sample = _table_of(table, rows[::step], rows.sample_texts(step))
    shown = [sample] * len(table.columns)
    written = published_by_column(sample)
    published = [written.get(place, {}) for place in range(len(table.columns))]
    cells = [cells_of(sample, place, published[place]) for place in range(len(table.columns))]
    for place, each in enumerate(cells):
        if step > 1 and (_is_undecided(each) or _may_date(sample, each)):
            texts = rows.texts(place)
            counts = Counter(texts)
            read_as = dict(zip(texts, column_of(rows, place), strict=True))
            blank = (None,) * place
            shown[place] = _table_of(
                table,
                [(*blank, read_as[text]) for text in counts],
                [(*("",) * place, text) for text in counts],
            )
            published[place] = published_by_column(shown[place]).get(place, {})
            cells[place] = counted_cells(shown[place], place, published[place], list(counts.values()))
    habits = habits_of(cells)
    columns = list(table.columns)
    settled = table
    for place, column in enumerate(table.columns):
        values, columns[place] = read(shown[place], column, cells[place], habits, published[place])
        again = _learnt(shown[place], values, columns[place], place) if values else None
        if again is not None and _is_proved(again, columns[place], column_of(rows, place)):
            settled = _with_column(settled, place, again)
    return replace(settled, columns=tuple(columns))


def _table_of(table: Table, rows: Sequence[tuple[Value, ...]], texts: Sequence[Sequence[str]]) -> Table:
    """A table of these rows, published so."""
    said = {
        (row, place): tidy(text)
        for row, cells in enumerate(texts)
        for place, text in enumerate(cells)
        if (value := rows[row][place]) is not None and str(value) != tidy(text)
    }
    return replace(table, rows=tuple(rows), texts=said, row_keys=(), key=(), row_periods=())


def _is_undecided(cells: Cells) -> bool:
    """Whether figures of a column may be read in two ways, and none that was shown can be read in one only."""
    shapes = cells.shapes
    return bool(cells.open_) and not (shapes["point decimal"] and not shapes["comma three"])


def _may_date(sample: Table, cells: Cells) -> bool:
    """Whether a column holds dates of which it must be found out what stands first, day or month."""
    texts = {sample.text_at(row, cells.column) for row in range(len(sample.rows))}
    return any(_DATE.fullmatch(text) for text in texts)


def _learnt(shown: Table, values: Mapping[int, Value], column: Column, place: int) -> _Rereading | None:
    """How the whole column is read, by those of its cells that were shown; None where as it was."""
    if column.notation is None:
        return None
    known = {shown.text_at(row, place): value for row, value in values.items() if value is not None}
    missing = frozenset(shown.rows[row][place] for row, value in values.items() if value is None)
    return _Rereading(column.notation.role, column.notation.day_first, known, missing)


def _is_proved(again: _Rereading, column: Column, values: Sequence[Value]) -> bool:
    """Whether what the rows shown say holds for all."""
    if again.role is Role.FLAG:
        return is_flag(column, values)
    return not again.missing or again.missing <= stand_ins(column, values)


def _with_column(table: Table, place: int, again: _Rereading) -> Table:
    rows = table.rows
    assert isinstance(rows, ColumnarRows)
    texts = rows.texts(place)
    read_as = dict(zip(texts, column_of(rows, place), strict=True))
    known = {text: again.value(text, value) for text, value in read_as.items()}
    values = list(map(known.__getitem__, texts))
    differing = {text: clean for text, value in known.items() if str(value) != (clean := tidy(text)) and clean}
    said = {cell: text for cell, text in table.texts.items() if cell[1] != place}
    said |= {
        (row, place): differing[text]
        for row, text in enumerate(texts)
        if text in differing and (row < LARGE or isinstance(known[text], str))
    }
    held = rows.with_column(place, values, notation=again.notation)
    if place not in table.key:
        return replace(table, rows=held, texts=said)
    dated = dated_column(held, table.key)
    periods = () if dated is None else row_periods(column_of(held, dated), table.fiscal_year)
    return replace(table, rows=held, texts=said, row_keys=name_rows(held, table.key), row_periods=periods)


def read_again(table: Table, place: int, read: Callable[[str], Value], fits: Callable[[str], bool]) -> Table:
    """The table with those texts of a column that fit read so: "41.200" as 41,200, "03/04/2034" day first."""
    rows, notation = table.rows, table.columns[place].notation
    assert isinstance(rows, ColumnarRows)
    assert notation is not None
    known = {text: read(text) for text in {tidy(text) for text in rows.texts(place)} if fits(text)}
    return _with_column(table, place, _Rereading(notation.role, notation.day_first, known, frozenset()))
