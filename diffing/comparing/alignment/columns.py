"""Columns to columns: by name, then by agreement of their values over rows that are already paired."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diffing.columnar.rows import prefetch
from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.likeness import label_likeness, respelt, words_of
from diffing.comparing.alignment.meaning import SMALL_NUMBER, bits_of, likeness_of, meaning
from diffing.identity import column_key, without_dates, without_fiscal_year
from state.document import Column, Table, Value

SAMPLE_ROWS: Final = 2_000
"""Paired rows looked at, at the most, to decide whether two columns hold the same values."""

SAMPLE_WORK: Final = 400_000
"""Cells looked at, at the most, over all pairs of columns without a counterpart by name."""

PAIRS_MOST: Final = 2_500
"""Pairs of columns without a counterpart by name that are all weighed; above, only the likeliest ones."""

LIKELIEST: Final = 8
"""Columns weighed as counterparts of one, where not all are."""

NEAR_BY_CHANCE: Final = 0.5
"""How alike two numbers of one size are on average, in the measure of ``likeness_of``."""

AGREEMENT: Final = 0.7
"""Share of information in which a renamed column agrees with its old self. Renamed columns of real releases,
typing noise and edits inside them included, agree in 0.89 to 0.99 of their cells."""

EVIDENCE_BITS: Final = 12.0
"""Information that must agree before values alone say that two columns are one."""

EVIDENCE_BITS_IN_PLACE: Final = 4.0
"""The same for a column that stands between the same neighbours."""

CLOSE: Final = 1.25
"""How many times larger a figure to date may be in the next release to be the same figure that grew."""

CLOSE_SHARE: Final = 0.75
"""Share of figures that are close from which a column in place is the same one under another name. In ordinary
pairs of releases at least 0.76 of a column's figures are close to its own, at most 0.51 to another column's."""

CLOSE_ROWS: Final = 8
"""Rows with figures on both sides that this needs."""

CLOSE_ROWS_ALONE: Final = 2
"""The same where it is the only column without a counterpart on either side, and every figure is close."""

STRANGE: Final = 0.1
MOVED_SHARE: Final = 0.9
MOVED_LEAST: Final = 5
"""A header moved where its column keeps less than this share of its information, another one has so much of it,
in so many rows at least."""

_NUMBERED: Final = re.compile(r"column \d+")
"""What readers call a column without a header."""

Pairs = list[tuple[int, int]]


class Agreement(Struct, frozen=True):
    """How two columns agree. ``share`` is corrected for chance (1 all, 0 as by chance).

    ``close`` is the share of figures that only moved on a little.
    """

    share: float
    exact: float
    bits: float
    close: float = 0.0


def pair_by_name(before: Table, after: Table) -> Pairs:
    """Columns of the same name, once on each side.

    Then those whose fiscal year moved with the table's, those of one period in two notations, those of the same
    words in other punctuation, those that carry another date, and those that only lost or got a common header
    above theirs. A column without a header has no name, whatever number it is called by.
    """
    left = {i: _name(column) for i, column in enumerate(before.columns)}
    right = {j: _name(column) for j, column in enumerate(after.columns)}
    pairs = _take_unique(left, right, dict(left), dict(right))
    if before.fiscal_year and after.fiscal_year and before.fiscal_year != after.fiscal_year:
        rolled_left = _formed(left, partial(without_fiscal_year, fiscal_year=before.fiscal_year))
        rolled_right = _formed(right, partial(without_fiscal_year, fiscal_year=after.fiscal_year))
        pairs += _take_unique(left, right, rolled_left, rolled_right)
    pairs += _take_unique(left, right, _times(before, left), _times(after, right))
    for form in (_words, without_dates):
        pairs += _take_unique(left, right, _formed(left, form), _formed(right, form))
    pairs += _take_unique(left, right, _formed(left, _leaf), _formed(right, _leaf), fits=_lost_header)
    return sorted(pairs)


def pair_the_rest(
    before: Table, after: Table, *, named: Pairs, rows: Pairs, never: Collection[tuple[int, int]] = ()
) -> Pairs:
    """Columns without a counterpart of the same name that hold the same values, or nearly the same name.

    ``named`` are the pairs found by name, ``rows`` rows already paired, ``never`` pairs that are none, whatever
    their names. Pairs of one name that is printed more than once are returned too.
    """
    left = sorted(set(range(len(before.columns))) - {i for i, _ in named})
    right = sorted(set(range(len(after.columns))) - {j for _, j in named})
    if not left or not right:
        return []
    sample = _sample(rows, len(left) * len(right))
    _prefetch(before, after, sample)
    values_left = {i: [meaning(before.rows[row][i]) for row, _ in sample] for i in left}
    values_right = {j: [meaning(after.rows[row][j]) for _, row in sample] for j in right}
    in_place = _in_place(left, right, named)
    scores = {}
    for i, j in _candidates(values_left, values_right):
        if (i, j) in never:
            continue
        agreement = _agreement(values_left[i], values_right[j])
        if (i, j) in in_place and not before.columns[i].period and not after.columns[j].period:
            alone = len(left) == len(right) == 1
            agreement = replace(agreement, close=_closeness(values_left[i], values_right[j], alone=alone))
        score = _score(before.columns[i].name, after.columns[j].name, agreement, in_place=(i, j) in in_place)
        if score > 0:
            scores[(i, j)] = score + _nearness(i, j, before, after)
    return assign(scores)


def contradicted(before: Table, after: Table, *, named: Pairs, every: Pairs, rows: Pairs) -> set[tuple[int, int]]:
    """Pairs of one name whose content stands under another header: the name moved on.

    ``named`` are pairs found by name outside the key, ``every`` all of them. Nothing is looked into unless columns
    are without a counterpart: the header that moved left one behind.
    """
    left = sorted(set(range(len(before.columns))) - {i for i, _ in every})
    right = sorted(set(range(len(after.columns))) - {j for _, j in every})
    if not left or not right or not named or len(rows) < MOVED_LEAST:
        return set()
    sample = _sample(rows, (len(named) + len(left)) * (len(named) + len(right)))
    _prefetch(before, after, sample)
    values_left = {i: [meaning(before.rows[row][i]) for row, _ in sample] for i in (*left, *(i for i, _ in named))}
    values_right = {
        j: [meaning(after.rows[row][j]) for _, row in sample] for j in (*right, *(j for _, j in named))
    }
    strange = {pair for pair in named if _agreement(values_left[pair[0]], values_right[pair[1]]).exact < STRANGE}
    homes_left = {i: values_left[i] for i in (*left, *(i for i, _ in strange))}
    homes_right = {j: values_right[j] for j in (*right, *(j for _, j in strange))}
    likely = set(_candidates(homes_left, homes_right)) - strange - set(product(left, right))
    homes = [(i, j) for i, j in likely if _is_home(values_left[i], values_right[j])]
    found_left, found_right = {i for i, _ in homes}, {j for _, j in homes}
    return {(i, j) for i, j in strange if i in found_left or j in found_right}


def _is_home(left: Sequence[Value], right: Sequence[Value]) -> bool:
    agreement = _agreement(left, right)
    return agreement.share >= MOVED_SHARE and agreement.exact >= MOVED_SHARE and agreement.bits >= EVIDENCE_BITS


def _name(column: Column) -> str:
    """A header's text in its comparison form; "" for a column that has none."""
    return "" if _NUMBERED.fullmatch(column.name) else column_key(column.name)


