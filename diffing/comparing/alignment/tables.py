"""Tables to tables: by sheet, title, headers, row labels and content, over two whole documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.likeness import dice, words_of
from diffing.comparing.alignment.meaning import is_telling
from diffing.identity import column_key, fiscal_years_in, row_key, title_key
from state.document import Table

LABELS_MOST: Final = 300
"""Row labels of a table that are looked at to find its counterpart."""

VALUES_MOST: Final = 400
"""Values of a table that are looked at to find its counterpart."""

PAIRS_MOST: Final = 10_000
"""Pairs of tables that are all weighed; above, only those of like title or header."""

RARE_MOST: Final = 2
"""Tables of both documents together that a row label may stand in and still tell its table from others."""

RARE_LEAST: Final = 5
"""Such labels that a table needs before they speak for it."""

LEAST: Final = 0.45
"""Score below which two tables are not one."""

_PERIOD_WORD: Final = re.compile(
    r"\d+|fy|q[1-4]|ytd|data|fiscal|calendar|year|quarter|month|week|ended|ending|the|of|to|and"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)

Pairs = list[tuple[int, int]]


class _Features(Struct, frozen=True):
    """What a table is known by, in comparison form."""

    sheet: str
    sheet_years: tuple[int, ...]
    title: str
    period: tuple[str, ...]  # the words of a title that is nothing but a period
    section: str
    headers: tuple[str, ...]
    leaves: tuple[str, ...]
    fiscal_years: tuple[int, ...]
    hidden: bool
    labels: frozenset[str] = frozenset()  # these two are looked at only where the rest leaves a doubt
    values: frozenset[object] = frozenset()


def pair_tables(before: Sequence[Table], after: Sequence[Table]) -> Pairs:
    """Counterparts among the tables of two documents, ascending by before."""
    left = {i: _features(table) for i, table in enumerate(before)}
    right = {j: _features(table) for j, table in enumerate(after)}
    sure = _unmistakable(left, right)
    for i, j in sure:
        del left[i], right[j]
    if not left or not right:
        return sorted(sure)
    left = {i: _with_content(features, before[i]) for i, features in left.items()}
    right = {j: _with_content(features, after[j]) for j, features in right.items()}
    spread = Counter(label for table in (*before, *after) for label in _labels(table))
    rare = frozenset(label for label, tables in spread.items() if tables <= RARE_MOST)
    cells_left = {i: _cells(before[i]) for i in left}
    cells_right = {j: _cells(after[j]) for j in right}
    serial = _serial_sheets(before) | _serial_sheets(after)
    scores = {}
    for i, j in _candidates(left, right):
        one, other = left[i], right[j]
        if one.period and other.period and one.period != other.period and one.sheet in serial:
            continue
        score = _score(one, other, rare)
        if score >= LEAST:
            near = 0.01 * (1 - abs(i / len(before) - j / len(after)))
            same = 0.1 * _overlap(cells_left[i], cells_right[j])
            scores[(i, j)] = score + same + near - _strangeness(one, other)
    return sorted(sure + assign(scores))


def _features(table: Table) -> _Features:
    return _Features(
        sheet=title_key(table.sheet or ""),
        sheet_years=fiscal_years_in(table.sheet or ""),
        title=title_key(table.name),
        period=_period_words(table.name),
        section=" / ".join(title_key(heading) for heading in table.section),
        headers=tuple(title_key(column.name) or column_key(column.name) for column in table.columns),
        leaves=tuple(column_key(column.path[-1] if column.path else "") for column in table.columns),
        fiscal_years=_fiscal_years(table),
        hidden=table.hidden,
    )


def _with_content(features: _Features, table: Table) -> _Features:
    return replace(features, labels=_labels(table), values=_telling_values(table))


def _labels(table: Table) -> frozenset[str]:
    return frozenset(row_key(key) for key in table.row_keys[:LABELS_MOST])


def _cells(table: Table) -> frozenset[object]:
    """The cells of the first rows, each with its row and column, to tell tables of one shape apart."""
    headers = [column_key(column.name) for column in table.columns]
    return frozenset(
        (key, header, value)
        for key, row in zip(table.row_keys[:LABELS_MOST], table.rows, strict=False)
        for header, value in zip(headers, row, strict=True)
        if value is not None
    )


def _period_words(title: str) -> tuple[str, ...]:
    """The words of a title that names a period and nothing else ("FY 2025 Quarter 4 Data"), else none."""
    words = words_of(title)
    return words if words and all(_PERIOD_WORD.fullmatch(word) for word in words) else ()


def _serial_sheets(tables: Sequence[Table]) -> frozenset[str]:
    """Sheets that hold several tables titled by nothing but their periods: there, the period is identity."""
    counts = Counter(title_key(table.sheet or "") for table in tables if _period_words(table.name))
    return frozenset(sheet for sheet, count in counts.items() if count > 1)


def _telling_values(table: Table) -> frozenset[object]:
    """Values that two tables do not share by chance."""
    values: set[object] = set()
    for row in table.rows:
        values.update(value for value in row if not isinstance(value, str) and is_telling(value))
        if len(values) > VALUES_MOST:
            break
    return frozenset(values)


def _fiscal_years(table: Table) -> tuple[int, ...]:
    if table.fiscal_year is not None:
        return (table.fiscal_year,)
    return fiscal_years_in(table.name) or fiscal_years_in(table.sheet or "")


def _unmistakable(left: dict[int, _Features], right: dict[int, _Features]) -> Pairs:
    """Tables of the same sheet, title, fiscal year and header, once on each side."""

    def mark(features: _Features) -> tuple[object, ...]:
        return (features.sheet, features.section, features.title, features.fiscal_years, features.headers)

    once_left = Counter(mark(features) for features in left.values())
    place = {mark(features): j for j, features in right.items()}
    once_right = Counter(mark(features) for features in right.values())
    return [
        (i, place[mark(features)])
        for i, features in left.items()
        if once_left[mark(features)] == 1 and once_right[mark(features)] == 1
    ]


def _candidates(left: dict[int, _Features], right: dict[int, _Features]) -> Pairs:
    if len(left) * len(right) <= PAIRS_MOST:
        return [(i, j) for i in left for j in right]
    pairs: dict[tuple[int, int], None] = {}
    for form in (lambda one: (one.title, one.sheet), lambda one: one.headers, lambda one: one.labels):
        places: dict[object, list[int]] = {}
        for j, features in right.items():
            places.setdefault(form(features), []).append(j)
        for i, features in left.items():
            for j in places.get(form(features), ())[:10]:
                pairs[(i, j)] = None
    return list(pairs)


def _score(before: _Features, after: _Features, rare: frozenset[str]) -> float:
    """How surely two tables are one: 0 to about 1.3."""
    title = _text_likeness(before.title, after.title)
    headers = max(dice(before.headers, after.headers), 0.9 * dice(before.leaves, after.leaves))
    labels, values = _overlap(before.labels, after.labels), _overlap(before.values, after.values)
    members = _members(before.labels & rare, after.labels & rare)
    same_inside = (labels >= 0.5 and values >= 0.4) or (headers >= 0.9 and labels >= 0.9) or members >= 0.6
    if before.title and after.title and title < 0.5 and not same_inside:
        return 0.0
    score = 0.3 * title + 0.25 * headers + 0.2 * labels + 0.1 * values + 0.3 * members
    score += 0.1 * _text_likeness(before.sheet, after.sheet)
    return score + 0.05 * _text_likeness(before.section, after.section)


def _strangeness(before: _Features, after: _Features) -> float:
    """What speaks for another counterpart if there is one, and against none: other years, other visibility."""
    return (
        0.1 * _contradict(before.fiscal_years, after.fiscal_years)
        + 0.3 * _contradict(before.sheet_years, after.sheet_years)
        + 0.05 * (before.hidden != after.hidden)
    )


def _members(before: frozenset[str], after: frozenset[str]) -> float:
    """Overlap of labels that hardly another table has (facilities, agencies); 0 where they are too few."""
    return _overlap(before, after) if min(len(before), len(after)) >= RARE_LEAST else 0.0


def _contradict(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return bool(before and after and before != after)


def _text_likeness(before: str, after: str) -> float:
    if before == after:
        return 1.0
    if not before or not after:
        return 0.3
    return dice(words_of(before), words_of(after))


def _overlap(before: frozenset[object] | frozenset[str], after: frozenset[object] | frozenset[str]) -> float:
    if not before and not after:
        return 0.5
    return 2 * len(before & after) / (len(before) + len(after))
