"""A grid of cells -> the tables, notes and prose that a careful reader sees in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from diffing.readers.tables.assemble import Body, Place, make_table, settle
from diffing.readers.tables.canvas import Canvas, Region
from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.headers import find_columns, find_paths
from diffing.readers.tables.lines import Line
from diffing.readers.tables.parts import Part
from diffing.readers.tables.plain import PlainTable, read_plain
from diffing.readers.tables.titles import Titled, arrange
from diffing.values import tidy
from state.document import Block, ReadingHints, Table, Value

_HEADING_REACH: Final = 4
"""A heading stands less than so many rows above its first paragraph, and the next paragraph as near."""


class GridReading(Struct, frozen=True):
    """Tables in reading order, and what no table claimed: prose, notes (which tables hold too), headings."""

    tables: tuple[Table, ...]
    blocks: tuple[Block, ...]


def read_grid(grid: Grid | PlainTable, *, hints: ReadingHints) -> GridReading:
    """Find every table of a grid, with title, header paths, row groups, totals, notes and keys."""
    if isinstance(grid, PlainTable):
        return GridReading((read_plain(grid, hints=hints),), ())
    canvas = Canvas(grid)
    arranged = arrange(canvas)
    tables = tuple(
        table for titled in arranged.tables if (table := _read_table(canvas, titled, hints)) is not None
    )
    return GridReading(tables, _blocks(grid, arranged.lines, arranged.tables))


def _read_table(canvas: Canvas, titled: Titled, hints: ReadingHints) -> Table | None:
    grid, part = canvas.grid, titled.part
    positions = find_columns(canvas, part)
    if not positions or not (part.body or part.header):
        return None
    return make_table(
        titled.title,
        find_paths(canvas, part, positions),
        _body(canvas, part, positions),
        notes=tuple(line.text for line in titled.notes),
        place=Place(
            grid.sheet,
            grid.page,
            grid.section,
            hidden=grid.hidden,
            hidden_columns=frozenset(i for i, place in enumerate(positions) if place in grid.hidden_columns),
        ),
        range_=_range(part.region, positions) if grid.spreadsheet else None,
        hints=hints,
    )


def _body(canvas: Canvas, part: Part, positions: Sequence[int]) -> Body:
    """Rows with their group labels filled in, and the published texts that differ from the values."""
    rows, texts, indents, spanning = [], [], [], []
    for row in part.body:
        cells = canvas.in_row(row, part.region)
        values, differing = _read_row(cells, positions)
        rows.append(values)
        texts.append(differing)
        first = cells.get(positions[0])
        indents.append(first.indent if first else 0)
        spanning.append(len(cells) == 1 and all(canvas.end_of(row, c)[1] >= positions[-1] > c for c in cells))
    printed = [values[:] for values in rows]
    _fill_merged(canvas, part, positions, rows)
    hidden = [index for index, row in enumerate(part.body) if row in canvas.grid.hidden_rows]
    return settle(rows, texts, printed=printed, indents=indents, spanning=spanning, hidden=hidden)


def _read_row(cells: Mapping[int, Cell], positions: Sequence[int]) -> tuple[list[Value], dict[int, str]]:
    """The values at ``positions``, and by their index the published texts that say more."""
    values: list[Value] = []
    texts: dict[int, str] = {}
    for index, position in enumerate(positions):
        cell = cells.get(position)
        if cell is None:
            values.append(None)
            continue
        value, text = cell.value, cell.text
        if isinstance(value, str):
            value = tidy(value)
        if text != (plain := str(value)) and (text := tidy(text)) != plain:
            texts[index] = text
        values.append(value)
    return values, texts


def _fill_merged(canvas: Canvas, part: Part, positions: Sequence[int], rows: list[list[Value]]) -> None:
    """Repeat a text that is merged over several rows in each of them."""
    index_of = {row: index for index, row in enumerate(part.body)}
    places = {position: index for index, position in enumerate(positions)}
    for (top, left), (bottom, _right) in canvas.ends.items():
        if bottom == top or top not in index_of or left not in places:
            continue
        value = rows[index_of[top]][places[left]]
        for row in range(top + 1, min(bottom, part.region.bottom) + 1):
            if isinstance(value, str) and row in index_of and rows[index_of[row]][places[left]] is None:
                rows[index_of[row]][places[left]] = value


def _range(region: Region, positions: Sequence[int]) -> str:
    first, last = column_letters(positions[0]), column_letters(positions[-1])
    return f"{first}{region.top + 1}:{last}{region.bottom + 1}"


def column_letters(column: int) -> str:
    """The name of a spreadsheet column counted from 0: A, B, … Z, AA, … XFD."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _blocks(grid: Grid, lines: Sequence[Line], tables: Sequence[Titled]) -> tuple[Block, ...]:
    """Lines and table notes as blocks, in reading order, under the short lines that head them."""
    notes = [(line, True) for titled in tables for line in titled.notes]
    blocks: list[Block] = []
    heading: tuple[str, ...] = ()
    last = -_HEADING_REACH
    for line, noted in sorted(
        [(line, False) for line in lines] + notes, key=lambda pair: (pair[0].row, pair[0].column)
    ):
        if noted or line.is_short_note:
            blocks.append(Block(line.text, (), grid.sheet, grid.page, "note"))
        elif len(line.text) <= 110 and not line.text.endswith((".", ";")):
            blocks.append(Block(line.text, (), grid.sheet, grid.page, "heading"))
            heading, last = (line.text,), line.row
        else:
            under = heading if line.row - last < _HEADING_REACH else ()
            blocks.append(Block(line.text, under, grid.sheet, grid.page, "paragraph"))
            last = line.row if under else last
    return tuple(blocks)
