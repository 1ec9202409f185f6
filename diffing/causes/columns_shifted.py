"""``implausible-jump``: the headers stayed and what stands below them moved by one column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, TablePair
from diffing.grounds.explained import explained_by
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.wording import number, place, plural, shorten, shown
from diffing.identity import table_key
from state.document import Value
from state.kinds import Severity
from state.model import Item

KINDS = ("implausible-jump",)
RANK = 55

SAMPLE = 200
"""Rows looked at."""

LEAST_ROWS = 8
LEAST_COLUMNS = 2
"""Columns side by side that must all have moved."""

NEAR = 0.001
"""Relative distance within which a figure is one that was slightly revised besides."""

SAME, OTHER = 0.8, 0.2
"""Share of the rows that hold what the next column held (at least), and what their own held (at most)."""


NEARER = 0.1
"""Part of the distance to its own figures within which a column's lie from the next one's."""


class _Moved(NamedTuple):
    """A column after, the one before of the same header, and the one before whose content it holds."""

    after: int
    before: int
    source: int


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each table whose content moved under its headers."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if len(pair.rows) < LEAST_ROWS or len(pair.cells) < LEAST_COLUMNS * len(pair.rows) * SAME:
            continue
        for step in (1, -1):
            moved = _moved(pair, step)
            if len(moved) >= LEAST_COLUMNS:
                yield _draft(evidence, pair, moved, step)
                break


def _moved(pair: TablePair, step: int) -> list[_Moved]:
    """Columns side by side that hold the next one's content; one at least holds the very figures."""
    found, sure = [], 0
    for before, after in pair.columns:
        source = before + step
        if not 0 <= source < len(pair.before.columns) or after in pair.after.key or source in pair.before.key:
            continue
        if _alike(pair, before, after) > OTHER:
            continue
        same = _alike(pair, source, after) >= SAME
        if same or _is_nearer(pair, source, before, after):
            found.append(_Moved(after, before, source))
            sure += same
    together = all(right.after - left.after == 1 for left, right in pairwise(found))
    return found if sure and together else []


def _alike(pair: TablePair, before: int, after: int) -> float:
    """Share of the rows in which two columns hold the same, blank ones left out."""
    filled = [(left, right) for left, right in _sides(pair, before, after) if None not in (left, right)]
    return sum(_same(left, right) for left, right in filled) / len(filled) if len(filled) >= LEAST_ROWS else 0.0


def _is_nearer(pair: TablePair, source: int, before: int, after: int) -> bool:
    """Whether the figures of a column are far nearer to those of ``source`` than to its own."""
    to_source, to_own = _distance(pair, source, after), _distance(pair, before, after)
    return to_source is not None and to_own is not None and to_source < NEARER * to_own


def _distance(pair: TablePair, before: int, after: int) -> float | None:
    """The median distance of the figures of two columns."""
    apart = sorted(
        abs(left - right) for left, right in _sides(pair, before, after) if is_number(left) and is_number(right)
    )
    return apart[len(apart) // 2] if len(apart) >= LEAST_ROWS else None


def _sides(pair: TablePair, before: int, after: int) -> list[tuple[Value, Value]]:
    return [(pair.before.rows[i][before], pair.after.rows[j][after]) for i, j in pair.rows[:: _every(pair)]]


def _every(pair: TablePair) -> int:
    return max(1, len(pair.rows) // SAMPLE)


def _same(left: Value, right: Value) -> bool:
    if is_number(left) and is_number(right):
        return abs(left - right) <= NEAR * max(abs(left), abs(right))
    return left == right


def _draft(evidence: Evidence, pair: TablePair, moved: Sequence[_Moved], step: int) -> Draft:
    assert evidence.comparison is not None
    after, before, source = moved[0]
    name, other = (
        shorten(column.name, limit=30) for column in (pair.after.columns[after], pair.before.columns[source])
    )
    row_before, row_after = pair.rows[0]
    was, now = pair.before.rows[row_before][before], pair.after.rows[row_after][after]
    way = "left" if step > 0 else "right"
    return Draft(
        kind="implausible-jump",
        title=f"Content of {place(pair.after)} moved one column to the {way}: “{name}” holds what “{other}” held",
        reason=f"the headers stayed; {plural(len(moved), 'column')} of {number(len(pair.rows))} rows hold what "
        f"the next one held, “{name}” went from {shown(was)} to {shown(now)} in the first row",
        subject=(table_key(pair.after), "shifted"),
        where=where_is(pair.after),
        items=tuple(
            Item(
                column=pair.after.columns[after].name,
                before=pair.before.rows[row_before][before],
                after=pair.after.rows[row_after][after],
                note=f"holds what “{pair.before.columns[source].name}” held",
                valued=True,
            )
            for after, before, source in moved
        ),
        severity=Severity.HIGH,
        confidence=0.9,
        explains=explained_by(evidence.comparison, [pair]),
    )
