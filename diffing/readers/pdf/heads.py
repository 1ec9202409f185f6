"""Header cells: lines over the body become cells that wrap, span columns and stand on levels."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, field

from diffing.readers.pdf.columns import Corridor, Piece, to_piece
from diffing.readers.pdf.lines import make_line, to_chunks
from diffing.readers.pdf.shapes import Box, Line, PlacedCell, Stroke, Word, around

_CLOSE = 0.65  # line heights: lines of one head are no further apart
_SPACE = 1.35  # times the usual space: a gap this wide may part two heads
_FILLS = 0.7  # of the columns below it: heads of their own columns fill them, one head across does not
_CENTRED = 0.25  # of the column width that a head may be off its centre


class _Head(Struct):
    """A header cell that is being put together."""

    first: int
    last: int
    lines: list[Line] = field(default_factory=list)
    level: int = 0

    @property
    def top(self) -> float:
        """Upper edge of its first line."""
        return self.lines[0].box.top

    @property
    def bottom(self) -> float:
        """Lower edge of its last line."""
        return self.lines[-1].box.bottom


def read_header(
    lines: Sequence[Line], corridors: Sequence[Corridor], *, extents: Sequence[Box], strokes: Sequence[Stroke]
) -> list[PlacedCell]:
    """Header cells on levels from 0; ``extents`` are the boxes of the body text of each column."""
    heads: list[_Head] = []
    for line in lines:
        for piece in header_pieces(line, corridors, extents=extents, strokes=strokes):
            _add(heads, piece, strokes)
    _widen(heads, extents)
    levels = _set_levels(heads)
    cells = []
    for head in heads:
        last = levels if not _covered(head, heads) else head.level
        text = "\n".join(line.text for line in head.lines)
        bold = all(line.bold for line in head.lines)
        cells.append(PlacedCell(head.level, head.first, max(last, head.level), head.last, text, bold))
    return cells


def header_pieces(
    line: Line, corridors: Sequence[Corridor], *, extents: Sequence[Box], strokes: Sequence[Stroke]
) -> list[Piece]:
    """The heads on one line: parted at corridors unless a head spans them."""
    space = _usual_space(line)
    pieces: list[Piece] = []
    for chunk in to_chunks(line):
        parts = _part(chunk, corridors, space)
        if len(parts) > 1 and not _are_heads(chunk, parts, corridors, extents, strokes):
            parts = [chunk]
        pieces.extend(_spanning(part, corridors, extents, strokes) for part in parts)
    return pieces


def _usual_space(line: Line) -> float:
    gaps = [b.box.left - a.box.right for a, b in pairwise(line.words)]
    within = [gap for gap in gaps if 0 < gap < 0.4 * line.box.height]
    return min(statistics.median(within) if within else 1.0, 0.28 * line.box.height)


def _part(chunk: Line, corridors: Sequence[Corridor], space: float) -> list[Line]:
    parts: list[list[Word]] = [[chunk.words[0]]]
    for before, after in pairwise(chunk.words):
        left, right = before.box.right, after.box.left
        in_corridor = any(left - 2 <= c.right and right + 2 >= c.left for c in corridors)
        if in_corridor and right - left > 0.6 * space:
            parts.append([after])
        else:
            parts[-1].append(after)
    return [make_line(part) for part in parts]


def _are_heads(
    chunk: Line,
    parts: Sequence[Line],
    corridors: Sequence[Corridor],
    extents: Sequence[Box],
    strokes: Sequence[Stroke],
) -> bool:
    """Whether the parts are heads of their own columns and not one head across them."""
    if any(_underlines(stroke, chunk) for stroke in strokes):
        return False
    gaps = [b.box.left - a.box.right for a, b in pairwise(parts)]
    if min(gaps) > 0.45 * chunk.box.height:
        return True
    if not all(_is_centred(part, corridors, extents) for part in parts):
        return False
    pieces = [to_piece(part, corridors) for part in parts]
    width = extents[pieces[-1].last].right - extents[pieces[0].first].left
    return chunk.box.width >= _FILLS * width


def _underlines(stroke: Stroke, chunk: Line) -> bool:
    """Whether a rule right below spans the chunk and little more (a longer rule says nothing of it)."""
    if not stroke.lying or not -2 <= stroke.at - chunk.box.bottom <= chunk.box.height:
        return False
    return (
        stroke.start <= chunk.box.left + 2
        and stroke.end >= chunk.box.right - 2
        and (stroke.length < 3 * chunk.box.width)
    )


def _is_centred(part: Line, corridors: Sequence[Corridor], extents: Sequence[Box]) -> bool:
    piece = to_piece(part, corridors)
    if piece.first != piece.last or piece.first >= len(extents):
        return False
    column = extents[piece.first]
    allowed = _CENTRED * max(column.width, part.box.width) + 2
    off = min(
        abs(part.box.middle - column.middle), abs(part.box.left - column.left), abs(part.box.right - column.right)
    )
    return off <= allowed


def _spanning(
    part: Line, corridors: Sequence[Corridor], extents: Sequence[Box], strokes: Sequence[Stroke]
) -> Piece:
    """``part`` in its columns; a rule right below that reaches further widens its span to the rule's."""
    piece = to_piece(part, corridors)
    for stroke in strokes:
        if not _is_spanner(stroke, part):
            continue
        under = [n for n, box in enumerate(extents) if stroke.start - 2 <= box.middle <= stroke.end + 2]
        if under and len(under) < len(extents) and under[0] <= piece.last and piece.first <= under[-1]:
            return Piece(part, under[0], under[-1])
    return piece


