"""Rows to rows: by key, by cells where keys repeat, then re-spelt labels over equal cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import partial
from operator import itemgetter
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from diffing.columnar.rows import prefetch
from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.keys import Keys, Pairs
from diffing.comparing.alignment.likeness import words_of
from diffing.comparing.alignment.meaning import meaning
from diffing.comparing.alignment.respelt_rows import pair_respelt
from diffing.identity import row_key
from state.document import Table, Value

GROUP_MOST: Final = 60
"""Rows of one key on one side above which they are paired by equal cells only."""

ORDER_LEAST: Final = 8
ORDER_MOST: Final = 300
ORDER_SHARE: Final = 4
"""Rows without a counterpart (least, most, and one in so many) that are also tried in the order they stand in."""

Cells = tuple[Value, ...]

_REPEAT: Final = re.compile(r" #\d+$")


class RowPairs(Struct, frozen=True):
    """Rows paired so far; ``left`` and ``right`` are without a counterpart. All ascending."""

    pairs: Pairs
    left: list[int]
    right: list[int]
    renamed: Pairs = field(default_factory=list)  # other words, not other punctuation
    nested: Pairs = field(default_factory=list)  # the same label, punctuated or nested otherwise
    coarse: str | None = None
    otherwise: Pairs = field(default_factory=list)  # those of the pairs that have not the same key

    def with_more(self, more: Pairs) -> RowPairs:
        """These pairs and ``more`` of the rows that were left."""
        if not more:
            return self
        taken_left, taken_right = {i for i, _ in more}, {j for _, j in more}
        return replace(
            self,
            pairs=sorted(self.pairs + more),
            otherwise=self.otherwise + more,
            left=[i for i in self.left if i not in taken_left],
            right=[j for j in self.right if j not in taken_right],
        )


def pair_by_key(
    before: Sequence[str], after: Sequence[str], *, joined: Callable[[], Pairs | None] = lambda: None
) -> RowPairs:
    """Rows whose key stands once on each side, as printed or but for typography.

    ``joined`` gives the rows of one key, if none stands twice, where somebody else finds them; else None.
    """
    repeated = repeated_keys(before) | repeated_keys(after)
    pairs = None if repeated else joined()
    if pairs is None:
        pairs = _of_one_key(before, after, repeated)
    left = sorted(set(range(len(before))).difference(map(itemgetter(0), pairs)))
    right = sorted(set(range(len(after))).difference(map(itemgetter(1), pairs)))
    if not left or not right:
        return RowPairs(pairs, left=left, right=right)
    folded_left, folded_right = _by_folded_key(before, left), _by_folded_key(after, right)
    but_typography = [
        (rows[0], folded_right[key][0])
        for key, rows in folded_left.items()
        if len(rows) == 1 and len(folded_right.get(key, ())) == 1
    ]
    return RowPairs(pairs, left=left, right=right).with_more(but_typography)


def _of_one_key(before: Sequence[str], after: Sequence[str], repeated: set[str]) -> Pairs:
    place = dict(zip(after, range(len(after)), strict=True))
    if repeated:
        place = {key: j for key, j in place.items() if base_of(key) not in repeated}
    return [(i, j) for i, j in enumerate(map(place.get, before)) if j is not None]


def pair_rows(before: Table, after: Table, *, columns: Pairs, keyed: RowPairs, keys: Keys) -> RowPairs:
    """All row pairs: ``keyed`` ones, rows of repeated keys by their cells, and re-spelt ones."""
    keyed = replace(keyed, nested=_noted_otherwise(keyed.pairs, keys))
    if not keyed.left or not keyed.right:
        return keyed
    groups_left, groups_right = _by_folded_key(keys.before, keyed.left), _by_folded_key(keys.after, keyed.right)
    cut_left, cut_right = cutter([i for i, _ in columns]), cutter([j for _, j in columns])
    prefetch(before.rows, keyed.left)
    prefetch(after.rows, keyed.right)
    grouped: Pairs = []
    for key in groups_left.keys() & groups_right.keys():
        rows_left = {i: cut_left(before.rows[i]) for i in groups_left[key]}
        rows_right = {j: cut_right(after.rows[j]) for j in groups_right[key]}
        grouped += _pair_group(rows_left, rows_right)
    found = keyed.with_more(grouped)
    if not found.left or not found.right:
        return found
    respelt = pair_respelt(before, after, columns=columns, keys=keys, left=found.left, right=found.right)
    renamed = [(i, j) for i, j in respelt.pairs if words_of(keys.before[i]) != words_of(keys.after[j])]
    found = replace(found.with_more(respelt.pairs), renamed=renamed, coarse=respelt.coarse)
    nested = _pair_by_order(found, keys)
    punctuated = [pair for pair in respelt.pairs if pair not in renamed]
    return replace(found.with_more(nested), nested=found.nested + nested + punctuated)


def _noted_otherwise(pairs: Pairs, keys: Keys) -> Pairs:
    """Rows found under two notations of one period."""
    if not keys.noted:
        return []
    return [(i, j) for i, j in pairs if keys.before[i] != keys.after[j]]


def _pair_by_order(found: RowPairs, keys: Keys) -> Pairs:
    """Rows of a nested table that stand in the same order under the same last labels.

    Applies where a good part of the rows lost its counterpart at once: the labels above them were
    printed or nested otherwise ("Atlanta / GPS", then "GPS").
    """
    few, many = sorted((len(found.left), len(found.right)))
    if few < ORDER_LEAST or many > ORDER_MOST or few * ORDER_SHARE < min(len(keys.before), len(keys.after)):
        return []
    left = [_leaf(keys.before[i]) for i in found.left]
    right = [_leaf(keys.after[j]) for j in found.right]
    if len(set(left)) == len(left):
        return []
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    pairs = [
        (found.left[block.a + step], found.right[block.b + step]) for block in blocks for step in range(block.size)
    ]
    return pairs if len(pairs) >= 0.8 * few else []


def _leaf(key: str) -> str:
    return row_key(base_of(key).rpartition(" / ")[2])


def base_of(key: str) -> str:
    """A key without its count."""
    return _REPEAT.sub("", key) if " #" in key else key


def repeated_keys(keys: Iterable[str]) -> set[str]:
    """Keys that stand more than once, without their count."""
    if " #" not in "\n".join(keys):
        return set()
    return {_REPEAT.sub("", key) for key in keys if " #" in key and _REPEAT.search(key)}


def _by_folded_key(keys: Sequence[str], rows: Iterable[int]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        groups[row_key(base_of(keys[row]))].append(row)
    return groups


def cutter(columns: Sequence[int]) -> Callable[[Cells], Cells]:
    """What takes the cells of ``columns`` from a row, as a tuple."""
    if len(columns) == 1:
        return lambda row: (row[columns[0]],)
    return itemgetter(*columns) if columns else lambda _: ()


def _pair_group(left: dict[int, Cells], right: dict[int, Cells]) -> Pairs:
    """Rows of one key: equal ones first, then by share of equal cells, optimally where they are few."""
    pairs = _pair_equal(left, right, lambda cells: cells)
    paired_left, paired_right = {i for i, _ in pairs}, {j for _, j in pairs}
    left = {i: tuple(map(meaning, cells)) for i, cells in left.items() if i not in paired_left}
    right = {j: tuple(map(meaning, cells)) for j, cells in right.items() if j not in paired_right}
    if not left or not right:
        return pairs
    if max(len(left), len(right)) > GROUP_MOST:
        return pairs + _pair_but_one(left, right)
    scores = {
        (i, j): _share_equal(cells, others) + 0.001 for i, cells in left.items() for j, others in right.items()
    }
    return pairs + assign(scores)


def _pair_equal(left: dict[int, Cells], right: dict[int, Cells], form: Callable[[Cells], Hashable]) -> Pairs:
    """Rows of equal form, each once, in the order in which they stand."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j in sorted(right, reverse=True):
        waiting[form(right[j])].append(j)
    return [(i, places.pop()) for i in sorted(left) if (places := waiting.get(form(left[i])))]


def _pair_but_one(left: dict[int, Cells], right: dict[int, Cells]) -> Pairs:
    """Rows that are equal, then rows equal but for one cell: linear in rows, for long groups."""
    pairs = _pair_equal(left, right, lambda cells: cells)
    width = len(next(iter(left.values())))
    for column in range(width):
        taken_left, taken_right = {i for i, _ in pairs}, {j for _, j in pairs}
        pairs += _pair_equal(
            {i: cells for i, cells in left.items() if i not in taken_left},
            {j: cells for j, cells in right.items() if j not in taken_right},
            partial(_all_but, column),
        )
    return pairs


def _all_but(column: int, cells: Cells) -> Cells:
    return cells[:column] + cells[column + 1 :]


def _share_equal(left: Cells, right: Cells) -> float:
    same = sum(one == other for one, other in zip(left, right, strict=True))
    return same / len(left) if left else 0.0
