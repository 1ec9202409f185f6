"""``implausible-jump``: a figure left its own history's range by far, with the likely cause where it shows."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf

from msgspec.structs import replace

from diffing.columnar.rows import column_of
from diffing.comparing.model import Draft, Evidence, TablePair
from diffing.grounds.elapsed import days_elapsed
from diffing.grounds.figures import (
    LONG_GAP,
    Move,
    days_between,
    is_number,
    item_of,
    moves,
    numbers_among,
    tolerance,
    where_is,
    year_restarted,
)
from diffing.grounds.past import Past, median, past_of
from diffing.grounds.slips import slip_of
from diffing.grounds.wording import number, place, plural, signed
from diffing.identity import column_key, row_key, table_key
from diffing.values import normalise
from state.document import Period, Span, Value
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "implausible-jump",
        Severity.MEDIUM,
        "a figure left its own history's range by far, or two labels look swapped",
        tolerances={
            "figure": "figures below this may jump",
            "swap": "share of their distance (0 to 1) that two lines may keep when they are swapped back",
            "times": "how many times its size before a figure may become",
        },
    ),
)
RANK = 80

TIMES = 1.9
LEAST_FIGURE = 1_000.0
"""A figure jumps where it about doubles or halves and the larger of the two is at least this."""

LEAST_SMALL, SMALL_TIMES, ABOVE_ALL = 20.0, 5.0, 5.0
"""Of smaller figures one counts that is at least so large, moved so many times, and stands so far above every
other figure of its column: the least figure that counts is the column's own."""

STEADY = 1.25
"""How many times its size a figure may become in a column that hardly moves."""

FEWEST_FIGURES = 5
"""Figures that a column must have to have a size of its own."""

EARLY = 1.5
"""How far beyond the growth of the year to date a figure must go: in its first weeks all figures double."""

REFRESHED = 0.5
"""A table in which more than this share of the figures jumped was refreshed as a whole, or counts otherwise: that
is said once, of the table."""

BEYOND, USUAL = 1.5, 0.7
"""How far beyond the usual step of its own past a figure must go, and which share of the steps is usual."""

MOST_SLIPS = 50
"""Figures whose likely cause is looked for, the furthest first."""

_NO_AMOUNT = re.compile(r"\b(?:zip|phone|fax|id|code|year)\b|#")

_AVERAGE = re.compile(r"\baverage|\bavg\b|\balos\b|\blength of\b|\bmedian\b")
"""Averages of a few cases jump with every case: one counts that is above all others of its column besides."""

_DURATION = re.compile(r"\balos\b|\blength of\b|\bstays?\b|\bmedian\b")
"""How long something took in the middle: of one long case it jumps above all others."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that holds figures which jumped."""
    if evidence.comparison is None or days_between(evidence.comparison) > LONG_GAP:
        return
    single: list[tuple[TablePair, list[Move]]] = []
    for pair in evidence.comparison.tables:
        if year_restarted(evidence, pair):
            continue
        jumped = sorted(_jumps(evidence, pair), key=lambda move: -_times(move))
        if not jumped:
            continue
        figures = _figures(pair, tolerance(evidence, "implausible-jump.figure", LEAST_FIGURE))
        if len(jumped) > 2 and len(jumped) > REFRESHED * figures:
            yield _whole(pair, jumped, figures)
            continue
        beyond = _beyond_columns(pair, jumped)
        if beyond:
            single.append((pair, beyond))
    for whole, parts in _of_one_event(single):
        yield _with_parts(_draft(*whole), parts)


Jumps = tuple[TablePair, list[Move]]


def _of_one_event(found: Sequence[Jumps]) -> Iterator[tuple[Jumps, list[Jumps]]]:
    """The jumps of each table, with those of other tables of its sheet that are a part of them."""
    parts = {i for i, part in enumerate(found) for whole in found if _is_part(part, of=whole)}
    for i, whole in enumerate(found):
        if i not in parts:
            yield whole, [found[j] for j in sorted(parts) if _is_part(found[j], of=whole)]


def _is_part(part: Jumps, *, of: Jumps) -> bool:
    """Whether each figure of a table moved within one of another table of the sheet that has its name."""
    return (
        part is not of
        and part[0].after.sheet is not None
        and part[0].after.sheet == of[0].after.sheet
        and all(any(_is_within(part[0], move, of[0], other) for other in of[1]) for move in part[1])
    )


def _is_within(pair: TablePair, move: Move, other: TablePair, whole: Move) -> bool:
    inner, outer = (
        row_key(side.after.row_keys[each.change.row_after]).split(" / ")[-1]
        for side, each in ((pair, move), (other, whole))
    )
    same_way = (move.difference > 0) == (whole.difference > 0)
    return same_way and abs(move.difference) < abs(whole.difference) and bool(inner) and outer.startswith(inner)


