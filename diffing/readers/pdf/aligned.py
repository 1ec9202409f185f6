"""A table whose cells are given by where its texts stand: columns, header, body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing.readers.pdf.columns import Corridor, Piece, find_corridors, place
from diffing.readers.pdf.groups import span_labels
from diffing.readers.pdf.heads import read_header
from diffing.readers.pdf.lines import column_gap, is_figure, to_chunks
from diffing.readers.pdf.shapes import Box, FoundTable, Line, PlacedCell, Stroke, around
from diffing.readers.pdf.wrapping import Row, cell_lines, merge_wrapped

_SPANS = 0.7  # of the table's width: a rule this long parts header and body
_MOST_HEADER = 8  # lines
_FROM_LEFT = 6.0  # points: a rule that begins here parts the labels, too
_NEXT = 2  # lines under one that may be a head


def read_aligned(
    lines: Sequence[Line],
    *,
    page: int,
    strokes: Sequence[Stroke],
    corridors: Sequence[Corridor] | None = None,
) -> FoundTable | None:
    """The table that ``lines`` amount to, or None where they share no columns."""
    gap = column_gap(lines)
    chunked = [to_chunks(line, gap=gap) for line in lines]
    found = list(corridors) if corridors is not None else find_corridors(chunked)
    if not found:
        return None
    box = around(line.box for line in lines)
    near = [
        s
        for s in strokes
        if s.lying and box.top - 8 <= s.at <= box.bottom + 8 and s.start < box.right and s.end > box.left
    ]
    placed = [place(chunks, found) for chunks in chunked]
    count = header_length(placed, box, near)
    body = [Row((tuple(pieces),)) for pieces in placed[count:]]
    extents = _extents(placed[count:], len(found) + 1, box)
    head_cells = read_header(lines[:count], found, extents=extents, strokes=near)
    depth = 1 + max((cell.last_row for cell in head_cells), default=-1)
    rows = merge_wrapped(body, strokes=near)
    cells = [*head_cells, *(cell for number, row in enumerate(rows, depth) for cell in _cells(row, number))]
    cells = span_labels(
        cells,
        rows,
        first=depth,
        strokes=near,
        spans=lambda stroke: _spans(stroke, box) and stroke.start < box.left + _FROM_LEFT,
    )
    edges = (box.left, *(c.middle for c in found), box.right)
    return FoundTable(page, box, tuple(cells), edges, header_rows=depth)


def header_length(placed: Sequence[Sequence[Piece]], box: Box, strokes: Sequence[Stroke]) -> int:
    """How many lines are header: those above the first figure that is no year, or above the first long rule."""
    first = next((n for n, pieces in enumerate(placed) if _has_data(pieces, placed[n + 1 : n + 1 + _NEXT])), None)
    ruled = _lines_above_rule(placed, box, strokes, first)
    if ruled:
        return ruled
    if first is None:
        return 1 if len(placed) > 1 else 0
    if first > _MOST_HEADER:
        return 0
    while first > 0 and _is_group_label(placed[first - 1]):
        first -= 1
    return first


def _has_data(pieces: Sequence[Piece], below: Sequence[Sequence[Piece]]) -> bool:
    """Whether a line holds figures that are no years, and no more words over the figures of the lines ``below``.

    A head may hold figures: "Cases per 100,000".
    """
    figures = {piece.first for piece in pieces if piece.first > 0 and _is_data(piece)}
    if not figures:
        return False
    words = {piece.first for piece in pieces if piece.first > 0 and not is_figure(piece.text)}
    under = [{piece.first for piece in line if _is_data(piece)} for line in below]
    return not under or any(len(words & line) <= len(figures & line) for line in under) or not any(under)


def _is_data(piece: Piece) -> bool:
    return is_figure(piece.text) and not _is_year(piece.text)


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:FY ?)?(?:19|20)\d\d[*†‡\d]?", text))


def _is_group_label(pieces: Sequence[Piece]) -> bool:
    """A single text at the left edge, as a group of rows has it."""
    return len(pieces) == 1 and pieces[0].first == 0


def _lines_above_rule(
    placed: Sequence[Sequence[Piece]], box: Box, strokes: Sequence[Stroke], first: int | None
) -> int:
    """Lines above the last long rule that lies over the first figures (over the third line without figures)."""
    limit = min(len(placed) - 1, _MOST_HEADER if first is None else first)
    for count in range(limit, 0, -1):
        upper = max(piece.line.box.centre for piece in placed[count - 1])
        lower = min(piece.line.box.centre for piece in placed[count])
        if any(upper < s.at < lower and _spans(s, box) for s in strokes):
            return count if first is not None or count <= 3 else 0
    return 0


def _spans(stroke: Stroke, box: Box) -> bool:
    return min(stroke.end, box.right) - max(stroke.start, box.left) >= _SPANS * box.width


def _extents(placed: Sequence[Sequence[Piece]], count: int, box: Box) -> list[Box]:
    """The box of the text of each column, from pieces that stand in one column."""
    extents = []
    for column in range(count):
        boxes = [p.line.box for pieces in placed for p in pieces if p.first == p.last == column]
        extents.append(around(boxes) if boxes else Box(box.left, box.top, box.left, box.bottom))
    return extents


def _cells(row: Row, number: int) -> list[PlacedCell]:
    cells = []
    spread = cell_lines(row)
    for pieces in spread:
        first, last = min(p.first for p in pieces), max(p.last for p in pieces)
        if len(spread) == 1 and last > first:
            first = 0  # a text across the table heads the rows below it
        bold = all(piece.line.bold for piece in pieces)
        text = "\n".join(piece.text for piece in pieces)
        cells.append(PlacedCell(number, first, number, last, text, bold))
    return cells
