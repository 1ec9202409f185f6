"""``wrong-edition``: another list stands where a table was, by its size, its columns and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.explained import explained_by
from diffing.grounds.past import past_of
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import table_key
from state.document import Where
from state.kinds import Severity
from state.model import Item

KINDS = ("wrong-edition",)
RANK = 40

TIMES = 5.0
"""How many times as long (or as short) a list must be that has other columns, to be another one."""

TIMES_ALONE = 10.0
"""How many times as long it must be where its columns are the same."""

LEAST_ROWS = 100
"""Rows of the longer of two lists below which it may have grown so."""

USUAL = 3.0
"""How far beyond the most rows that ever joined it, once that is known."""


class _Other(NamedTuple):
    """A table that became another list."""

    pair: TablePair
    left: tuple[str, ...]  # columns
    joined: tuple[str, ...]


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each table that became another list."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for pair in comparison.tables:
        other = _Other(pair, *_other_columns(pair))
        if _is_another(evidence, other):
            yield _draft(comparison, other)


def _other_columns(pair: TablePair) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(pair.before.columns[column].name for column in pair.columns_removed),
        tuple(pair.after.columns[column].name for column in pair.columns_added),
    )


def _is_another(evidence: Evidence, other: _Other) -> bool:
    before, after = len(other.pair.before.rows), len(other.pair.after.rows)
    longer, shorter = max(before, after), max(1, min(before, after))
    if longer < LEAST_ROWS or longer < TIMES * shorter:
        return False
    if not (other.left or other.joined) and (after < before or longer < TIMES_ALONE * shorter):
        return False
    joined = past_of(evidence, other.pair).measures("rows.joined")
    return len(other.pair.rows_added) > USUAL * max(joined, default=0.0) or after < before


def _draft(comparison: Comparison, other: _Other) -> Draft:
    pair = other.pair
    before, after = len(pair.before.rows), len(pair.after.rows)
    kept = f"{number(len(pair.rows))} of the {plural(before, 'row')} before are in it"
    columns = [f"+{name}" for name in other.joined] + [f"−{name}" for name in other.left]
    return Draft(
        kind="wrong-edition",
        title=f"{place(pair.after)} became another list: {number(before)} rows before, {number(after)} now"
        + (f", other columns ({listing(columns)})" if columns else ""),
        reason=f"{kept}; {number(len(pair.rows_added))} joined and {number(len(pair.rows_removed))} left at once"
        + (f"; columns that came or went: {listing(columns, limit=8)}" if columns else ""),
        subject=(table_key(pair.after), "another list"),
        where=Where(sheet=pair.after.sheet, page=pair.after.page, table=pair.after.name or None),
        items=(
            Item(note=f"{plural(before, 'row')} before, {number(after)} after", table=pair.after.name or None),
            *(Item(column=name, note="joined") for name in other.joined),
            *(Item(column=name, note="left") for name in other.left),
        ),
        count=1,
        severity=Severity.HIGH if after < before or other.left else Severity.MEDIUM,
        confidence=0.8,
        explains=explained_by(comparison, [pair]),
    )
