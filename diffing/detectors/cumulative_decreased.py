"""``cumulative-decreased``: a figure that can only grow became smaller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from diffing.facts import Draft, Evidence, TablePair
from diffing.figures import Move, item_of, moves, periods_of, tolerance, where_is, year_restarted
from diffing.identity import column_key, row_key, table_key
from diffing.values import normalise
from diffing.wording import listing, number, percentage, place, plural, row_noun
from state.kinds import Severity

KINDS = ("cumulative-decreased",)
RANK = 60

_STATED = re.compile(r"\bcumulative|\bto[ -]date\b|\bf?ytd\b|\bsince\b|\btotal\b.*\bconfirmed\b|\bever\b")
_NO_COUNT = re.compile(
    r"\baverage|\bavg\b|\badp\b|\balos\b|\bmean\b|\bmedian\b|\brate\b|\bpercent|%|\bshare\b|\bper\b"
    r"|\blength of stay\b|\bcurrent|\bactive\b|\bdate\b(?<!to date)(?<!to-date)|\bin custody\b|\bdaily\b"
)


class _Ground(NamedTuple):
    """Why a column is believed to be cumulative, and whether its own name or title says so."""

    words: str
    strong: bool


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that holds figures which fell although they can only grow."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if not year_restarted(evidence, pair):
            yield from _judge_table(evidence, pair)


def _judge_table(evidence: Evidence, pair: TablePair) -> Iterator[Draft]:
    grounds = {after: _ground(evidence, pair, after) for _, after in pair.columns}
    fallen: list[Move] = []
    for move in moves(pair):
        if grounds.get(move.change.column_after) is None or move.difference >= 0:
            continue
        if pair.cell_fact(move.change) not in evidence.told and not periods_of(pair, move.change):
            fallen.append(move)
    if fallen:
        yield _draft(evidence, pair, fallen, grounds)


def _ground(evidence: Evidence, pair: TablePair, column: int) -> _Ground | None:
    name = normalise(pair.after.columns[column].name)
    title = normalise(pair.after.name)
    declared = {normalise(text) for text in evidence.rules.cumulative}
    if name in declared or (title and title in declared):
        return _Ground("the source file declares it cumulative", True)
    if _NO_COUNT.search(name):
        return None
    if found := _STATED.search(name):
        return _Ground(f"its header says “{found.group()}”", True)
    if _NO_COUNT.search(title):
        return None
    if found := _STATED.search(title):
        return _Ground(f"the table's title says “{found.group()}”", True)
    for label, text in _around(pair):
        if found := _STATED.search(normalise(text)):
            return _Ground(f"{label} says “{found.group()}”", False)
    return None


def _around(pair: TablePair) -> Iterator[tuple[str, str]]:
    yield "the sheet's name", pair.after.sheet or ""
    for heading in pair.after.section:
        yield "the heading above it", heading
    for note in pair.after.notes:
        yield "the note under it", note


def _draft(evidence: Evidence, pair: TablePair, fallen: list[Move], grounds: dict[int, _Ground | None]) -> Draft:
    fallen.sort(key=lambda move: (move.difference, pair.after.row_keys[move.change.row_after]))
    columns = sorted({move.change.column_after for move in fallen})
    names = [pair.after.columns[column].name for column in columns]
    one = names[0] if len(names) == 1 else None
    rows = len({move.change.row_after for move in fallen})
    ground = next(ground for column in columns if (ground := grounds[column]))
    worst = fallen[0]
    what = f"“{one}”" if one else f"Figures in {plural(len(columns), 'column')}"
    share = f"{number(rows)} of {plural(len(pair.rows), *row_noun(pair.after))}"
    title = f"{what} fell in {share} of {place(pair.after)}, although it is cumulative"
    return Draft(
        kind="cumulative-decreased",
        title=title,
        reason=_reason(pair, ground, worst, columns),
        subject=(table_key(pair.after), column_key(one) if one else "", row_key("")),
        where=where_is(pair.after, column=one),
        items=tuple(item_of(pair, move.change) for move in fallen),
        severity=None if any(_counts(evidence, move) for move in fallen) else Severity.INFO,
        confidence=0.99 if ground.strong else 0.8,
        explains=tuple(pair.cell_fact(move.change) for move in fallen),
    )


def _counts(evidence: Evidence, move: Move) -> bool:
    """Whether a fall is more than the re-coding of single cases."""
    share = abs(move.difference) / abs(move.before) * 100 if move.before else 0.0
    return share >= tolerance(evidence, "cumulative-decreased.percent", 1.0)


def _reason(pair: TablePair, ground: _Ground, worst: Move, columns: list[int]) -> str:
    others = [move for move in moves(pair) if move.change.column_after in columns]
    grew = sum(1 for move in others if move.difference > 0)
    fell = sum(1 for move in others if move.difference < 0)
    held = len(pair.rows) * len(columns) - grew - fell
    name = pair.after.row_keys[worst.change.row_after]
    share = f" ({percentage(worst.percent)})" if worst.percent is not None else ""
    return (
        f"{ground.words}; {plural(grew, 'figure')} grew and {number(held)} held. "
        f"Largest fall: {listing([name])} from {number(worst.before)} to {number(worst.after)}{share}"
    )
