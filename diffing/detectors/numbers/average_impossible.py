"""``average-impossible``: a to-date average multiplied by the days elapsed became smaller.

An average daily population since 1 October times the days since then is a number of person-days, which can
only grow. The rule goes by the sum of one classification, since single classes are re-assigned all the time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.cumulative import YEARLY
from diffing.grounds.elapsed import SAMPLE, days_elapsed, divisor
from diffing.grounds.figures import is_number, percent_of, tidy, tolerance, where_is, year_restarted
from diffing.grounds.wording import number, percentage, place, plural, row_noun
from diffing.identity import table_key
from diffing.readers.statements.dates import find_fiscal_year
from diffing.values import normalise
from state.document import Span, Table
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "average-impossible",
        Severity.CRITICAL,
        "a to-date average times the days elapsed fell; high for a single large row, info for rounding",
        tolerances={
            "percent": "per cent of its days that one row may lose",
            "rows": "rows that may fall together",
            "share": "per cent of a table's rows that may fall together",
            "stays": "days that one row may lose",
        },
    ),
)
RANK = 62

LEAST_STAYS, LEAST_PERCENT = 1_000.0, 3.0
"""A single row counts where it lost this many person-days and this share of them."""

LEAST_ROWS, LEAST_SHARE = 3.0, 2.0
"""So many rows, and so many per cent of them, count whatever their size."""

ROUNDING = 0.5
"""Person-days by which an average in full precision may fall: half a person, half a day."""

_AVERAGE = re.compile(r"\badp\b|\baverage daily (?:population|detained)\b|\bavg\.? daily pop")
_NO_STOCK = re.compile(r"\balos\b|length of stay|\bstays?\b|guaranteed|\bmin(?:imum)?\b|capacity|share|percent|%")


class _Measure(NamedTuple):
    """Columns whose sum is one average; indexes before and after."""

    name: str
    columns: tuple[tuple[int, int], ...]


class _Row(NamedTuple):
    """A row whose person-days fell, beyond what rounding allows."""

    row: str
    before: float
    after: float
    stays_before: float
    stays_after: float
    at: int  # index after

    @property
    def lost(self) -> float:
        return self.stays_before - self.stays_after


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table in which person-days to date fell."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if pair.stale_fact() in evidence.told or year_restarted(evidence, pair):
            continue
        measure = _measure(evidence, pair)
        if measure is not None:
            yield from _judge_table(evidence, pair, measure)


def _measure(evidence: Evidence, pair: TablePair) -> _Measure | None:
    """The classification with the largest sum: the others are parts of it or say the same."""
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    declared = {normalise(name) for name in evidence.rules.to_date}
    for columns in pair.columns:
        column = pair.after.columns[columns[1]]
        if column.period is not None and column.period.span is not Span.TO_DATE:
            continue
        for depth, header in enumerate(column.path, start=1):
            if _is_average(normalise(header), declared):
                groups[" / ".join(column.path[:depth])].append(columns)
                break
    if not groups:
        return None
    name, *others = groups
    if others:
        name = max(groups, key=lambda group: (round(_sum(pair.before, groups[group])), len(groups[group])))
    return _Measure(name, tuple(groups[name]))


def _is_average(header: str, declared: set[str]) -> bool:
    return header in declared or (bool(_AVERAGE.search(header)) and not _NO_STOCK.search(header))


def _sum(table: Table, columns: Sequence[tuple[int, int]]) -> float:
    return sum(value for row in table.rows for before, _ in columns if is_number(value := row[before]))


def _judge_table(evidence: Evidence, pair: TablePair, measure: _Measure) -> Iterator[Draft]:
    assert evidence.comparison is not None
    columns = [before for before, _ in measure.columns], [after for _, after in measure.columns]
    days = (
        days_elapsed(evidence.comparison.before, pair.before, _averages(pair.before, columns[0], most=SAMPLE)),
        days_elapsed(evidence.comparison.after, pair.after, _averages(pair.after, columns[1], most=SAMPLE)),
    )
    if days[0] is None or days[1] is None or days[1] < days[0]:
        return
    if not _is_to_date(evidence, pair, measure):
        return
    slack = _slack(_averages(pair.before, columns[0]), days[0]) + _slack(
        _averages(pair.after, columns[1]), days[1]
    )
    parts = 1 if slack <= 2 * ROUNDING else len(measure.columns)
    fallen = [row for row in _rows(pair, measure, (days[0], days[1])) if row.lost > slack * parts]
    if fallen:
        yield _draft(evidence, pair, measure, sorted(fallen, key=lambda row: -row.lost), (days[0], days[1]))


def _is_to_date(evidence: Evidence, pair: TablePair, measure: _Measure) -> bool:
    """Whether the averages are over the year so far: declared, said by header, title, sheet or notes, or shown.

    Averages in full precision show their divisor. Of others that name no year they may be a month's as well.
    """
    declared = {normalise(name) for name in evidence.rules.to_date}
    names = {normalise(name) for _, after in measure.columns for name in pair.after.columns[after].path}
    if names & declared:
        return True
    table = pair.after
    if table.fiscal_year is not None:
        return True
    spoken = (measure.name, table.name, table.sheet or "", *table.section, *table.notes)
    if any(find_fiscal_year(text) or YEARLY.search(normalise(text)) for text in spoken):
        return True
    return divisor(_averages(table, [after for _, after in measure.columns], most=SAMPLE)) is not None


def _averages(table: Table, columns: Sequence[int], *, most: int | None = None) -> list[float]:
    """The averages but zeros; with ``most`` those of the first so many rows."""
    return [
        float(value)
        for row in table.rows[:most]
        for column in columns
        if is_number(value := row[column]) and value
    ]


def _slack(averages: Sequence[float], days: int) -> float:
    """Person-days that rounding may hide in one figure of a side: by the decimals that it publishes."""
    decimals = max((len(f"{value:.4f}".rstrip("0").partition(".")[2]) for value in averages), default=0)
    return ROUNDING if decimals >= 4 else max(ROUNDING, 0.5 * 10**-decimals * days)


def _rows(pair: TablePair, measure: _Measure, days: tuple[int, int]) -> Iterator[_Row]:
    for row_before, row_after in pair.rows:
        before = _average(pair.before, row_before, [column for column, _ in measure.columns])
        after = _average(pair.after, row_after, [column for _, column in measure.columns])
        if before is not None and after is not None:
            yield _Row(pair.after.row_keys[row_after], before, after, before * days[0], after * days[1], row_after)


def _average(table: Table, row: int, columns: Sequence[int]) -> float | None:
    numbers = [value for column in columns if is_number(value := table.rows[row][column])]
    return float(sum(numbers)) if numbers else None


def _draft(
    evidence: Evidence, pair: TablePair, measure: _Measure, fallen: list[_Row], days: tuple[int, int]
) -> Draft:
    worst = fallen[0]
    share = f"{number(len(fallen))} of {plural(len(pair.rows), *row_noun(pair.after))}"
    one = f" ({worst.row})" if len(fallen) == 1 else ""
    return Draft(
        kind="average-impossible",
        title=f"“{measure.name}” fell further than arithmetic allows in {share}{one} of {place(pair.after)}",
        reason=f"an average to date times the days elapsed can only grow. {worst.row}: {_sum_words(worst, days)}, "
        f"{percentage(100 * worst.lost / worst.stays_before)} fewer",
        subject=(table_key(pair.after), normalise(measure.name)),
        where=where_is(pair.after, column=measure.name),
        items=tuple(_item(row, measure, days) for row in fallen),
        severity=_severity(evidence, pair, fallen),
        confidence=0.95,
        explains=_facts(pair, measure, fallen),
    )


def _facts(pair: TablePair, measure: _Measure, fallen: list[_Row]) -> tuple[FactKey, ...]:
    rows, columns = {row.at for row in fallen}, {after for _, after in measure.columns}
    return tuple(
        pair.cell_fact(change)
        for change in pair.cells
        if change.row_after in rows and change.column_after in columns
    )


def _severity(evidence: Evidence, pair: TablePair, fallen: list[_Row]) -> Severity | None:
    """The kind's own where many rows fell, high for a single large one, else info."""
    share = tolerance(evidence, "average-impossible.share", LEAST_SHARE)
    if len(fallen) >= max(
        tolerance(evidence, "average-impossible.rows", LEAST_ROWS), share / 100 * len(pair.rows)
    ):
        return None
    stays = tolerance(evidence, "average-impossible.stays", LEAST_STAYS)
    percent = tolerance(evidence, "average-impossible.percent", LEAST_PERCENT)
    large = any(row.lost >= stays and 100 * row.lost >= percent * row.stays_before for row in fallen)
    return Severity.HIGH if large else Severity.INFO


def _item(row: _Row, measure: _Measure, days: tuple[int, int]) -> Item:
    return Item(
        row=row.row,
        column=measure.name,
        before=tidy(round(row.before, 2)),
        after=tidy(round(row.after, 2)),
        difference=tidy(round(row.after - row.before, 2)),
        percent=percent_of(row.before, row.after),
        note=_sum_words(row, days),
    )


def _sum_words(row: _Row, days: tuple[int, int]) -> str:
    return (
        f"{number(round(row.before, 1))} × {days[0]} days = {number(round(row.stays_before))} stays, "
        f"then {number(round(row.after, 1))} × {days[1]} = {number(round(row.stays_after))}"
    )
