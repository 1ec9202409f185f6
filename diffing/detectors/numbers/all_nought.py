"""``implausible-jump``: every figure of a column is nought at once, as a broken query leaves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from diffing.comparing.model import CellChange, Draft, Evidence, TablePair
from diffing.grounds.figures import both_numbers, is_number, item_of, untold_cells, where_is, year_restarted
from diffing.grounds.past import past_of
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import column_key, row_key, table_key
from state.kinds import Severity

KINDS = ("implausible-jump",)
RANK = 29

LEAST_FIGURES = 5
"""Figures above nought that a column must have lost."""

USUAL = 5.0
"""The middle one of them: below, a quiet month empties a column by itself."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a table with all its columns in which nothing but nought is left."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if year_restarted(evidence, pair):
            continue
        lost = Counter(change.column_after for change in pair.cells if change.before and change.after == 0)
        likely = [columns for columns in pair.columns if lost[columns[1]] >= LEAST_FIGURES]
        columns = [columns[1] for columns in likely if _is_emptied(evidence, pair, columns)]
        changes = [change for change in untold_cells(evidence, pair) if change.column_after in columns]
        if changes:
            yield _draft(pair, columns, [change for change in changes if is_number(change.before)])


def _is_emptied(evidence: Evidence, pair: TablePair, column: tuple[int, int]) -> bool:
    """Whether a column is all noughts, and never was."""
    both = list(both_numbers(pair, column))
    sizes = sorted(abs(before) for _, _, before, _ in both if before)
    if len(sizes) < LEAST_FIGURES or any(after for _, _, _, after in both) or sizes[len(sizes) // 2] < USUAL:
        return False
    name = column_key(pair.before.columns[column[0]].name)
    rows = [row_key(pair.before.row_keys[row]) for row, _ in pair.rows[:LEAST_FIGURES]]
    return not any(value == 0 for row in rows for value in past_of(evidence, pair).values(row, name))


def _draft(pair: TablePair, columns: Sequence[int], changes: Sequence[CellChange]) -> Draft:
    names = [pair.after.columns[column].name for column in columns]
    one = names[0] if len(names) == 1 else None
    what = f"“{one}”" if one else f"{plural(len(names), 'column')} ({listing(names, limit=2)})"
    largest = max(abs(change.before) for change in changes if is_number(change.before))
    return Draft(
        kind="implausible-jump",
        title=f"All {number(len(changes))} figures of {what} became 0 in {place(pair.after)}",
        reason=f"the largest was {number(largest)}, and none was 0 in an earlier release",
        subject=(table_key(pair.after), "nought"),
        where=where_is(pair.after, column=one),
        items=tuple(item_of(pair, change) for change in changes),
        severity=Severity.HIGH,
        confidence=0.9,
        explains=tuple(pair.cell_fact(change) for change in changes),
    )
