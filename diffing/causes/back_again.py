"""``returned``: a table that was another one for a release goes on from the release before that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.continuity import LEAST_FIGURES, Course, course_from, course_of
from diffing.grounds.explained import explained_by
from diffing.grounds.past import named, past_of
from diffing.grounds.returns import told_of
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import table_key
from state.kinds import Group, Kind, Severity
from state.model import Item, ReleaseFacts, TableFacts

KINDS = (Kind("returned", Severity.INFO, "what was told as changed or vanished is as it was", group=Group.NEWS),)
RANK = 45


class _Back(NamedTuple):
    """A table that goes on from ``release``, and how far it is from that one."""

    pair: TablePair
    release: ReleaseFacts
    course: Course


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all tables that go on from the same release."""
    comparison = evidence.comparison
    if comparison is None or len(evidence.history.releases()) < 2:
        return
    groups: dict[str, list[_Back]] = {}
    for pair in comparison.tables:
        back = _back(evidence, pair)
        if back is not None:
            groups.setdefault(back.release.release, []).append(back)
    for group in groups.values():
        yield _draft(evidence, comparison, group)


def _back(evidence: Evidence, pair: TablePair) -> _Back | None:
    """Where the table does not go on from the release before, which did not go on from the one before it."""
    course = course_of(pair)
    if course.goes_on or (course.rows_kept and course.figures < LEAST_FIGURES):
        return None  # without any row in common it is another table, however few its figures
    entries = past_of(evidence, pair).entries
    if len(entries) < 2:
        return None
    release, facts = entries[-2]
    if _is_older(pair, facts):
        return None
    since = course_from(facts, pair.after)
    wrong = course_from(facts, pair.before)
    if since.figures < LEAST_FIGURES or not since.goes_on or wrong.goes_on:
        return None
    return _Back(pair, release, since)


def _is_older(pair: TablePair, facts: TableFacts) -> bool:
    """Whether the release before was of a later year, so that this is no return but an older edition."""
    year = pair.before.fiscal_year
    return year is not None and facts.fiscal_year is not None and year > facts.fiscal_year


def _draft(evidence: Evidence, comparison: Comparison, group: Sequence[_Back]) -> Draft:
    first = group[0]
    names = [place(each.pair.after) for each in group]
    who = f"{names[0]} goes" if len(group) == 1 else f"{plural(len(group), 'table')} go"
    figures, moved = sum(each.course.figures for each in group), sum(each.course.moved for each in group)
    pairs = [each.pair for each in group]
    return Draft(
        kind="returned",
        title=f"{who} on from {named(first.release, among=evidence.history.releases())}, the one between left out",
        reason=f"{number(figures - moved)} of {number(figures)} figures are near those of that release, "
        f"most of those of the release before are not: {listing(names)}",
        subject=(table_key(first.pair.after), "edition"),
        items=tuple(Item(table=pair.after.name or None, sheet=pair.after.sheet) for pair in pairs),
        explains=explained_by(comparison, pairs),
        ends=told_of(evidence, [pair.before for pair in pairs]),
    )