def _with_parts(draft: Draft, parts: Sequence[Jumps]) -> Draft:
    """A jump told with what made it up in other tables."""
    if not parts:
        return draft
    moved = [(pair, move) for pair, found in parts for move in found]
    names = "; ".join(
        f"{pair.after.row_keys[move.change.row_after]} {signed(move.difference)}" for pair, move in moved[:2]
    )
    return replace(
        draft,
        reason=f"{draft.reason}; of it, in {place(moved[0][0].after)}: {names}",
        items=(*draft.items, *(item_of(pair, move.change, note="a part of it") for pair, move in moved)),
        explains=(*draft.explains, *(pair.cell_fact(move.change) for pair, move in moved)),
    )


def _jumps(evidence: Evidence, pair: TablePair) -> list[Move]:
    least = max(tolerance(evidence, "implausible-jump.times", TIMES), EARLY * _growth(evidence, pair))
    size = tolerance(evidence, "implausible-jump.figure", LEAST_FIGURE)
    moved = list(moves(pair))
    large = [move for move in moved if max(abs(move.before), abs(move.after)) >= size]
    far = [move for move in large if _times(move) >= least and not _names(pair, move, _AVERAGE)]
    far += [move for move in _small(pair, moved, size=size) if not _names(pair, move, _AVERAGE)]
    far += _averages(pair, moved)
    far += [move for move in _alone(pair, moved) if move not in far]
    far = [move for move in far if not _names(pair, move, _NO_AMOUNT)]
    if not far:
        return []
    if 2 * sum(pair.cell_fact(move.change) in evidence.told for move in far) > len(far):
        return []  # what is left moved with what a graver statement tells
    past = past_of(evidence, pair).of_year(pair.before.fiscal_year)
    return [
        move
        for move in far
        if pair.cell_fact(move.change) not in evidence.told
        and not _is_open(evidence, pair, move)
        and not _has_jumped_before(pair, past, move)
    ]


def _beyond_columns(pair: TablePair, jumped: Sequence[Move]) -> list[Move]:
    """Those that moved further than their column did, where most of it moved and is too small to be told."""
    columns = Counter(move.change.column_after for move in jumped)
    moved: dict[int, list[Move]] = defaultdict(list)
    for move in moves(pair):
        moved[move.change.column_after].append(move)
    still = {column: len(_others(pair, column, set())) - len(moved[column]) for column in columns}
    usual = {
        column: median([*([1.0] * still[column]), *map(_times, moved[column])])
        for column, told in columns.items()
        if len(moved[column]) > FEWEST_FIGURES and 2 * told <= len(moved[column])
    }
    return [move for move in jumped if _times(move) >= EARLY * usual.get(move.change.column_after, 0.0)]


def _small(pair: TablePair, moved: Sequence[Move], *, size: float) -> Iterator[Move]:
    """Figures below ``size`` that left the range of their whole column, the one such in it."""
    columns: dict[int, list[Move]] = defaultdict(list)
    for move in moved:
        largest = max(abs(move.before), abs(move.after))
        if LEAST_SMALL <= largest < size and _times(move) >= SMALL_TIMES:
            columns[move.change.column_after].append(move)
    for column, found in columns.items():
        others = _others(pair, column, {move.change.row_after for move in found})
        if len(others) < FEWEST_FIGURES:
            continue
        bound = ABOVE_ALL * max(map(abs, others))
        yield from (move for move in found if max(abs(move.before), abs(move.after)) >= max(LEAST_SMALL, bound))


def _others(pair: TablePair, column: int, rows: set[int]) -> list[float]:
    """The figures of a column after in other rows, totals left out."""
    totals = pair.after.totals
    return [
        float(value)
        for row, value in enumerate(column_of(pair.after.rows, column))
        if row not in rows and row not in totals and is_number(value)
    ]


def _times(move: Move) -> float:
    """How many times larger the larger of the two is; infinite from or to zero and across it."""
    low, high = sorted((abs(move.before), abs(move.after)))
    return high / low if low and (move.before > 0) == (move.after > 0) else float("inf")


def _growth(evidence: Evidence, pair: TablePair) -> float:
    """How much longer the year to date has become: early in a year its figures double by themselves."""
    comparison = evidence.comparison
    if comparison is None or pair.after.fiscal_year is None:
        return 1.0
    before = days_elapsed(comparison.before, pair.before, ())
    after = days_elapsed(comparison.after, pair.after, ())
    return max(1.0, after / before) if before and after else 1.0


def _figures(pair: TablePair, size: float) -> int:
    """Finite figures of the pair that are large enough to jump."""
    return sum(_count_large(column_of(pair.before.rows, column), pair, size) for column, _ in pair.columns)


def _count_large(cells: Sequence[Value], pair: TablePair, size: float) -> int:
    return sum(size <= abs(value) < inf for value in numbers_among([cells[row] for row, _ in pair.rows]))


