"""Columns from where texts stand: corridors that stay free of text down a region.

Cells are assigned by position and never by counting gaps, so that a blanked cell stays blank in its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diffing.pdf.lines import make_line
from diffing.pdf.shapes import Line

_CROSSED = 0.08  # share of lines that may run across a corridor (long labels, spanning heads)
_LEAST_CORRIDOR = 1.0  # points


@dataclass(frozen=True, slots=True)
class Corridor:
    """A vertical stretch that separates two columns."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        """Its centre in x."""
        return (self.left + self.right) / 2


def find_corridors(rows: Sequence[Sequence[Line]]) -> list[Corridor]:
    """Free stretches between the chunks of ``rows`` (one sequence of chunks a line), left to right."""
    chunks = [(chunk.box.left, chunk.box.right) for row in rows for chunk in row]
    if not chunks:
        return []
    allowed = int(_CROSSED * len(rows))
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
    return [c for c in corridors if _has_both_sides(c, rows)]


def _has_both_sides(corridor: Corridor, rows: Sequence[Sequence[Line]]) -> bool:
    left = sum(any(chunk.box.middle < corridor.left for chunk in row) for row in rows)
    right = sum(any(chunk.box.middle > corridor.right for chunk in row) for row in rows)
    return left > 0 and right > 0


def split_at(chunk: Line, corridors: Sequence[Corridor], *, least_gap: float) -> list[Line]:
    """Parts of ``chunk`` at those corridors where a gap of ``least_gap`` points or more lies in it."""
    parts = [[chunk.words[0]]]
    for before, after in zip(chunk.words, chunk.words[1:], strict=False):
        gap_left, gap_right = before.box.right, after.box.left
        here = any(gap_left - 1 <= c.right and gap_right + 1 >= c.left for c in corridors)
        if here and gap_right - gap_left >= least_gap:
            parts.append([after])
        else:
            parts[-1].append(after)
    return [make_line(part) for part in parts]


def column_span(chunk: Line, corridors: Sequence[Corridor]) -> tuple[int, int]:
    """First and last column that ``chunk`` stands in."""
    first = sum(c.middle <= chunk.box.left + 1 for c in corridors)
    last = sum(c.middle < chunk.box.right - 1 for c in corridors)
    if last <= first:
        home = sum(c.middle < chunk.box.middle for c in corridors)
        return home, home
    return first, last
