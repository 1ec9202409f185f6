"""``series-truncated``: the time range of a table lost its start, its end or a span in between."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import where_is, year_restarted
from diffing.grounds.past import past_of
from diffing.grounds.wording import listing, place, plural
from diffing.identity import table_key
from diffing.values import normalise
from state.document import Period, Span, Table
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind("series-truncated", Severity.HIGH, "a table's time range lost its start, its end or a span in between"),
)
RANK = 35

_WINDOW = re.compile(
    r"\b(?:prior|last|past|previous|trailing) \w+ (?:days|weeks|months|quarters|years)\b|\brolling\b"
)

LEAST_PERIODS = 3

ROLLED = 3
"""Releases in which periods left a table before, from which on its window is known to move."""


class _Line(NamedTuple):
    """A time axis of a table: its periods in order, with the row or column of each."""

    along: str  # "row" or "column"
    before: Mapping[Period, int]
    after: Mapping[Period, int]


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table whose time axis became shorter."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if year_restarted(evidence, pair):
            continue
        for line in (_rows(pair), _columns(pair)):
            gone = [period for period in line.before if period not in line.after]
            gone = [period for period in gone if _fact(pair, line, period) not in evidence.told]
            if gone and len(line.before) >= LEAST_PERIODS and line.after:
                yield _draft(evidence, pair, line, gone)


def _rows(pair: TablePair) -> _Line:
    return _Line("row", _by_row(pair.before), _by_row(pair.after))


def _by_row(table: Table) -> dict[Period, int]:
    """Rows by period; a table with several rows a period is not a series over time."""
    found = {period: row for row, period in enumerate(table.row_periods) if _is_dated(period)}
    dated = sum(_is_dated(period) for period in table.row_periods)
    return {period: row for period, row in found.items() if period} if dated == len(found) else {}


def _columns(pair: TablePair) -> _Line:
    before, after = (
        {
            column.period: place
            for place, column in enumerate(table.columns)
            if column.period and _is_dated(column.period)
        }
        for table in (pair.before, pair.after)
    )
    return _Line("column", before, after)


def _is_dated(period: Period | None) -> bool:
    return period is not None and period.start is not None and period.span is not Span.TO_DATE


def _fact(pair: TablePair, line: _Line, period: Period) -> FactKey:
    where = str(line.before[period])
    if line.along == "row":
        return FactKey("row-removed", pair.index, where)
    return FactKey("column-removed", pair.index, "", where)


def _draft(evidence: Evidence, pair: TablePair, line: _Line, gone: list[Period]) -> Draft:
    names = [_name(pair.before, line, period) for period in gone]
    part = _part(line, gone)
    rolled = part == "start" and (len(line.after) >= len(line.before) or _rolls(evidence, pair, line))
    title = f"{place(pair.after)} lost {part_words(part)} of its time range: {listing(names)}"
    if rolled:
        title = f"{place(pair.after)} moved on: {listing(names)} left as newer periods joined"
    return Draft(
        kind="series-truncated",
        title=title,
        reason=f"{plural(len(line.before), 'period')} before, {len(line.after)} after",
        subject=(table_key(pair.after), line.along, part),
        where=where_is(pair.before),
        items=tuple(Item(row=name) if line.along == "row" else Item(column=name) for name in names),
        severity=Severity.INFO if rolled else None,
        explains=tuple(_fact(pair, line, period) for period in gone),
    )


def _name(table: Table, line: _Line, period: Period) -> str:
    index = line.before[period]
    return table.row_keys[index] if line.along == "row" else table.columns[index].name


def _rolls(evidence: Evidence, pair: TablePair, line: _Line) -> bool:
    """Whether the window moves on: it says so, newer periods joined, or periods left in earlier releases too."""
    if _WINDOW.search(normalise(pair.after.name)) or _end(line.after) > _end(line.before):
        return True
    measure = "rows.left" if line.along == "row" else "columns.left"
    return sum(map(bool, past_of(evidence, pair).measures(measure))) >= ROLLED


def _end(periods: Mapping[Period, int]) -> dt.date:
    return max(period.start for period in periods if period.start)


def _part(line: _Line, gone: list[Period]) -> str:
    """Which part went: all that came before what is left, all that came after it, or some in between."""
    left = [period.start for period in line.after if period.start]
    starts = [period.start for period in gone if period.start]
    if max(starts) < min(left):
        return "start"
    return "end" if min(starts) > max(left) else "middle"


def part_words(part: str) -> str:
    """The part of a time range in words."""
    return {"start": "the start", "end": "the end"}.get(part, "a span in the middle")