def _is_spanner(stroke: Stroke, part: Line) -> bool:
    if not stroke.lying or not -2 <= stroke.at - part.box.bottom <= 0.8 * part.box.height:
        return False
    middle = (stroke.start + stroke.end) / 2
    return stroke.start < part.box.middle < stroke.end and abs(middle - part.box.middle) < 0.15 * stroke.length + 3


def _add(heads: list[_Head], piece: Piece, strokes: Sequence[Stroke]) -> None:
    """Append a piece to the head right above whose text goes on in it, else begin a head."""
    above = [h for h in heads if h.first <= piece.last and piece.first <= h.last]
    nearest = max(above, key=lambda h: h.bottom, default=None)
    if nearest is not None and _goes_on(nearest, piece, strokes):
        nearest.lines.append(piece.line)
        nearest.first, nearest.last = min(nearest.first, piece.first), max(nearest.last, piece.last)
    else:
        heads.append(_Head(piece.first, piece.last, [piece.line]))


def _goes_on(head: _Head, piece: Piece, strokes: Sequence[Stroke]) -> bool:
    same = (head.first, head.last) == (piece.first, piece.last)
    inside = head.first == head.last and piece.first <= head.first <= piece.last
    if not (same or inside):
        return False
    height = min(piece.line.box.height, head.lines[-1].box.height)
    if piece.line.box.top - head.bottom > _CLOSE * height:
        return False
    upper, lower = head.lines[-1].box.centre, piece.line.box.centre
    left, right = piece.line.box.left, piece.line.box.right
    return not any(s.lying and upper < s.at < lower and s.start < right and s.end > left for s in strokes)


def _widen(heads: Sequence[_Head], extents: Sequence[Box]) -> None:
    """Stretch a head over other heads to the columns on either side that bring it to the middle of its span."""
    for head in heads:
        if not any(_is_over(head, other) and _shares(head, other) for other in heads):
            continue
        middle = around(line.box for line in head.lines).middle
        rivals = [h for h in heads if h is not head and not _is_over(head, h)]
        for step in (-1, 1):
            while _draws(head, head.first + step if step < 0 else head.last + step, rivals, middle, extents):
                head.first, head.last = head.first + min(step, 0), head.last + max(step, 0)


def _draws(head: _Head, column: int, rivals: Sequence[_Head], middle: float, extents: Sequence[Box]) -> bool:
    """Whether ``column`` is free beside ``head``, and taking it in moves the span's middle towards the head's."""
    if not 0 <= column < len(extents) or any(r.first <= column <= r.last for r in rivals):
        return False
    first, last = min(head.first, column), max(head.last, column)
    off = abs((extents[head.first].left + extents[head.last].right) / 2 - middle)
    then = abs((extents[first].left + extents[last].right) / 2 - middle)
    return then < off - 2


def _set_levels(heads: list[_Head]) -> int:
    """Give each head one level more than the heads over it; the deepest level."""
    for head in sorted(heads, key=lambda h: h.top):
        over = [h.level for h in heads if h is not head and _is_over(h, head) and _shares(h, head)]
        head.level = 1 + max(over) if over else 0
    return max((head.level for head in heads), default=0)


def _is_over(head: _Head, other: _Head) -> bool:
    """Whether ``head`` ends a line or more above the first line of ``other``."""
    return head.lines[-1].base < other.lines[0].base - 0.5 * other.lines[0].box.height


def _shares(one: _Head, other: _Head) -> bool:
    return one.first <= other.last and other.first <= one.last


def _covered(head: _Head, heads: Sequence[_Head]) -> bool:
    """Whether another head stands below this one."""
    return any(h is not head and h.level > head.level and _shares(h, head) for h in heads)
