"""Tables set in several column blocks side by side under one repeated header."""

from __future__ import annotations

from msgspec.structs import replace

from diffing.readers.pdf.shapes import FoundTable, PlacedCell


def unfold(table: FoundTable) -> FoundTable:
    """``table`` with its blocks under each other where its header repeats itself, else unchanged.

    A list of states printed as "State, Count, State, Count" is one table of two columns.
    """
    columns = len(table.edges) - 1
    for blocks in range(columns // 2, 1, -1):
        if columns % blocks == 0 and _repeats(table, columns // blocks, blocks):
            return _stacked(table, columns // blocks, blocks)
    return table


def _repeats(table: FoundTable, width: int, blocks: int) -> bool:
    """Whether every header row reads the same in each block, and no key of a first column comes twice."""
    depth = max(1, table.header_rows)
    heads = [cell for cell in table.cells if cell.row < depth]
    if any(cell.column // width != cell.last_column // width for cell in table.cells):
        return False
    first = _block(heads, 0, width)
    if len(first) < width or any(_block(heads, number, width) != first for number in range(1, blocks)):
        return False
    keys = [cell.text for cell in table.cells if cell.row >= depth and cell.column % width == 0]
    return len(set(keys)) >= 0.9 * len(keys) > 0


def _block(cells: list[PlacedCell], number: int, width: int) -> set[tuple[int, int, str]]:
    start = number * width
    return {(c.row, c.column - start, c.text) for c in cells if start <= c.column < start + width}


def _stacked(table: FoundTable, width: int, blocks: int) -> FoundTable:
    depth = max(1, table.header_rows)
    body = table.row_count - depth
    cells = [cell for cell in table.cells if cell.row < depth and cell.column < width]
    for cell in table.cells:
        number = cell.column // width
        if cell.row >= depth and number < blocks:
            down, back = number * body, number * width
            cells.append(
                cell._replace(
                    row=cell.row + down,
                    last_row=cell.last_row + down,
                    column=cell.column - back,
                    last_column=cell.last_column - back,
                )
            )
    return replace(table, cells=tuple(cells), edges=table.edges[: width + 1])
