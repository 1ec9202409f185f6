"""Two tables that are one: which column, row and cell of the one is which of the other."""

from __future__ import annotations

from diffing.comparing.alignment.columns import pair_by_name, pair_the_rest
from diffing.comparing.alignment.keys import Keys, Pairs, keys_of
from diffing.comparing.alignment.meaning import same_meaning
from diffing.comparing.alignment.rows import RowPairs, cutter, pair_by_key, pair_rows
from diffing.comparing.model import CellChange, TablePair
from diffing.identity import column_key, table_key
from state.document import Table


def align_table(before: Table, after: Table, *, index: int) -> TablePair:
    """Compare two tables that are counterparts. ``index`` is the pair's place in the comparison."""
    columns, renamed, rows, keys = _columns_and_rows(before, after)
    return TablePair(
        index=index,
        key=table_key(after),
        before=before,
        after=after,
        columns=tuple(columns),
        rows=tuple(rows.pairs),
        columns_removed=_missing(len(before.columns), {i for i, _ in columns}),
        columns_added=_missing(len(after.columns), {j for _, j in columns}),
        columns_renamed=tuple(pair for pair in columns if pair in renamed and _renamed(before, after, pair)),
        rows_removed=tuple(rows.left),
        rows_added=tuple(rows.right),
        rows_renamed=tuple(sorted(rows.renamed)),
        cells=tuple(_changed_cells(before, after, columns=columns, rows=rows, keys=keys)),
        coarse=rows.coarse,
    )


def _columns_and_rows(before: Table, after: Table) -> tuple[Pairs, set[tuple[int, int]], RowPairs, Keys]:
    """The column pairs, those of them that are not by name, the row pairs, and what they were paired by.

    Re-spelt rows are found by columns, renamed columns by rows: where rows were found, columns are tried again.
    """
    columns = pair_by_name(before, after)
    keys = keys_of(before, after, columns)
    keyed = pair_by_key(keys.before, keys.after)
    rest = set(pair_the_rest(before, after, named=columns, rows=keyed.pairs))
    columns = sorted([*columns, *rest])
    rows = pair_rows(before, after, columns=columns, keyed=keyed, keys=keys)
    if rows.renamed:
        more = pair_the_rest(before, after, named=columns, rows=rows.pairs)
        if more:
            rest.update(more)
            columns = sorted([*columns, *more])
            rows = pair_rows(before, after, columns=columns, keyed=keyed, keys=keys)
    return columns, rest, rows, keys


def _missing(count: int, present: set[int]) -> tuple[int, ...]:
    return tuple(index for index in range(count) if index not in present)


def _renamed(before: Table, after: Table, pair: tuple[int, int]) -> bool:
    return column_key(before.columns[pair[0]].name) != column_key(after.columns[pair[1]].name)


def _changed_cells(before: Table, after: Table, *, columns: Pairs, rows: RowPairs, keys: Keys) -> list[CellChange]:
    """The cells that differ in meaning; rows that are equal as tuples are not looked into.

    The label of a row that goes on under another one is told by ``rows_renamed`` and is no changed cell;
    nor is one that is only punctuated or nested otherwise. A column that counts the rows is no content.
    """
    columns = [pair for pair in columns if pair != keys.counter]
    if not columns:
        return []
    outside_key = keys.outside(columns)
    relabelled = {*rows.renamed, *rows.nested}
    changes = []
    for i, j in _differing_rows(before, after, columns=columns, pairs=rows.pairs):
        row_before, row_after = before.rows[i], after.rows[j]
        for left, right in outside_key if (i, j) in relabelled else columns:
            value_before, value_after = row_before[left], row_after[right]
            if value_before != value_after and not same_meaning(value_before, value_after):
                changes.append(CellChange(i, j, left, right, value_before, value_after))
    return changes


def _differing_rows(before: Table, after: Table, *, columns: Pairs, pairs: Pairs) -> Pairs:
    rows_before, rows_after = before.rows, after.rows
    whole = len(columns) == len(before.columns) == len(after.columns)
    if whole and all(i == j for i, j in columns):
        return [(i, j) for i, j in pairs if rows_before[i] != rows_after[j]]
    cut_before, cut_after = cutter([i for i, _ in columns]), cutter([j for _, j in columns])
    return [(i, j) for i, j in pairs if cut_before(rows_before[i]) != cut_after(rows_after[j])]
