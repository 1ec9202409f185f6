"""A grid of cells -> the tables, notes and prose that a careful reader sees in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from diffing.cells import Cell, Grid
from diffing.grids.canvas import Canvas, Region
from diffing.grids.headers import find_columns, name_columns
from diffing.grids.parts import Line, Part
from diffing.grids.rows import choose_key, count_labels, fill_down, group_rows, is_total, name_rows, row_periods
from diffing.grids.titles import Titled, arrange
from diffing.statements.dates import find_dates, find_fiscal_year
from diffing.values import is_identifier, tidy
from state.document import Block, DateRole, ReadingHints, StatedDate, Table, Value, Where

_MENTIONS_YEAR: Final = re.compile(r"\bf\.?y\.?\s?'?\d|\bfiscal\s+years?\b", re.IGNORECASE)
_HEADING_REACH: Final = 4
"""A heading stands less than so many rows above its first paragraph, and the next paragraph as near."""


@dataclass(frozen=True, slots=True)
class GridReading:
    """Tables in reading order, and what no table claimed: prose, notes (which tables hold too), headings."""

    tables: tuple[Table, ...]
    blocks: tuple[Block, ...]


def read_grid(grid: Grid, *, hints: ReadingHints) -> GridReading:
    """Find every table of a grid, with title, header paths, row groups, totals, notes and keys."""
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
    notes = tuple(line.text for line in titled.notes)
    fiscal_year = _fiscal_year(titled.title, grid.sheet, notes)
    columns = name_columns(canvas, part, positions, fiscal_year=fiscal_year)
    rows, texts = _body(canvas, part, positions)
    names = [column.name for column in columns]
    labels = count_labels(rows)
    key = choose_key(names, rows, declared=hints.key_columns)
    row_keys = name_rows(rows, key)
    return Table(
        name=titled.title,
        columns=columns,
        rows=tuple(map(tuple, rows)),
        row_keys=row_keys,
        key=key,
        sheet=grid.sheet,
        page=grid.page,
        range=_range(part.region, positions) if grid.spreadsheet else None,
        texts=texts,
        totals=frozenset(i for i, row in enumerate(rows) if any(_is_total(v) for v in row[: max(labels, 1)])),
        row_periods=row_periods([row[0] for row in rows], fiscal_year),
        notes=notes,
        as_of=_as_of(titled.title, notes, grid),
        fiscal_year=fiscal_year,
        hidden=grid.hidden,
        section=grid.section,
    )


def _body(
    canvas: Canvas, part: Part, positions: Sequence[int]
) -> tuple[list[list[Value]], dict[tuple[int, int], str]]:
    """Rows with their group labels filled in, and the published texts that differ from the values.

    A label that got its group's path, or that was filled down, differs from what is printed there.
    """
    rows, texts, indents, spanning = [], [], [], []
    for row in part.body:
        cells = canvas.in_row(row, part.region)
        values, differing = _read_row(cells, positions)
        rows.append(values)
        texts.append(differing)
        first = cells.get(positions[0])
        indents.append(first.indent if first else 0)
        spanning.append(len(cells) == 1 and all(canvas.end_of(row, c)[1] >= positions[-1] > c for c in cells))
    printed = {id(values): values[:] for values in rows}
    _fill_merged(canvas, part, positions, rows)
    _keep_identifiers(rows)
    labels = count_labels(rows)
    fill_down(rows, labels)
    grouped = group_rows(rows, indents=indents, spanning=spanning) if labels == 1 else rows
    index_of = {id(values): index for index, values in enumerate(rows)}
    published = {
        (new, column): text
        for new, values in enumerate(grouped)
        for column, text in texts[index_of[id(values)]].items()
    }
    published |= {
        (new, column): "" if (label := printed[id(values)][column]) is None else str(label)
        for new, values in enumerate(grouped)
        for column in range(max(labels, 1))
        if isinstance(values[column], str) and values[column] != printed[id(values)][column]
    }
    return grouped, published


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


def _keep_identifiers(rows: list[list[Value]]) -> None:
    """Whole numbers beside identifiers in one column ("01234") are identifiers too."""
    for index, column in enumerate(zip(*rows, strict=True)):
        if not {str, int} <= set(map(type, column)):
            continue
        if any(isinstance(value, str) and is_identifier(value) for value in column):
            for row in rows:
                if isinstance(row[index], int):
                    row[index] = str(row[index])


def _is_total(value: Value) -> bool:
    return isinstance(value, str) and len(value) < 80 and is_total(value)


def _fiscal_year(title: str, sheet: str | None, notes: Sequence[str]) -> int | None:
    """The fiscal year of the title; where the title names none at all, that of the sheet's name or the notes."""
    if (year := find_fiscal_year(title)) is not None:
        return year
    if _MENTIONS_YEAR.search(title):
        return None
    for text in (sheet or "", *notes):
        if (year := find_fiscal_year(text)) is not None:
            return year
    return None


def _as_of(title: str, notes: Sequence[str], grid: Grid) -> StatedDate | None:
    """The first date that title or notes give for the data."""
    where = Where(sheet=grid.sheet, page=grid.page, table=title or None)
    dates = [date for text in (title, *notes) for date in find_dates(text, where=where)]
    for role in (DateRole.AS_OF, DateRole.DATA_THROUGH):
        for stated in dates:
            if stated.role is role:
                return stated
    return None


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
