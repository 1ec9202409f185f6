"""``implausible-jump`` of two rows, columns or categories whose labels look swapped.

Runs before the rules about falling and revised figures: two swapped labels tell more than each figure that
moved. Both lines must be looked at together, which is why this is a rule of its own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

from diffing.facts import CellChange, Draft, Evidence, TablePair
from diffing.figures import is_number, item_of, tolerance, where_is
from diffing.identity import column_key, row_key, table_key
from diffing.wording import number, place, plural
from state.kinds import Severity

KINDS = ("implausible-jump",)
RANK = 46

LEAST_DISTANCE = math.log(4)
"""Median over the places of what both lines moved, in natural logarithms: each doubled or halved."""

HALVED = 0.5
"""Swapping back must bring the lines at least this much nearer to what they were; a digit may be off."""

LEAST_FIGURE = 1_000.0
MOST_LINES = 60
"""Lines that moved far; above, the table was refreshed as a whole."""

Place: TypeAlias = tuple[str, int]
"""Where the same thing stands in two lines: the group it is in, and the column (or row) after."""


class _Line(NamedTuple):
    """A row, a column, or all rows of one category: positive figures before and after by place."""

    label: str
    members: frozenset[int]  # indexes after, of rows or columns
    figures: Mapping[Place, tuple[float, float]]


class _Swap(NamedTuple):
    """Two lines, with how far they moved and how far they would have, labels swapped back."""

    one: _Line
    other: _Line
    places: int
    moved: float
    swapped: float


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding for each two lines of a table whose labels look swapped."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if not any(is_number(change.after) for change in pair.cells):
            continue
        for along, lines in (("row", _categories(pair)), ("column", _columns(pair))):
            swap = _best(evidence, lines)
            changes = _cells(evidence, pair, along, swap) if swap else []
            if swap and changes:
                yield _draft(pair, along, swap, changes)


def _categories(pair: TablePair) -> list[_Line]:
    """Rows by the last part of their label, so that a category is one line through all its groups."""
    figures: dict[str, dict[Place, tuple[float, float]]] = defaultdict(dict)
    members: dict[str, set[int]] = defaultdict(set)
    for row_before, row_after in pair.rows:
        group, _, label = pair.after.row_keys[row_after].rpartition(" / ")
        members[label].add(row_after)
        for column_before, column_after in pair.columns:
            both = pair.before.rows[row_before][column_before], pair.after.rows[row_after][column_after]
            if is_number(both[0]) and is_number(both[1]) and min(both[0], both[1]) > 0:
                figures[label][group, column_after] = (float(both[0]), float(both[1]))
    return [_Line(label, frozenset(members[label]), figures[label]) for label in members]


def _columns(pair: TablePair) -> list[_Line]:
    lines = []
    for column_before, column_after in pair.columns:
        found: dict[Place, tuple[float, float]] = {}
        for row_before, row_after in pair.rows:
            both = pair.before.rows[row_before][column_before], pair.after.rows[row_after][column_after]
            if is_number(both[0]) and is_number(both[1]) and min(both[0], both[1]) > 0:
                found["", row_after] = (float(both[0]), float(both[1]))
        lines.append(_Line(pair.after.columns[column_after].name, frozenset({column_after}), found))
    return lines


def _best(evidence: Evidence, lines: Sequence[_Line]) -> _Swap | None:
    """The two lines that swapping back brings nearest, of those that moved far."""
    far = [line for line in lines if _moved_far(line)]
    if not 2 <= len(far) <= MOST_LINES:
        return None
    share = tolerance(evidence, "implausible-jump.swap", HALVED)
    found = [swap for one, other in combinations(far, 2) if (swap := _swap(one, other)) is not None]
    good = [swap for swap in found if swap.swapped <= share * swap.moved]
    return max(good, key=lambda swap: (swap.moved - swap.swapped, swap.one.label), default=None)


def _moved_far(line: _Line) -> bool:
    return any(
        max(both) >= LEAST_FIGURE and abs(math.log(both[1] / both[0])) >= math.log(2)
        for both in line.figures.values()
    )


def _swap(one: _Line, other: _Line) -> _Swap | None:
    """The distances of two lines as they are and swapped, over the places that both have."""
    places = one.figures.keys() & other.figures.keys()
    each, swapped = [], 0.0
    for at in places:
        (a, b), (c, d) = one.figures[at], other.figures[at]
        each.append(abs(math.log(b / a)) + abs(math.log(d / c)))
        swapped += abs(math.log(d / a)) + abs(math.log(b / c))
    if not each or sorted(each)[len(each) // 2] < LEAST_DISTANCE:
        return None
    return _Swap(one, other, len(each), sum(each), swapped)


def _cells(evidence: Evidence, pair: TablePair, along: str, swap: _Swap) -> list[CellChange]:
    members = swap.one.members | swap.other.members
    found = [
        change
        for change in pair.cells
        if (change.row_after if along == "row" else change.column_after) in members
        and is_number(change.before)
        and is_number(change.after)
        and pair.cell_fact(change) not in evidence.told
    ]
    return sorted(found, key=_distance, reverse=True)


def _draft(pair: TablePair, along: str, swap: _Swap, changes: Sequence[CellChange]) -> Draft:
    names = swap.one.label, swap.other.label
    keys = tuple(sorted((row_key if along == "row" else column_key)(name) for name in names))
    return Draft(
        kind="implausible-jump",
        title=f"“{names[0]}” and “{names[1]}” look swapped in {place(pair.after)}",
        reason=f"largest jump {_words(changes[0])}; with the labels swapped back, {plural(swap.places, 'pair')} "
        f"of figures would have moved {number(round(100 * swap.swapped / swap.moved))} % as far (in logarithms)",
        subject=(table_key(pair.after), along, *keys),
        where=where_is(pair.after),
        items=tuple(item_of(pair, change, note="labels look swapped") for change in changes),
        severity=Severity.HIGH,
        confidence=0.9,
        explains=tuple(pair.cell_fact(change) for change in changes),
    )


def _distance(change: CellChange) -> float:
    before, after = change.before, change.after
    if is_number(before) and is_number(after) and before > 0 and after > 0:
        return abs(math.log(after / before))
    return 0.0


def _words(change: CellChange) -> str:
    assert is_number(change.before) and is_number(change.after)
    return f"{number(change.before)} to {number(change.after)}"
