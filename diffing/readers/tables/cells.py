"""A grid of cells: the form in which spreadsheets, CSV, HTML and PDF tables reach ``grid.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from state.document import Value


class Cell(NamedTuple):
    """One cell that holds something. ``text`` is as published, ``value`` what it means.

    A tuple, because sheets have hundreds of thousands: it is made in a third of a dataclass's time.
    """

    value: Value
    text: str
    bold: bool = False
    filled: bool = False  # has a background of its own
    ruled_above: bool = False
    ruled_below: bool = False
    header: bool = False  # the publisher marked it as a header (<th>, PDF tag)
    indent: int = 0  # steps by which the publisher indented it


class Grid(Struct, frozen=True):
    """Cells by (row, column), counted from 0; blank cells are absent.

    ``merges`` are inclusive rectangles (first row, first column, last row, last column) whose value stands in
    their first cell.
    """

    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    sheet: str | None = None
    page: int | None = None
    hidden: bool = False
    title: str = ""  # caption or heading that surely belongs to the grid
    section: tuple[str, ...] = ()
    spreadsheet: bool = False  # whether ranges such as "A30:O34" mean something to a reader
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
