"""``stale-republished``: a table that always moves stands still, while its date or its siblings move on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.explained import explained_by, facts_of
from diffing.grounds.figures import as_of_date, is_number, tolerance
from diffing.grounds.past import past_of
from diffing.grounds.wording import listing, number, percentage, place, plural
from diffing.identity import table_key
from diffing.readers.statements.periods import read_period
from state.document import Span, Table, Where
from state.kinds import Severity
from state.model import Item

KINDS = ("stale-republished",)
RANK = 20

LEAST_FIGURES = 12
"""Non-zero figures below which it is chance that a table stands still."""

LEAST_RELEASES = 6
MOVES = 0.8
"""A table that changed in this share of at least so many releases and now stands still is stale."""

LEAST_UNKNOWN = 100
"""Non-zero figures of a table with a date of its own that cannot all stand still, little as is known of it."""

MOST = 0.5
"""Share of its figures that moved each time in a table of which few releases are known."""

NEARLY = 0.02
"""Share of its figures that may have moved in a table that stands still but for a few."""


class _Still(NamedTuple):
    """A table that stands still, and why it should not: a newer date that it bears, or that of its siblings."""

    pair: TablePair
    before: dt.date
    after: dt.date
    of_siblings: bool
    known: str


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all tables that stand still under the same dates."""
    comparison = evidence.comparison
    if comparison is None:
        return
    groups: dict[tuple[dt.date, dt.date, bool], list[_Still]] = {}
    for pair in comparison.tables:
        still = _still(evidence, comparison, pair)
        if still is not None:
            groups.setdefault((still.before, still.after, still.of_siblings), []).append(still)
    for group in groups.values():
        yield _draft(comparison, group)


def _still(evidence: Evidence, comparison: Comparison, pair: TablePair) -> _Still | None:
    if pair.rows_removed or pair.rows_added or _weight(pair.after) < LEAST_FIGURES or _moved(pair):
        return None
    if pair.columns_removed or 2 * len(pair.columns) <= len(pair.after.columns):
        return None  # other columns are no figures that stand still
    before, after = _titled(pair.before), _titled(pair.after)
    if before is None or after is None:
        before, after = as_of_date(comparison.before, pair.before), as_of_date(comparison.after, pair.after)
    if before is None or after is None:
        return None
    newest = _newest(comparison, pair)
    of_siblings = after == before and newest is not None and newest > before
    if after <= before and not of_siblings:
        return None
    known = _habit(evidence, comparison, pair)
    until = newest if of_siblings and newest else after
    return _Still(pair, before, until, of_siblings, known) if known else None


def _titled(table: Table) -> dt.date | None:
    """The date that a table says of itself, else the end of the day or month that its title names."""
    if table.as_of is not None:
        return table.as_of.date
    words = table.name.split()
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            period = read_period(" ".join(words[start : start + length]).strip(" ,;:()"), fiscal_year=None)
            if period is not None and period.span in (Span.DAY, Span.WEEK, Span.MONTH, Span.QUARTER):
                return period.end
    return None


def _weight(table: Table) -> int:
    figures = sum(1 for row in table.rows for value in row if is_number(value) and value)
    return figures or len(table.rows)


def _moved(pair: TablePair) -> bool:
    """Whether more than a few figures moved; words do not count beside figures."""
    figures = sum(is_number(value) and value != 0 for row in pair.after.rows for value in row)
    if not figures:
        return bool(pair.cells)
    return sum(is_number(change.before) or is_number(change.after) for change in pair.cells) > NEARLY * figures


def _newest(comparison: Comparison, pair: TablePair) -> dt.date | None:
    """The newest date of a sibling that moved on from the date of this table, figures and all."""
    own = pair.before.as_of
    if own is None or own.date is None:
        return None
    dates = []
    for other in comparison.tables:
        left, right = other.before.as_of, other.after.as_of
        if other.index == pair.index or left is None or right is None or left.date is None or right.date is None:
            continue
        if other.cells and left.date <= own.date < right.date:
            dates.append(right.date)
    return max(dates, default=None)


def _habit(evidence: Evidence, comparison: Comparison, pair: TablePair) -> str:
    """Why the table should have moved, in words; "" where it need not have."""
    changed = past_of(evidence, pair).of_year(pair.before.fiscal_year).measures("cells.changed")
    share = sum(map(bool, changed)) / len(changed) if changed else 1.0
    if share < MOVES:
        return ""
    if len(changed) >= tolerance(evidence, "stale-republished.releases", LEAST_RELEASES):
        return f"the table changed in {percentage(100 * share)} of {plural(len(changed), 'earlier release')}"
    if _should_move(comparison, pair):
        return "other tables of the release moved on"
    return _always_moved(pair, changed)


def _always_moved(pair: TablePair, changed: Sequence[float]) -> str:
    """The habit of a table of which few releases are known, and that says a later date of itself.

    Most of its figures moved each time: that not one of them does so is no chance.
    """
    before, after = _titled(pair.before), _titled(pair.after)
    if before is None or after is None or before == after or not changed or pair.cells:
        return ""
    figures = sum(is_number(value) and value != 0 for row in pair.after.rows for value in row)
    least = min(changed)
    if least < max(LEAST_FIGURES, MOST * figures):
        return ""
    times = "in the release before" if len(changed) == 1 else f"in each of {plural(len(changed), 'release')}"
    return f"at least {plural(int(least), 'figure')} of it moved {times}"


def _should_move(comparison: Comparison, pair: TablePair) -> bool:
    """Whether a table of which little is known says a later date of so many figures that some would have moved.

    Told only where the rest of the release did move: else the whole release was merely dated anew.
    """
    before, after = pair.before.as_of, pair.after.as_of
    return (
        before is not None
        and after is not None
        and before.date != after.date
        and sum(is_number(value) and value != 0 for row in pair.after.rows for value in row) >= LEAST_UNKNOWN
        and any(other.cells for other in comparison.tables)
    )


def _draft(comparison: Comparison, group: Sequence[_Still]) -> Draft:
    first = group[0]
    pairs = [each.pair for each in group]
    figures = sum(_weight(pair.after) for pair in pairs)
    others = sum(len(list(facts_of(pair))) for pair in pairs)
    besides = f", though {plural(others, 'other cell')} moved" if others else ""
    return Draft(
        kind="stale-republished",
        title=_title(group),
        reason=f"all {number(figures)} figures are those of the release before{besides}; {first.known}",
        subject=(table_key(first.pair.after), "still"),
        where=Where(sheet=first.pair.after.sheet, table=first.pair.after.name or None),
        items=tuple(Item(table=listing([pair.after.name]) or None, sheet=pair.after.sheet) for pair in pairs),
        severity=Severity.HIGH,
        explains=explained_by(comparison, pairs),
    )


def _title(group: Sequence[_Still]) -> str:
    first = group[0]
    names = [place(each.pair.after) for each in group]
    who = f"{names[0]} is" if len(group) == 1 else f"{plural(len(group), 'table')} are"
    if first.of_siblings:
        return f"{who} unchanged, still as of {first.before}, while other tables moved on to {first.after}"
    own = first.pair.before.as_of is not None and first.pair.after.as_of is not None
    moved = f" ({first.before} became {first.after})" if own else ""
    return f"{who} unchanged under a newer date{moved}"
