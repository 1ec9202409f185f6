"""Columns from where texts stand: corridors that stay free of text down a region.

Cells are assigned by position and never by counting gaps, so that a blanked cell stays blank in its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from diffing.readers.pdf.lines import is_figure, is_number, make_line
from diffing.readers.pdf.shapes import Box, Line, Word

_CROSSED = 0.08  # share of lines that may run across a corridor (long labels, spanning heads)
_FIGURED = 0.34  # of the chunks after the label: a line of so many figures shows the columns best
_HEAD_GAP = 0.45  # line heights between two heads at the least
_MANY = 8  # lines: of so many, one may always cross
_LEAST_CORRIDOR = 1.0  # points
_NEAR = 1.2  # line heights from a corridor at which a figure may part from a long label


class Corridor(Struct, frozen=True):
    """A vertical stretch that separates two columns."""

    left: float
    right: float
    ruled: bool = False  # a standing rule: it parts whatever stands beside it

    @property
    def middle(self) -> float:
        """Its centre in x."""
        return (self.left + self.right) / 2


class Piece(Struct, frozen=True):
    """Text in one cell or across several, on one line."""

    line: Line
    first: int  # column
    last: int  # column

    @property
    def text(self) -> str:
        """Its words."""
        return self.line.text


def find_corridors(rows: Sequence[Sequence[Line]]) -> list[Corridor]:
    """Free stretches between the chunks of ``rows`` (one sequence of chunks a line), left to right."""
    typical = _typical(rows)
    if not typical:
        return []
    chunks = [(chunk.box.left, chunk.box.right) for row in typical for chunk in row]
    allowed = max(int(_CROSSED * len(typical)), int(len(typical) >= _MANY))
    events = sorted([(left, 1) for left, _ in chunks] + [(right, -1) for _, right in chunks])
    corridors: list[Corridor] = []
    depth, free_since = 0, None
    for x, step in events:
        depth += step
        if depth <= allowed and free_since is None:
            free_since = x
        elif depth > allowed and free_since is not None:
            if x - free_since >= _LEAST_CORRIDOR:
                corridors.append(Corridor(free_since, x))
            free_since = None
    inner = [c for wide in corridors for c in _around(wide, typical) if _has_both_sides(c, typical)]
    return sorted([*inner, *_blanked(rows, typical, inner)], key=lambda c: c.left)


def _around(corridor: Corridor, rows: Sequence[Sequence[Line]]) -> list[Corridor]:
    """The corridor, parted by texts that stand wholly in it: the few values of a nearly blank column."""
    inside = sorted(
        (chunk.box.left, chunk.box.right)
        for row in rows
        for chunk in row
        if corridor.left < chunk.box.left and chunk.box.right < corridor.right
    )
    parts: list[Corridor] = []
    start = corridor.left
    for left, right in inside:
        if left - start >= _LEAST_CORRIDOR:
            parts.append(Corridor(start, left))
        start = max(start, right)
    return [*parts, Corridor(start, corridor.right)] if parts else [corridor]


def _blanked(
    rows: Sequence[Sequence[Line]], typical: Sequence[Sequence[Line]], corridors: Sequence[Corridor]
) -> list[Corridor]:
    """Corridors beside heads that have nothing under them: a column whose every cell is blank is one still."""
    first = next((number for number, row in enumerate(rows) if row is typical[0]), 0)
    body = [chunk.box for row in rows[first:] for chunk in row]
    found: list[Corridor] = []
    for row in rows[:first]:
        for before, after in pairwise(row):
            home, other = to_piece(before, corridors), to_piece(after, corridors)
            if home.last != other.first or (_over(before, body) and _over(after, body)):
                continue
            gap = Corridor(before.box.right, after.box.left)
            wide = gap.right - gap.left > _HEAD_GAP * min(before.box.height, after.box.height)
            if wide and _is_free(gap, body):
                found.append(gap)
    return found


def _over(head: Line, body: Sequence[Box]) -> bool:
    return any(head.box.overlap_x(box) > 0 for box in body)


def _is_free(gap: Corridor, body: Sequence[Box]) -> bool:
    return not any(box.left < gap.middle < box.right for box in body)


def _typical(chunked: Sequence[Sequence[Line]]) -> list[Sequence[Line]]:
    """The lines that show the columns: those with figures, else those with the most chunks."""
    for share in (_FIGURED, 0.0):
        figures = [row for row in chunked if len(row) >= 2 and _figured(row) > share]
        if len(figures) >= 2:
            return figures
    most = max((len(row) for row in chunked), default=0)
    return [row for row in chunked if len(row) >= max(2, most - 1)]


def _figured(row: Sequence[Line]) -> float:
    """The share of figures among the chunks after the first."""
    return sum(is_figure(chunk.text) for chunk in row[1:]) / (len(row) - 1)


def _has_both_sides(corridor: Corridor, rows: Sequence[Sequence[Line]]) -> bool:
    left = any(chunk.box.middle < corridor.left for row in rows for chunk in row)
    right = any(chunk.box.middle > corridor.right for row in rows for chunk in row)
    return left and right


def place(chunks: Sequence[Line], corridors: Sequence[Corridor]) -> list[Piece]:
    """The chunks of a body line in their columns; chunks that share a column become one piece."""
    parts: list[Line] = []
    for chunk in chunks:
        parts.extend([chunk] if len(chunk.words) == 1 else _split(chunk, corridors, alone=len(chunks) == 1))
    return join_shared([to_piece(part, corridors) for part in parts])


def join_shared(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that share a column become one."""
    joined: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.first, p.line.box.left)):
        last = joined[-1] if joined else None
        if last is not None and piece.first <= last.last:
            words = make_line([*last.line.words, *piece.line.words])
            joined[-1] = Piece(words, last.first, max(last.last, piece.last))
        else:
            joined.append(piece)
    return joined


