"""Rows of a table: group labels, keys, totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, islice
from operator import itemgetter
from types import NoneType
from typing import Final

from diffing.readers.statements.dates import read_period
from diffing.values import normalise, tidy
from state.document import Period, Value

_TOTAL: Final = re.compile(r"(grand |sub-?|overall |combined )?totals?\b.*|.*\b(sub-?)?totals?", re.IGNORECASE)
_PLACE: Final = re.compile(r"(.*\b)?(city|town|county|municipality|location)", re.IGNORECASE)
_UNNAMED: Final = "(blank)"
_SAMPLE: Final = 2_000
"""Rows that show what kind of column a column is."""
_LONG: Final = 120
"""A column with a longer text is prose and identifies no row."""


def count_labels(rows: Sequence[Sequence[Value]]) -> int:
    """How many columns from the left are texts that label the rows."""
    if not rows:
        return 0
    count = 0
    for column in zip(*rows[:_SAMPLE], strict=True):
        kinds = list(map(type, column))
        present = len(kinds) - kinds.count(NoneType)
        if not present or kinds.count(str) * 2 < present:
            break
        count += 1
    return count


def is_total(label: str) -> bool:
    """Whether a row label says that the row is a total."""
    if "total" not in label.lower():
        return False
    return _TOTAL.fullmatch(label.rsplit(" / ", 1)[-1].strip(" :*")) is not None


def fill_down(rows: list[list[Value]], labels: int) -> None:
    """Fill blanks of the first column with the label above, where the second column repeats under each."""
    if labels < 2 or len(rows) < 3 or rows[0][0] is None:
        return
    blank = [index for index, row in enumerate(rows) if row[0] is None]
    if not blank or any(rows[index][1] is None for index in blank):
        return
    seconds = [normalise(str(row[1])) for row in rows if row[1] is not None]
    repeated = len(set(seconds)) < len(seconds)
    if len(rows[0]) > 2 and (not repeated or len(blank) < 0.2 * len(rows)):
        return
    current: Value = None
    for row in rows:
        if row[0] is None:
            row[0] = current
        else:
            current = row[0]


def group_rows(rows: list[list[Value]], *, indents: Sequence[int], spanning: Sequence[bool]) -> list[list[Value]]:
    """Put the path of its group into the label of each row ("Atlanta / GPS"); headings of groups are dropped.

    ``indents`` and ``spanning`` say of each row how far its label is indented and whether its only cell
    runs across the table.
    """
    labels = [_label(row) for row in rows]
    bare = [all(value is None for value in row[1:]) and row[0] is not None for row in rows]
    headings = _headings(labels, bare, spanning)
    if headings:
        return _under_headings(rows, labels, headings)
    parents = _parents(rows, labels, indents)
    for index, parent in enumerate(parents):
        if parent is not None:
            rows[index][0] = f"{labels[parent] or _UNNAMED} / {labels[index] or _UNNAMED}"
    return rows


def _label(row: Sequence[Value]) -> str:
    return "" if row[0] is None else tidy(str(row[0]))


def _headings(labels: Sequence[str], bare: Sequence[bool], spanning: Sequence[bool]) -> set[int]:
    """Rows that only name the group below: without figures, over labels that repeat or merged across the table.

    A member of a group may lack its figures too ("No Tech" under Baltimore). So a heading's label is not
    found among the rows with figures, or is at least followed by what follows the other headings.
    """
    names = [normalise(label) for label in labels]
    candidates = {index for index in range(len(labels) - 1) if bare[index] and not bare[index + 1]}
    rest = Counter(name for name, is_bare in zip(names, bare, strict=True) if not is_bare and name)
    proper = {index for index in candidates if names[index] not in rest}
    if len(proper) < 2 or not any(count > 1 for count in rest.values()):
        return {index for index in candidates if spanning[index]}
    followers = Counter(names[index + 1] for index in proper)
    usual, count = followers.most_common(1)[0]
    if count * 2 <= len(proper):
        return proper
    return proper | {index for index in candidates if names[index + 1] == usual}


def _under_headings(rows: list[list[Value]], labels: Sequence[str], headings: set[int]) -> list[list[Value]]:
    grouped: list[list[Value]] = []
    heading, seen = "", set[str]()
    for index, row in enumerate(rows):
        if index in headings:
            heading, seen = labels[index], set()
            continue
        label = labels[index]
        if heading and label in seen:
            heading = ""  # a label that comes twice closes the group: the grand total
        seen.add(label)
        if heading:
            row[0] = f"{heading} / {label or _UNNAMED}"
        grouped.append(row)
    return grouped


def _parents(rows: Sequence[Sequence[Value]], labels: Sequence[str], indents: Sequence[int]) -> list[int | None]:
    """The row whose group each row belongs to, None for rows of the first level.

    A label that occurs once opens a group where repeated labels follow it; a single label between
    them is a member while the group's figures do not yet add up to the figure of its head.
    """
    names = [normalise(label) for label in labels]
    counts = Counter(name for name in names if name)
    parents: list[int | None] = [None] * len(names)
    if not any(count > 1 for count in counts.values()):
        return parents
    if _indented(names, indents):
        return _by_indent(indents)
    head: int | None = None
    for index, name in enumerate(names):
        if name and counts[name] == 1 and not _completes(rows, head, parents, index):
            follows = index + 1 < len(names) and (not names[index + 1] or counts[names[index + 1]] > 1)
            head = index if follows else None
        elif head is not None:
            parents[index] = head
    return parents


def _indented(names: Sequence[str], indents: Sequence[int]) -> bool:
    """Whether indents tell all repeated labels apart."""
    if len(set(indents)) < 2 or indents[0] != min(indents):
        return False
    pairs = [(parent, name) for parent, name in zip(_by_indent(indents), names, strict=True)]
    return len(set(pairs)) == len(pairs)


def _by_indent(indents: Sequence[int]) -> list[int | None]:
    parents: list[int | None] = []
    open_rows: list[int] = []
    for index, indent in enumerate(indents):
        while open_rows and indents[open_rows[-1]] >= indent:
            open_rows.pop()
        parents.append(open_rows[-1] if open_rows else None)
        open_rows.append(index)
    return parents


def _completes(
    rows: Sequence[Sequence[Value]], head: int | None, parents: Sequence[int | None], index: int
) -> bool:
    """Whether the rows from here to the next repeat of a head make up what the head's figure still lacks."""
    if head is None:
        return False
    column = next((i for i, value in enumerate(rows[head]) if i and _whole(value)), None)
    if column is None:
        return False
    target = _number(rows[head][column])
    members = [i for i in range(head + 1, index) if parents[i] == head]
    total = sum(_number(rows[i][column]) for i in members)
    if not members or total >= target:
        return False
    for following in range(index, len(rows)):
        total += _number(rows[following][column])
        if abs(total - target) < 0.5:
            return True
        if total > target:
            return False
    return False


