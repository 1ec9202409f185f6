"""Which columns identify the rows of two tables that are one: chosen over both releases together.

Readers choose by one release. What they chose stands where it finds the rows again; where rows are left without a
counterpart on both sides, columns are sought under which more of them have one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from msgspec.structs import replace

from diffing.columnar.join import rows_of_one_key
from diffing.columnar.rows import column_of
from diffing.comparing.alignment.keys import Keys, Pairs, keys_as_read, keys_of, made_of
from diffing.comparing.alignment.periods import marks_of, months_of
from diffing.comparing.alignment.rows import RowPairs, pair_by_key
from diffing.readers.tables.keys import declared_columns, tell_apart
from diffing.readers.tables.roles import NAMING, Role, is_dated, roles_of
from diffing.readers.tables.stamps import is_stamp
from diffing.values import normalise
from state.document import Table, Value
from state.model import Rules

LOST: Final = 0.2
"""Share of rows without a counterpart on both sides from which on any other key is sought."""

BETTER: Final = 0.1
"""Share of rows by which another key must find more of them again."""

BROKEN: Final = 0.5
"""Share of rows found again below which a key may give way to columns that have nothing to do with it."""

TOLD_APART: Final = 0.98
"""Share of rows that part of a key must tell apart to serve without the rest."""

MOVED_LEAST: Final = 3
"""Rows that must be found again by part of their key for the rest to be no part of it."""

POOL_MOST: Final = 12
"""Columns that are tried as parts of another key."""

PARTS_MOST: Final = 4
"""Columns that such a key may have."""

SEARCHED_MOST: Final = 50_000
"""Rows above which no other key is sought."""


class Choice(NamedTuple):
    """The keys of two tables and the rows that they pair."""

    keys: Keys
    keyed: RowPairs


class Known(NamedTuple):
    """What is known of a table's columns: what a source file declares, and the key of the release before.

    All are names; those of ``learnt`` are normalised.
    """

    rules: Rules = Rules()
    learnt: tuple[str, ...] = ()


NOTHING_KNOWN: Final = Known()


def choose_keys(before: Table, after: Table, columns: Pairs, *, known: Known = NOTHING_KNOWN) -> Choice:
    """The keys under which rows find their counterparts.

    ``columns`` are the pairs found by name. A declared key holds whatever it finds, the key by which the release
    before was compared as long as no other finds many more.
    """
    if known.rules.keys:
        keys = keys_of(before, after, columns)
        choice = Choice(keys, _paired(before, after, columns, keys))
        return _in_one_notation(before, after, columns, choice) or choice
    other = declared_columns(
        [column.name for column in before.columns], (*known.rules.measures, *known.rules.stamps)
    )
    naming = [pair for pair in columns if pair[0] not in other]
    return _choose(before, after, columns, naming=naming, learnt=known.learnt)


def _choose(before: Table, after: Table, columns: Pairs, *, naming: Pairs, learnt: Sequence[str]) -> Choice:
    keys = _of_names(before, after, columns, learnt) or keys_of(before, after, columns)
    choice = Choice(keys, _paired(before, after, columns, keys))
    if choice.keyed.left and len(before.rows) == len(after.rows) == 1:
        return _alone(before, after, columns) or choice
    for better in (_in_one_notation, _in_one_column, _without_a_part, _of_other_columns):
        if not choice.keyed.left or not choice.keyed.right:
            break
        choice = better(before, after, naming, choice) or choice
    return choice


def _paired(before: Table, after: Table, columns: Pairs, keys: Keys) -> RowPairs:
    return pair_by_key(
        keys.before,
        keys.after,
        joined=lambda: rows_of_one_key(before.rows, after.rows, keys.as_columns(columns)),
    )


def stamps_of(before: Table, after: Table, columns: Pairs, keys: Keys, *, known: Known = NOTHING_KNOWN) -> Pairs:
    """Columns that give the edition's date, one in every row of a release, and those declared to."""
    declared = declared_columns([column.name for column in before.columns], known.rules.stamps)
    return [
        (i, j) for i, j in keys.outside(columns) if i in declared or (is_stamp(before, i) and is_stamp(after, j))
    ]


def _of_names(before: Table, after: Table, columns: Pairs, learnt: Sequence[str]) -> Keys | None:
    """Keys of the columns that go by these names on the side before; None where one is missing."""
    places = {normalise(before.columns[i].name): (i, j) for i, j in columns}
    found = [places.get(name) for name in learnt]
    chosen = [pair for pair in found if pair is not None]
    if not chosen or len(chosen) < len(found) or {i for i, _ in chosen} == set(before.key) == set(after.key):
        return None
    return made_of(before, after, sorted(chosen))


def _alone(before: Table, after: Table, columns: Pairs) -> Choice | None:
    """The one row of both tables is the same row again, whatever date it bears."""
    labels = [(i, j) for i, j in columns if _names(before.rows[0][i]) or _names(after.rows[0][j])]
    if any(_folded(before.rows[0][i]) != _folded(after.rows[0][j]) for i, j in labels):
        return None
    keys = made_of(before, after, labels)
    return Choice(keys, RowPairs([(0, 0)], left=[], right=[]))


def _names(value: Value) -> bool:
    return isinstance(value, str) and not is_dated([value])


def _in_one_notation(before: Table, after: Table, columns: Pairs, choice: Choice) -> Choice | None:
    """The same key with its periods as days, where more rows find their counterpart so."""
    parts = _parts_of(columns, choice.keys)
    if not before.row_periods or not after.row_periods or not parts:
        return None
    left = _marked(before, [i for i, _ in parts])
    right = _marked(after, [j for _, j in parts])
    keyed = pair_by_key(left, right)
    if len(keyed.pairs) <= len(choice.keyed.pairs):
        return None
    return Choice(replace(made_of(before, after, parts), noted=True), keyed)


