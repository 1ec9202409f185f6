"""``precision-reduced``: columns lost their decimals or were rounded, or finer categories were merged into one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diffing.comparing.model import CellChange, Draft, Evidence, FactKey, TablePair
from diffing.grounds.churn import amounts
from diffing.grounds.figures import both_numbers, is_number, item_of, tolerance, untold_cells, where_is
from diffing.grounds.wording import listing, number, percentage, place, plural
from diffing.identity import row_key, table_key
from state.document import Table, Value
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "precision-reduced",
        Severity.MEDIUM,
        "columns lost their decimals or were rounded, or finer categories were merged",
        tolerances={"figures": "how many figures a block must have to be judged"},
    ),
)
RANK = 30

HAD, HAS = 0.5, 0.1
"""Share of figures with decimals: above the first before and below the second after, they were dropped."""

LEAST_FIGURES = 5

STEPS = (1_000, 500, 100, 50, 10, 5)
"""To what whole figures are rounded, the coarsest first."""

ROUNDED = 0.95
"""Share of a column's figures, noughts apart, that are multiples of a step once they were rounded to it."""

LEAST_ROUNDED = 3
"""Figures that must have moved by less than the step."""

LEAST_MOVED = 12
"""Different figures that must be such multiples where they moved on as well: by chance they never all are."""

LEAST_DISTINCT = 4
"""Different figures: the same one in every row is a multiple of something by chance."""

LEAST_COLUMNS = 3
"""Columns in which a row must be the sum of others before that is more than chance."""

ALIKE = 0.05
"""How far (share) a merged category may stand from the sum of its parts: releases move a little besides."""


class _Block(NamedTuple):
    """Columns under one header, with how many of their figures had and have decimals."""

    columns: tuple[tuple[int, int], ...]
    figures: int
    before: int
    after: int


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table whose decimals went, and one a table whose categories were merged."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        blocks = [lost for block in _blocks(pair) for lost in _losers(evidence, pair, block)]
        if blocks:
            yield _without_decimals(pair, blocks)
        yield from _rounded(evidence, pair)
        yield from _merged_rows(evidence, pair)


def _blocks(pair: TablePair) -> Iterator[_Block]:
    """Columns under one header, where enough cells changed for decimals to have been dropped."""
    groups: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    changed = Counter(change.column_after for change in pair.cells)
    if len(pair.cells) * 4 < len(pair.rows):
        return
    for columns in pair.columns:
        if not changed[columns[1]]:
            continue
        groups[pair.after.columns[columns[1]].path[:-1]].append(columns)
    for members in groups.values():
        yield _block(pair, members)


def _block(pair: TablePair, members: Sequence[tuple[int, int]]) -> _Block:
    both = [numbers for columns in members for numbers in both_numbers(pair, columns)]
    both = [numbers for numbers in both if numbers[3] or not numbers[2]]  # what became nought was not rounded
    before = sum(not float(numbers[2]).is_integer() for numbers in both)
    after = sum(not float(numbers[3]).is_integer() for numbers in both)
    return _Block(tuple(members), len(both), before, after)


def _losers(evidence: Evidence, pair: TablePair, block: _Block) -> list[_Block]:
    """The block where it lost its decimals as one, else those of its columns that did."""
    if _lost(evidence, block):
        return [block]
    return [each for columns in block.columns if _lost(evidence, each := _block(pair, [columns]))]


def _lost(evidence: Evidence, block: _Block) -> bool:
    least = tolerance(evidence, "precision-reduced.figures", LEAST_FIGURES)
    return block.figures >= least and block.before > HAD * block.figures and block.after < HAS * block.figures


def _without_decimals(pair: TablePair, blocks: Sequence[_Block]) -> Draft:
    columns = {column for block in blocks for column in block.columns}
    columns = {column for column in columns if any(True for _ in both_numbers(pair, column))}
    names = [pair.after.columns[after].name for _, after in sorted(columns)]
    figures = sum(block.figures for block in blocks)
    before = percentage(100 * sum(block.before for block in blocks) / figures)
    after = percentage(100 * sum(block.after for block in blocks) / figures)
    inside = {after for _, after in columns}
    return Draft(
        kind="precision-reduced",
        title=f"{place(pair.after)}: {plural(len(names), 'column')} lost the decimals",
        reason=f"{before} of {plural(figures, 'figure')} had decimals before, {after} now: {listing(names)}",
        subject=(table_key(pair.after), "decimals"),
        where=where_is(pair.after, column=names[0] if len(names) == 1 else None),
        items=tuple(Item(column=name) for name in names),
        explains=tuple(pair.cell_fact(change) for change in pair.cells if change.column_after in inside),
    )


def _rounded(evidence: Evidence, pair: TablePair) -> Iterator[Draft]:
    """One statement for all columns of a table whose whole figures were rounded to the same step."""
    changed: dict[int, list[CellChange]] = defaultdict(list)
    for change in untold_cells(evidence, pair):
        if is_number(change.before) and is_number(change.after):
            changed[change.column_after].append(change)
    for step, members in _steps(pair, changed).items():
        yield _to_step(pair, step, members, [change for _, after in members for change in changed[after]])


