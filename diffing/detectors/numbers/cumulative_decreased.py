"""``cumulative-decreased``: a figure that can only grow became smaller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, TablePair
from diffing.grounds.cumulative import NO_COUNT, Ground, ground_of, is_declared
from diffing.grounds.figures import (
    Move,
    is_number,
    is_redated,
    item_of,
    moves,
    periods_of,
    tolerance,
    where_is,
    year_restarted,
)
from diffing.grounds.past import Past, past_of
from diffing.grounds.wording import number, percentage, place, plural, row_noun, shorten
from diffing.identity import column_key, row_key, table_key
from diffing.values import normalise
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "cumulative-decreased",
        Severity.CRITICAL,
        "a figure that can only grow fell; high for a small counter, info for a correction of a few",
        tolerances={
            "percent": "per cent by which a counter may fall",
            "size": "figure by which a counter may fall",
        },
    ),
)
RANK = 60

LEAST_SIZE, LEAST_PERCENT = 10.0, 1.0
"""A fall counts where it is both; less is the re-coding of single cases."""

LEAST_STATED = 100.0
"""Where the publisher says "cumulative" of the very figures, so large a fall counts whatever its share,
and one of 1 % whatever its size: a small counter cannot lose a case."""

LEARNT_SIZE, LEARNT_PERCENT = 5.0, 10.0
"""The same for a column of which only earlier releases show that it grows."""

OFTEN = 2
"""A row whose figure fell so often before is re-coded as a routine."""


class _Fall(NamedTuple):
    """A figure that fell, why it should not have, and how often it did before."""

    move: Move
    ground: Ground
    before: int  # times that it fell in earlier releases


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that holds figures which fell although they can only grow."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if not year_restarted(evidence, pair):
            falls = _falls(evidence, pair)
            if falls:
                yield _draft(evidence, pair, falls)


def _falls(evidence: Evidence, pair: TablePair) -> list[_Fall]:
    fallen = [move for move in moves(pair) if move.difference < 0 and _is_count(evidence, pair, move)]
    if not fallen:
        return []
    past = past_of(evidence, pair).of_year(pair.before.fiscal_year)
    columns = {move.change.column_after for move in fallen}
    grounds = {column: ground_of(evidence, pair, column, past) for column in columns}
    falls = [
        _Fall(move, ground, _fell_before(pair, move, past))
        for move in fallen
        if (ground := grounds[move.change.column_after]) is not None
    ]
    return sorted(falls, key=lambda fall: (fall.move.difference, pair.after.row_keys[fall.move.change.row_after]))


def _is_count(evidence: Evidence, pair: TablePair, move: Move) -> bool:
    """Whether a cell is untold, not about a period of its own, and its row not about a stock or an average."""
    if pair.cell_fact(move.change) in evidence.told:
        return False
    if is_declared(evidence, pair, move.change.column_after):
        return True
    row = normalise(pair.after.row_keys[move.change.row_after])
    return not _has_a_period(pair, move) and not NO_COUNT.search(row)


def _has_a_period(pair: TablePair, move: Move) -> bool:
    """Whether a cell counts a period of its own; a day that moves with each release is but the release's stamp."""
    periods = periods_of(pair, move.change)
    if not periods or not is_redated(pair, move.change):
        return bool(periods)
    column = pair.after.columns[move.change.column_after].period
    return column is not None and column in periods


def _fell_before(pair: TablePair, move: Move, past: Past) -> int:
    row = row_key(pair.before.row_keys[move.change.row_before])
    column = column_key(pair.before.columns[move.change.column_before].name)
    values = [value for value in past.values(row, column) if is_number(value)]
    return sum(later < earlier for earlier, later in pairwise(values))


