"""The table inside a frame of rules: words to cells, cells that hold several rows split."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.pdf.lines import to_lines
from diffing.pdf.ruled import Frame, RuledCell
from diffing.pdf.shapes import FoundTable, Line, PageContent, PlacedCell, Word

_LEAST_FILLED = 0.15  # share of cells with text below which a frame is a chart or a form


def read_framed(frame: Frame, words: Sequence[Word], *, page: PageContent) -> FoundTable | None:
    """The table in ``frame``, or None where it is no table."""
    held = _assign(frame, words)
    if len(held) < 2 or len(held) < _LEAST_FILLED * len(frame.cells):
        return None
    if len({cell.column for cell in held}) < 2:
        return None
    cells: list[PlacedCell] = []
    shift = 0
    rows = len(frame.ys) - 1
    for row in range(rows):
        band = {cell: lines for cell, lines in held.items() if cell.row == row}
        count = _rows_in(band)
        for cell, lines in band.items():
            cells.extend(_place(cell, lines, row + shift, count))
        shift += count - 1
    return FoundTable(page.number, frame.box, tuple(cells), frame.xs, ruled=True)


def _assign(frame: Frame, words: Sequence[Word]) -> dict[RuledCell, list[Line]]:
    """The lines of text in each cell that has any."""
    inside: dict[RuledCell, list[Word]] = {}
    for word in words:
        home = next((cell for cell in frame.cells if cell.box.holds(word.box)), None)
        if home is not None:
            inside.setdefault(home, []).append(word)
    return {cell: to_lines(members) for cell, members in inside.items()}


def _rows_in(band: dict[RuledCell, list[Line]]) -> int:
    """How many rows a ruled row really holds: the baselines that most of its cells share."""
    counts = [len(lines) for cell, lines in band.items() if cell.row == cell.last_row]
    if len(counts) < 2 or max(counts) < 2:
        return 1
    most = max(counts)
    alike = [lines for cell, lines in band.items() if len(lines) == most]
    if len(alike) < 2 or len(alike) < 0.6 * len(counts):
        return 1
    for number in range(most):
        centres = [lines[number].box.centre for lines in alike]
        if max(centres) - min(centres) > 2.5:
            return 1
    return most


def _place(cell: RuledCell, lines: list[Line], row: int, count: int) -> list[PlacedCell]:
    span = cell.last_row - cell.row
    if count == 1 or span or len(lines) != count:
        text = "\n".join(line.text for line in lines)
        bold = all(line.bold for line in lines)
        last = row + span + (count - 1 if not span else 0)
        return [PlacedCell(row, cell.column, last, cell.last_column, text, bold, False, True, True)]
    return [
        PlacedCell(row + number, cell.column, row + number, cell.last_column, line.text, line.bold)
        for number, line in enumerate(lines)
    ]
