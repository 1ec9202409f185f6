"""Periods as they are written: one year, month or day in two notations is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from diffing.readers.tables.rows import row_periods
from state.document import Period, Span, Table, Value

MONTHS: Final = frozenset(range(1, 13))
YEARS: Final = frozenset(range(1700, 2201))


def same_period(before: Period | None, after: Period | None) -> bool:
    """Whether two readings are one period with a beginning and an end, in whatever notation."""
    return before is not None and before == after and before.start is not None and before.end is not None


def are_apart(before: Period | None, after: Period | None) -> bool:
    """Whether both name a period, and not the same."""
    if before is None or after is None or before.start is None or after.start is None:
        return False
    return (before.start, before.end) != (after.start, after.end)


def months_of(table: Table) -> list[str]:
    """The month of each row, by a key of one column of months, or of years and of 1 to 12; else []."""
    if len(table.key) == 1 and table.row_periods:
        dated = [period for period in table.row_periods if period is not None and period.start is not None]
        months = len(dated) == len(table.rows) and all(period.span is Span.MONTH for period in dated)
        return [f"{period.start:%Y-%m}" for period in dated] if months else []
    if len(table.key) != 2:
        return []
    years, numbers = ([row[place] for row in table.rows] for place in table.key)
    whole = all(type(value) is int for value in (*years, *numbers))
    if not whole or set(numbers) - MONTHS or len(set(numbers)) < len(MONTHS) or set(years) - YEARS:
        return []
    return [f"{year}-{month:02}" for year, month in zip(years, numbers, strict=True)]


def marks_of(values: Sequence[Value], fiscal_year: int | None) -> list[Value]:
    """Each value as the first and last day of its period, as it is where it names none."""
    periods = row_periods(values, fiscal_year)
    if not periods:
        return list(values)
    return [
        value if period is None or period.start is None else f"{period.start}/{period.end or period.span}"
        for value, period in zip(values, periods, strict=True)
    ]
