"""``as-of-date-inconsistent``, ``info``: columns still say last year, though their figures run on in this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.comparing.model import CellChange, Draft, Evidence, TablePair
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import fiscal_years_in, table_key, without_fiscal_year
from state.kinds import Severity
from state.model import Item

KINDS = ("as-of-date-inconsistent",)
RANK = 100

LEAST_CELLS = 5
MOVED = 0.5
"""Share of the figures under such headers that moved: those of a year that is over would stand."""


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each table whose year is later than that of its columns."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        columns = _late(pair)
        moved = [change for change in pair.cells if change.column_after in columns and is_number(change.after)]
        if columns and len(moved) >= LEAST_CELLS and len(moved) >= MOVED * _figures(pair, columns):
            yield _draft(pair, sorted(columns), moved)


def _late(pair: TablePair) -> frozenset[int]:
    """Columns (after) of the year before the table's, on both sides, where none like them is of its year."""
    year = pair.after.fiscal_year
    if year is None or pair.before.fiscal_year != year:
        return frozenset()
    names = [column.name for column in pair.after.columns]
    current = {without_fiscal_year(name, year) for name in names if year in fiscal_years_in(name)}
    return frozenset(
        after
        for before, after in pair.columns
        if fiscal_years_in(names[after]) == fiscal_years_in(pair.before.columns[before].name) == (year - 1,)
        and without_fiscal_year(names[after], year - 1) not in current
    )


def _figures(pair: TablePair, columns: frozenset[int]) -> int:
    values = [pair.after.rows[row][column] for _, row in pair.rows for column in columns]
    return sum(is_number(value) and value != 0 for value in values)


def _draft(pair: TablePair, columns: Sequence[int], moved: Sequence[CellChange]) -> Draft:
    names = [pair.after.columns[column].name for column in columns]
    year = pair.after.fiscal_year
    assert year is not None
    return Draft(
        kind="as-of-date-inconsistent",
        title=f"{plural(len(names), 'column')} of {place(pair.after)} still say FY{year - 1}: {listing(names)}",
        reason=f"the table is of FY{year}, and {number(len(moved))} of "
        f"{plural(_figures(pair, frozenset(columns)), 'figure')} under these headers moved, as in a running year",
        subject=(table_key(pair.after), "headers of last year"),
        where=where_is(pair.after, column=names[0] if len(names) == 1 else None),
        items=tuple(Item(column=name, note=f"the table is of FY{year}") for name in names),
        severity=Severity.INFO,
        explains=tuple(pair.cell_fact(change) for change in moved),
    )