def _times(table: Table, names: Mapping[int, str]) -> dict[int, str]:
    """The periods that columns are about, each with the headers above it; "" for no period."""
    marks = {}
    for index in names:
        column = table.columns[index]
        period = column.period
        known = period is not None and period.start is not None and period.end is not None
        marks[index] = f"{column_key(' / '.join((*column.path[:-1], '')))}{period}" if known else ""
    return marks


def _formed(names: Mapping[int, str], form: Callable[[str], str]) -> dict[int, str]:
    return {index: form(name) for index, name in names.items()}


def _words(name: str) -> str:
    return " ".join(words_of(name))


def _take_unique(
    left: dict[int, str],
    right: dict[int, str],
    marks_left: Mapping[int, str],
    marks_right: Mapping[int, str],
    *,
    fits: Callable[[str, str], bool] = lambda _before, _after: True,
) -> Pairs:
    """Pairs of columns whose mark occurs once on each side, taken out of ``left`` and ``right``; "" is no mark."""
    once_left, once_right = Counter(marks_left.values()), Counter(marks_right.values())
    place = {mark: j for j, mark in marks_right.items()}
    pairs = [
        (i, place[mark])
        for i, mark in marks_left.items()
        if mark and once_left[mark] == 1 and once_right[mark] == 1 and fits(left[i], right[place[mark]])
    ]
    for i, j in pairs:
        del left[i], right[j]
    return pairs


