"""Arithmetic that several rules share: which cells are numbers, how they moved, whose date counts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard, cast

from diffing.columnar.rows import column_of
from diffing.comparing.model import CellChange, Comparison, Evidence, TablePair
from diffing.grounds.row_names import name_beside
from diffing.grounds.wording import figures, shown
from diffing.readers.statements.periods import fiscal_year_of
from diffing.values import normalise
from state.document import Document, Period, Span, Table, Value, Where
from state.model import Item


class Move(NamedTuple):
    """A number that became another number; rows and columns are indexes before and after."""

    change: CellChange
    before: float
    after: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return tidy(self.after - self.before)

    @property
    def percent(self) -> float | None:
        """The difference in per cent of before, one decimal; None from zero."""
        return percent_of(self.before, self.after)


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a cell holds a finite number. Asked of every cell, hence no isinstance."""
    kind = type(value)
    return kind is int or (kind is float and value - value == 0.0)  # type: ignore[operator]


def numbers_in(rows: Sequence[Sequence[Value]], column: int) -> Sequence[int | float]:
    """The numbers of one column of ``rows``."""
    return numbers_among(column_of(rows, column))


def numbers_among(values: Sequence[Value]) -> Sequence[int | float]:
    """Those of ``values`` that are numbers."""
    if {int, float}.issuperset(map(type, values)):
        return cast("Sequence[int | float]", values)
    return [value for value in values if type(value) is int or type(value) is float]  # see is_number


def tidy(value: float) -> float:
    """A float without the dust of binary arithmetic, an int where it is whole."""
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def percent_of(before: float, after: float) -> float | None:
    """Change in per cent of ``before``, one decimal; None from zero."""
    if before == 0:
        return None
    return round((after - before) / abs(before) * 100, 1)


def moves(pair: TablePair) -> Iterator[Move]:
    """Every cell that was a number and became another one."""
    for change in pair.cells:
        if is_number(change.before) and is_number(change.after):
            yield Move(change, change.before, change.after)


def both_numbers(pair: TablePair, column: tuple[int, int]) -> Iterator[tuple[int, int, float, float]]:
    """Rows (before, after) whose cells in ``column`` are numbers on both sides, with the two numbers."""
    cells_before, cells_after = column_of(pair.before.rows, column[0]), column_of(pair.after.rows, column[1])
    for row_before, row_after in pair.rows:
        before, after = cells_before[row_before], cells_after[row_after]
        if is_number(before) and is_number(after):
            yield row_before, row_after, before, after


def said(pair: TablePair, change: CellChange) -> tuple[str, str]:
    """A changed cell before and after in words, figures as they are published."""
    if not is_number(change.before) or not is_number(change.after):
        return shown(change.before), shown(change.after)
    texts = (
        pair.before.text_at(change.row_before, change.column_before),
        pair.after.text_at(change.row_after, change.column_after),
    )
    return figures(change.before, change.after, texts)


def item_of(pair: TablePair, change: CellChange, *, note: str | None = None, column: bool = True) -> Item:
    """A changed cell as the item of a finding, with difference and per cent where both are numbers."""
    numeric = is_number(change.before) and is_number(change.after)
    difference = percent = None
    if is_number(change.before) and is_number(change.after):
        difference = tidy(change.after - change.before)
        percent = percent_of(change.before, change.after)
    return Item(
        row=pair.after.row_keys[change.row_after],
        column=pair.after.columns[change.column_after].name if column else None,
        before=change.before,
        after=change.after,
        difference=difference,
        percent=percent,
        note=note or name_beside(pair.after, change.row_after),
        valued=not numeric,
    )


def where_is(table: Table, *, column: str | None = None, row: str | None = None) -> Where:
    """The place of a table, or of a column or row in it."""
    return Where(
        sheet=table.sheet,
        page=table.page,
        table=table.name or None,
        column=column,
        row=row,
        section=" / ".join(table.section) or None,
    )


def untold_cells(evidence: Evidence, pair: TablePair) -> list[CellChange]:
    """Cells of ``pair`` that changed and that no graver finding has told."""
    return [change for change in pair.cells if pair.cell_fact(change) not in evidence.told]


def as_of_date(document: Document, table: Table) -> dt.date | None:
    """The date as of which a table speaks: its own, else its document's."""
    if table.as_of is not None and table.as_of.date is not None:
        return table.as_of.date
    return document.as_of.date if document.as_of else None


def year_restarted(evidence: Evidence, pair: TablePair) -> bool:
    """Whether a fiscal year began between the two sides, so that to-date figures start again.

    Where the tables name no fiscal year, the stated dates decide, if anything speaks of a year to date.
    """
    years = pair.before.fiscal_year, pair.after.fiscal_year
    if years[0] is not None and years[1] is not None:
        return years[0] != years[1]
    comparison = evidence.comparison
    if comparison is None or not _YEARLY.search(_headings(pair.after)):
        return False
    before = as_of_date(comparison.before, pair.before)
    after = as_of_date(comparison.after, pair.after)
    return before is not None and after is not None and fiscal_year_of(before) < fiscal_year_of(after)


_YEARLY = re.compile(r"\bf?ytd\b|\bto[ -]date\b|\bfy ?\d|\bfiscal year")


def _headings(table: Table) -> str:
    return normalise(" | ".join((table.name, table.sheet or "", *(column.name for column in table.columns))))


def spoken_until(document: Document, table: Table) -> dt.date | None:
    """Up to when a table speaks: its stated date, else the start of the newest period that it has figures for."""
    stated = as_of_date(document, table)
    if stated is not None:
        return stated
    rows = [
        period.start
        for row, period in enumerate(table.row_periods)
        if period and period.start and any(map(is_number, table.rows[row]))
    ]
    columns = [
        column.period.start
        for place, column in enumerate(table.columns)
        if column.period and column.period.start and any(is_number(row[place]) for row in table.rows)
    ]
    return max(rows + columns, default=None)


def is_closed_period(comparison: Comparison, pair: TablePair, change: CellChange) -> bool:
    """Whether a cell is about a period that had ended before the release before spoke."""
    as_of = spoken_until(comparison.before, pair.before)
    if as_of is None or is_redated(pair, change):
        return False
    return any(period.end is not None and period.end < as_of for period in periods_of(pair, change))


def is_redated(pair: TablePair, change: CellChange) -> bool:
    """Whether the two rows of a cell are about different periods: then nothing was revised."""
    before, after = pair.before.row_periods, pair.after.row_periods
    return bool(before and after) and before[change.row_before] != after[change.row_after]


def periods_of(pair: TablePair, change: CellChange) -> list[Period]:
    """The periods that row and column of a cell name, those "to date" left out."""
    column = pair.after.columns[change.column_after].period
    row = pair.after.row_periods[change.row_after] if pair.after.row_periods else None
    return [period for period in (row, column) if period is not None and period.span is not Span.TO_DATE]


def days_between(comparison: Comparison) -> int:
    """Days between the dates as of which the two releases speak; 0 where one says nothing."""
    before, after = comparison.before.as_of, comparison.after.as_of
    if before is None or after is None or before.date is None or after.date is None:
        return 0
    return (after.date - before.date).days


LONG_GAP = 120
"""Days between two releases after which a figure may well be twice what it was."""


def tolerance(evidence: Evidence, name: str, default: float) -> float:
    """A threshold named "<kind>.<name>" that the source file may set."""
    return float(evidence.rules.tolerances.get(name, default))
