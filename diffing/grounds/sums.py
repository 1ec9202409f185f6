"""Sums that a table promises: which rows or columns are totals, and of which parts.

Nothing is declared anywhere, so each stated total gets several guesses at its parts; which of them is
meant shows in the figures of a release in which it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diffing.columnar.rows import column_of
from diffing.grounds.figures import is_number
from diffing.identity import column_key, row_key
from state.document import Table, Value

TOTAL = re.compile(r"\b(?:sub|grand )?totals?\b|\boverall\b|\ball\b")


_HINT = re.compile(r"total|overall|\ball\b", re.IGNORECASE)
_HINT_WORDS = ("total", "all")

MOST_SLACK = 0.5
"""By how much a sum may miss at the most, whatever the rounding."""

MOST_WORK = 500_000
"""Totals times rows above which only neighbouring rows are tried as parts: the work stays linear."""


class Promise(NamedTuple):
    """A stated total and one guess at its parts, all indexes of rows (or all of columns)."""

    whole: int
    parts: tuple[int, ...]


def row_promises(table: Table) -> Mapping[tuple[str, str], Promise]:
    """Guesses by (normalised label of the total, name of the guess)."""
    if not table.totals and not _hints_at_total(table.row_keys):
        return {}
    paths = [row_key(label).split(" / ") for label in table.row_keys]
    totals = {i for i, path in enumerate(paths) if i in table.totals or TOTAL.search(path[-1])}
    totals |= {i for i, path in enumerate(paths) if TOTAL.search(path[0])}
    found: dict[tuple[str, str], Promise] = {}
    for whole in sorted(totals):
        for name, parts in _row_guesses(whole, paths, totals):
            if len(parts) >= 2:
                found[row_key(table.row_keys[whole]), name] = Promise(whole, tuple(parts))
    return found


def _hints_at_total(labels: Sequence[str]) -> bool:
    """Whether some label may name a total; asked of all at once, as there may be a million."""
    joined = "\n".join(labels).lower()
    return any(word in joined for word in _HINT_WORDS) and any(_HINT.search(label) for label in labels)


def _row_guesses(whole: int, paths: Sequence[Sequence[str]], totals: set[int]) -> Iterator[tuple[str, list[int]]]:
    """Rows above up to the total before, rows below up to the next, all others, its group, its namesakes."""
    above = max((i for i in totals if i < whole), default=-1)
    below = min((i for i in totals if i > whole), default=len(paths))
    yield "above", list(range(above + 1, whole))
    yield "below", list(range(whole + 1, below))
    if len(totals) * len(paths) > MOST_WORK:
        return
    yield "others", [i for i in range(len(paths)) if i not in totals]
    path = paths[whole]
    yield "children", [i for i, other in enumerate(paths) if len(other) == len(path) + 1 and other[:-1] == path]
    if len(path) > 1:
        yield (
            "group",
            [i for i, other in enumerate(paths) if i not in totals and other[:-1] == path[:-1]],
        )
        yield (
            "namesakes",
            [i for i, other in enumerate(paths) if other[1:] == path[1:] and other[0] != path[0]],
        )
    else:
        yield "tops", [i for i, other in enumerate(paths) if len(other) == 1 and i not in totals]


def column_promises(table: Table) -> Mapping[tuple[str, str], Promise]:
    """Guesses by (normalised name of the total column, name of the guess)."""
    names = [column_key(column.name) for column in table.columns]
    stated = [j for j, column in enumerate(table.columns) if TOTAL.search(column_key((column.path or ("",))[-1]))]
    if not stated:
        return {}
    numeric = [j for j in range(len(names)) if _is_numeric(table, j)]
    totals = set(stated) & set(numeric)
    found: dict[tuple[str, str], Promise] = {}
    for whole in sorted(totals):
        for name, parts in _column_guesses(table, whole, numeric, totals):
            if len(parts) >= 2:
                found[names[whole], name] = Promise(whole, tuple(parts))
    return found


def _column_guesses(
    table: Table, whole: int, numeric: Sequence[int], totals: set[int]
) -> Iterator[tuple[str, list[int]]]:
    above = table.columns[whole].path[:-1]
    parts = [j for j in numeric if j not in totals]
    yield "siblings", [j for j in parts if table.columns[j].path[:-1] == above]
    before = max((j for j in totals if j < whole), default=-1)
    after = min((j for j in totals if j > whole), default=len(table.columns))
    yield "left", [j for j in parts if before < j < whole]
    yield "right", [j for j in parts if whole < j < after]
    yield "others", parts


def _is_numeric(table: Table, column: int) -> bool:
    """Whether a column counts: mostly numbers, and not shares between 0 and 1, which are part of no total."""
    values = [value for value in column_of(table.rows, column) if value is not None]
    numbers = [value for value in values if is_number(value)]
    if column in table.key or len(numbers) * 2 <= len(values):
        return False
    return not all(0 <= value <= 1 for value in numbers) or not any(0 < value < 1 for value in numbers)


def miss(whole: Value, parts: Sequence[Value]) -> float | None:
    """By how much the parts exceed their stated total; None where that says nothing.

    It says nothing where the total is no number or zero, or where fewer than two parts are non-zero numbers.
    """
    if not is_number(whole) or not whole:
        return None
    numbers = [part for part in parts if is_number(part)]
    if sum(bool(part) for part in numbers) < 2:
        return None
    return sum(numbers) - whole


def slack(whole: Value, parts: Sequence[Value]) -> float:
    """How far a sum may miss by rounding alone: half a unit of the last decimal for each number in it.

    Whole numbers are counts unless some number beside them has decimals; counts must agree to the unit.
    """
    numbers = [float(value) for value in (whole, *parts) if is_number(value)]
    decimals = max((_decimals(value) for value in numbers), default=0)
    return MOST_SLACK if decimals == 0 else min(MOST_SLACK, 0.5 * 10**-decimals * len(numbers) + 1e-6)


def _decimals(value: float) -> int:
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])
