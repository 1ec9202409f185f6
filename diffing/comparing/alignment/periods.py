"""Periods as they are written: one year, month or day in two notations is the same."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.readers.tables.rows import row_periods
from state.document import Period, Value


def same_period(before: Period | None, after: Period | None) -> bool:
    """Whether two readings are one period with a beginning and an end, in whatever notation."""
    return before is not None and before == after and before.start is not None and before.end is not None


def are_apart(before: Period | None, after: Period | None) -> bool:
    """Whether both name a period, and not the same."""
    if before is None or after is None or before.start is None or after.start is None:
        return False
    return (before.start, before.end) != (after.start, after.end)


def marks_of(values: Sequence[Value], fiscal_year: int | None) -> list[Value]:
    """Each value as the first and last day of its period, as it is where it names none."""
    periods = row_periods(values, fiscal_year)
    if not periods:
        return list(values)
    return [
        value if period is None or period.start is None else f"{period.start}/{period.end or period.span}"
        for value, period in zip(values, periods, strict=True)
    ]
