"""A found table as the ``Grid`` that ``diffing.readers.tables.grid`` reads."""

from __future__ import annotations

import re

from diffing.readers.pdf.shapes import FoundTable, PlacedCell
from diffing.readers.tables.cells import Cell, Grid
from diffing.values import read_value

_LEADING = ".…·_ "
_LEADERS = re.compile(r"(?:\s*[.…·](?:\s*[.…·]){2,}|\s\.\s\.|\s*_{3,})\s*$")


def to_grid(table: FoundTable) -> Grid:
    """The cells of ``table``; dot leaders stay in the text and leave the value."""
    return Grid(
        cells={(cell.row, cell.column): _cell(cell, table) for cell in table.cells if cell.text},
        merges=tuple(
            (cell.row, cell.column, cell.last_row, cell.last_column)
            for cell in table.cells
            if cell.text and (cell.last_row > cell.row or cell.last_column > cell.column)
        ),
        page=table.page,
        title=table.title,
        section=table.section,
    )


def _cell(cell: PlacedCell, table: FoundTable) -> Cell:
    return Cell(
        value=read_value(_LEADERS.sub("", cell.text) if cell.text[-1] in _LEADING else cell.text),
        text=cell.text,
        bold=cell.bold,
        filled=cell.filled,
        ruled_above=cell.ruled_above,
        ruled_below=cell.ruled_below,
        header=cell.row < table.header_rows,
    )
