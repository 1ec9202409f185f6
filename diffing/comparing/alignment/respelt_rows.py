"""Rows without a counterpart of the same key: the same row under another spelling or another label."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from diffing.columnar.rows import prefetch
from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.keys import Keys, Pairs
from diffing.comparing.alignment.likeness import LABEL_LONGEST, bare_label, label_likeness, respelt, words_of
from diffing.comparing.alignment.meaning import bits_of, likeness_of, meaning
from diffing.identity import row_key
from state.document import Table, Value

LEFTOVER_MOST: Final = 20_000
"""Rows without a counterpart on one side above which re-spelt labels are not searched for."""

PAIRS_MOST: Final = 40_000
"""Pairs of rows weighed at the most."""

CANDIDATES_MOST: Final = 12
"""Candidates weighed for one row at the most."""

COMMON_MOST: Final = 30
"""Rows that may share a word or a value before it says nothing about which row is meant."""

SAMPLE_ROWS: Final = 5_000
"""Rows counted, at the most, to learn how common the values of a column are."""

RELABELLED_SHARE: Final = 0.85
RELABELLED_BITS: Final = 24.0
"""Cells that must agree (share of information, bits) before a row is the same under quite another label."""

RELABELLED_FIGURES: Final = 2
"""Figures other than zero among them: dates, places and addresses are shared by rows that are not one."""

NEAR_LABEL: Final = 0.5
NEAR_SHARE: Final = 0.6
NEAR_BITS: Final = 12.0
"""The same for a row whose label is alike, though no re-spelling."""

RESPELT_SHARE: Final = 0.25
"""The same for a re-spelt label: nearly anything, since figures move from release to release."""


class Respelt(Struct, frozen=True):
    """Rows that are one under two labels; ``coarse`` says why they were not searched for, if so."""

    pairs: Pairs
    coarse: str | None = None


class _Row(Struct, frozen=True):
    """A row in its comparison form. ``label`` is its key, ``cells`` those outside the key."""

    label: str
    cells: tuple[Value, ...]


def pair_respelt(
    before: Table,
    after: Table,
    *,
    columns: Pairs,
    keys: Keys,
    left: Sequence[int],
    right: Sequence[int],
) -> Respelt:
    """Pairs among the rows ``left`` and ``right`` that have no counterpart of the same key."""
    if max(len(left), len(right)) > LEFTOVER_MOST:
        reason = (
            f"{len(left):,} rows left and {len(right):,} joined: more than {LEFTOVER_MOST:,}, "
            "so re-spelt labels were not searched for"
        )
        return Respelt([], reason)
    outside_key = keys.outside(columns)
    prefetch(before.rows, left)
    prefetch(after.rows, right)
    rows_left = _rows(before, left, keys.before, [i for i, _ in outside_key])
    rows_right = _rows(after, right, keys.after, [j for _, j in outside_key])
    weights = [_rarity(before, after, i, j) for i, j in outside_key]
    scores = {}
    for i, j in _candidates(rows_left, rows_right):
        if keys.dated_apart(i, j):
            continue
        score = _score(rows_left[i], rows_right[j], weights)
        if score > 0:
            scores[(i, j)] = score
    return Respelt(assign(scores))


def _rows(table: Table, rows: Sequence[int], keys: Sequence[str], columns: Sequence[int]) -> dict[int, _Row]:
    return {
        row: _Row(row_key(keys[row]), tuple(meaning(table.rows[row][column]) for column in columns))
        for row in rows
    }


def _rarity(before: Table, after: Table, column_before: int, column_after: int) -> dict[Value, float]:
    """Bits that each value of a column pair carries: rare ones much, one that fills the column none.

    What stands once on each side carries at least half of what its own digits or letters say.
    """
    counts: Counter[Value] = Counter()
    for table, column in ((before, column_before), (after, column_after)):
        step = max(1, len(table.rows) // SAMPLE_ROWS)
        for value, count in Counter([row[column] for row in table.rows[::step]]).items():
            counts[meaning(value)] += count
    total = counts.total() + 2
    return {
        value: max(-math.log2((count + 1) / total), bits_of(value) / 2 if count <= 2 else 0.0)
        for value, count in counts.items()
    }


def _candidates(left: dict[int, _Row], right: dict[int, _Row]) -> Iterable[tuple[int, int]]:
    """Pairs that share a label but for spelling, rare words of it, or rare values."""
    places: dict[object, list[int]] = defaultdict(list)
    for j, row in right.items():
        for mark in _marks(row):
            places[mark].append(j)
    most = max(1, min(CANDIDATES_MOST, PAIRS_MOST // len(left)))
    for i, row in left.items():
        votes: Counter[int] = Counter()
        for mark in _marks(row):
            holders = places.get(mark, ())
            if len(holders) <= COMMON_MOST:
                votes.update(holders)
        if len(right) <= most:
            votes.update(right.keys())
        for j, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:most]:
            yield i, j


def _marks(row: _Row) -> set[object]:
    """What a row can be looked up by."""
    marks: set[object] = {("cells", row.cells)}
    if len(row.label) <= LABEL_LONGEST:
        marks.add(("label", bare_label(row.label)))
        for word in words_of(row.label):
            marks.add(("word", word))
            if len(word) > 4:
                marks.update((("start", word[:4]), ("end", word[-4:])))
    for place, value in enumerate(row.cells):
        if bits_of(value) > 6:
            marks.add((place, value))
    return marks


def _score(left: _Row, right: _Row, weights: Sequence[dict[Value, float]]) -> float:
    """How surely two rows are one, above 0 where they may be paired at all."""
    share, bits = _cells_agree(left.cells, right.cells, weights)
    if _labels_respelt(left.label, right.label):
        alike = bare_label(left.label) == bare_label(right.label)
        return 2.0 + share if alike or share >= RESPELT_SHARE or not left.cells else 0.0
    label = label_likeness(left.label, right.label)
    near = label >= NEAR_LABEL and share >= NEAR_SHARE and bits >= NEAR_BITS
    relabelled = share >= RELABELLED_SHARE and bits >= RELABELLED_BITS and _share_figures(left.cells, right.cells)
    return share + 0.5 * label if near or relabelled else 0.0


def _share_figures(left: tuple[Value, ...], right: tuple[Value, ...]) -> bool:
    same = (one for one, other in zip(left, right, strict=True) if one == other)
    return sum(isinstance(each, int | float) and bool(each) for each in same) >= RELABELLED_FIGURES


def _cells_agree(
    left: tuple[Value, ...], right: tuple[Value, ...], weights: Sequence[dict[Value, float]]
) -> tuple[float, float]:
    """Share of information in which the cells agree, and the bits of those that are equal."""
    agreed = most = bits = 0.0
    for one, other, weight in zip(left, right, weights, strict=True):
        both = (weight.get(one, 8.0) + weight.get(other, 8.0)) / 2
        most += both
        if one == other:
            agreed += both
            bits += min(both, bits_of(one)) if one is not None else 0.0
        else:
            agreed += both * likeness_of(one, other)
    return (agreed / most if most else 0.0), bits


def _labels_respelt(before: str, after: str) -> bool:
    """Whether two row keys are one name re-spelt, part by part where they have as many parts."""
    left, right = before.split(" / "), after.split(" / ")
    if len(left) != len(right):
        return respelt(before, after)
    return all(one == other or respelt(one, other) for one, other in zip(left, right, strict=True))
