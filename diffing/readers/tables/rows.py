"""Rows of a table: group labels, totals, periods."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Final

from diffing.readers.statements.dates import read_period
from diffing.readers.statements.periods import last_day
from diffing.readers.tables.roles import is_dated
from diffing.values import normalise, tidy
from state.document import Period, Span, Value

_TOTAL: Final = re.compile(r"(grand |sub-?|overall |combined )?totals?\b.*|.*\b(sub-?)?totals?", re.IGNORECASE)
_UNNAMED: Final = "(blank)"
_USUAL_LEAST: Final = 3
"""Rows of one label that show its usual indent,"""
_USUAL_SHARE: Final = 0.6
"""and the share of them that has it."""
_SAMPLE: Final = 2_000
"""Rows that show what kind of column a column is."""
LEAST_WHOLE: Final = 3
"""Days, all first ones of a year or month, from which on they stand for the whole of it."""


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
    if (labels < 2 and not _lead_years(rows)) or len(rows) < 3 or rows[0][0] is None:
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


def _lead_years(rows: Sequence[Sequence[Value]]) -> bool:
    """Whether the first column holds years, each once for the labels of the second beside and below it."""
    if not rows or len(rows[0]) < 3:
        return False
    firsts = [row[0] for row in rows if row[0] is not None]
    years = all(isinstance(value, int) and 1900 <= value <= 2100 for value in firsts)
    return years and 0 < len(firsts) < len(rows) and all(isinstance(row[1], str) for row in rows)


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
    indents = _mended(names, indents)
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


def _mended(names: Sequence[str], indents: Sequence[int]) -> Sequence[int]:
    """Indents with slips put right: a label that nearly always has one has it, and so the label above it its own.

    A heading that was formatted one row too low left its format on its first member and took that of a member.
    """
    depths: dict[str, Counter[int]] = defaultdict(Counter)
    for name, indent in zip(names, indents, strict=True):
        depths[name][indent] += 1
    mended = list(indents)
    for index, name in enumerate(names):
        usual, count = depths[name].most_common(1)[0]
        total = depths[name].total()
        if indents[index] == usual or not name or total < _USUAL_LEAST or count < _USUAL_SHARE * total:
            continue
        mended[index] = usual
        if index and depths[names[index - 1]].total() == 1 and mended[index - 1] == usual > indents[index]:
            mended[index - 1] = indents[index]
    return mended


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


def dated_column(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> int | None:
    """The column of the key that dates the rows: one of periods, else the first, whose groups may end in one."""
    for column in key if len(key) > 1 else ():
        present = [row[column] for row in rows[:_SAMPLE] if row[column] is not None]
        if present and is_dated(present):
            return column
    return key[0] if key else None


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
    if not sample:
        return ()
    periods = tuple(map(period_of, labels))
    whole = _whole_periods({period for period in known.values() if period is not None})
    return tuple(whole.get(period, period) for period in periods) if whole else periods


def _whole_periods(days: set[Period]) -> Mapping[Period | None, Period]:
    """The years or months that days stand for where each is the first of its own: "1959-01-01" is 1959."""
    dates = [(day, day.start) for day in days if day.span is Span.DAY and day.start is not None]
    if len(dates) < max(LEAST_WHOLE, len(days)):
        return {}
    if all((date.month, date.day) == (1, 1) for _, date in dates):
        return {day: Period(Span.CALENDAR_YEAR, date, date.replace(month=12, day=31)) for day, date in dates}
    if all(date.day == 1 for _, date in dates):
        return {day: Period(Span.MONTH, date, last_day(date.year, date.month)) for day, date in dates}
    return {}