def _draft(evidence: Evidence, pair: TablePair, falls: Sequence[_Fall]) -> Draft:
    columns = sorted({fall.move.change.column_after for fall in falls})
    names = [pair.after.columns[column].name for column in columns]
    one = names[0] if len(names) == 1 else None
    fallen, rows = _counted(pair, {fall.move.change.row_after for fall in falls})
    what = f"“{one}”" if one else f"Figures in {plural(len(columns), 'column')}"
    share = f"{number(len(fallen))} of {plural(len(rows), *row_noun(pair.after))}"
    told = f"{what} fell in {share}"
    if len(falls) == 1 or len(rows) == 1:
        worst = falls[0].move
        row = shorten(pair.after.row_keys[worst.change.row_after], limit=50)
        told = f"{row}, {shorten(names[0], limit=40)} fell from {number(worst.before)} to {number(worst.after)}"
    return Draft(
        kind="cumulative-decreased",
        title=f"{told}, but can only grow, in {place(pair.after)}",
        reason=_reason(pair, falls, columns),
        subject=(table_key(pair.after), column_key(one) if one else ""),
        where=where_is(pair.after, column=one),
        items=tuple(item_of(pair, fall.move.change, note=_note(fall)) for fall in falls),
        severity=_severity(evidence, falls),
        confidence=0.99 if all(fall.ground.strong for fall in falls) else 0.8,
        explains=tuple(pair.cell_fact(fall.move.change) for fall in falls),
    )


def _counted(pair: TablePair, fallen: set[int]) -> tuple[set[int], set[int]]:
    """The rows that fell and all rows, totals left out of both unless only totals fell."""
    rows = {after for _, after in pair.rows}
    parts = rows - pair.after.totals
    return (fallen & parts, parts) if fallen & parts else (fallen, rows)


def _note(fall: _Fall) -> str | None:
    return f"fell {plural(fall.before, 'time')} before" if fall.before else None


def _severity(evidence: Evidence, falls: Sequence[_Fall]) -> Severity | None:
    """The kind's own for a fall that is large by size and share, high for a small counter, else info.

    What only earlier releases show is a grade less grave: nobody promised it.
    """
    size = tolerance(evidence, "cumulative-decreased.size", LEAST_SIZE)
    percent = tolerance(evidence, "cumulative-decreased.percent", LEAST_PERCENT)
    counted = [fall for fall in falls if fall.before < OFTEN]
    said = [fall for fall in counted if not fall.ground.learnt]
    if any(_share(fall) >= percent and -fall.move.difference >= size for fall in said):
        return None
    if any(fall.ground.strong and -fall.move.difference >= LEAST_STATED for fall in said):
        return None
    if any(fall.ground.strong and _share(fall) >= percent for fall in said):
        return Severity.HIGH
    shown = [fall for fall in counted if _share(fall) >= LEARNT_PERCENT and -fall.move.difference >= LEARNT_SIZE]
    return Severity.MEDIUM if any(fall.ground.learnt for fall in shown) else Severity.INFO


def _share(fall: _Fall) -> float:
    return abs(fall.move.difference) / abs(fall.move.before) * 100 if fall.move.before else 0.0


def _reason(pair: TablePair, falls: Sequence[_Fall], columns: Sequence[int]) -> str:
    grew, held = _others(pair, columns)
    worst = falls[0].move
    name = pair.after.row_keys[worst.change.row_after]
    share = f" ({percentage(worst.percent)})" if worst.percent is not None else ""
    routine = sum(fall.before >= OFTEN for fall in falls)
    often = f"; {plural(routine, 'row')} fell before as well" if routine else ""
    return (
        f"{falls[0].ground.words}; {plural(grew, 'figure')} grew and {number(held)} held. "
        f"Largest fall: {name} from {number(worst.before)} to {number(worst.after)}{share}{often}"
    )


def _others(pair: TablePair, columns: Sequence[int]) -> tuple[int, int]:
    """How many figures of the columns grew, and how many held, totals left out."""
    totals = pair.after.totals
    changed: Mapping[tuple[int, int], float] = {
        (move.change.row_after, move.change.column_after): move.difference for move in moves(pair)
    }
    grew = sum(1 for (row, column), by in changed.items() if column in columns and by > 0 and row not in totals)
    held = sum(
        1
        for _, row in pair.rows
        for column in columns
        if row not in totals and (row, column) not in changed and is_number(pair.after.rows[row][column])
    )
    return grew, held