def _split(chunk: Line, corridors: Sequence[Corridor], *, alone: bool) -> list[Line]:
    """Part a chunk at corridors: where a gap wider than a space lies in one, or a figure follows a label."""
    parts: list[list[Word]] = [[chunk.words[0]]]
    for before, after in pairwise(chunk.words):
        if _parts_here(before, after, corridors, alone=alone):
            parts.append([after])
        else:
            parts[-1].append(after)
    return [make_line(part) for part in parts]


def _parts_here(before: Word, after: Word, corridors: Sequence[Corridor], *, alone: bool) -> bool:
    left, right = before.box.right, after.box.left
    height = min(before.box.height, after.box.height)
    if any(c.ruled and before.box.middle < c.middle < after.box.middle for c in corridors):
        return True
    inside = any(left - 1 <= c.right and right + 1 >= c.left for c in corridors)
    figure = is_number(after.text)
    if inside and (right - left > 0.45 * height or (figure and not alone)):
        return True
    near = any(left - _NEAR * height <= c.right and right + _NEAR * height >= c.left for c in corridors)
    return near and not alone and figure and not is_number(before.text) and _own_column(after, corridors)


def _own_column(word: Word, corridors: Sequence[Corridor]) -> bool:
    """Whether a word stands wholly between two corridors, so that it has a column of its own."""
    return not any(c.left < word.box.middle < c.right for c in corridors)


def to_piece(chunk: Line, corridors: Sequence[Corridor]) -> Piece:
    """``chunk`` with the first and last column that it stands in."""
    first = sum(c.middle <= chunk.box.left + 1 for c in corridors)
    last = sum(c.middle < chunk.box.right - 1 for c in corridors)
    reach = 0.5 * chunk.box.height
    if last > first and is_figure(chunk.text):
        home = _most_covered(chunk, corridors, first, last)
        return Piece(chunk, home, home)
    if last > first and not _crosses(chunk, corridors, reach):
        home = sum(c.middle < chunk.box.middle for c in corridors)
        return Piece(chunk, home, home)
    return Piece(chunk, min(first, last), max(first, last))


def _most_covered(chunk: Line, corridors: Sequence[Corridor], first: int, last: int) -> int:
    """The column that a figure wider than its column mostly stands in."""
    edges = [float("-inf"), *(c.middle for c in corridors), float("inf")]
    box = chunk.box
    return max(range(first, last + 1), key=lambda n: min(box.right, edges[n + 1]) - max(box.left, edges[n]))


def _crosses(chunk: Line, corridors: Sequence[Corridor], reach: float) -> bool:
    """Whether a chunk stands well on both sides of a corridor."""
    return any(chunk.box.left < c.left + reach and chunk.box.right > c.right - reach for c in corridors)
