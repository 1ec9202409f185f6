"""How the closed figures of a table were revised: sizes, directions, and what is routine."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Evidence, TablePair
from diffing.grounds.figures import Move, is_number, moves, periods_of, spoken_until, tidy, tolerance
from diffing.grounds.past import ENOUGH, Past, routine
from diffing.identity import row_key
from state.document import Period, Span

LEAST_SIZE, LEAST_PERCENT = 50.0, 1.0
"""A revision counts where it is both: small rows move by more than 2 % routinely, large ones by more than 50."""

OF_LINE, LEAST_LINE = 0.15, 100.0
"""Share of the median figure of its line at which a one-way revision counts where that figure is so large:
47 of 245 arrivals a day are much, though never 50; a few of a few dozen are routine."""

BEYOND = 2.0
"""How far beyond the largest revision ever seen in the table one must be, once its routine is learnt."""

AGAIN = 0.5
"""A row that was revised by at least this share of the size before is re-coded as a routine."""

NEVER_ROUTINE = 5.0
"""Per cent by which all that moved of a closed period must move one way to be told whatever happened before."""

TAPER = 2.0
"""How many times further the running month of a row must fall for the fall of a closed one to be what is left."""

LATE = 45
"""Days after a period's end in which late reports still make its figures grow."""

ONE_WAY = 4
BEYOND_NET = 1.5
"""Closed periods that must all move one way, and how far beyond the usual their net must be, to be one-sided."""

_TOTAL = re.compile(r"\btotals?\b|\boverall\b")


class Grave(NamedTuple):
    """A revision beyond threshold and routine: of one cell, or of a row's counts in sum (``cell`` is None)."""

    row: str
    before: float
    difference: float
    cell: Move | None


def grave_of(evidence: Evidence, pair: TablePair, closed: Sequence[Move], past: Past) -> list[Grave]:
    """Cells, and rows of counts in sum, that were revised beyond threshold and routine, furthest first."""
    size = tolerance(evidence, "past-value-revised.size", LEAST_SIZE)
    share = tolerance(evidence, "past-value-revised.percent", LEAST_PERCENT)
    known = past.measures("revised.largest")
    if len(known) >= ENOUGH:
        size = max(size, tolerance(evidence, "past-value-revised.beyond", BEYOND) * routine(known))
    most = tolerance(evidence, "past-value-revised.size", LEAST_SIZE)
    one_way = _moved_one_way(evidence, pair, closed)
    settling = _settling(pair, closed)
    found = [
        each
        for each in _candidates(pair, closed)
        if not _settles(each, settling)
        and (
            (
                abs(each.difference) >= max(size, _usual_of(past, each.row) / AGAIN)
                and abs(each.difference) * 100 >= share * abs(each.before)
            )
            or (
                each.cell in one_way
                and each.cell is not None
                and abs(each.difference) >= min(most, _least_in_line(pair, each.cell))
                and abs(each.difference) * 100 >= NEVER_ROUTINE * abs(each.before)
            )
        )
    ]
    return sorted(found, key=lambda each: -abs(each.difference))


def _settling(pair: TablePair, closed: Sequence[Move]) -> dict[str, float]:
    """The share by which the month that was still running fell, for each row in which it did: such cases are
    counted there first and elsewhere later."""
    known = {move.change for move in closed}
    found: dict[str, float] = {}
    for move in moves(pair):
        period = pair.after.columns[move.change.column_after].period
        if move.change in known or period is None or period.span is Span.TO_DATE or not move.before:
            continue
        share = -move.difference / abs(move.before)
        row = row_key(pair.after.row_keys[move.change.row_after])
        found[row] = max(share, found.get(row, 0.0))
    return found


def _settles(grave: Grave, settling: Mapping[str, float]) -> bool:
    """Whether a figure fell far less than the running month of its row: what is left of the same re-coding."""
    fell = -grave.difference / abs(grave.before) if grave.before else 0.0
    return 0 < fell * TAPER <= settling.get(grave.row, 0.0)


