"""``implausible-jump`` of two rows or columns whose labels look swapped.

Runs before the rules about falling and revised figures: two swapped labels tell more than each figure that
moved. A class of its own also because both lines must be looked at together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from diffing.facts import CellChange, Draft, Evidence, TablePair
from diffing.figures import is_number, item_of, tolerance, where_is
from diffing.identity import column_key, row_key, table_key
from diffing.wording import number, place
from state.document import Value
from state.kinds import Severity

KINDS = ("implausible-jump",)
RANK = 46

LEAST_DISTANCE = 2 * math.log(2)
"""Sum of absolute logarithms of after / before over both lines, a figure each: both at least doubled or halved."""

HALVED = 0.5
"""Swapping back must bring the lines at least this much nearer to what they were; a digit may be wrong besides."""

LEAST_FIGURE = 1_000.0
MOST_LINES = 60
"""Lines whose figures moved that far; above, the table was refreshed as a whole."""


class _Line(NamedTuple):
    """A row, or a column, of a pair: where it stands and its figures before and after, in the same order."""

    at: tuple[int, int]
    label: str
    before: Sequence[Value]
    after: Sequence[Value]


class _Swap(NamedTuple):
    """Two lines, with how far they moved and how far they would have, labels swapped back."""

    one: _Line
    other: _Line
    moved: float
    swapped: float


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding for each two lines of a table whose labels look swapped."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if not pair.cells:
            continue
        for along, lines in (("row", _rows(pair)), ("column", _columns(pair))):
            swap = _best(evidence, lines)
            if swap is not None:
                changes = _cells(evidence, pair, along, swap)
                if changes:
                    yield _draft(pair, along, swap, changes)


def _rows(pair: TablePair) -> list[_Line]:
    return [
        _Line(
            (before, after),
            pair.after.row_keys[after],
            [pair.before.rows[before][column] for column, _ in pair.columns],
            [pair.after.rows[after][column] for _, column in pair.columns],
        )
        for before, after in pair.rows
    ]


def _columns(pair: TablePair) -> list[_Line]:
    return [
        _Line(
            (before, after),
            pair.after.columns[after].name,
            [pair.before.rows[row][before] for row, _ in pair.rows],
            [pair.after.rows[row][after] for _, row in pair.rows],
        )
        for before, after in pair.columns
    ]


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
        max(abs(before), abs(after)) >= LEAST_FIGURE and abs(math.log(after / before)) >= math.log(2)
        for before, after in zip(line.before, line.after, strict=True)
        if is_number(before) and is_number(after) and before > 0 and after > 0
    )


def _swap(one: _Line, other: _Line) -> _Swap | None:
    """The distances of two lines as they are and swapped, over the places where all four are positive."""
    moved = swapped = 0.0
    places = 0
    for values in zip(one.before, one.after, other.before, other.after, strict=True):
        numbers = [float(value) for value in values if is_number(value) and value > 0]
        if len(numbers) < 4:
            continue
        a, b, c, d = map(math.log, numbers)
        moved += abs(b - a) + abs(d - c)
        swapped += abs(d - a) + abs(b - c)
        places += 1
    if not places or moved < LEAST_DISTANCE * places:
        return None
    return _Swap(one, other, moved, swapped)


def _cells(evidence: Evidence, pair: TablePair, along: str, swap: _Swap) -> list[CellChange]:
    indexes = {swap.one.at[1], swap.other.at[1]}
    return [
        change
        for change in pair.cells
        if (change.row_after if along == "row" else change.column_after) in indexes
        and is_number(change.before)
        and is_number(change.after)
        and pair.cell_fact(change) not in evidence.told
    ]


def _draft(pair: TablePair, along: str, swap: _Swap, changes: list[CellChange]) -> Draft:
    changes = sorted(changes, key=_distance, reverse=True)
    names = swap.one.label, swap.other.label
    first = next(change for change in changes)
    keys = tuple(sorted((row_key if along == "row" else column_key)(name) for name in names))
    return Draft(
        kind="implausible-jump",
        title=f"“{names[0]}” and “{names[1]}” look swapped in {place(pair.after)}",
        reason=f"largest jump {_words(first)}; swapping the two {along}s back leaves "
        f"{number(round(100 * swap.swapped / swap.moved))} % of the distance in logarithms",
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