def _leaf(name: str) -> str:
    return name.rpartition(" / ")[2]


def _lost_header(before: str, after: str) -> bool:
    return before.endswith(f" / {after}") or after.endswith(f" / {before}")


def _sample(rows: Pairs, column_pairs: int) -> Pairs:
    """Rows spread evenly over the paired ones, as many as the work allows."""
    most = max(50, min(SAMPLE_ROWS, SAMPLE_WORK // column_pairs))
    if len(rows) <= most:
        return rows
    return [rows[index * len(rows) // most] for index in range(most)]


def _prefetch(before: Table, after: Table, rows: Pairs) -> None:
    prefetch(before.rows, (i for i, _ in rows))
    prefetch(after.rows, (j for _, j in rows))


def _in_place(left: Sequence[int], right: Sequence[int], named: Pairs) -> set[tuple[int, int]]:
    """Pairs that stand between the same neighbours, alone or at the same place of a run of equal length."""
    runs_left, runs_right = _runs(left, {i: (i, j) for i, j in named}), _runs(right, {j: (i, j) for i, j in named})
    found: set[tuple[int, int]] = set()
    for neighbours, run in runs_left.items():
        other = runs_right.get(neighbours, [])
        if len(run) == len(other):
            found.update(zip(run, other, strict=True))
    return found


def _runs(
    lone: Sequence[int], pair_of: dict[int, tuple[int, int]]
) -> dict[tuple[tuple[int, int] | None, tuple[int, int] | None], list[int]]:
    """Runs of neighbouring unpaired columns by the pairs at their left and right."""
    runs: list[list[int]] = []
    for index in lone:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return {(pair_of.get(run[0] - 1), pair_of.get(run[-1] + 1)): run for run in runs}


def _candidates(left: dict[int, list[Value]], right: dict[int, list[Value]]) -> Pairs:
    """The pairs worth weighing: all where they are few, else those that agree in the rarest values."""
    if len(left) * len(right) <= PAIRS_MOST:
        return [(i, j) for i in left for j in right]
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for row in range(len(next(iter(left.values())))):
        holders = defaultdict(list)
        for j, values in right.items():
            holders[values[row]].append(j)
        for i, values in left.items():
            found = holders.get(values[row], [])
            if 0 < len(found) <= LIKELIEST:
                votes[i].update(found)
    return [(i, j) for i, ballot in votes.items() for j, _ in ballot.most_common(LIKELIEST)]


def _agreement(left: Sequence[Value], right: Sequence[Value]) -> Agreement:
    """Agreement weighed by information: a value that fills the column says little, a rare one much."""
    counts = Counter(left) + Counter(right)
    total = counts.total()
    if not total:
        return Agreement(0.0, 0.0, 0.0)
    weight = {value: _information(value, count, total) for value, count in counts.items()}
    whole = sum(weight[value] * count for value, count in counts.items()) / 2
    if not whole:
        return Agreement(0.0, 0.0, 0.0)
    pairs = list(zip(left, right, strict=True))
    equal = sum(weight[one] for one, other in pairs if one == other)
    near = sum((weight[one] + weight[other]) / 2 * likeness_of(one, other) for one, other in pairs if one != other)
    share, chance = (equal + near) / whole, _chance(left, right, weight, equal, near) / whole
    bits = equal + sum(bits_of(value) for value in {one for one, other in pairs if one == other})
    return Agreement((share - chance) / (1 - chance) if chance < 1 else 0.0, equal / whole, bits)


def _closeness(left: Sequence[Value], right: Sequence[Value], *, alone: bool) -> float:
    """Share of the figures, zeros on both sides apart, that are close to each other; 0 where they are few.

    ``alone`` says that no other column could be meant: then few rows do, if all of them are close.
    """
    figures = [
        (one, other)
        for one, other in zip(left, right, strict=True)
        if isinstance(one, int | float) and isinstance(other, int | float) and (one or other)
    ]
    both = sum(1 for one, other in figures if one and other)
    share = sum(_is_close(one, other) for one, other in figures) / len(figures) if figures else 0.0
    enough = both >= CLOSE_ROWS or (alone and both >= CLOSE_ROWS_ALONE and share == 1.0)
    return share if enough else 0.0


def _is_close(one: float, other: float) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return one * other > 0 and high <= CLOSE * low


def _chance(
    left: Sequence[Value], right: Sequence[Value], weight: dict[Value, float], equal: float, near: float
) -> float:
    """The weight in which the columns would agree if their rows were paired at random.

    That is the mean over all other pairings of the rows; numbers count as near where their logarithms fall
    into the same tenth.
    """
    if len(left) < 2:
        return 0.0
    counts_left, counts_right = Counter(left), Counter(right)
    by_value = sum(count * counts_right[value] * weight[value] for value, count in counts_left.items())
    sizes_left, sizes_right = _sizes(counts_left), _sizes(counts_right)
    mean = sum(weight[value] * count for value, count in (counts_left + counts_right).items()) / 2 / len(left)
    by_size = sum(count * sizes_right[size] for size, count in sizes_left.items()) * mean * NEAR_BY_CHANCE
    return (max(0.0, by_value - equal) + max(0.0, by_size - near)) / (len(left) - 1)


def _sizes(counts: Mapping[Value, int]) -> Counter[tuple[bool, int]]:
    """How many numbers are of each sign and size, sizes in steps of a tenth."""
    sizes: Counter[tuple[bool, int]] = Counter()
    for value, count in counts.items():
        if isinstance(value, int | float) and abs(value) >= SMALL_NUMBER and math.isfinite(value):
            sizes[(value > 0, round(math.log(abs(value), 1.1)))] += count
    return sizes


def _information(value: Value, count: int, total: int) -> float:
    """Bits that it takes to say ``value`` in this column; the prior keeps small columns from looking sure."""
    if value is None:
        return -math.log2((count + 2) / (total + 2)) / 4
    prior = 2.0 ** -bits_of(value)
    return -math.log2((count + 2 * prior) / (total + 2))


def _score(before: str, after: str, agreement: Agreement, *, in_place: bool) -> float:
    """How surely two columns are one, above 0 where they may be paired at all."""
    if column_key(before) == column_key(after):
        return 3.0 + agreement.share
    if respelt(before, after):
        return 2.0 + agreement.share
    names = label_likeness(before, after)
    enough = agreement.bits >= EVIDENCE_BITS or (in_place and agreement.bits >= EVIDENCE_BITS_IN_PLACE)
    same_leaf = _leaf(column_key(before)) == _leaf(column_key(after))
    least = 0.5 if same_leaf else AGREEMENT
    if enough and agreement.share >= least and (agreement.exact >= 0.5 or agreement.share >= 0.9):
        return agreement.share + 0.2 * names
    if agreement.close >= CLOSE_SHARE:
        return agreement.close * 0.5 + 0.2 * names
    return 0.0


def _nearness(i: int, j: int, before: Table, after: Table) -> float:
    """A little for a like place from the left, to settle ties."""
    return 0.01 * (1 - abs(i / len(before.columns) - j / len(after.columns)))