def _least_in_line(pair: TablePair, move: Move) -> float:
    """The size from which a revision counts among the figures of its line that are not zero, along the periods."""
    row, column = move.change.row_before, move.change.column_before
    along_row = pair.before.columns[column].period is not None
    line = pair.before.rows[row] if along_row else [each[column] for each in pair.before.rows]
    figures = sorted(abs(value) for value in line if is_number(value) and value)
    middle = figures[len(figures) // 2] if figures else 0.0
    return OF_LINE * middle if middle >= LEAST_LINE else LEAST_SIZE


def _moved_one_way(evidence: Evidence, pair: TablePair, closed: Sequence[Move]) -> set[Move | None]:
    """Figures of closed periods in which all that moved went one way; growth by late reports is left out."""
    periods: dict[Period, list[Move]] = defaultdict(list)
    for move in closed:
        for period in periods_of(pair, move.change)[:1]:
            periods[period].append(move)
    spoken = spoken_until(evidence.comparison.before, pair.before) if evidence.comparison else None
    found: set[Move | None] = set()
    for period, group in periods.items():
        ways = {move.difference > 0 for move in group}
        late = spoken and period.end and (spoken - period.end).days <= LATE
        if len(ways) == 1 and not (late and True in ways):
            found.update(group)
    return found


def _usual_of(past: Past, row: str) -> float:
    """The largest revision of a row in earlier releases."""
    return routine(past.measures(f"revised:{row}"))


def _candidates(pair: TablePair, closed: Sequence[Move]) -> list[Grave]:
    """Each cell, and each row of counts over its closed periods."""
    rows: dict[str, list[Move]] = defaultdict(list)
    for move in closed:
        rows[row_key(pair.after.row_keys[move.change.row_after])].append(move)
    found = [Grave(row, move.before, move.difference, move) for row, group in rows.items() for move in group]
    for row, group in rows.items():
        if all(float(move.before).is_integer() and float(move.after).is_integer() for move in group):
            before = sum(move.before for move in group)  # averages do not add up
            found.append(Grave(row, before, sum(move.difference for move in group), None))
    return found


def is_one_sided(pair: TablePair, closed: Sequence[Move], past: Past, *, closed_periods: int) -> bool:
    """Whether every closed period of the total moved one way, further in sum than ever before."""
    total = [move for move in _of_total(pair, closed) if float(move.after).is_integer()]
    if len(total) < ONE_WAY or len(total) < closed_periods:
        return False
    ways = {move.difference > 0 for move in total}
    nets = [abs(net) for net in past.measures("revised.total.net")]
    return len(ways) == 1 and len(nets) >= ENOUGH and abs(_net(total)) > BEYOND_NET * max(nets)


def net_of_total(pair: TablePair, closed: Sequence[Move]) -> float:
    """The net revision of the row that is the total of a table, 0 where it has none."""
    return tidy(_net(_of_total(pair, closed)))


def _net(moves: Sequence[Move]) -> float:
    return sum(move.difference for move in moves)


def _of_total(pair: TablePair, closed: Sequence[Move]) -> list[Move]:
    """Revisions of the first row whose whole label says total."""
    if not closed:
        return []
    for row, label in enumerate(pair.after.row_keys):
        if _TOTAL.search(row_key(label).split(" / ")[0]):
            return [move for move in closed if move.change.row_after == row]
    return []


def closed_columns(comparison: Comparison, pair: TablePair) -> int:
    """Columns for periods that had ended before the release before spoke, with some figure in them."""
    as_of = spoken_until(comparison.before, pair.before)
    periods = {before: pair.before.columns[before].period for before, _ in pair.columns}
    return sum(
        1
        for place, period in periods.items()
        if as_of is not None
        and period is not None
        and period.end is not None
        and period.end < as_of
        and any(is_number(row[place]) for row in pair.before.rows)
    )
