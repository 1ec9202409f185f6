"""The facts of a table or of a whole comparison, for an explanation that covers all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diffing.comparing.model import Comparison, FactKey, TablePair
from diffing.grounds.figures import is_number
from state.document import Table

MARKERS = frozenset({"table-stale", "table-title", "silent-edit"})
"""Subjects that only keep rules from speaking; they differ in nothing and weigh nothing."""

ALL_BUT = 0.8
"""Share of what differs in all tables from which on the release as a whole is explained, the rest with it."""


def facts_of(pair: TablePair) -> Iterator[FactKey]:
    """Everything that differs in a table."""
    yield from (pair.cell_fact(change) for change in pair.cells)
    yield from (FactKey("row-removed", pair.index, str(row)) for row in pair.rows_removed)
    yield from (FactKey("row-added", pair.index, str(row)) for row in pair.rows_added)
    yield from (FactKey("row-renamed", pair.index, str(rows[1])) for rows in pair.rows_renamed)
    yield from (FactKey("column-removed", pair.index, "", str(column)) for column in pair.columns_removed)
    yield from (FactKey("column-added", pair.index, "", str(column)) for column in pair.columns_added)
    yield from (FactKey("column-renamed", pair.index, "", str(both[1])) for both in pair.columns_renamed)


def whole_of(pair: TablePair) -> Iterator[FactKey]:
    """Everything that may be said of a table: what differs, its title, and what its figures would show."""
    yield pair.stale_fact()
    yield pair.title_fact()
    yield from facts_of(pair)


def everything(comparison: Comparison) -> Iterator[FactKey]:
    """Every fact of a comparison."""
    yield FactKey("silent-edit")
    for pair in comparison.tables:
        yield from whole_of(pair)
    yield from (FactKey("table-removed", index) for index in comparison.tables_removed)
    yield from (FactKey("table-added", index) for index in comparison.tables_added)
    yield from (FactKey("text", change.index) for change in comparison.texts)
    yield from (FactKey("definition", change.index) for change in comparison.definitions)


def all_of(comparison: Comparison) -> Iterator[FactKey]:
    """The same with its headline and its links: of what is another release, page or edition as a whole."""
    yield from everything(comparison)
    yield FactKey("headline")
    yield from (FactKey("link", change.index) for change in comparison.links)


def explained_by(comparison: Comparison, pairs: Iterable[TablePair]) -> tuple[FactKey, ...]:
    """The facts of ``pairs``, and that the edit was silent where they are nearly all that differs in tables."""
    pairs = list(pairs)
    own = [fact for pair in pairs for fact in whole_of(pair)]
    size = sum(1 for pair in pairs for _ in facts_of(pair))
    whole = sum(1 for pair in comparison.tables for _ in facts_of(pair))
    return (*own, FactKey("silent-edit")) if size >= ALL_BUT * whole else tuple(own)


def weight_of_table(table: Table) -> int:
    """How much a table says: its figures, zeros left out; its rows where it has none."""
    figures = sum(1 for row in table.rows for value in row if is_number(value) and value)
    return figures or len(table.rows)
