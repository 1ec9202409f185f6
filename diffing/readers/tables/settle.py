"""Columns that can be read in two ways, read as the other release or the history of their table has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from diffing.columnar.rows import ColumnarRows
from diffing.readers.tables.long_notation import read_again
from diffing.readers.tables.notation import cells_of, published_by_column, shape_of
from diffing.readers.tables.reread import rebuilt, swap, turned
from diffing.readers.tables.stamps import date_by_stamps
from diffing.values import normalise
from state.document import Column, Document, Notation, Role, Table, Value

Known: TypeAlias = Mapping[str, Notation]
"""The notation of columns that can be read in one way only, by their normalised names."""


def settle_together(
    before: Document, after: Document, *, noted: Callable[[Table], Known] = lambda _table: {}
) -> tuple[Document, Document]:
    """Two releases of a document: a column that could be read in two ways is read as its other release shows.

    ``noted`` says how the columns of a table were written in earlier releases, for those that neither shows.
    """
    return _settled_by(before, after, noted), _settled_by(after, before, noted)


def _settled_by(document: Document, other: Document, noted: Callable[[Table], Known]) -> Document:
    if not any(_is_open(column) for table in document.tables for column in table.columns):
        return document
    everywhere = _agreed(other)
    tables = []
    for table in document.tables:
        own = _known(next((each for each in other.tables if normalise(each.name) == normalise(table.name)), None))
        tables.append(_settled_table(table, {**everywhere, **noted(table), **own}))
    return date_by_stamps(replace(document, tables=tuple(tables)))


def _known(table: Table | None) -> dict[str, Notation]:
    return {
        normalise(column.name): column.notation
        for column in (table.columns if table is not None else ())
        if column.notation and column.notation.role in (Role.FIGURE, Role.DATE) and not column.notation.ambiguous
    }


def _agreed(document: Document) -> dict[str, Notation]:
    """What all tables of a document that have a column say of it alike."""
    found: dict[str, list[Notation]] = {}
    for table in document.tables:
        for name, notation in _known(table).items():
            found.setdefault(name, []).append(notation)
    return {name: each[0] for name, each in found.items() if len(set(map(_manner, each))) == 1}


def _manner(notation: Notation) -> tuple[Role, str, bool | None]:
    return notation.role, notation.thousands, notation.day_first


def _is_open(column: Column) -> bool:
    notation = column.notation
    return notation is not None and notation.role in (Role.FIGURE, Role.DATE) and bool(notation.ambiguous)


def _settled_table(table: Table, known: Known) -> Table:
    columns = list(table.columns)
    again: dict[int, Callable[[str], Value]] = {}
    for place, column in enumerate(table.columns):
        own, notation = column.notation, known.get(normalise(column.name))
        if own is None or notation is None or not _is_open(column) or own.role is not notation.role:
            continue
        if own.role is Role.DATE:
            columns[place] = replace(column, notation=replace(own, day_first=notation.day_first, ambiguous=None))
            if notation.day_first:
                again[place] = turned
        elif "." in (notation.thousands, notation.decimal):
            columns[place] = replace(column, notation=notation)
            if notation.thousands == ".":
                again[place] = swap
    return _read_again(replace(table, columns=tuple(columns)), again)


def _read_again(table: Table, again: Mapping[int, Callable[[str], Value]]) -> Table:
    """The table with the texts of these columns read so, where they may be read in two ways."""
    if isinstance(table.rows, ColumnarRows):
        for place, read in again.items():
            table = read_again(table, place, read, _fits(read))
        return table
    changed = {place: _changed(table, place, read) for place, read in again.items()}
    return rebuilt(table, table.columns, changed)


def _changed(table: Table, place: int, read: Callable[[str], Value]) -> dict[int, Value]:
    published = published_by_column(table).get(place, {})
    if read is turned:
        return {row: value for row, text in published.items() if (value := turned(text)) is not None}
    rows = (row for row, shape in cells_of(table, place, published).open_ if shape == "point three")
    return {row: swap(table.text_at(row, place)) for row in rows}


def _fits(read: Callable[[str], Value]) -> Callable[[str], bool]:
    if read is turned:
        return lambda text: turned(text) is not None
    return lambda text: shape_of(text)[0] == "point three"
