"""The table inside a frame of rules: words to cells; what rules leave open is read by alignment."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from diffing.readers.pdf.aligned import read_aligned
from diffing.readers.pdf.columns import Corridor, find_corridors
from diffing.readers.pdf.lines import is_figure, make_line, to_chunks, to_lines
from diffing.readers.pdf.rowbands import split_bands
from diffing.readers.pdf.ruled import Frame, RuledCell
from diffing.readers.pdf.shapes import Box, FoundTable, Line, PageContent, PlacedCell, Word

_LEAST_FILLED = 0.12  # share of cells with text below which a frame is a chart or a form
_MOST_WORDS = 120  # words a cell: more is a page of prose between rules
_SAME_LINE = 2.5  # points that baselines of one row may differ
_LEAST_ROWS = 3  # lines of several texts in one stretch: fewer may be chance
_MOST_ROWS = 0.6  # of the lines of a stretch
_OPEN_GAP = 1.0  # line heights between texts of several columns in one cell
_NOTE_MARK = re.compile(r"^[(\[]\w{1,2}[)\]]$")
_TALL = 3  # rows: a cell as tall as this may hold a label for each

Held = dict[RuledCell, list[Line]]


def read_framed(frame: Frame, words: Sequence[Word], *, page: PageContent) -> FoundTable | None:
    """The table in ``frame``, or None where it is no table."""
    held = _assign(frame, words)
    if len(held) < 2 or len(held) < _LEAST_FILLED * len(frame.cells):
        return None
    if _is_open(held):
        found = _read_open(frame, held, page)
        return None if found is None or found.row_count < 2 else replace(found, box=frame.box)
    frame, held = split_bands(frame, held)
    cells = [cell for ruled, lines in held.items() for cell in _place(ruled, lines, frame, held)]
    if (
        len({c.column for c in cells}) < 2
        or len({c.row for c in cells}) < 2
        or len(words) > _MOST_WORDS * len(held)
    ):
        return None
    if not page.fills:
        return FoundTable(page.number, frame.box, tuple(cells), frame.xs, ruled=True)
    shaded = [cell._replace(filled=_is_filled(cell, frame, page.fills)) for cell in cells]
    return FoundTable(page.number, frame.box, tuple(shaded), frame.xs, ruled=True)


def _assign(frame: Frame, words: Sequence[Word]) -> Held:
    """The lines of text in each cell that has any."""
    places = {
        (row, column): cell
        for cell in frame.cells
        for row in range(cell.row, cell.last_row + 1)
        for column in range(cell.column, cell.last_column + 1)
    }
    inside: dict[RuledCell, list[Word]] = {}
    for word in words:
        row, column = bisect_right(frame.ys, word.box.centre) - 1, bisect_right(frame.xs, word.box.middle) - 1
        home = places.get((row, column))
        if home is not None:
            inside.setdefault(home, []).append(word)
    return {cell: to_lines(members) for cell, members in inside.items()}


def _is_open(held: Held) -> bool:
    """Whether rules leave rows or columns open: figures on shared baselines, or texts side by side in one cell."""
    return _holds_several_rows(held) or _holds_several_columns(held)


def _holds_several_columns(held: Held) -> bool:
    """Whether in one stretch between standing rules most lines are rows of several texts, one under the other."""
    strips: dict[tuple[int, int], list[Line]] = {}
    for cell, lines in held.items():
        strips.setdefault((cell.column, cell.last_column), []).extend(lines)
    return any(_are_rows(lines) for lines in strips.values() if len(lines) >= _LEAST_ROWS)


def _are_rows(lines: Sequence[Line]) -> bool:
    chunked = [to_chunks(line, gap=_OPEN_GAP) for line in lines]
    figured = [chunks for chunks in chunked if sum(_is_value(chunk) for chunk in chunks) >= 2]
    rows = figured or [chunks for chunks in chunked if len(chunks) >= 3 and is_figure(chunks[-1].text)]
    return len(rows) >= max(_LEAST_ROWS, _MOST_ROWS * len(lines)) and bool(find_corridors(rows))


def _is_value(chunk: Line) -> bool:
    """Whether a chunk is a figure and no mark of a note behind one, such as ``(1)``."""
    return is_figure(chunk.text) and not _NOTE_MARK.match(chunk.text)


def _holds_several_rows(held: Held) -> bool:
    several = [lines for lines in held.values() if len(lines) > 1]
    figured = [lines for lines in several if sum(_ends_in_figure(line) for line in lines) >= 2]
    return any(_share_baselines(lines, other) for lines in figured for other in several if other is not lines)


def _ends_in_figure(line: Line) -> bool:
    chunk = to_chunks(line)[-1]
    return is_figure(chunk.text)


def _share_baselines(figures: Sequence[Line], others: Sequence[Line]) -> bool:
    figured = [line for line in figures if _ends_in_figure(line)]
    shared = sum(any(abs(line.base - other.base) <= _SAME_LINE for other in others) for line in figured)
    return shared >= 2 and shared >= 0.6 * len(figured)


def _read_open(frame: Frame, held: Held, page: PageContent) -> FoundTable | None:
    """A frame whose rules do not part all rows, read by alignment between its standing rules."""
    corridors = [Corridor(x - 0.5, x + 0.5, ruled=True) for x in frame.xs[1:-1]]
    for left, right in pairwise(frame.xs):
        strip = [line for cell, lines in held.items() if cell.column == cell.last_column for line in lines]
        inside = [line for line in strip if left <= line.box.middle <= right]
        chunked = [to_chunks(line) for line in inside]
        several = [chunks for chunks in chunked if len(chunks) > 1]
        if len(several) >= 3 and len(several) >= 0.4 * len(chunked):
            corridors.extend(find_corridors(chunked))
    words = [word for lines in held.values() for line in lines for word in line.words]
    corridors.sort(key=lambda c: c.middle)
    found = read_aligned(to_lines(words), page=page.number, strokes=page.strokes, corridors=corridors)
    return None if found is None else replace(found, ruled=True)


def _place(cell: RuledCell, lines: list[Line], frame: Frame, held: Held) -> list[PlacedCell]:
    if len(lines) == 1:
        return _across(cell, lines[0], frame)
    if cell.last_row - cell.row >= _TALL - 1 and len(lines) >= _TALL:
        rows = _row_of_each(lines, cell, frame)
        if len(set(rows)) == len(lines) and _beside(lines, rows, held):
            return [
                PlacedCell(row, cell.column, row, cell.last_column, line.text, line.bold)
                for row, line in zip(rows, lines, strict=True)
            ]
    text = "\n".join(line.text for line in lines)
    bold = all(line.bold for line in lines)
    return [PlacedCell(cell.row, cell.column, cell.last_row, cell.last_column, text, bold, False, True, True)]


def _beside(lines: Sequence[Line], rows: Sequence[int], held: Held) -> bool:
    """Whether most lines of a tall cell stand on the baseline of other texts of their row."""
    matched = 0
    for line, row in zip(lines, rows, strict=True):
        others = [other for cell, texts in held.items() if cell.row == cell.last_row == row for other in texts]
        matched += any(abs(other.base - line.base) <= _SAME_LINE for other in others)
    return matched >= 0.8 * len(lines)


def _row_of_each(lines: Sequence[Line], cell: RuledCell, frame: Frame) -> list[int]:
    """The ruled row in whose height each line of a tall cell stands."""
    borders = frame.ys[cell.row + 1 : cell.last_row + 1]
    return [cell.row + sum(border <= line.box.centre for border in borders) for line in lines]


def _across(cell: RuledCell, line: Line, frame: Frame) -> list[PlacedCell]:
    """One line in a cell over several columns: parts that wide gaps keep apart stand in columns of their own."""
    whole = PlacedCell(
        cell.row, cell.column, cell.last_row, cell.last_column, line.text, line.bold, False, True, True
    )
    chunks = _far_apart(line) if cell.last_column > cell.column else []
    if len(chunks) < 2:
        return [whole]
    inner = range(cell.column + 1, cell.last_column + 1)
    starts = [cell.column]
    for before, after in pairwise(chunks):
        gap = (before.box.right + after.box.left) / 2
        border = min(inner, key=lambda column: abs(frame.xs[column] - gap))
        if border <= starts[-1]:
            return [whole]
        starts.append(border)
    ends = [*(start - 1 for start in starts[1:]), cell.last_column]
    return [
        PlacedCell(cell.row, start, cell.last_row, end, chunk.text, chunk.bold)
        for start, end, chunk in zip(starts, ends, chunks, strict=True)
    ]


def _far_apart(line: Line) -> list[Line]:
    """Chunks between gaps much wider than any space."""
    return [make_line(chunk.words) for chunk in to_chunks(line, gap=1.3)]


def _is_filled(cell: PlacedCell, frame: Frame, fills: Sequence[Box]) -> bool:
    box = Box(
        frame.xs[cell.column], frame.ys[cell.row], frame.xs[cell.last_column + 1], frame.ys[cell.last_row + 1]
    )
    return any(fill.holds(box) for fill in fills)
