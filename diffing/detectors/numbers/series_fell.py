"""``cumulative-decreased`` down a series: a row that joined counts less than the day before it.

A daily or monthly table with a column that says "cumulative" cannot fall from one row to the next, whether
or not the release before had the later row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, TablePair
from diffing.grounds.cumulative import NO_COUNT
from diffing.grounds.figures import is_number, percent_of, tidy, tolerance, where_is
from diffing.grounds.wording import number, percentage, place, plural
from diffing.identity import column_key, table_key
from diffing.values import normalise
from state.document import Span, Table
from state.kinds import Severity
from state.model import Item

KINDS = ("cumulative-decreased",)
RANK = 64

LEAST_STEPS = 10
"""Steps from row to row below which a table is no series."""

MOST_FALLS = 0.1
"""Share of the steps above which falls are the nature of the column, whatever its header says."""

LEAST_SIZE, LEAST_PERCENT, LEAST_LARGE = 10.0, 1.0, 100.0
"""A fall counts where it is both of the first two, or at least the last."""

_SAID = re.compile(r"\bcumulative")


class _Step(NamedTuple):
    """From one row of a series to the next: indexes of the rows after, and the figures."""

    earlier: int
    later: int
    before: float
    after: float


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a column that says it is cumulative and falls where a row joined or changed."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        order = _in_time(pair.after)
        if len(order) <= LEAST_STEPS or pair.stale_fact() in evidence.told:
            continue
        for column in range(len(pair.after.columns)):
            if _is_said(evidence, pair, column):
                yield from _judge_column(evidence, pair, column, order)


def _in_time(table: Table) -> list[int]:
    """Rows in order of their days or months, [] where several rows share one or few have one."""
    dated: list[tuple[dt.date, int]] = []
    for row, period in enumerate(table.row_periods):
        if period is not None and period.start is not None and period.span is not Span.TO_DATE:
            dated.append((period.start, row))
    if len({day for day, _ in dated}) != len(dated) or 2 * len(dated) < len(table.rows):
        return []
    return [row for _, row in sorted(dated)]


def _is_said(evidence: Evidence, pair: TablePair, column: int) -> bool:
    name = normalise(pair.after.columns[column].name)
    declared = {normalise(text) for text in evidence.rules.cumulative}
    return name in declared or (bool(_SAID.search(name)) and not NO_COUNT.search(name))


def _judge_column(evidence: Evidence, pair: TablePair, column: int, order: Sequence[int]) -> Iterator[Draft]:
    rows = pair.after.rows
    figures = [(row, value) for row in order if is_number(value := rows[row][column])]
    steps = [_Step(i, j, one, other) for (i, one), (j, other) in pairwise(figures)]
    falls = [step for step in steps if step.after < step.before]
    if not falls or len(steps) < LEAST_STEPS or len(falls) > MOST_FALLS * len(steps):
        return
    known = {row for _, row in pair.rows}
    changed = {cell.row_after for cell in pair.cells if cell.column_after == column}
    new = [step for step in falls if any(row not in known or row in changed for row in (step.earlier, step.later))]
    if new:
        yield _draft(evidence, pair, column, sorted(new, key=lambda step: step.after - step.before), len(steps))


def _draft(evidence: Evidence, pair: TablePair, column: int, falls: Sequence[_Step], steps: int) -> Draft:
    name, worst = pair.after.columns[column].name, falls[0]
    keys = pair.after.row_keys
    share = percentage(percent_of(worst.before, worst.after) or 0.0)
    return Draft(
        kind="cumulative-decreased",
        title=f"“{name}” falls from {number(worst.before)} on {keys[worst.earlier]} to {number(worst.after)} "
        f"on {keys[worst.later]} in {place(pair.after)}, but can only grow",
        reason=f"its header says so; {plural(len(falls), 'new row')} of {number(steps + 1)} lower than the one "
        f"before, the largest fall {number(worst.before - worst.after)} ({share})",
        subject=(table_key(pair.after), column_key(name), "series"),
        where=where_is(pair.after, column=name, row=keys[worst.later]),
        items=tuple(_item(pair, name, step) for step in falls),
        before=worst.before if len(falls) == 1 else None,
        after=worst.after if len(falls) == 1 else None,
        severity=_severity(evidence, falls),
    )


def _item(pair: TablePair, name: str, step: _Step) -> Item:
    return Item(
        row=pair.after.row_keys[step.later],
        column=name,
        before=step.before,
        after=step.after,
        difference=tidy(step.after - step.before),
        percent=percent_of(step.before, step.after),
        note=f"from {pair.after.row_keys[step.earlier]}",
    )


def _severity(evidence: Evidence, falls: Sequence[_Step]) -> Severity | None:
    """The kind's own for a fall that is large, high for a small one that is 1 %, else info."""
    size = tolerance(evidence, "cumulative-decreased.size", LEAST_SIZE)
    percent = tolerance(evidence, "cumulative-decreased.percent", LEAST_PERCENT)
    shares = [(step.before - step.after, abs(percent_of(step.before, step.after) or 0.0)) for step in falls]
    if any((by >= size and share >= percent) or by >= LEAST_LARGE for by, share in shares):
        return None
    return Severity.HIGH if any(share >= percent for _, share in shares) else Severity.INFO
