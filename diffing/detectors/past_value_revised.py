"""``past-value-revised``: a figure for a period that was already closed changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.facts import Draft, Evidence, TablePair
from diffing.figures import (
    Move,
    is_closed_period,
    item_of,
    moves,
    percent_of,
    tidy,
    tolerance,
    where_is,
)
from diffing.identity import table_key
from diffing.past import ENOUGH, Past, past_of
from diffing.wording import number, percentage, place, plural, signed, usual
from state.kinds import Severity

KINDS = ("past-value-revised",)
RANK = 70

LEAST_SIZE, LEAST_PERCENT = 50.0, 1.0
"""A revision counts where it is both: small rows move by more than 2 % routinely, large ones by more than 50."""

BEYOND = 2.0
"""How far beyond the largest revision ever seen in the table one must be, once its routine is learnt."""


class _Revision(NamedTuple):
    """What was revised in a table: single cells, and the net of each row over its closed periods."""

    cells: Sequence[Move]
    grave: bool
    net: float
    up: int
    down: int


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table in which closed figures changed."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for pair in comparison.tables:
        closed = [
            move
            for move in moves(pair)
            if is_closed_period(comparison, pair, move.change) and pair.cell_fact(move.change) not in evidence.told
        ]
        if closed:
            past = past_of(evidence, pair)
            yield _draft(pair, _weigh(evidence, closed, past), past)


def _weigh(evidence: Evidence, closed: Sequence[Move], past: Past) -> _Revision:
    size = tolerance(evidence, "past-value-revised.size", LEAST_SIZE)
    share = tolerance(evidence, "past-value-revised.percent", LEAST_PERCENT)
    routine = past.measures("revised.largest")
    if len(routine) >= ENOUGH:
        size = max(size, BEYOND * max(routine))
    sums = [(move.before, move.difference) for move in closed] + _row_sums(closed)
    ordered = sorted(closed, key=lambda move: -abs(move.difference))
    return _Revision(
        cells=ordered,
        grave=any(abs(by) >= size and abs(by) * 100 >= share * abs(before) for before, by in sums),
        net=tidy(sum(move.difference for move in closed)),
        up=sum(move.difference > 0 for move in closed),
        down=sum(move.difference < 0 for move in closed),
    )


def _row_sums(closed: Sequence[Move]) -> list[tuple[float, float]]:
    """What each row held in its closed periods that changed, and its net difference."""
    rows: dict[int, list[Move]] = defaultdict(list)
    for move in closed:
        if float(move.before).is_integer() and float(move.after).is_integer():  # averages do not add up
            rows[move.change.row_after].append(move)
    return [
        (sum(move.before for move in group), sum(move.difference for move in group)) for group in rows.values()
    ]


def _draft(pair: TablePair, revision: _Revision, past: Past) -> Draft:
    worst = revision.cells[0]
    row = pair.after.row_keys[worst.change.row_after]
    column = pair.after.columns[worst.change.column_after].name
    title = (
        f"{plural(len(revision.cells), 'closed figure')} revised in {place(pair.after)}, most {row}, {column}: "
        f"{number(worst.before)} to {number(worst.after)}"
    )
    return Draft(
        kind="past-value-revised",
        title=title,
        reason=_reason(revision, worst, past),
        subject=(table_key(pair.after),),
        where=where_is(pair.after),
        items=tuple(item_of(pair, move.change) for move in revision.cells),
        severity=None if revision.grave else Severity.INFO,
        explains=tuple(pair.cell_fact(move.change) for move in revision.cells),
    )


def _reason(revision: _Revision, worst: Move, past: Past) -> str:
    share = percent_of(worst.before, worst.after)
    words = (
        f"their periods had ended before the release before; {revision.up} went up and {revision.down} down, "
        f"net {signed(revision.net)}; largest {signed(worst.difference)}"
    )
    if share is not None:
        words += f" ({percentage(share)})"
    routine = past.measures("revised.largest")
    if len(routine) >= ENOUGH:
        words += f". The largest was {usual(routine)} in {plural(len(routine), 'release')} before"
    return words
