"""Tables drawn with rules: cells from the lines that enclose them.

Strokes that touch make a component; its standing and lying lines make an elementary grid; neighbouring
elements with no line between them are one cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from diffing.readers.pdf.shapes import Box, Stroke, Word

TOUCH = 3.0  # points: strokes that come this near meet
_COVER = 0.6  # of an edge: a line that covers more parts the cells beside it
_GAP = 6.0  # points that a column border may take as a gap in lying rules
_LEAST_CELL = 7.0  # points: a coloured cell is at least this wide and high
_MOST_COLUMNS = 300
_MOST_LINES = 2_000


class RuledCell(NamedTuple):
    """A cell between rules: inclusive rows and columns of its frame, and its place."""

    row: int
    column: int
    last_row: int
    last_column: int
    box: Box


class Frame(Struct, frozen=True):
    """The rules of one table."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[RuledCell, ...]


def fill_edges(fills: Sequence[Box]) -> list[Stroke]:
    """The borders of coloured cells that stand side by side, as strokes: some tables have no other rules."""
    cells = sorted((f for f in fills if f.width > _LEAST_CELL and f.height > _LEAST_CELL), key=lambda f: f.top)
    tops = [box.top for box in cells]
    edges: list[Stroke] = []
    for box in cells[:_MOST_LINES]:
        near = cells[bisect_left(tops, box.top - TOUCH) : bisect_right(tops, box.top + TOUCH)]
        if any(_side_by_side(box, other) for other in near[:_MOST_COLUMNS]):
            edges.extend(Stroke(True, at, box.left, box.right) for at in (box.top, box.bottom))
            edges.extend(Stroke(False, at, box.top, box.bottom) for at in (box.left, box.right))
    return edges


def _side_by_side(box: Box, other: Box) -> bool:
    same = abs(box.top - other.top) <= TOUCH and abs(box.bottom - other.bottom) <= TOUCH
    return same and min(abs(box.right - other.left), abs(box.left - other.right)) <= TOUCH


def gap_borders(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Borders that show only as gaps: rules of one direction that break off at one place."""
    return [border for lying in (True, False) for border in _borders([s for s in strokes if s.lying is lying])]


def _borders(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Borders across ``strokes``, all of one direction: three lying or two standing ones must break there."""
    breaks: list[tuple[float, float]] = []
    for before, after in pairwise(sorted(strokes, key=lambda s: (round(s.at), s.start))):
        if abs(before.at - after.at) <= 1 and 1.0 < after.start - before.end <= _GAP:
            breaks.append(((before.end + after.start) / 2, before.at))
    borders: list[Stroke] = []
    for place in _places([place for place, _ in breaks]):
        ats = [at for other, at in breaks if abs(other - place) <= 1.5]
        low, high = min(ats), max(ats)
        crossed = any(low < s.at < high and s.start < place - 1 and s.end > place + 1 for s in strokes)
        if len(ats) >= (3 if strokes[0].lying else 2) and high > low and not crossed:
            borders.append(Stroke(not strokes[0].lying, place, low, high))
    return borders


def _places(values: Sequence[float]) -> list[float]:
    """One value of each group of values that lie within a point of each other."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > 1.0:
            kept.append(value)
    return kept


def find_frames(strokes: Sequence[Stroke], words: Sequence[Word]) -> list[Frame]:
    """Every frame of at least two columns that holds words, largest first."""
    frames: list[Frame] = []
    for component in components(strokes):
        if sum(stroke.lying for stroke in component) < 2 or all(stroke.lying for stroke in component):
            continue
        frame = _to_frame(component)
        if frame is not None and any(frame.box.holds(word.box) for word in words):
            frames.append(frame)
    return sorted(frames, key=lambda frame: -frame.box.width * frame.box.height)


def components(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Groups of strokes that meet each other, directly or through others."""
    lying = sorted((s for s in strokes if s.lying), key=lambda s: s.at)[:_MOST_LINES]
    standing = [s for s in strokes if not s.lying][:_MOST_LINES]
    parent = list(range(len(lying) + len(standing)))
    for number, upright in enumerate(standing, start=len(lying)):
        for other, flat in enumerate(lying):
            if flat.at < upright.start - TOUCH:
                continue
            if flat.at > upright.end + TOUCH:
                break
            if flat.start - TOUCH <= upright.at <= flat.end + TOUCH:
                parent[_root(parent, other)] = _root(parent, number)
    groups: dict[int, list[Stroke]] = {}
    for number, stroke in enumerate([*lying, *standing]):
        groups.setdefault(_root(parent, number), []).append(stroke)
    return list(groups.values())


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _to_frame(component: list[Stroke]) -> Frame | None:
    lying = [s for s in component if s.lying]
    standing = [s for s in component if not s.lying]
    box = Box(
        min([s.at for s in standing] + [s.start for s in lying]),
        min([s.at for s in lying] + [s.start for s in standing]),
        max([s.at for s in standing] + [s.end for s in lying]),
        max([s.at for s in lying] + [s.end for s in standing]),
    )
    xs = _distinct([box.left, box.right, *(s.at for s in standing)])
    ys = _distinct([box.top, box.bottom, *(s.at for s in lying)])
    if len(xs) < 3 or len(ys) < 2 or _is_chart(xs) or _is_chart(ys):
        return None
    return Frame(box, xs, ys, tuple(_cells(xs, ys, lying, standing)))


def _distinct(values: Sequence[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > TOUCH:
            kept.append(value)
    return tuple(kept)


def _is_chart(borders: Sequence[float]) -> bool:
    """Whether most places between borders are too small for text, as between the ticks of an axis."""
    return median(after - before for before, after in pairwise(borders)) < _LEAST_CELL


def _cells(
    xs: tuple[float, ...], ys: tuple[float, ...], lying: list[Stroke], standing: list[Stroke]
) -> list[RuledCell]:
    across, down = len(xs) - 1, len(ys) - 1
    parent = list(range(across * down))
    at_x = [[s for s in standing if abs(s.at - x) <= TOUCH] for x in xs]
    at_y = [[s for s in lying if abs(s.at - y) <= TOUCH] for y in ys]
    for row in range(down):
        for column in range(across):
            here = row * across + column
            if column + 1 < across and not _parted(at_x[column + 1], ys[row], ys[row + 1]):
                parent[_root(parent, here + 1)] = _root(parent, here)
            if row + 1 < down and not _parted(at_y[row + 1], xs[column], xs[column + 1]):
                parent[_root(parent, here + across)] = _root(parent, here)
    members: dict[int, list[int]] = {}
    for here in range(across * down):
        members.setdefault(_root(parent, here), []).append(here)
    return [_cell(group, across, xs, ys) for group in members.values()]


def _parted(strokes: list[Stroke], start: float, end: float) -> bool:
    """Whether the lines of one border cover most of the way from ``start`` to ``end``."""
    if any(s.start <= start and s.end >= end for s in strokes):
        return True
    covered = sum(max(0.0, min(s.end, end) - max(s.start, start)) for s in strokes)
    return covered >= _COVER * (end - start)


def _cell(group: list[int], across: int, xs: tuple[float, ...], ys: tuple[float, ...]) -> RuledCell:
    if len(group) == 1:
        row, column = divmod(group[0], across)
        box = Box(xs[column], ys[row], xs[column + 1], ys[row + 1])
        return RuledCell(row, column, row, column, box)
    rows, columns = [i // across for i in group], [i % across for i in group]
    box = Box(xs[min(columns)], ys[min(rows)], xs[max(columns) + 1], ys[max(rows) + 1])
    return RuledCell(min(rows), min(columns), max(rows), max(columns), box)
