"""Which columns say what a row is called, and the keys of the rows that follow from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from operator import itemgetter
from typing import Final

from diffing.columnar.rows import ColumnarRows, column_of
from diffing.readers.tables.roles import Role, roles_of
from diffing.values import normalise
from state.document import ReadingHints, Value

UNNAMED: Final = "(blank)"
"""The key of a row without any."""

CANDIDATES_MOST: Final = 7
"""Columns that are tried as parts of a key; of periods and codes so many again as ``DIMENSIONS_MOST``."""

DIMENSIONS_MOST: Final = 3

PROBE: Final = 2_000
"""Rows from the top that must be told apart before all rows are looked at."""

GOOD: Final = 0.9
"""Share of rows that labels must tell apart before a column that counts the rows is left out of the key."""

_PLACE: Final = re.compile(r"(.*\b)?(city|town|county|municipality|location)", re.IGNORECASE)


def choose_key(names: Sequence[str], rows: Sequence[Sequence[Value]], *, hints: ReadingHints) -> tuple[int, ...]:
    """Columns that identify rows: the declared ones, else the first column with the fewest that make it unique.

    Declared periods are always part of it; what is declared to be something else never is.

    A list of places (a first column with a city or county beside it) is keyed by name and place even where
    the names alone would do: two facilities of one name come and go.
    """
    found = declared_columns(names, hints.key_columns)
    periods = declared_columns(names, hints.period_columns)
    if found or not rows or not names:
        return tuple(sorted({*found, *periods}))
    roles = roles_of(rows, len(names))
    for column in declared_columns(names, hints.other_columns):
        roles[column] = Role.FIGURE if column else Role.BLANK
    candidates = _candidates(roles)
    if not candidates:
        return periods
    key = _of_labels(names, rows, candidates, roles)
    if roles[0] is Role.COUNTER and 0 not in key and _share_distinct(rows, key) < GOOD:
        key = (0,)
    return tuple(sorted({*key, *periods}))


def declared_columns(names: Sequence[str], declared: Sequence[str]) -> tuple[int, ...]:
    """The columns that go by a declared name, by the whole of theirs or its last part."""
    wanted = {normalise(name) for name in declared}
    return tuple(i for i, name in enumerate(names) if {normalise(name), normalise(name.split(" / ")[-1])} & wanted)


def _candidates(roles: Sequence[Role]) -> list[int]:
    """Columns that may identify a row: labels and periods from the left, then codes.

    The first column is one whatever it holds, where nothing else could name the rows.
    """
    named = [i for i, role in enumerate(roles) if role in (Role.LABEL, Role.PERIOD)]
    chosen = named[:CANDIDATES_MOST]
    chosen += [i for i in named[CANDIDATES_MOST:] if roles[i] is Role.PERIOD][:DIMENSIONS_MOST]
    apart = (Role.BLANK, Role.CONSTANT, Role.COUNTER, Role.ADDRESS, Role.PROSE)
    if roles[0] not in apart or not chosen:
        chosen = list(dict.fromkeys([0, *chosen])) if roles[0] is not Role.BLANK else chosen
    codes = [i for i, role in enumerate(roles) if role is Role.CODE and i not in chosen]
    return chosen + codes[:DIMENSIONS_MOST]


def _of_labels(
    names: Sequence[str], rows: Sequence[Sequence[Value]], candidates: Sequence[int], roles: Sequence[Role]
) -> tuple[int, ...]:
    first, rest = candidates[0], list(candidates[1:])
    places = [i for i in rest if roles[i] is Role.LABEL and _PLACE.fullmatch(names[i].split(" / ")[-1].strip())]
    if len(candidates) >= 3 and places and not is_unique(rows, ()):
        rest = places + [i for i in rest if i not in places]
        if is_unique(rows, (first, places[0])):
            return tuple(sorted((first, places[0])))
    for size in range(3):
        for others in combinations(rest, size):
            if is_unique(rows, (first, *others)):
                return tuple(sorted((first, *others)))
    return _least_repeated(rows, first, rest)


def is_unique(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> bool:
    """Whether the cells of ``key`` tell all rows apart; the first rows are asked before all of them."""
    if not key:
        return len(rows) < 2
    take = itemgetter(*key)
    if len(rows) > PROBE and len(set(map(take, rows[:PROBE]))) < PROBE:
        return False
    return _count_distinct(rows, key) == len(rows)


def _count_distinct(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> int:
    if isinstance(rows, ColumnarRows):
        return rows.distinct(key)
    return len(set(map(itemgetter(*key), rows)))


def _share_distinct(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> float:
    return _count_distinct(rows, key) / len(rows) if key else 0.0


def _least_repeated(rows: Sequence[Sequence[Value]], first: int, rest: Sequence[int]) -> tuple[int, ...]:
    """The key of at most three columns under which the fewest rows share a key."""
    rows = rows[:: max(1, len(rows) // (10 * PROBE))]
    best: tuple[int, ...] = (first,)
    most = len({row[first] for row in rows})
    for size in (1, 2):
        for others in combinations(rest, size):
            distinct = len(set(map(itemgetter(first, *others), rows)))
            if distinct > most * 1.02:
                best, most = (first, *others), distinct
    return tuple(sorted(best))


def name_rows(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> tuple[str, ...]:
    """A unique key for each row: its key columns joined, a repeated one with " #2"."""
    names = _joined(rows, key)
    if len(key) == 1 and isinstance(rows, ColumnarRows) and rows.names_rows(*key):
        return tuple(names)
    return tell_apart(names)


def tell_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each repeated one with its count: "Adams", "Adams #2"."""
    if len(set(names)) == len(names):
        return tuple(names)
    seen: dict[str, int] = {}
    keys = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        keys.append(name if count == 1 else f"{name} #{count}")
    return tuple(keys)


def _joined(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> list[str]:
    if len(key) == 1:
        (column,) = key
        return [UNNAMED if value is None else str(value) or UNNAMED for value in column_of(rows, column)]
    if not key:
        return [UNNAMED] * len(rows)
    cells = zip(*[column_of(rows, column) for column in key], strict=True)
    return [" / ".join([str(value) for value in row if value is not None]) or UNNAMED for row in cells]
