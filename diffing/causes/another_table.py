"""``wrong-edition``: another table stands in a table's place, by title and headers; ``returned`` once it left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.continuity import course_of
from diffing.grounds.explained import explained_by
from diffing.grounds.phrases import gist
from diffing.grounds.returns import told_of
from diffing.grounds.wording import listing, place, plural
from diffing.identity import table_key, title_key
from diffing.values import normalise
from state.document import Where
from state.kinds import Severity
from state.model import Item

KINDS = ("wrong-edition", "returned")
RANK = 41

LEAST_COLUMNS = 2
"""Columns of figures that must have left, and as many that must have come."""

MOST_KEPT = 0.5
"""Share of the columns of figures that may be the same."""


class _Other(NamedTuple):
    """A table in whose place another stands; ``known`` where that one is of an earlier release."""

    pair: TablePair
    known: bool


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all tables of a release that became others, and one for those that are back."""
    comparison = evidence.comparison
    if comparison is None:
        return
    others = [_Other(pair, _is_known(evidence, pair)) for pair in comparison.tables if _is_other(pair)]
    for known in (False, True):
        group = [other.pair for other in others if other.known is known]
        if group:
            yield _back(evidence, comparison, group) if known else _draft(comparison, group)


def _is_other(pair: TablePair) -> bool:
    """Whether title and headers name something else, and no figure goes on."""
    before, after = gist(normalise(pair.before.name)), gist(normalise(pair.after.name))
    if title_key(pair.before.name) == title_key(pair.after.name) or not (before - after and after - before):
        return False
    measures = len(pair.before.columns) - len(pair.before.key)
    left, came = len(pair.columns_removed), len(pair.columns_added)
    if min(left, came) < LEAST_COLUMNS or left < (1 - MOST_KEPT) * measures:
        return False
    course = course_of(pair)
    return not course.figures or course.moved > MOST_KEPT * course.figures


def _is_known(evidence: Evidence, pair: TablePair) -> bool:
    """Whether history has the table that stands here now, from before the last release."""
    return len(evidence.history.table(table_key(pair.after))) > 0


def _draft(comparison: Comparison, pairs: Sequence[TablePair]) -> Draft:
    first = pairs[0]
    names = [f"{place(pair.after)} where {place(pair.before)} was" for pair in pairs]
    more = f", and {plural(len(pairs) - 1, 'table')} more" if len(pairs) > 1 else ""
    left = [first.before.columns[column].name for column in first.columns_removed]
    came = [first.after.columns[column].name for column in first.columns_added]
    return Draft(
        kind="wrong-edition",
        title=f"Another table stands in its place: {names[0]}{more}",
        reason=f"its title names something else, {listing(left)} left, {listing(came)} came; no figure goes on",
        subject=(table_key(first.before), "another table"),
        where=Where(sheet=first.after.sheet, page=first.after.page, table=first.before.name or None),
        items=tuple(_items(pairs)),
        count=len(pairs),
        before=first.before.name or None,
        after=first.after.name or None,
        confidence=0.85,
        explains=explained_by(comparison, pairs),
    )


def _items(pairs: Sequence[TablePair]) -> Iterator[Item]:
    for pair in pairs:
        yield Item(table=pair.after.name, sheet=pair.after.sheet, before=pair.before.name, after=pair.after.name)
        for column in pair.columns_removed:
            yield Item(table=pair.before.name, column=pair.before.columns[column].name, note="left")


def _back(evidence: Evidence, comparison: Comparison, pairs: Sequence[TablePair]) -> Draft:
    names = listing([place(pair.after) for pair in pairs], limit=2)
    return Draft(
        kind="returned",
        title=f"{names} {'stands in its' if len(pairs) == 1 else 'stand in their'} place again",
        reason="another table stood there in the release before; this one is that of the releases before it",
        subject=(table_key(pairs[0].after), "table back"),
        where=Where(sheet=pairs[0].after.sheet, page=pairs[0].after.page, table=pairs[0].after.name or None),
        items=tuple(Item(table=pair.after.name, sheet=pair.after.sheet) for pair in pairs),
        severity=Severity.INFO,
        explains=explained_by(comparison, pairs),
        ends=told_of(evidence, [pair.before for pair in pairs]),
    )