def _in_one_column(before: Table, after: Table, _columns: Pairs, choice: Choice) -> Choice | None:
    """Keys of nothing but months, in one column on one side, in columns of years and of months on the other."""
    left, right = months_of(before), months_of(after)
    if not left or not right or len(before.key) == len(after.key):
        return None
    keyed = pair_by_key(tell_apart(left), tell_apart(right))
    if len(keyed.pairs) <= len(choice.keyed.pairs):
        return None
    return Choice(replace(keys_as_read(before, after), noted=True, recast=True), keyed)


def _marked(table: Table, columns: Sequence[int]) -> list[str]:
    cells = [
        values if not is_dated([value for value in values if value is not None] or [""]) else marked
        for values, marked in (
            (values, marks_of(values, table.fiscal_year))
            for values in (column_of(table.rows, column) for column in columns)
        )
    ]
    names = [" / ".join(map(str, row)) for row in zip(*cells, strict=True)]
    seen: Counter[str] = Counter()
    keys = []
    for name in names:
        seen[name] += 1
        keys.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return keys


def _parts_of(columns: Pairs, keys: Keys) -> Pairs:
    """The pairs of columns that make the key; none where one of its columns has no counterpart."""
    parts = [(i, j) for i, j in columns if i in keys.columns_before and j in keys.columns_after]
    return parts if len(parts) == len(keys.columns_before) == len(keys.columns_after) else []


def _without_a_part(before: Table, after: Table, columns: Pairs, choice: Choice) -> Choice | None:
    """Part of the key, where it tells the rows apart, and rows that found no counterpart find theirs by it."""
    parts, keyed = _parts_of(columns, choice.keys), choice.keyed
    least = max(MOVED_LEAST, min(len(keyed.left), len(keyed.right)) // 2)
    for size in range(1, len(parts)):
        for part in combinations(parts, size):
            left, right = _cells(before, [i for i, _ in part]), _cells(after, [j for _, j in part])
            found = {left[row] for row in keyed.left} & {right[row] for row in keyed.right}
            if len(found) >= least and _tells_apart(left) and _tells_apart(right):
                return _by(before, after, part)
    return None


def _by(before: Table, after: Table, parts: Sequence[tuple[int, int]]) -> Choice:
    keys = made_of(before, after, sorted(parts))
    return Choice(keys, pair_by_key(keys.before, keys.after))


def _tells_apart(cells: Sequence[object]) -> bool:
    return len(set(cells)) >= TOLD_APART * len(cells)


def _cells(table: Table, columns: Sequence[int]) -> list[object]:
    """The cells of some columns, a row each, but for typography."""
    known: dict[Value, Value] = {}

    def fold(value: Value) -> Value:
        if value not in known:
            known[value] = _folded(value)
        return known[value]

    folded = [list(map(fold, column_of(table.rows, column))) for column in columns]
    return list(folded[0]) if len(columns) == 1 else list(zip(*folded, strict=True))


def _folded(value: Value) -> Value:
    return normalise(value) if isinstance(value, str) else value


def _of_other_columns(before: Table, after: Table, columns: Pairs, choice: Choice) -> Choice | None:
    """Another key, where this one loses a good part of the rows on both sides."""
    fewest = min(len(before.rows), len(after.rows))
    lost = min(len(choice.keyed.left), len(choice.keyed.right))
    if lost < LOST * fewest or lost < MOVED_LEAST or max(len(before.rows), len(after.rows)) > SEARCHED_MOST:
        return None
    pool = _pool(before, after, columns)
    parts = _fewest(before, after, _grown(before, after, pool))
    if not parts:
        return None
    found = len(choice.keyed.pairs) / fewest
    apart = not set(parts) & set(_parts_of(columns, choice.keys))
    other = _by(before, after, parts)
    better = len(other.keyed.pairs) / fewest >= found + BETTER
    return other if better and (found < BROKEN or not apart) else None


def _pool(before: Table, after: Table, columns: Pairs) -> Pairs:
    """Columns that may name rows on both sides: labels and periods first, then codes."""
    left, right = roles_of(before.rows, len(before.columns)), roles_of(after.rows, len(after.columns))
    naming = [(i, j) for i, j in columns if left[i] in NAMING and right[j] in NAMING]
    return sorted(naming, key=lambda pair: left[pair[0]] is Role.CODE)[:POOL_MOST]


def _grown(before: Table, after: Table, pool: Pairs) -> Pairs:
    """Columns of the pool, taken one by one as they let the most keys be found on both sides."""
    chosen: Pairs = []
    most = 0
    while len(chosen) < PARTS_MOST:
        rated = [(_common(before, after, [*chosen, pair]), -place) for place, pair in enumerate(pool)]
        if not rated or max(rated)[0] <= most * 1.02:
            break
        most, place = max(rated)
        chosen.append(pool[-place])
    return chosen


def _fewest(before: Table, after: Table, parts: Pairs) -> Pairs:
    """The parts without those that change nothing."""
    for pair in list(parts):
        rest = [other for other in parts if other != pair]
        if rest and _common(before, after, rest) >= _common(before, after, parts):
            parts = rest
    return parts


def _common(before: Table, after: Table, parts: Sequence[tuple[int, int]]) -> int:
    """How many different keys stand on both sides."""
    left, right = _cells(before, [i for i, _ in parts]), _cells(after, [j for _, j in parts])
    return len(set(left) & set(right))
