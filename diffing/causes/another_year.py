"""``wrong-edition``: a table whose own date or fiscal year runs backwards while its figures do not go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.continuity import LEAST_FIGURES, Course, course_of
from diffing.grounds.explained import explained_by
from diffing.grounds.figures import where_is
from diffing.grounds.wording import listing, number, percentage, place, plural
from diffing.identity import title_key
from state.document import Table
from state.kinds import Group, Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "wrong-edition",
        Severity.CRITICAL,
        "it holds another edition than its release says: another year or language, another series' file",
        group=Group.NUMBERS,
    ),
)
RANK = 30

LEAST_DAYS = 20
"""Days by which a date must run back: fewer are a cut-off set anew."""


class _Edition(NamedTuple):
    """A table of another edition, by what it bore before and bears now, and how its figures moved."""

    pair: TablePair
    before: str
    after: str
    course: Course


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all tables that went back from the same edition to the same edition."""
    comparison = evidence.comparison
    if comparison is None:
        return
    groups: dict[tuple[str, str], list[_Edition]] = {}
    for pair in comparison.tables:
        edition = _edition(pair)
        if edition is not None:
            groups.setdefault((edition.before, edition.after), []).append(edition)
    for group in groups.values():
        yield _draft(comparison, group)


def _edition(pair: TablePair) -> _Edition | None:
    """Another edition by its year, else by its date; None where the figures go on, and it is a slip of the pen."""
    years = pair.before.fiscal_year, pair.after.fiscal_year
    dates = _own_date(pair.before), _own_date(pair.after)
    if years[0] is not None and years[1] is not None and years[1] < years[0]:
        before, after = f"FY{years[0]}", f"FY{years[1]}"
    elif dates[0] is not None and dates[1] is not None and (dates[0] - dates[1]).days >= LEAST_DAYS:
        before, after = dates[0].isoformat(), dates[1].isoformat()
    else:
        return None
    course = course_of(pair)
    if course.figures < LEAST_FIGURES or course.goes_on:
        return None
    return _Edition(pair, before, after, course)


def _own_date(table: Table) -> dt.date | None:
    return table.as_of.date if table.as_of is not None else None


def _draft(comparison: Comparison, group: Sequence[_Edition]) -> Draft:
    first = group[0]
    names = [place(each.pair.before) for each in group]
    who = f"{names[0]} holds" if len(group) == 1 else f"{plural(len(group), 'table')} hold"
    tables = "" if len(group) == 1 else f": {listing(names)}"
    moved, figures = sum(each.course.moved for each in group), sum(each.course.figures for each in group)
    pairs = [each.pair for each in group]
    return Draft(
        kind="wrong-edition",
        title=f"{who} {first.after} where {first.before} was due{tables}",
        reason=f"it bears {first.after} after {first.before}{_siblings(comparison, group)}; "
        f"{number(moved)} of {number(figures)} figures moved by {percentage(100 * first.course.typical)} "
        "and more" + _dates(first.pair),
        subject=("edition", title_key(first.pair.before.sheet or first.pair.before.name)),
        where=where_is(first.pair.after),
        items=tuple(
            Item(
                table=pair.after.name or None,
                sheet=pair.after.sheet,
                before=each.before,
                after=each.after,
                valued=True,
            )
            for each, pair in zip(group, pairs, strict=True)
        ),
        before=first.before,
        after=first.after,
        confidence=0.9,
        explains=explained_by(comparison, pairs),
    )


def _siblings(comparison: Comparison, group: Sequence[_Edition]) -> str:
    inside = {each.pair.index for each in group}
    others = [
        pair.after.fiscal_year for pair in comparison.tables if pair.index not in inside and pair.after.fiscal_year
    ]
    return f", beside {plural(len(others), 'table')} of FY{max(others)}" if others else ""


def _dates(pair: TablePair) -> str:
    """Both own dates, where the table is told by its year and bears dates as well."""
    before, after = _own_date(pair.before), _own_date(pair.after)
    return f"; its own date went from {before} to {after}" if before and after and before != after else ""
