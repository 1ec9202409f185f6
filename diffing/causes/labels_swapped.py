"""``implausible-jump`` of two rows, columns or categories whose labels look swapped.

Two swapped labels tell more than each figure that moved. Where rows as well as columns would explain what moved,
those are told that explain more.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from diffing.comparing.model import CellChange, Draft, Evidence, FactKey, TablePair
from diffing.grounds.continuity import course_from
from diffing.grounds.figures import LONG_GAP, days_between, is_number, item_of, tolerance, where_is
from diffing.grounds.past import named, past_of
from diffing.grounds.returns import told_of
from diffing.grounds.wording import number, place, plural
from diffing.identity import column_key, row_key, table_key
from state.document import Value
from state.kinds import Severity
from state.model import Item, ReleaseFacts

KINDS = ("implausible-jump", "returned")
RANK = 60

DOUBLED = math.log(2)
"""How far, in natural logarithms, a figure moves that moved far in any table."""

LEAST_STEP, UNUSUAL = math.log(1.1), 4.0
"""The same in a table that hardly moves: so many times its usual step, and not less than a tenth."""

FEWEST_CELLS = 12
"""Figures that a table must have for its usual step to be known."""

HALVED = 0.5
"""Swapping back must bring the lines at least this much nearer to what they were; a digit may be off."""

LEAST_FIGURE = 1_000.0

LEAST_SMALL, SURE_PLACES, SURE = 5.0, 3, 0.25
"""Smaller figures count from here on, where in so many places at most this share of the distance is left."""

MOST_CELLS = 200_000

MOST_LINES = 60
"""Lines that moved far; above, the table was refreshed as a whole."""

_REPEATED = re.compile(r" #\d+$")
"""A label that the table has several times: which is which is not sure enough to speak of a swap."""

Place: TypeAlias = tuple[str, int]
"""Where the same thing stands in two lines: the group it is in, and the column (or row) after."""


class _Line(NamedTuple):
    """A row, a column, or all rows of one category: positive figures before and after by place."""

    label: str
    members: frozenset[int]  # indexes after, of rows or columns
    figures: Mapping[Place, tuple[float, float]]


class _Swap(NamedTuple):
    """Two lines, with how far they moved and how far they would have, labels swapped back."""

    one: _Line
    other: _Line
    places: int
    moved: float
    swapped: float

    @property
    def gain(self) -> float:
        """By how much the lines come nearer to what they were, labels swapped back."""
        return self.moved - self.swapped


class _Found(NamedTuple):
    """A swap in one table, with the cells that it moved."""

    pair: TablePair
    along: str  # "row" or "column"
    swap: _Swap
    changes: Sequence[CellChange]


def find(evidence: Evidence) -> Iterator[Draft]:
    """One finding for each two labels that look swapped, in however many tables."""
    if evidence.comparison is None or days_between(evidence.comparison) > LONG_GAP:
        return
    found: dict[tuple[str, ...], list[_Found]] = defaultdict(list)
    for pair in evidence.comparison.tables:
        best = _best_of(evidence, pair)
        if best is not None:
            found[_names(best.along, best.swap)].append(best)
    for names, places in found.items():
        ordered = sorted(places, key=lambda each: -_distance(each.changes[0]))
        since = _stood_so_before(evidence, ordered[0])
        draft = _draft(names, ordered)
        yield draft if since is None else _back(evidence, draft, ordered, since)


def _best_of(evidence: Evidence, pair: TablePair) -> _Found | None:
    """The swap that explains most: of figures that doubled or halved, else of such as moved far for the table."""
    for step in dict.fromkeys((DOUBLED, _unusual(pair))):
        far = _far(pair, step)
        if len(far) >= 2:
            best = max(_swaps(evidence, pair, far, step), key=_order, default=None)
            if best is not None:
                return best
    return None


def _order(found: _Found) -> tuple[bool, float]:
    """Counts before the percentages that were swapped with them, then what explains more."""
    return _is_large(found.swap, DOUBLED), found.swap.gain


def _unusual(pair: TablePair) -> float:
    """How far a figure must move to have moved far for its table."""
    if len(pair.rows) * len(pair.columns) > MOST_CELLS:
        return DOUBLED
    moved: dict[int, list[float]] = defaultdict(list)
    for change in pair.cells:
        moved[change.column_after].append(_distance(change))
    still = len(pair.rows)
    steps = [sorted([*found, *[0.0] * (still - len(found))])[still // 2] for found in moved.values()]
    if sum(map(len, moved.values())) < FEWEST_CELLS:
        return DOUBLED
    return min(DOUBLED, max(LEAST_STEP, UNUSUAL * max(steps)))


def _swaps(evidence: Evidence, pair: TablePair, far: Sequence[CellChange], step: float) -> Iterator[_Found]:
    """The best swap of two rows, and the best of two columns."""
    for along, lines in (("row", _categories(pair, far)), ("column", _columns(pair, far))):
        swap = _best(evidence, lines, step)
        changes = _cells(pair, along, swap) if swap else []
        if swap and changes:
            yield _Found(pair, along, swap, changes)


def _stood_so_before(evidence: Evidence, found: _Found) -> ReleaseFacts | None:
    """The release before the last, where the lines stood in it as they stand now: then that one was wrong."""
    entries = past_of(evidence, found.pair).entries
    if len(entries) < 2:
        return None
    release, facts = entries[-2]
    lines = frozenset(_keys_of(found))
    wrong = course_from(facts, found.pair.before, along=found.along, only=lines)
    since = course_from(facts, found.pair.after, along=found.along, only=lines)
    return release if since.figures and 2 * since.moved * wrong.figures <= wrong.moved * since.figures else None


def _keys_of(found: _Found) -> Iterator[str]:
    """The normalised names of the two lines, in whatever groups they stand."""
    table = found.pair.after
    for place_ in found.swap.one.members | found.swap.other.members:
        yield row_key(table.row_keys[place_]) if found.along == "row" else column_key(table.columns[place_].name)


def _back(evidence: Evidence, draft: Draft, found: Sequence[_Found], since: ReleaseFacts) -> Draft:
    """Labels that were swapped for a release and stand right again are a return."""
    swap, where = found[0].swap, place(found[0].pair.after)
    then = named(since, among=evidence.history.releases())
    return replace(
        draft,
        kind="returned",
        title=f"“{swap.one.label}” and “{swap.other.label}” stand as in {then} again in {where}",
        reason=f"{plural(sum(len(each.changes) for each in found), 'figure')} of the two changed places again, "
        "and stand where they stood before the last release",
        severity=None,
        ends=told_of(evidence, [each.pair.before for each in found]),
    )


def _far(pair: TablePair, step: float) -> list[CellChange]:
    """The figures that moved far, of a table that is not too large to be looked at line by line."""
    if len(pair.rows) * len(pair.columns) > MOST_CELLS:
        return []
    return [change for change in pair.cells if _is_far(change.before, change.after, step)]


def _is_far(before: Value, after: Value, step: float) -> bool:
    if not is_number(before) or not is_number(after) or min(before, after) <= 0:
        return False
    least = LEAST_SMALL if float(before).is_integer() else 0.0
    return max(before, after) >= least and abs(math.log(after / before)) >= step


def _names(along: str, swap: _Swap) -> tuple[str, ...]:
    key = row_key if along == "row" else column_key
    return along, *sorted((key(swap.one.label), key(swap.other.label)))


def _categories(pair: TablePair, far: Sequence[CellChange]) -> list[_Line]:
    """Rows by the last part of their label, so that a category is one line through all its groups.

    Only those in which a figure moved far, and so in ``_columns``.
    """
    moved = {pair.after.row_keys[change.row_after].rpartition(" / ")[2] for change in far}
    figures: dict[str, dict[Place, tuple[float, float]]] = defaultdict(dict)
    members: dict[str, set[int]] = defaultdict(set)
    for row_before, row_after in pair.rows:
        group, _, label = pair.after.row_keys[row_after].rpartition(" / ")
        if label not in moved or _REPEATED.search(label):
            continue
        members[label].add(row_after)
        for column_before, column_after in pair.columns:
            both = pair.before.rows[row_before][column_before], pair.after.rows[row_after][column_after]
            if is_number(both[0]) and is_number(both[1]) and min(both[0], both[1]) > 0:
                figures[label][group, column_after] = (float(both[0]), float(both[1]))
    return [_Line(label, frozenset(members[label]), figures[label]) for label in members]


def _columns(pair: TablePair, far: Sequence[CellChange]) -> list[_Line]:
    moved = {change.column_after for change in far}
    lines = []
    for column_before, column_after in (places for places in pair.columns if places[1] in moved):
        found: dict[Place, tuple[float, float]] = {}
        for row_before, row_after in pair.rows:
            both = pair.before.rows[row_before][column_before], pair.after.rows[row_after][column_after]
            if is_number(both[0]) and is_number(both[1]) and min(both[0], both[1]) > 0:
                found["", row_after] = (float(both[0]), float(both[1]))
        lines.append(_Line(pair.after.columns[column_after].name, frozenset({column_after}), found))
    return lines


def _best(evidence: Evidence, lines: Sequence[_Line], step: float) -> _Swap | None:
    """The two lines that swapping back brings nearest."""
    if not 2 <= len(lines) <= MOST_LINES:
        return None
    share = tolerance(evidence, "implausible-jump.swap", HALVED)
    found = [swap for one, other in combinations(lines, 2) if (swap := _swap(one, other, step)) is not None]
    good = [
        swap for swap in found if swap.swapped <= share * swap.moved and (_is_sure(swap) or _is_large(swap, step))
    ]
    return max(good, key=lambda swap: (_is_large(swap, step), swap.gain, swap.one.label), default=None)


def _is_large(swap: _Swap, step: float) -> bool:
    """Whether the figures that moved far are large enough for one of them to be no chance."""
    figures = (pair for line in (swap.one, swap.other) for pair in line.figures.values())
    return step >= DOUBLED and any(max(pair) >= LEAST_FIGURE and _is_far(*pair, step) for pair in figures)


def _is_sure(swap: _Swap) -> bool:
    """Whether smaller figures fit each other so well, in so many places, that it is no chance either."""
    return swap.places >= SURE_PLACES and swap.swapped <= SURE * swap.moved


def _swap(one: _Line, other: _Line, step: float) -> _Swap | None:
    """The distances of two lines as they are and swapped, over the places that both have."""
    places = one.figures.keys() & other.figures.keys()
    each, swapped = [], 0.0
    for at in places:
        (a, b), (c, d) = one.figures[at], other.figures[at]
        each.append(abs(math.log(b / a)) + abs(math.log(d / c)))
        swapped += abs(math.log(d / a)) + abs(math.log(b / c))
    if not each or sorted(each)[len(each) // 2] < 2 * step:
        return None
    return _Swap(one, other, len(each), sum(each), swapped)


def _cells(pair: TablePair, along: str, swap: _Swap) -> list[CellChange]:
    members = swap.one.members | swap.other.members
    found = [
        change
        for change in pair.cells
        if (change.row_after if along == "row" else change.column_after) in members
        and is_number(change.before)
        and is_number(change.after)
    ]
    return sorted(found, key=_distance, reverse=True)


def _draft(names: tuple[str, ...], found: Sequence[_Found]) -> Draft:
    pair, _, swap, changes = found[0]
    tables = [each.pair.after.name for each in found]
    where = place(pair.after) + (f" and {plural(len(found) - 1, 'table')} more" if len(found) > 1 else "")
    return Draft(
        kind="implausible-jump",
        title=f"“{swap.one.label}” and “{swap.other.label}” look swapped in {where}",
        reason=f"largest jump {_words(changes[0])}; {_swapped_back(swap)}",
        subject=(table_key(pair.after), *names),
        where=where_is(pair.after),
        items=tuple(_item(each, change, with_table=len(tables) > 1) for each in found for change in each.changes),
        severity=Severity.HIGH,
        confidence=0.9,
        explains=tuple(fact for each in found for fact in _facts(each)),
    )


def _swapped_back(swap: _Swap) -> str:
    """What the labels swapped back would mean, at the place with the largest figures."""
    at = max(swap.one.figures.keys() & swap.other.figures.keys(), key=lambda at: (swap.one.figures[at], at))
    (a, b), (c, d) = swap.one.figures[at], swap.other.figures[at]
    places = f", at the largest of {number(swap.places)} places" if swap.places > 1 else ""
    return (
        f"with the labels swapped back, “{swap.one.label}” would have gone from {number(a)} to {number(d)} "
        f"and “{swap.other.label}” from {number(c)} to {number(b)}{places}"
    )


def _item(found: _Found, change: CellChange, *, with_table: bool) -> Item:
    item = item_of(found.pair, change, note="labels look swapped")
    return replace(item, table=found.pair.after.name or None) if with_table else item


def _facts(found: _Found) -> Iterator[FactKey]:
    """The cells that moved, and rows of the two categories that came and went with them."""
    pair = found.pair
    yield from (pair.cell_fact(change) for change in found.changes)
    if found.along == "row":
        labels = {row_key(found.swap.one.label), row_key(found.swap.other.label)}
        for subject, table, rows in (
            ("row-removed", pair.before, pair.rows_removed),
            ("row-added", pair.after, pair.rows_added),
        ):
            for row in rows:
                if row_key(table.row_keys[row].rpartition(" / ")[2]) in labels:
                    yield FactKey(subject, pair.index, str(row))


def _distance(change: CellChange) -> float:
    before, after = change.before, change.after
    if is_number(before) and is_number(after) and before > 0 and after > 0:
        return abs(math.log(after / before))
    return 0.0


def _words(change: CellChange) -> str:
    assert is_number(change.before) and is_number(change.after)
    return f"{number(change.before)} to {number(change.after)}"
