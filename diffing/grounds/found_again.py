"""Where the figures of a release are found again in the next one, in whatever table, row or column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from diffing.comparing.alignment.likeness import words_of
from diffing.comparing.model import Comparison, FactKey, TablePair
from diffing.grounds.figures import is_number
from diffing.identity import row_key
from state.document import Table

MOST_FIGURES = 400_000
"""Figures without a counterpart, on either side, above which nothing is looked for."""

TELLING = 1_000
"""Figures from which on, or with decimals, one is known by itself where its labels differ."""

_COUNT = re.compile(r" #\d+$")


class Figure(NamedTuple):
    """A figure without a counterpart in the comparison, the words of its row and the facts that it is part of.

    A row without figures counts as one: its name.
    """

    value: float | int | str
    row: frozenset[str]
    around: frozenset[str]  # words of its row, its column and its table's title
    facts: tuple[FactKey, ...]


class Match(NamedTuple):
    """A figure of the release before, and where it stands in the release after; None where it is nowhere."""

    before: Figure
    after: Figure | None


def look_again(comparison: Comparison) -> list[Match]:
    """Every figure of what left a table or the document, with the figure after that has its value and its labels.

    Each figure after is taken once. Where labels differ, a figure large or fine enough is known by itself.
    """
    lost = list(_lost(comparison))
    come = list(_come(comparison)) if lost else []
    if not come or len(lost) + len(come) > MOST_FIGURES:
        return [Match(figure, None) for figure in lost]
    pool: dict[float | int | str, list[Figure]] = defaultdict(list)
    for figure in come:
        pool[figure.value].append(figure)
    found = [(figure, _take(pool, figure)) for figure in lost]
    return [Match(each, at or (_any(pool, each) if _is_telling(each.value) else None)) for each, at in found]


def _take(pool: dict[float | int | str, list[Figure]], figure: Figure) -> Figure | None:
    """The figure of the same value whose labels hold those of the row; best the one that shares most words."""
    fitting = [other for other in pool.get(figure.value, ()) if figure.row and figure.row <= other.around]
    if not fitting:
        return None
    best = max(fitting, key=lambda other: len(figure.around & other.around))
    pool[figure.value].remove(best)
    return best


def _any(pool: dict[float | int | str, list[Figure]], figure: Figure) -> Figure | None:
    others = pool.get(figure.value)
    return others.pop() if others else None


def _is_telling(value: float | int | str) -> bool:
    return is_number(value) and (abs(value) >= TELLING or not float(value).is_integer())


def _lost(comparison: Comparison) -> Iterator[Figure]:
    for index in comparison.tables_removed:
        table = comparison.before.tables[index]
        yield from _figures(table, whole=FactKey("table-removed", index))
    for pair in comparison.tables:
        yield from _of_pair(pair, pair.before, "removed", pair.rows_removed, pair.columns_removed)


def _come(comparison: Comparison) -> Iterator[Figure]:
    for index in comparison.tables_added:
        table = comparison.after.tables[index]
        yield from _figures(table, whole=FactKey("table-added", index))
    for pair in comparison.tables:
        yield from _of_pair(pair, pair.after, "added", pair.rows_added, pair.columns_added)


def _of_pair(
    pair: TablePair, table: Table, way: str, rows: Iterable[int], columns: Iterable[int]
) -> Iterator[Figure]:
    row_facts = {row: FactKey(f"row-{way}", pair.index, str(row)) for row in rows}
    column_facts = {column: FactKey(f"column-{way}", pair.index, "", str(column)) for column in columns}
    if row_facts or column_facts:
        yield from _figures(table, row_facts=row_facts, column_facts=column_facts)


def _figures(
    table: Table,
    *,
    whole: FactKey | None = None,
    row_facts: dict[int, FactKey] | None = None,
    column_facts: dict[int, FactKey] | None = None,
) -> Iterator[Figure]:
    """The figures of a table that belong to one of the facts."""
    title = frozenset(words_of(" ".join((table.name, *table.section))))
    names = [frozenset(words_of(column.name)) for column in table.columns]
    every = whole is not None or bool(column_facts)
    for place in range(len(table.rows)) if every else sorted(row_facts or ()):
        row = table.rows[place]
        own = (row_facts or {}).get(place)
        label = frozenset(words_of(_COUNT.sub("", table.row_keys[place])))
        numbers = {j: value for j, value in enumerate(row) if is_number(value) and j not in table.key}
        for column, value in numbers.items() or [(-1, row_key(table.row_keys[place]))]:
            facts = tuple(fact for fact in (whole, own, (column_facts or {}).get(column)) if fact is not None)
            if facts:
                around = label | title | (names[column] if column >= 0 else frozenset())
                yield Figure(value, label, around, facts)
