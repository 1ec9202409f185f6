"""Rows that are totals: by their label, or without one by their figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from diffing.readers.tables.rows import is_total
from state.document import Value

_LEAST_PARTS: Final = 3
"""Rows whose sum a row without a label must be; fewer may be chance."""

_LONGEST: Final = 80
"""Characters above which a text is no label of a total."""

_EXACT: Final = 1e-6


def find_totals(rows: Sequence[Sequence[Value]], *, labels: int) -> frozenset[int]:
    """The indexes of totals: rows with a label that says so in the first ``labels`` columns, sums without one."""
    stated = {index for column in range(labels) for index in _stated(rows, column)}
    ends = {0, len(rows) - 1} if len(rows) > _LEAST_PARTS else set[int]()
    silent = {index for index in ends - stated if _is_blank(rows[index], labels)}
    return frozenset(stated | {index for index in silent if _is_sum(rows, index, labels, stated | silent)})


def _stated(rows: Sequence[Sequence[Value]], column: int) -> list[int]:
    """The rows whose label in a column says that they are totals; most columns have no such word."""
    labels = {
        index: label
        for index, row in enumerate(rows)
        if column < len(row) and isinstance(label := row[column], str)
    }
    if "total" not in "\n".join(labels.values()).lower():
        return []
    return [index for index, label in labels.items() if _says_total(label)]


def repeats_total(rows: Sequence[Sequence[Value]], *, labels: int) -> set[int]:
    """Rows without a label whose every figure stands in a row that says that it is the total: they say nothing."""
    blank = [index for index, row in enumerate(rows) if _is_blank(row, labels)]
    if not blank:
        return set()
    stated = [row[labels:] for row in rows if any(isinstance(t, str) and _says_total(t) for t in row[:labels])]
    return {index for index in blank if any(map(_is_number, rows[index])) and rows[index][labels:] in stated}


def _says_total(label: str) -> bool:
    return len(label) < _LONGEST and is_total(label)


def _is_blank(row: Sequence[Value], labels: int) -> bool:
    return all(value is None for value in row[:labels])


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float)


def _is_sum(rows: Sequence[Sequence[Value]], index: int, labels: int, others: Collection[int]) -> bool:
    """Whether some figure of a row is the sum of its column, totals apart."""
    parts = [row for number, row in enumerate(rows) if number not in others]
    for column in range(labels, len(rows[index])):
        whole = rows[index][column]
        figures = [value for row in parts if isinstance(value := row[column], int | float) and value]
        if not isinstance(whole, int | float) or not whole or len(figures) < _LEAST_PARTS:
            continue
        if abs(sum(figures) - whole) <= _EXACT * max(1.0, abs(whole)):
            return True
    return False
