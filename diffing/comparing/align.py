"""Two tables that are one: which column, row and cell of the one is which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import NamedTuple

from msgspec.structs import replace

from diffing.columnar.join import rows_that_differ
from diffing.columnar.rows import column_of, prefetch
from diffing.comparing.alignment.choice import NOTHING_KNOWN, Known, choose_keys, stamps_of
from diffing.comparing.alignment.columns import contradicted, pair_by_name, pair_the_rest
from diffing.comparing.alignment.keys import Keys, Pairs
from diffing.comparing.alignment.meaning import same_meaning
from diffing.comparing.alignment.periods import same_period
from diffing.comparing.alignment.rows import RowPairs, base_of, cutter, pair_rows, repeated_keys
from diffing.comparing.model import CellChange, TablePair
from diffing.identity import column_key, table_key
from state.document import Column, Period, Table


class _Aligned(NamedTuple):
    """The column pairs, those of them that are not by name, the row pairs, and what they were paired by."""

    columns: Pairs
    rest: set[tuple[int, int]]
    rows: RowPairs
    keys: Keys


def align_table(
    before: Table,
    after: Table,
    *,
    index: int,
    places: tuple[int, int] = (-1, -1),
    known: Known = NOTHING_KNOWN,
) -> TablePair:
    """Compare two tables that are counterparts.

    ``index`` is the pair's place in the comparison, ``places`` those of its tables in their documents.
    """
    columns, renamed, rows, keys = _columns_and_rows(before, after, known)
    stamps = stamps_of(before, after, columns, keys, known=known)
    before = _named_by(before, keys.before, keys.columns_before, keys.periods_before)
    after = _named_by(after, keys.after, keys.columns_after, keys.periods_after)
    return TablePair(
        index=index,
        key=table_key(after),
        before=before,
        after=after,
        columns=tuple(columns),
        rows=tuple(rows.pairs),
        columns_removed=_missing(len(before.columns), {i for i, _ in columns} | _recast(keys)),
        columns_added=_missing(len(after.columns), {j for _, j in columns}),
        columns_renamed=tuple(pair for pair in columns if pair in renamed and _renamed(before, after, pair)),
        rows_removed=tuple(rows.left),
        rows_added=tuple(rows.right),
        rows_renamed=tuple(sorted(rows.renamed)),
        cells=tuple(_changed_cells(before, after, columns=columns, rows=rows, keys=keys, stamps=stamps)),
        coarse=rows.coarse,
        places=places,
        stamps=tuple(stamps),
        repeats_removed=_repeats(before, rows),
    )


def _recast(keys: Keys) -> frozenset[int]:
    """Columns of the key before that stand in other columns now: what they say is not lost."""
    return keys.columns_before if keys.recast else frozenset()


def _named_by(
    table: Table, names: Sequence[str], columns: frozenset[int], periods: Sequence[Period | None]
) -> Table:
    """The table with its rows called by the columns that both releases share."""
    key = tuple(sorted(columns))
    if key == table.key:
        return table
    return replace(table, key=key, row_keys=tuple(names), row_periods=tuple(periods))


def _repeats(table: Table, rows: RowPairs) -> tuple[int, ...]:
    """Rows without a counterpart that say what another row says which goes on."""
    if not rows.left:
        return ()
    repeated = repeated_keys(table.row_keys)
    if not repeated:
        return ()
    gone = {table.rows[row] for row in rows.left if base_of(table.row_keys[row]) in repeated}
    stayed = {row for i, _ in rows.pairs if (row := table.rows[i]) in gone}
    return tuple(row for row in rows.left if table.rows[row] in stayed)


def _columns_and_rows(before: Table, after: Table, known: Known) -> _Aligned:
    """Columns by name, rows by key, the other columns by rows.

    Re-spelt rows are found by columns, renamed columns by rows: where rows were found, columns are tried again.
    """
    columns = pair_by_name(before, after)
    strange = {pair for pair in columns if _labels_figures(before, after, pair)}
    columns = [pair for pair in columns if pair not in strange]
    keys, keyed = choose_keys(before, after, columns, known=known)
    loose = contradicted(before, after, named=keys.outside(columns), every=columns, rows=keyed.pairs)
    loose |= strange
    columns = [pair for pair in columns if pair not in loose]
    rest = set(pair_the_rest(before, after, named=columns, rows=keyed.pairs, never=loose))
    columns = sorted([*columns, *rest])
    if strange:
        columns = sorted([*columns, *_last_figures(before, after, columns)])
    rows = pair_rows(before, after, columns=columns, keyed=keyed, keys=keys)
    if rows.renamed:
        more = pair_the_rest(before, after, named=columns, rows=rows.pairs, never=loose)
        if more:
            rest.update(more)
            columns = sorted([*columns, *more])
            rows = pair_rows(before, after, columns=columns, keyed=keyed, keys=keys)
    return _Aligned(columns, rest, rows, keys)


def _labels_figures(before: Table, after: Table, pair: tuple[int, int]) -> bool:
    """Whether a column of figures bears the name that heads the labels of the other release."""
    left, right = pair
    if (left in before.key) == (right in after.key):
        return False
    labels, figures = (before, left), (after, right)
    if right in after.key:
        labels, figures = figures, labels
    return _all_of(labels, str) and _all_of(figures, int | float)


def _last_figures(before: Table, after: Table, columns: Pairs) -> Pairs:
    """The one column of figures on each side that is without a counterpart, where headers changed places."""
    left = [i for i in _missing(len(before.columns), {i for i, _ in columns}) if _all_of((before, i), int | float)]
    right = [j for j in _missing(len(after.columns), {j for _, j in columns}) if _all_of((after, j), int | float)]
    return [(left[0], right[0])] if len(left) == len(right) == 1 else []


def _all_of(column: tuple[Table, int], kind: type | UnionType) -> bool:
    values = [value for value in column_of(column[0].rows, column[1]) if value is not None]
    return bool(values) and all(isinstance(value, kind) for value in values)


def _missing(count: int, present: set[int]) -> tuple[int, ...]:
    return tuple(index for index in range(count) if index not in present)


def _renamed(before: Table, after: Table, pair: tuple[int, int]) -> bool:
    one, other = before.columns[pair[0]], after.columns[pair[1]]
    return column_key(one.name) != column_key(other.name) and not _same_time(one, other)


def _same_time(before: Column, after: Column) -> bool:
    """Whether two headers name one period in two notations, under the same headers."""
    return same_period(before.period, after.period) and before.path[:-1] == after.path[:-1]


def _changed_cells(
    before: Table, after: Table, *, columns: Pairs, rows: RowPairs, keys: Keys, stamps: Pairs
) -> list[CellChange]:
    """The cells that differ in meaning; rows that are equal as tuples are not looked into.

    The label of a row that goes on under another one is told by ``rows_renamed`` and is no changed cell;
    nor is one that is only punctuated or nested otherwise. A column that counts the rows is no content, and one
    that bears the edition's date is told as a date.
    """
    columns = [pair for pair in columns if pair != keys.counter and pair not in stamps]
    if not columns:
        return []
    outside_key = keys.outside(columns)
    relabelled = {*rows.renamed, *rows.nested}
    differing = _differing_rows(before, after, columns=columns, rows=rows, keys=keys)
    prefetch(before.rows, (i for i, _ in differing))
    prefetch(after.rows, (j for _, j in differing))
    changes = []
    for i, j in differing:
        row_before, row_after = before.rows[i], after.rows[j]
        for left, right in outside_key if (i, j) in relabelled else columns:
            value_before, value_after = row_before[left], row_after[right]
            if value_before != value_after and not same_meaning(value_before, value_after):
                changes.append(CellChange(i, j, left, right, value_before, value_after))
    return changes


def _differing_rows(before: Table, after: Table, *, columns: Pairs, rows: RowPairs, keys: Keys) -> Pairs:
    """Pairs of rows of which some cell is not the same, or may not be."""
    found = rows_that_differ(before.rows, after.rows, keys.as_columns(columns), columns)
    if found is not None:
        return sorted({*found, *rows.otherwise})
    pairs, rows_before, rows_after = rows.pairs, before.rows, after.rows
    whole = len(columns) == len(before.columns) == len(after.columns)
    if whole and all(i == j for i, j in columns):
        return [(i, j) for i, j in pairs if rows_before[i] != rows_after[j]]
    cut_before, cut_after = cutter([i for i, _ in columns]), cutter([j for _, j in columns])
    return [(i, j) for i, j in pairs if cut_before(rows_before[i]) != cut_after(rows_after[j])]
