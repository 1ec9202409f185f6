"""Whether the figures of a table go on from the release before, or are those of something else."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from diffing.comparing.model import TablePair
from diffing.grounds.figures import both_numbers, is_number
from diffing.identity import column_key, row_key
from state.document import Table
from state.model import TableFacts

LEAST_FIGURES = 8
"""Figures on both sides below which nothing is said of how a table went on."""

STEP = 0.15
"""Relative move from which on a figure does not go on."""

MOST_STEPS = 0.3
"""Share of the figures that may move so far in a table that goes on."""

MOST_ROWS = 0.3
"""Share of the rows that may come and go in a table that goes on."""


class Course(NamedTuple):
    """How the figures of a table moved: ``moved`` of ``figures`` further than ``STEP``."""

    figures: int
    moved: int
    rows_kept: float
    typical: float = STEP

    @property
    def goes_on(self) -> bool:
        """Whether it is the same table a little later."""
        return self.moved <= MOST_STEPS * self.figures and self.rows_kept >= 1 - MOST_ROWS


def course_of(pair: TablePair) -> Course:
    """How the figures of ``pair`` moved, key columns and zeros on both sides left out."""
    figures = moved = 0
    for column in pair.columns:
        if column[1] in pair.after.key:
            continue
        for _, _, before, after in both_numbers(pair, column):
            if before or after:
                figures += 1
                moved += abs(after - before) > STEP * max(abs(before), abs(after))
    most = max(len(pair.before.rows), len(pair.after.rows), 1)
    return Course(figures, moved, len(pair.rows) / most)


def course_from(
    facts: TableFacts, table: Table, *, along: str = "row", only: Container[str] | None = None
) -> Course:
    """How the figures of ``table`` moved from those that history keeps of an earlier release.

    With ``only``, those of its rows (or columns, ``along``) that have one of these normalised names.
    """
    if not facts.values:
        return Course(0, 0, 0.0)
    rows = {name: i for i, name in enumerate(facts.rows)}
    columns = {name: j for j, name in enumerate(facts.columns)}
    places = [
        (columns[name], j)
        for j, column in enumerate(table.columns)
        if j not in table.key
        and (name := column_key(column.name)) in columns
        and (along == "row" or only is None or name in only)
    ]
    figures = moved = kept = 0
    for label, row in zip(map(row_key, table.row_keys), table.rows, strict=True):
        earlier = rows.get(label)
        if earlier is None or (along == "row" and only is not None and label not in only):
            continue
        kept += 1
        for left, right in places:
            before, after = facts.values[earlier][left], row[right]
            if is_number(before) and is_number(after) and (before or after):
                figures += 1
                moved += abs(after - before) > STEP * max(abs(before), abs(after))
    return Course(figures, moved, kept / max(len(facts.rows), len(table.rows), 1))