def _whole(value: Value) -> bool:
    return isinstance(value, int) and value > 0


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def choose_key(
    names: Sequence[str], rows: Sequence[Sequence[Value]], *, declared: Sequence[str]
) -> tuple[int, ...]:
    """Columns that identify rows: the declared ones, else the first column with the fewest that make it unique.

    A list of places (a first column with a city or county beside it) is keyed by name and place even where
    the names alone would do: two facilities of one name come and go.
    """
    wanted = {normalise(name) for name in declared}
    found = tuple(
        i for i, name in enumerate(names) if {normalise(name), normalise(name.split(" / ")[-1])} & wanted
    )
    if found or not rows or not names:
        return found
    candidates = _candidates(rows)
    if not candidates:
        return ()
    first, rest = candidates[0], candidates[1:]
    places = [i for i in rest if _PLACE.fullmatch(names[i].split(" / ")[-1].strip())]
    if len(candidates) >= 3 and places and not _is_unique(rows, ()):
        rest = places + [i for i in rest if i not in places]
        if _is_unique(rows, (first, places[0])):
            return tuple(sorted((first, places[0])))
    for size in range(3):
        for others in combinations(rest, size):
            if _is_unique(rows, (first, *others)):
                return tuple(sorted((first, *others)))
    return _least_repeated(rows, first, rest)


def _candidates(rows: Sequence[Sequence[Value]]) -> list[int]:
    """The first column, and those of short texts that may identify a row with it."""
    rows = rows[:_SAMPLE]
    chosen = []
    for index, column in enumerate(islice(zip(*rows, strict=True), 12)):
        texts = list(map(type, column)).count(str)
        first = index == 0 and column.count(None) < len(column)
        if first or (texts * 2 >= len(rows) and _longest(column) <= _LONG):
            chosen.append(index)
    return chosen[:7]


def _longest(column: Sequence[Value]) -> int:
    """Characters of the longest text of a column."""
    return max(len(value) for value in column if isinstance(value, str))


def _is_unique(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> bool:
    if not key:
        return len(rows) < 2
    return len(set(map(itemgetter(*key), rows))) == len(rows)


def _least_repeated(rows: Sequence[Sequence[Value]], first: int, rest: Sequence[int]) -> tuple[int, ...]:
    """The key of at most three columns under which the fewest rows share a key."""
    best: tuple[int, ...] = (first,)
    most = len({row[first] for row in rows})
    for size in (1, 2):
        for others in combinations(rest, size):
            distinct = len({tuple(row[i] for i in (first, *others)) for row in rows})
            if distinct > most * 1.02:
                best, most = (first, *others), distinct
    return tuple(sorted(best))


def name_rows(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> tuple[str, ...]:
    """A unique key for each row: its key columns joined, a repeated one with " #2"."""
    names = _joined(rows, key)
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
        return [_UNNAMED if row[column] is None else str(row[column]) or _UNNAMED for row in rows]
    return [" / ".join(str(row[i]) for i in key if row[i] is not None) or _UNNAMED for row in rows]


def row_periods(labels: Sequence[Value], year: int | None) -> tuple[Period | None, ...]:
    """The period that each row's label names, by its last part; () where few of the first rows name one."""
    known: dict[Value, Period | None] = {None: None}

    def period_of(label: Value) -> Period | None:
        if label not in known:
            known[label] = read_period(str(label).rsplit(" / ", 1)[-1], fiscal_year=year)
        return known[label]

    sample = [label for label in labels[:_SAMPLE] if label is not None]
    others = 0
    for label in sample:
        others += period_of(label) is None
        if others * 2 > len(sample):
            return ()
    return tuple(map(period_of, labels)) if sample else ()
