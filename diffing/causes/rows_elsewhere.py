"""``table-rearranged``: rows that left stand in another table of the release, figures gone on: split or joined.

The figures themselves need not be found again: a table may be divided in the release in which all of them move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from diffing.comparing.alignment.likeness import dice
from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import column_key, row_key, table_key
from state.document import Table, Value
from state.model import Item

KINDS = ("table-rearranged",)
RANK = 71

LEAST_ROWS = 3
"""Rows found again below which it is chance that two tables name the same."""

FOUND = 0.8
"""Share of the rows that left that must be found for the rest to have left beside them."""

ALIKE = 0.8
"""Likeness of two headers from which on a row is the same in both."""

GONE_ON = 1.5
"""How many times larger or smaller the usual figure of a row may be where it is found."""


class _Part(NamedTuple):
    """Rows of a table that left or came together, by their normalised names."""

    table: Table
    rows: Mapping[str, int]
    facts: Mapping[str, FactKey]
    whole: FactKey | None
    pair: int | None


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each table whose rows stand in others now."""
    comparison = evidence.comparison
    if comparison is None:
        return
    come = list(_come(comparison))
    if not come:
        return
    for part in _lost(comparison):
        targets = [(other, rows) for other in come if (rows := _shared(part, other))]
        found = {row for _, rows in targets for row in rows}
        if len(found) >= max(LEAST_ROWS, FOUND * len(part.rows)):
            yield _draft(comparison, part, targets, found)


def _lost(comparison: Comparison) -> Iterator[_Part]:
    for index in comparison.tables_removed:
        yield _whole(comparison.before.tables[index], FactKey("table-removed", index))
    for pair in comparison.tables:
        if pair.rows_removed:
            yield _some(pair.before, pair.rows_removed, "row-removed", pair.index)


def _come(comparison: Comparison) -> Iterator[_Part]:
    for index in comparison.tables_added:
        yield _whole(comparison.after.tables[index], FactKey("table-added", index))
    for pair in comparison.tables:
        if pair.rows_added:
            yield _some(pair.after, pair.rows_added, "row-added", pair.index)


def _whole(table: Table, fact: FactKey) -> _Part:
    rows = {row_key(label): row for row, label in enumerate(table.row_keys) if row not in table.totals}
    return _Part(table, rows, {}, fact, None)


def _some(table: Table, places: Sequence[int], subject: str, index: int) -> _Part:
    rows = {row_key(table.row_keys[row]): row for row in places if row not in table.totals}
    facts = {label: FactKey(subject, index, str(row)) for label, row in rows.items()}
    return _Part(table, rows, facts, None, index)


def _shared(part: _Part, other: _Part) -> list[str]:
    """The rows of both, where their tables have the same columns and the figures went on."""
    if part.pair == other.pair:
        return []  # neither is rows of a table, or both of one: tables are paired as wholes
    shared = [label for label in part.rows if label in other.rows]
    if not shared or any(part.table.row_periods[part.rows[label]] for label in shared if part.table.row_periods):
        return []
    columns = _columns(part.table), _columns(other.table)
    if dice(columns[0].keys(), columns[1].keys()) < ALIKE:
        return []
    ratios = [ratio for label in shared for ratio in _ratios(part, other, columns, label)]
    return shared if ratios and median(ratios) <= GONE_ON else []


def _columns(table: Table) -> dict[str, int]:
    return {column_key(column.name): place for place, column in enumerate(table.columns)}


def _ratios(
    part: _Part, other: _Part, columns: tuple[Mapping[str, int], Mapping[str, int]], label: str
) -> Iterator[float]:
    """How many times the larger of two figures of a row is the smaller, infinite where the sign differs."""
    before, after = part.table.rows[part.rows[label]], other.table.rows[other.rows[label]]
    for name, column in columns[0].items():
        at = columns[1].get(name)
        if at is not None and column not in part.table.key and _both(before[column], after[at]):
            low, high = sorted((abs(float(before[column] or 0)), abs(float(after[at] or 0))))
            yield high / low if low else float("inf")


def _both(before: Value, after: Value) -> bool:
    return is_number(before) and is_number(after) and bool(before or after)


def _draft(
    comparison: Comparison, part: _Part, targets: Sequence[tuple[_Part, list[str]]], found: set[str]
) -> Draft:
    names = listing([place(other.table) for other, _ in targets], limit=2)
    rows = f"{number(len(found))} of {plural(len(part.rows), 'row')}"
    return Draft(
        kind="table-rearranged",
        title=f"{rows} that left {place(part.table)} stand in {names} now",
        reason=f"{rows} are there by the same names under the same headers, and their figures went on from those "
        "of the release before",
        subject=(table_key(part.table), "rows"),
        where=where_is(part.table),
        items=tuple(
            Item(table=place(other.table), sheet=other.table.sheet, note="rows are here now")
            for other, _ in targets
        ),
        explains=tuple(dict.fromkeys(_facts(comparison, part, targets, found))),
    )


def _facts(
    comparison: Comparison, part: _Part, targets: Sequence[tuple[_Part, list[str]]], found: set[str]
) -> Iterator[FactKey]:
    if part.whole is not None:
        yield part.whole
    yield from (fact for label, fact in part.facts.items() if label in found)
    for other, rows in targets:
        if other.whole is not None:
            yield other.whole
        yield from (other.facts[label] for label in rows if label in other.facts)
    if part.pair is not None:
        yield from _of_pair(comparison, part)


def _of_pair(comparison: Comparison, part: _Part) -> Iterator[FactKey]:
    """A table that was divided is titled by its part, and its totals are those of the part."""
    pair = next(each for each in comparison.tables if each.index == part.pair)
    yield pair.title_fact()
    for row in pair.rows_removed:
        if row in pair.before.totals:
            yield FactKey("row-removed", pair.index, str(row))
