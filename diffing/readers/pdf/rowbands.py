"""Rows inside a frame that only blank space parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diffing.readers.pdf.ruled import Frame, RuledCell
from diffing.readers.pdf.shapes import Box, Line

_BLANK = 1.6  # line heights from one baseline to the next: more is blank space
_SAME_LINE = 2.5  # points that baselines of one row may differ

Held = Mapping[RuledCell, list[Line]]


def split_bands(frame: Frame, held: Held) -> tuple[Frame, dict[RuledCell, list[Line]]]:
    """``frame`` with a row border in every blank space under which the first column and another begin anew."""
    bands: dict[int, dict[RuledCell, list[Line]]] = {}
    for cell, lines in held.items():
        if cell.row == cell.last_row:
            bands.setdefault(cell.row, {})[cell] = lines
    borders = [y for band in bands.values() for y in _borders(band)]
    if not borders:
        return frame, dict(held)
    ys = tuple(sorted([*frame.ys, *borders]))
    pieces = {cell: _divide(cell, ys, frame) for cell in frame.cells}
    divided: dict[RuledCell, list[Line]] = {}
    for cell, lines in held.items():
        for line in lines:
            home = next((p for p in pieces[cell] if line.box.centre <= p.box.bottom), pieces[cell][-1])
            divided.setdefault(home, []).append(line)
    cells = tuple(piece for cell in frame.cells for piece in pieces[cell])
    return Frame(frame.box, frame.xs, ys, cells), divided


def _borders(band: Held) -> list[float]:
    if len(band) < 2 or max(len(lines) for lines in band.values()) < 2:
        return []
    first = min(band, key=lambda cell: cell.column)
    lines = sorted((line for members in band.values() for line in members), key=lambda line: line.base)
    borders = []
    reach = lines[0].base
    for line in lines[1:]:
        if line.base - reach > _BLANK * line.box.height and _begins_row(line.base, first, band):
            borders.append((reach + line.base - 0.5 * line.box.height) / 2)
        reach = max(reach, line.base)
    return borders


def _begins_row(base: float, first: RuledCell, band: Held) -> bool:
    """Whether the first column and another have text on this baseline."""
    here = [cell for cell, lines in band.items() if any(abs(line.base - base) <= _SAME_LINE for line in lines)]
    return first in here and len(here) > 1


def _divide(cell: RuledCell, ys: Sequence[float], frame: Frame) -> list[RuledCell]:
    """``cell`` in the rows of ``ys``: cut where it was one row, stretched where it was several."""
    top, bottom = frame.ys[cell.row], frame.ys[cell.last_row + 1]
    first, last = ys.index(top), ys.index(bottom) - 1
    if cell.row != cell.last_row:
        return [cell._replace(row=first, last_row=last)]
    return [
        RuledCell(
            row, cell.column, row, cell.last_column, Box(cell.box.left, ys[row], cell.box.right, ys[row + 1])
        )
        for row in range(first, last + 1)
    ]
