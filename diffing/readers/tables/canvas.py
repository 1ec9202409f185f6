"""A grid prepared for reading: cells by row, merged cells, and the regions that blank rows and columns cut out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from diffing.readers.tables.cells import Cell, Grid

_SHARED_LEAST: Final = 3
_SHARED: Final = 0.8
"""Rows, and the share of them, that the parts of one table on both sides of a blank column have in common."""


class Region(Struct, frozen=True):
    """A rectangle, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def is_label(cell: Cell) -> bool:
    """Whether a cell may name a row: a text, a date or a year."""
    return isinstance(cell.value, str) or (isinstance(cell.value, int) and 1900 <= cell.value <= 2100)


class Canvas:
    """Cells of a grid by row, both in order, with what merged cells cover."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.rows: dict[int, dict[int, Cell]] = {}
        last, cells = -1, dict[int, Cell]()
        for (row, column), cell in grid.cells.items():
            if cell.value is not None and cell.text.strip():
                if row != last:
                    last, cells = row, self.rows.setdefault(row, {})
                cells[column] = cell
        self.rows = {row: _in_order(self.rows[row]) for row in sorted(self.rows)}
        self._columns: dict[int, list[int]] = {}
        self.ends: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in grid.merges:
            if left in self.rows.get(top, {}) and not self._holds_more(top, left, bottom, right):
                self.ends[top, left] = (bottom, right)

    def _holds_more(self, top: int, left: int, bottom: int, right: int) -> bool:
        """Whether a merge lies over more than its first cell: one left behind where a program moved the rows."""
        held = (self.rows.get(row, {}) for row in range(top, bottom + 1))
        return sum(left <= column <= right for cells in held for column in cells) > 1

    def end_of(self, row: int, column: int) -> tuple[int, int]:
        """The last row and column that the cell covers."""
        return self.ends.get((row, column), (row, column))

    def whole(self) -> Region | None:
        """The rectangle around all cells; None for an empty grid."""
        if not self.rows:
            return None
        left = min(next(iter(cells)) for cells in self.rows.values())
        right = max(next(reversed(cells)) for cells in self.rows.values())
        return Region(next(iter(self.rows)), left, next(reversed(self.rows)), right)

    def in_row(self, row: int, region: Region) -> dict[int, Cell]:
        """Cells of a row inside a region, by column."""
        cells = self.rows.get(row)
        if cells is None:
            return {}
        if region.left <= next(iter(cells)) and next(reversed(cells)) <= region.right:
            return cells
        columns = self._columns.get(row)
        if columns is None:
            columns = self._columns[row] = list(cells)
        inside = columns[bisect_left(columns, region.left) : bisect_right(columns, region.right)]
        return {column: cells[column] for column in inside}

    def regions(self) -> list[Region]:
        """Regions that blank rows and columns separate, in reading order."""
        whole = self.whole()
        found = [] if whole is None else list(self._cut(whole))
        return sorted(found, key=lambda region: (region.top, region.left))

    def _cut(self, region: Region) -> Iterator[Region]:
        bands = self._bands(region)
        if len(bands) > 1:
            for top, bottom in bands:
                yield from self._cut(Region(top, region.left, bottom, region.right))
            return
        top, bottom = bands[0]
        strips = self._strips(Region(top, region.left, bottom, region.right))
        if len(strips) == 1:
            left, right = strips[0]
            yield Region(top, left, bottom, right)
            return
        for left, right in strips:
            inside = Region(top, left, bottom, right)
            if any(self.in_row(row, inside) for row in range(top, bottom + 1)):
                yield from self._cut(inside)

    def _bands(self, region: Region) -> list[tuple[int, int]]:
        """Runs of rows that hold something or lie under a merged cell that holds something."""
        spans = []
        for row in self._rows_in(region):
            columns = self.in_row(row, region)
            if columns:
                spans.append((row, max(self.end_of(row, column)[0] for column in columns) if self.ends else row))
        return [(top, min(bottom, region.bottom)) for top, bottom in _joined(spans)]

    def _rows_in(self, region: Region) -> Iterable[int]:
        if region.bottom - region.top < 4 * len(self.rows):
            return (row for row in range(region.top, region.bottom + 1) if row in self.rows)
        return (row for row in sorted(self.rows) if region.top <= row <= region.bottom)

    def _strips(self, region: Region) -> list[tuple[int, int]]:
        """Runs of columns; a cell alone in its row (a title, a note) does not bridge a gap."""
        lines = [(row, cells) for row in self._rows_in(region) if (cells := self.in_row(row, region))]
        crowded = [(row, cells) for row, cells in lines if len(cells) > 1]
        if not crowded or (len(crowded) == 1 and len(crowded[0][1]) > 2):
            return [(region.left, region.right)]  # a header row by itself has gaps where nothing is to part
        strips = self._covered(crowded)
        if len(strips) == 1:
            strips = self._strips_under_titles(crowded) or strips
        edge = strips[-1][1] + 1
        outlying = [
            (column, self.end_of(row, column)[1])
            for row, cells in lines
            if next(reversed(cells)) > edge
            for column in cells
            if column > edge
        ]
        strips = self._with_labels([*strips, *_joined(outlying)], [row for row, _cells in crowded])
        return _stretched(strips, region)

    def _with_labels(self, strips: Sequence[tuple[int, int]], crowded: Sequence[int]) -> list[tuple[int, int]]:
        """Strips, one of figures alone joined with the labels left of it: no gap between tables is there."""
        joined: list[tuple[int, int]] = []
        for left, right in strips:
            if joined and self._lacks_labels(left, right, crowded):
                start, end = joined[-1]
                before = [cell for row in crowded for cell in self._between(row, start, end).values()]
                if (
                    not self._between(crowded[0], left, right)
                    or all(map(is_label, before))
                    or self._shares_rows((start, end), (left, right), crowded)
                ):
                    joined[-1] = (start, right)
                    continue
            joined.append((left, right))
        return joined

    def _shares_rows(self, one: tuple[int, int], other: tuple[int, int], crowded: Sequence[int]) -> bool:
        """Whether two strips are filled in the same rows: blank columns stand between the figures of one table."""
        here, there = ({row for row in crowded if self._between(row, *strip)} for strip in (one, other))
        return len(here & there) >= max(_SHARED_LEAST, _SHARED * len(here | there))

    def _between(self, row: int, left: int, right: int) -> dict[int, Cell]:
        return self.in_row(row, Region(row, left, row, right))

    def _lacks_labels(self, left: int, right: int, crowded: Sequence[int]) -> bool:
        """Whether the first column of a strip holds figures, its header apart."""
        inside = [self._between(row, left, right) for row in crowded]
        first = min((min(cells) for cells in inside if cells), default=left)
        column = [cells[first] for cells in inside if first in cells]
        figures = sum(not is_label(cell) for cell in column)
        return figures > 0 and figures >= len(column) - 2

    def _strips_under_titles(self, crowded: Sequence[tuple[int, dict[int, Cell]]]) -> list[tuple[int, int]]:
        """Strips where only the merged titles in the first row meet; [] where the rows below do not part."""
        (first, titles), *below = crowded
        if len(below) < 2 or not any(self.end_of(first, column)[1] > column for column in titles):
            return []
        strips = self._covered(below)
        named = [sum(left <= column <= right for column in titles) for left, right in strips]
        return [] if len(strips) < 2 or any(count != 1 for count in named) else strips

    def _covered(self, rows: Sequence[tuple[int, dict[int, Cell]]]) -> list[tuple[int, int]]:
        """Runs of columns that the cells of ``rows`` cover."""
        if not self.ends:
            return _joined((column, column) for column in set().union(*(cells for _row, cells in rows)))
        return _joined((column, self.end_of(row, column)[1]) for row, cells in rows for column in cells)


def _in_order(cells: dict[int, Cell]) -> dict[int, Cell]:
    columns = list(cells)
    ordered = sorted(columns)
    return cells if ordered == columns else {column: cells[column] for column in ordered}


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping and touching spans as one, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _stretched(strips: list[tuple[int, int]], region: Region) -> list[tuple[int, int]]:
    """Strips that together cover the region, so that lone cells in the gaps are lost to none."""
    starts = [region.left, *(right[0] for _left, right in pairwise(strips))]
    return [(start, end) for start, end in zip(starts, [*(s - 1 for s in starts[1:]), region.right], strict=True)]
