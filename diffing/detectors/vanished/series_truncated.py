"""``series-truncated``: the time range of a table lost its start, its end or a span in between."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from diffing.columnar.rows import column_of
from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.churn import amounts
from diffing.grounds.figures import is_number, where_is, year_restarted
from diffing.grounds.past import past_of
from diffing.grounds.wording import listing, place, plural
from diffing.identity import table_key
from diffing.readers.tables.rows import dated_column
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

PANEL, PANEL_MOST = 0.8, 50_000
"""Share of all combinations of names and periods that a panel has rows for, and the most rows looked at."""

MOST_NAMES = 3
"""Periods that a title lists; of more it says the first and the last."""

ROLLED = 3
"""Releases in which periods left a table before, from which on its window is known to move."""


Axis: TypeAlias = Mapping[Period, Sequence[int]]

MOST_BEYOND = 2
"""How many periods a window may drop for each that joined."""


class _Line(NamedTuple):
    """A time axis of a table: its periods in order, with the rows or columns of each."""

    along: str  # "row" or "column"
    before: Axis
    after: Axis


class _Cut(NamedTuple):
    """What left the time axis of one table; ``part`` says where, ``rolled`` that its window moved on."""

    pair: TablePair
    line: _Line
    gone: tuple[Period, ...]
    part: str
    rolled: bool

    @property
    def names(self) -> list[str]:
        """The rows or columns that left, in the order of their periods."""
        return [_name(self.pair.before, self.line, at) for period in self.gone for at in self.line.before[period]]


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding for all tables whose time axis lost the same periods."""
    if evidence.comparison is None:
        return
    cuts: dict[tuple[str, bool, tuple[Period, ...]], list[_Cut]] = defaultdict(list)
    for pair in evidence.comparison.tables:
        if year_restarted(evidence, pair):
            continue
        for line in (_rows(pair), _columns(pair)):
            gone = [period for period in line.before if period not in line.after]
            gone = [period for period in gone if _left(pair, line, period)]
            gone = [period for period in gone if not evidence.told.issuperset(_facts(pair, line, period))]
            if gone and line.after and (len(line.before) >= LEAST_PERIODS or _slid(line, gone)):
                cut = _cut(evidence, pair, line, gone)
                cuts[cut.part, cut.rolled, cut.gone].append(cut)
    for group in cuts.values():
        yield _draft(group)


def _rows(pair: TablePair) -> _Line:
    return _Line("row", _by_row(pair.before), _by_row(pair.after))


def _by_row(table: Table) -> Axis:
    """Rows by period; none where a period has several rows, and those are no panel."""
    found = _axis(table.row_periods)
    if all(len(rows) == 1 for rows in found.values()) or _is_panel(table, found):
        return found
    return {}


def _is_panel(table: Table, periods: Axis) -> bool:
    """Whether nearly every period has a row for each of the same names: regions by week, not events by day."""
    rows = [row for places in periods.values() for row in places]
    if len(rows) > PANEL_MOST or len(table.key) < 2:
        return False
    dated = dated_column(table.rows, table.key)
    parts = [column for column in table.key if column != dated]
    names = {tuple(table.rows[row][column] for column in parts) for row in rows}
    return len(names) * len(periods) * PANEL <= len(rows)


def _columns(pair: TablePair) -> _Line:
    before, after = (_axis([column.period for column in table.columns]) for table in (pair.before, pair.after))
    return _Line("column", before, after)


def _axis(periods: Sequence[Period | None]) -> Axis:
    """Places by period; a period may have several (the middle and the end of a month)."""
    found: dict[Period, list[int]] = defaultdict(list)
    for at, period in enumerate(periods):
        if period is not None and _is_dated(period):
            found[period].append(at)
    return found


def _is_dated(period: Period) -> bool:
    return period.start is not None and period.span is not Span.TO_DATE


def _left(pair: TablePair, line: _Line, period: Period) -> bool:
    """Whether all rows or columns of a period left: they may be there under another notation."""
    return set(line.before[period]) <= set(pair.rows_removed if line.along == "row" else pair.columns_removed)


def _slid(line: _Line, gone: Sequence[Period]) -> bool:
    """Whether a window too short for a series moved on: its oldest left, as many newer joined, others stay."""
    kept = [period for period in line.after if period in line.before]
    if not kept or len(line.after) < len(line.before):
        return False
    return max(map(_start, gone)) < min(map(_start, kept)) and all(
        _start(period) > _end(line.before) for period in line.after if period not in line.before
    )