def _alone(pair: TablePair, moved: Sequence[Move]) -> Iterator[Move]:
    """Figures with decimals that moved above all of their column, while hardly another of it moved at all."""
    columns: dict[int, list[Move]] = defaultdict(list)
    for move in moved:
        columns[move.change.column_after].append(move)
    for column, found in columns.items():
        far = [move for move in found if _times(move) >= SMALL_TIMES]
        figures = numbers_among(column_of(pair.after.rows, column))
        if len(far) != 1 or len(figures) <= FEWEST_FIGURES or _names(pair, far[0], _AVERAGE):
            continue
        fine = 2 * sum(not float(value).is_integer() for value in figures) > len(figures)
        outside = max(abs(far[0].before), abs(far[0].after)) >= max(map(abs, figures))
        if fine and outside and all(_times(move) <= STEADY for move in found if move is not far[0]):
            yield far[0]


def _averages(pair: TablePair, moved: Sequence[Move]) -> list[Move]:
    """Averages that moved so far that they stand above all others of their column."""
    far = [move for move in moved if _times(move) >= SMALL_TIMES and _names(pair, move, _AVERAGE)]
    far = [move for move in far if not _names(pair, move, _DURATION)]
    found = []
    for move in far:
        others = _others(pair, move.change.column_after, {move.change.row_after})
        largest = max(abs(move.before), abs(move.after))
        if len(others) >= FEWEST_FIGURES and largest >= LEAST_SMALL and largest > max(map(abs, others)):
            found.append(move)
    return found


def _names(pair: TablePair, move: Move, words: re.Pattern[str]) -> bool:
    """Whether the header or the label of a figure says one of ``words``."""
    row = pair.after.row_keys[move.change.row_after]
    return bool(words.search(normalise(f"{pair.after.columns[move.change.column_after].name} | {row}")))


def _is_open(evidence: Evidence, pair: TablePair, move: Move) -> bool:
    """Whether a cell is about a month or quarter that was still running when the release before spoke."""
    stated = evidence.comparison.before.as_of if evidence.comparison else None
    as_of = stated.date if stated else None
    column = pair.after.columns[move.change.column_after].period
    row = pair.after.row_periods[move.change.row_after] if pair.after.row_periods else None
    return any(_runs(period, as_of) for period in (column, row) if period)


def _runs(period: Period, day: dt.date | None) -> bool:
    if period.span is Span.TO_DATE:
        return False
    return period.end is None or day is None or period.end >= day


def _has_jumped_before(pair: TablePair, past: Past, move: Move) -> bool:
    """Whether steps nearly as large are usual in the figure's own past.

    Usual is what three of ten steps exceed: one broken release in the past makes no routine.
    """
    row = row_key(pair.before.row_keys[move.change.row_before])
    column = column_key(pair.before.columns[move.change.column_before].name)
    values = [abs(float(value)) for value in past.values(row, column) if is_number(value) and value]
    steps = sorted(max(step) / min(step) for step in pairwise(values))
    return bool(steps) and _times(move) < BEYOND * steps[int(USUAL * len(steps))]


def _draft(pair: TablePair, jumped: Sequence[Move]) -> Draft:
    worst = jumped[0]
    row = pair.after.row_keys[worst.change.row_after]
    column = pair.after.columns[worst.change.column_after].name
    slips = {move.change: slip for move in jumped[:MOST_SLIPS] if (slip := slip_of(pair, move)) is not None}
    times = _times(worst)
    by = f"{number(round(times, 1))} times" if times != float("inf") else "from or to zero"
    more = f" and {plural(len(jumped) - 1, 'figure')} more" if len(jumped) > 1 else ""
    jump = f"{row}, {column} jumped from {number(worst.before)} to {number(worst.after)}"
    return Draft(
        kind="implausible-jump",
        title=f"{jump} in {place(pair.after)}{more}",
        reason=f"{by}, where other figures of the table moved less{_causes(slips.values())}",
        subject=(table_key(pair.after), row_key(row) if len(jumped) == 1 else ""),
        where=where_is(pair.after, column=column, row=row),
        items=tuple(item_of(pair, move.change, note=slips.get(move.change)) for move in jumped),
        before=worst.before if len(jumped) == 1 else None,
        after=worst.after if len(jumped) == 1 else None,
        confidence=0.8,
        explains=tuple(pair.cell_fact(move.change) for move in jumped),
    )


def _whole(pair: TablePair, jumped: Sequence[Move], figures: int) -> Draft:
    """What is said of a table in which most figures jumped at once."""
    worst = jumped[0]
    label = f"{pair.after.row_keys[worst.change.row_after]}, {pair.after.columns[worst.change.column_after].name}"
    share = f"{number(len(jumped))} of {number(max(figures, len(jumped)))} figures"
    return Draft(
        kind="implausible-jump",
        title=f"{share} doubled or halved at once in {place(pair.after)}",
        reason=f"so much never moves together by itself: another period, unit or way of counting; the furthest is "
        f"{label}, from {number(worst.before)} to {number(worst.after)}",
        subject=(table_key(pair.after), "whole table"),
        where=where_is(pair.after),
        items=tuple(item_of(pair, move.change) for move in jumped),
        confidence=0.8,
        explains=tuple(pair.cell_fact(move.change) for move in jumped),
    )


def _causes(slips: Iterable[str]) -> str:
    """The likely causes in words, the most frequent first."""
    return "".join(f"; {slip}" for slip, _ in Counter(slips).most_common(3))