def _steps(
    pair: TablePair, changed: Mapping[int, Sequence[CellChange]]
) -> Mapping[int, Sequence[tuple[int, int]]]:
    """The columns that were rounded, by the step; where figures moved on as well, by more than chance."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    moved: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for columns in pair.columns:
        changes = changed.get(columns[1], ())
        step = _step(pair, columns, changes)
        if step:
            near = sum(_difference(change) < step for change in changes)
            (found if near >= ROUNDED * len(changes) else moved)[step].append(columns)
    for step, members in moved.items():
        after = {numbers[3] for columns in members for numbers in both_numbers(pair, columns)}
        if step in found or len(after) >= LEAST_MOVED:
            found[step] += members
    return found


def _step(pair: TablePair, columns: tuple[int, int], changes: Sequence[CellChange]) -> int | None:
    """To what a column's figures were rounded; None where they were not, or had been before."""
    if len(changes) < LEAST_ROUNDED or not any(_may_be(step, changes) for step in STEPS):
        return None
    both = [(before, after) for _, _, before, after in both_numbers(pair, columns) if before or after]
    if sum(bool(after) for _, after in both) < max(LEAST_FIGURES, HAD * len(both)):
        return None  # what became nought was not rounded
    if len({after for _, after in both}) < LEAST_DISTINCT:
        return None
    for step in STEPS:
        before = sum(figure % step == 0 for figure, _ in both)
        after = sum(figure % step == 0 for _, figure in both)
        if after >= ROUNDED * len(both) and before <= HAD * len(both):
            return step
    return None


def _may_be(step: int, changes: Sequence[CellChange]) -> bool:
    """Whether so many of the changed figures became multiples of a step that the column may have been rounded.

    Figures that did not change are multiples on both sides or on none.
    """
    became = sum(_is_multiple(change.after, step) and not _is_multiple(change.before, step) for change in changes)
    return became >= (ROUNDED - HAD) * len(changes)


def _is_multiple(value: Value, step: int) -> bool:
    return is_number(value) and value % step == 0


def _difference(change: CellChange) -> float:
    return abs(change.after - change.before) if is_number(change.before) and is_number(change.after) else math.inf


def _to_step(pair: TablePair, step: int, members: Sequence[tuple[int, int]], changes: list[CellChange]) -> Draft:
    names = [pair.after.columns[after].name for _, after in members]
    figures = [numbers for columns in members for numbers in both_numbers(pair, columns)]
    before = percentage(100 * sum(numbers[2] % step == 0 for numbers in figures) / len(figures))
    what = f"column “{names[0]}”" if len(names) == 1 else f"{plural(len(names), 'column')}"
    return Draft(
        kind="precision-reduced",
        title=f"{place(pair.after)}: figures of {what} were rounded to multiples of {number(step)}",
        reason=f"{before} of {plural(len(figures), 'figure')} were such multiples before, nearly all are now:"
        f" {listing(names)}",
        subject=(table_key(pair.after), "rounded"),
        where=where_is(pair.after, column=names[0] if len(names) == 1 else None),
        items=tuple(item_of(pair, change) for change in changes),
        explains=tuple(pair.cell_fact(change) for change in changes),
    )


def _merged_rows(evidence: Evidence, pair: TablePair) -> Iterator[Draft]:
    """Two or more rows that left while one joined with their sum in every column."""
    gone = [row for row in pair.rows_removed if _fact("row-removed", pair, row) not in evidence.told]
    if not 2 <= len(gone) <= 12:
        return
    columns = set(amounts(pair.before))
    places = [(before, after) for before, after in pair.columns if before in columns]
    for new in pair.rows_added:
        if _is_sum(pair, gone, new, places):
            yield _merge(pair, gone, new)
            return


def _is_sum(pair: TablePair, gone: Sequence[int], new: int, places: Sequence[tuple[int, int]]) -> bool:
    """Whether the new row stands near the sum of those that left, in at least three columns that count."""
    near = 0
    for before, after in places:
        parts = [value for row in gone if is_number(value := pair.before.rows[row][before])]
        whole = pair.after.rows[new][after]
        if not is_number(whole) or not (whole or any(parts)):
            continue
        if abs(sum(parts) - whole) > ALIKE * max(abs(sum(parts)), abs(whole)):
            return False
        near += sum(map(bool, parts)) >= 2
    return near >= LEAST_COLUMNS


def _merge(pair: TablePair, gone: Sequence[int], new: int) -> Draft:
    labels = _labels(pair.before, gone)
    joint = pair.after.row_keys[new]
    return Draft(
        kind="precision-reduced",
        title=f"{place(pair.after)}: {listing(labels)} merged into “{joint}”",
        reason=f"the new row is within {percentage(100 * ALIKE)} of the sum of those that left, in every column",
        subject=(table_key(pair.after), row_key(joint)),
        where=where_is(pair.after, row=joint),
        items=tuple(Item(row=label) for label in labels),
        explains=(
            *(_fact("row-removed", pair, row) for row in gone),
            _fact("row-added", pair, new),
        ),
    )


def _labels(table: Table, rows: Sequence[int]) -> list[str]:
    return [table.row_keys[row] for row in rows]


def _fact(subject: str, pair: TablePair, row: int) -> FactKey:
    return FactKey(subject, pair.index, str(row))
