"""Plain tables of pages: one row of headers over rows of figures. Read without an object for each cell.

Most published tables are such, and ``grid.py`` would read them as they stand: that no cell spans others, that
every row below the header has figures and none prints the header again leaves it nothing to find out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from diffing.readers.tables.assemble import Place, make_table, settle
from diffing.values import read_column, read_value, tidy
from state.document import ReadingHints, Table, Value


class PlainTable(Struct, frozen=True):
    """A header over rows as wide; ``texts`` are those of each row that say more than its values, by column."""

    header: tuple[str, ...]
    rows: list[list[Value]]
    texts: list[dict[int, str]]
    title: str
    section: tuple[str, ...]


def find_plain(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, title: str, section: tuple[str, ...]
) -> PlainTable | None:
    """The table of these texts, None where it takes ``grid.py`` to understand it.

    ``rows`` are as wide as ``header``; the first of them is no header, and all cells of ``header`` are. Texts may
    have several lines and are otherwise tidy.
    """
    if len(header) < 2 or any(read_value(text) is None for text in header) or header in rows:
        return None
    columns = [_read_column(texts) for texts in zip(*rows, strict=True)]
    read = list(map(list, zip(*(column.values for column in columns), strict=True)))
    if not _are_plain(read, columns):
        return None
    return PlainTable(tuple(map(tidy, header)), read, _differing(columns, len(rows)), title, section)


def read_plain(plain: PlainTable, *, hints: ReadingHints) -> Table:
    """The same table with groups, keys, totals and periods."""
    count = len(plain.rows)
    body = settle(
        plain.rows,
        plain.texts,
        printed=[row[:] for row in plain.rows],
        indents=[0] * count,
        spanning=[False] * count,
    )
    paths = [(text,) for text in plain.header]
    return make_table(plain.title, paths, body, place=Place(section=plain.section), hints=hints)


class _Column(NamedTuple):
    """A column's texts on one line each, what they mean, and as what ``str`` prints that.

    ``shown`` is ``texts`` itself where it is the same.
    """

    texts: Sequence[str]
    values: Sequence[Value]
    shown: Sequence[str]


def _read_column(texts: Sequence[str]) -> _Column:
    values, shown = read_column(texts)
    if shown is not texts and "\n" in "".join(texts):
        values = [tidy(value) if isinstance(value, str) and "\n" in value else value for value in values]
        shown = list(map(str, values))
        texts = [tidy(text) if "\n" in text else text for text in texts]
    return _Column(texts, values, shown)


def _are_plain(rows: Sequence[Sequence[Value]], columns: Sequence[_Column]) -> bool:
    """Whether every row holds a figure that is surely no year, and something besides: no heading, header or note.

    Column by column from the right, since the first one of figures usually settles it for all rows.
    """
    without: Sequence[int] = range(len(rows))
    for column in reversed(columns):
        without = [row for row in without if not _is_figure(column.values[row])]
        if not without:
            return all(_holds_two(row) for row in rows)
    return False


def _is_figure(value: Value) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and not 1900 <= value <= 2100)


def _holds_two(row: Sequence[Value]) -> bool:
    """Whether a row of two columns or more holds two values; most hold one at either end."""
    return (row[0] is not None and row[-1] is not None) or len(row) - row.count(None) > 1


def _differing(columns: Sequence[_Column], rows: int) -> list[dict[int, str]]:
    """The published texts that are not what their values print as, by row and column."""
    differing: list[dict[int, str]] = [{} for _ in range(rows)]
    for index, column in enumerate(columns):
        if column.shown is column.texts:
            continue
        for row, text, plain, value in zip(differing, column.texts, column.shown, column.values, strict=True):
            if text != plain and value is not None:
                row[index] = text
    return differing
