"""``values-changed``: cells that differ and that no graver finding tells. News, not an alarm."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import CellChange, Draft, Evidence, TablePair
from diffing.grounds.figures import is_number, item_of, percent_of, said, untold_cells, where_is
from diffing.grounds.row_names import called
from diffing.grounds.wording import number, place, plural
from diffing.identity import table_key
from state.kinds import Kind, Severity

KINDS = (Kind("values-changed", Severity.INFO, "cells differ that no graver finding tells"),)
RANK = 100


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table, with the cells that moved furthest first."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        changes = untold_cells(evidence, pair)
        if changes:
            yield _draft(pair, sorted(changes, key=_by_size))


def _by_size(change: CellChange) -> tuple[int, float, int, int]:
    """Text before numbers, then the largest relative move first."""
    place_in_table = (change.row_after, change.column_after)
    if is_number(change.before) and is_number(change.after):
        return (1, -abs(percent_of(change.before, change.after) or 0.0), *place_in_table)
    return (0, 0.0, *place_in_table)


def _draft(pair: TablePair, changes: list[CellChange]) -> Draft:
    first = changes[0]
    rows = len({change.row_after for change in changes})
    title = f"{plural(len(changes), 'value')} changed in {plural(rows, 'row')} of {place(pair.after)}"
    if len(changes) == 1:
        label = called(pair.after, first.row_after)
        column = pair.after.columns[first.column_after].name
        title = f"{label}, {column}: {' became '.join(said(pair, first))}"
    return Draft(
        kind="values-changed",
        title=title,
        reason=f"{number(len(changes))} of {number(len(pair.rows) * len(pair.columns))} cells differ",
        subject=(table_key(pair.after),),
        where=where_is(pair.after),
        items=tuple(item_of(pair, change) for change in changes),
        before=first.before if len(changes) == 1 else None,
        after=first.after if len(changes) == 1 else None,
        explains=tuple(pair.cell_fact(change) for change in changes),
    )
