"""Where the figures of a release are found again in the next one, in whatever table, row or column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.alignment.likeness import words_of
from diffing.comparing.model import Comparison, FactKey, TablePair
from diffing.grounds.figures import is_number
from diffing.identity import row_key
from state.document import Table, Value

MOST_FIGURES = 400_000
"""Figures without a counterpart, on either side, above which nothing is looked for."""

TELLING = 1_000
"""Figures from which on, or with decimals, one is known by itself where its labels differ."""

GONE_ON = 1.5
"""How many times larger or smaller a figure may be that stands under the same labels."""

_COUNT = re.compile(r" #\d+$")


class Figure(NamedTuple):
    """A figure without a counterpart in the comparison, the words of its row and the facts that it is part of.

    A row without figures counts as one: its name.
    """

    value: float | int | str
    row: frozenset[str]
    around: frozenset[str]  # words of its row, its column and its table's title
    facts: tuple[FactKey, ...]
    own: frozenset[str]  # words of its row, with those of its texts where several rows are called so
    labels: frozenset[str]  # those and the words of its column
    name: str  # its row and its column, as a reader calls them


class Match(NamedTuple):
    """A figure of the release before, and where it stands in the release after; None where it is nowhere."""

    before: Figure
    after: Figure | None

    @property
    def is_revised(self) -> bool:
        """Whether another figure stands in its place."""
        return self.after is not None and self.after.value != self.before.value


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
    matches = [Match(each, at or (_any(pool, each) if _is_telling(each.value) else None)) for each, at in found]
    return _by_labels(matches, [figure for left in pool.values() for figure in left])


def _by_labels(matches: list[Match], left: list[Figure]) -> list[Match]:
    """What is not found by its value, by the labels of its row and column: in one row label after, or in two.

    Only where most is found by value: the newest figures are revised as tables are set anew.
    """
    if not left or 2 * sum(match.after is not None for match in matches) < len(matches):
        return matches
    places: dict[frozenset[str], Figure] = {}
    for figure in left:
        places.setdefault(figure.labels, figure)
        places.setdefault(figure.own, figure)
    return [match if match.after else Match(match.before, _under(places, match.before)) for match in matches]


def _under(places: dict[frozenset[str], Figure], figure: Figure) -> Figure | None:
    for labels in (figure.labels, figure.own):
        other = places.get(labels) if len(labels) > 1 else None
        if other is not None and _went_on(figure.value, other.value):
            return other
    return None


def _went_on(before: float | int | str, after: float | int | str) -> bool:
    if not is_number(before) or not is_number(after) or min(before, after) <= 0:
        return before == after
    return max(before, after) <= GONE_ON * min(before, after)


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
        read = comparison.before.tables[pair.places[0]] if pair.places[0] >= 0 else pair.before
        yield from _of_pair(pair, pair.before, "removed", pair.rows_removed, pair.columns_removed, read)


def _come(comparison: Comparison) -> Iterator[Figure]:
    for index in comparison.tables_added:
        table = comparison.after.tables[index]
        yield from _figures(table, whole=FactKey("table-added", index))
    for pair in comparison.tables:
        read = comparison.after.tables[pair.places[1]] if pair.places[1] >= 0 else pair.after
        yield from _of_pair(pair, pair.after, "added", pair.rows_added, pair.columns_added, read)


def _of_pair(
    pair: TablePair, table: Table, way: str, rows: Iterable[int], columns: Iterable[int], read: Table
) -> Iterator[Figure]:
    """``read`` is the table with its rows called as its own release has them."""
    row_facts = {row: FactKey(f"row-{way}", pair.index, str(row)) for row in rows}
    column_facts = {column: FactKey(f"column-{way}", pair.index, "", str(column)) for column in columns}
    if row_facts or column_facts:
        yield from _figures(table, row_facts=row_facts, column_facts=column_facts, named=read)


def _figures(
    table: Table,
    *,
    whole: FactKey | None = None,
    row_facts: dict[int, FactKey] | None = None,
    column_facts: dict[int, FactKey] | None = None,
    named: Table | None = None,
) -> Iterator[Figure]:
    """The figures of a table that belong to one of the facts; ``named`` is it with its own names for rows."""
    title = frozenset(words_of(" ".join((table.name, *table.section))))
    names = [frozenset(words_of(column.name)) for column in table.columns]
    repeated = {_COUNT.sub("", key) for key in table.row_keys if _COUNT.search(key)}
    called = (named or table).row_keys
    keys = {*table.key, *(named or table).key}
    every = whole is not None or bool(column_facts)
    for place in range(len(table.rows)) if every else sorted(row_facts or ()):
        row = table.rows[place]
        own = (row_facts or {}).get(place)
        name = _COUNT.sub("", table.row_keys[place])
        label = frozenset(words_of(name))
        texts = label | _words_beside(table, row) if name in repeated else label
        texts |= frozenset(words_of(_COUNT.sub("", called[place])))
        numbers = {j: value for j, value in enumerate(row) if is_number(value) and j not in keys}
        for column, value in numbers.items() or [(-1, row_key(table.row_keys[place]))]:
            facts = tuple(fact for fact in (whole, own, (column_facts or {}).get(column)) if fact is not None)
            if facts:
                of_column = names[column] if column >= 0 else frozenset()
                said = f"{called[place]}, {table.columns[column].name}" if column >= 0 else called[place]
                around = label | of_column | title
                yield Figure(value, label, around, facts, texts, texts | of_column, said)


def _words_beside(table: Table, row: Sequence[Value]) -> frozenset[str]:
    """The words of a row that are not its name."""
    texts = (value for j, value in enumerate(row) if isinstance(value, str) and j not in table.key)
    return frozenset(word for text in texts for word in words_of(text))
