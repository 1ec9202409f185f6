"""Row keys of two tables that are one, made of the same columns on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from diffing.columnar.rows import column_of, prefetch
from diffing.comparing.alignment.periods import are_apart
from diffing.readers.tables.keys import UNNAMED, tell_apart
from diffing.readers.tables.roles import counts_rows
from diffing.readers.tables.rows import dated_column, row_periods
from diffing.values import normalise
from state.document import Period, Table

SAMPLE_ROWS: Final = 1_000
"""Rows looked at to see whether a key only counts them."""

ONLY_ROW: Final = "the only row"
"""What the one row of a table is called that has no name."""

Pairs: TypeAlias = list[tuple[int, int]]


class Keys(Struct, frozen=True):
    """The key of each row before and after, and the columns that it is made of.

    ``counter`` is a pair of columns that only count the rows: their numbers are places, not content.
    """

    before: Sequence[str]
    after: Sequence[str]
    columns_before: frozenset[int]
    columns_after: frozenset[int]
    counter: tuple[int, int] | None = None
    noted: bool = False  # rows were found although their periods are written otherwise
    recast: bool = (
        False  # they stand in other columns too: the columns of the two keys are no pairs, and none left
    )
    periods_before: Sequence[Period | None] = ()  # what the keys date the rows; empty, or one a row
    periods_after: Sequence[Period | None] = ()

    def as_columns(self, columns: Pairs) -> Pairs:
        """The pairs of columns that the keys are made of; none where they are made of others or of periods."""
        parts = [(i, j) for i, j in columns if i in self.columns_before and j in self.columns_after]
        whole = len(parts) == len(self.columns_before) == len(self.columns_after)
        return parts if whole and not self.noted and not self.recast else []

    def dated_apart(self, row_before: int, row_after: int) -> bool:
        """Whether two rows are about different periods: then they are two, however alike."""
        if not self.periods_before or not self.periods_after:
            return False
        return are_apart(self.periods_before[row_before], self.periods_after[row_after])

    def outside(self, columns: Pairs) -> Pairs:
        """Those of ``columns`` that hold what the rows say, not what they are called or counted by."""
        return [
            (i, j)
            for i, j in columns
            if i not in self.columns_before and j not in self.columns_after and (i, j) != self.counter
        ]


def keys_of(before: Table, after: Table, columns: Pairs) -> Keys:
    """Row keys of both tables; ``columns`` are those paired by name.

    Readers choose key columns per table. Where they chose otherwise in the two releases, the key is made of
    all columns that either chose and both have. Where the key only counts the rows, and the same numbers stand
    before other labels, it is made of the labels.
    """
    to_after, to_before = dict(columns), {j: i for i, j in columns}
    strange_before = sum(i not in to_after for i in before.key)
    strange_after = sum(j not in to_before for j in after.key)
    chosen = {i for i in before.key if i in to_after} | {to_before[j] for j in after.key if j in to_before}
    alike = strange_before == strange_after and len(before.key) == len(after.key) == len(chosen) + strange_before
    if not alike and chosen:
        return made_of(before, after, [(i, to_after[i]) for i in sorted(chosen)])
    labels = _labels_beside_counter(before, after, columns)
    if labels:
        return made_of(before, after, labels, counter=(before.key[0], after.key[0]))
    return keys_as_read(before, after)


def keys_as_read(before: Table, after: Table) -> Keys:
    """The keys that the readers chose, each table's by itself."""
    return Keys(
        before.row_keys,
        after.row_keys,
        frozenset(before.key),
        frozenset(after.key),
        periods_before=before.row_periods,
        periods_after=after.row_periods,
    )


def made_of(before: Table, after: Table, columns: Pairs, *, counter: tuple[int, int] | None = None) -> Keys:
    """Keys of these columns; rows that have no other name are called by their place."""
    lefts, rights = [i for i, _ in columns], [j for _, j in columns]
    return Keys(
        _build_keys(before, lefts),
        _build_keys(after, rights),
        frozenset(lefts),
        frozenset(rights),
        counter,
        periods_before=periods_by(before, tuple(lefts)),
        periods_after=periods_by(after, tuple(rights)),
    )


def periods_by(table: Table, key: tuple[int, ...]) -> tuple[Period | None, ...]:
    """The period of each row, where columns of the key name them."""
    dated = dated_column(table.rows, key)
    return () if dated is None else row_periods(column_of(table.rows, dated), table.fiscal_year)


def _build_keys(table: Table, columns: Sequence[int]) -> tuple[str, ...]:
    if not columns:
        return tell_apart([ONLY_ROW] * len(table.rows))
    labels = [[table.label_at(row, column) for column in columns] for row in range(len(table.rows))]
    return tell_apart([" / ".join(part for part in parts if part) or UNNAMED for parts in labels])


def _labels_beside_counter(before: Table, after: Table, columns: Pairs) -> Pairs:
    """The first columns of texts, where the key of both tables counts the rows and does not go with them."""
    if not (_counts_rows(before) and _counts_rows(after)):
        return []
    labels = [
        (i, j)
        for i, j in columns
        if i not in before.key and j not in after.key and _is_text(before, i) and _is_text(after, j)
    ][:3]
    place = dict(zip(after.row_keys, range(len(after.rows)), strict=True))
    common = [(row, place[key]) for row, key in enumerate(before.row_keys[:SAMPLE_ROWS]) if key in place]
    prefetch(before.rows, (row for row, _ in common))
    prefetch(after.rows, (other for _, other in common))
    agreeing = sum(
        all(_same(before.rows[row][i], after.rows[other][j]) for i, j in labels[:1]) for row, other in common
    )
    return labels if agreeing < 0.9 * len(common) else []


def _counts_rows(table: Table) -> bool:
    """Whether the key is one column of whole numbers that go up by one from row to row."""
    return len(table.key) == 1 and counts_rows([row[table.key[0]] for row in table.rows[:SAMPLE_ROWS]])


def _is_text(table: Table, column: int) -> bool:
    sample = [row[column] for row in table.rows[:SAMPLE_ROWS]]
    return sum(isinstance(value, str) for value in sample) * 2 > len(sample)


def _same(before: object, after: object) -> bool:
    return before == after or (
        isinstance(before, str) and isinstance(after, str) and normalise(before) == normalise(after)
    )