def _facts(pair: TablePair, line: _Line, period: Period) -> Iterator[FactKey]:
    for at in line.before[period]:
        if line.along == "row":
            yield FactKey("row-removed", pair.index, str(at))
        else:
            yield FactKey("column-removed", pair.index, "", str(at))


def _cut(evidence: Evidence, pair: TablePair, line: _Line, gone: Sequence[Period]) -> _Cut:
    part = _part(line, gone)
    rolled = part == "start" and (
        len(line.after) >= len(line.before) or _rolls(evidence, pair, line, most=len(gone))
    )
    return _Cut(pair, line, tuple(sorted(gone, key=_start)), part, rolled)


def _start(period: Period) -> dt.date:
    return period.start or dt.date.min


def _draft(cuts: Sequence[_Cut]) -> Draft:
    first = cuts[0]
    pair, line, names = first.pair, first.line, first.names
    who = place(pair.after) if len(cuts) == 1 else plural(len(cuts), "table")
    span = listing(names) if len(names) <= MOST_NAMES else f"{names[0]} to {names[-1]}"
    title = f"{who} lost {part_words(first.part)} of {'its' if len(cuts) == 1 else 'their'} time range: {span}"
    if first.rolled:
        title = f"{who} moved on: {span} left as newer periods joined"
    return Draft(
        kind="series-truncated",
        title=title,
        reason=f"{plural(len(line.before), 'period')} before, {len(line.after)} after",
        subject=(table_key(pair.after), line.along, first.part),
        where=where_is(pair.before),
        items=tuple(_item(cut, name, several=len(cuts) > 1) for cut in cuts for name in cut.names),
        severity=Severity.INFO if first.rolled or all(map(_is_empty, cuts)) else None,
        explains=tuple(fact for cut in cuts for fact in _facts_of(cut)),
    )


def _is_empty(cut: _Cut) -> bool:
    """Whether no figure left with the periods: lines that held marks only."""
    places = [place for period in cut.gone for place in cut.line.before[period]]
    rows = cut.pair.before.rows
    if cut.line.along == "row":
        figures = amounts(cut.pair.before)
        columns = [column for column in figures if not _runs_on(cut.pair.before, column)] or figures
        values = [rows[row][column] for row in places for column in columns]
        return not any(is_number(value) for value in values)
    return not any(is_number(row[column]) for row in rows for column in places)


def _runs_on(table: Table, column: int) -> bool:
    """Whether a column only numbers the rows: week 1, week 2."""
    values = column_of(table.rows, column)
    return all(is_number(a) and is_number(b) and b - a == 1 for a, b in pairwise(values))


def _facts_of(cut: _Cut) -> Iterator[FactKey]:
    """What left with the periods: of a long table also the rows of the period that was cut in two."""
    yield from (fact for period in cut.gone for fact in _facts(cut.pair, cut.line, period))
    if cut.line.along == "row" and cut.part in ("start", "end"):
        edge = (min if cut.part == "start" else max)(cut.line.after, key=_start)
        cut_in_two = set(cut.line.before.get(edge, ())).intersection(cut.pair.rows_removed)
        yield from (FactKey("row-removed", cut.pair.index, str(row)) for row in sorted(cut_in_two))


def _item(cut: _Cut, name: str, *, several: bool) -> Item:
    table = (cut.pair.before.name or None) if several else None
    return Item(row=name, table=table) if cut.line.along == "row" else Item(column=name, table=table)


def _name(table: Table, line: _Line, at: int) -> str:
    return table.row_keys[at] if line.along == "row" else table.columns[at].name


def _rolls(evidence: Evidence, pair: TablePair, line: _Line, *, most: int) -> bool:
    """Whether the window moves on: it says so, about as many periods joined, or it did in releases before."""
    joined = sum(1 for period in line.after if _start(period) > _end(line.before))
    if _WINDOW.search(normalise(pair.after.name)) or joined * MOST_BEYOND >= most:
        return True
    measure = "rows.left" if line.along == "row" else "columns.left"
    return sum(map(bool, past_of(evidence, pair).measures(measure))) >= ROLLED


def _end(periods: Axis) -> dt.date:
    return max(period.start for period in periods if period.start)


def _part(line: _Line, gone: Sequence[Period]) -> str:
    """Which part went: all that came before what is left, all that came after it, or some in between."""
    left = [period.start for period in line.after if period.start]
    starts = [period.start for period in gone if period.start]
    if max(starts) < min(left):
        return "start"
    return "end" if min(starts) > max(left) else "middle"


def part_words(part: str) -> str:
    """The part of a time range in words."""
    return {"start": "the start", "end": "the end"}.get(part, "a span in the middle")
