"""``wrong-edition``: the file of another series of the source stands where that of this one should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.continuity import course_from, course_of
from diffing.grounds.explained import everything
from diffing.grounds.past import named
from diffing.grounds.wording import number
from state.document import Document, Table
from state.model import Item, ReleaseFacts, TableFacts
from state.series_history import SiblingSeries

KINDS = ("wrong-edition",)
RANK = 8

LEAST_FIGURES: Final = 12
"""Figures that must go on from another series for it to be told by them."""

LOOKED_AT: Final = 5
"""Newest releases of each series by which a file is known; some of them may be wrong."""

HALF: Final = 0.5
"""Share of the own releases from which a file goes on, from which on it is its own."""

LEAST_ROWS: Final = 8
"""Rows that must do so where a table has fewer figures."""


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement where the file is another series', by its bytes or by its largest table.

    A file belongs to the series from whose newest releases it mostly goes on, whoever else has it too.
    """
    comparison = evidence.comparison
    if comparison is None or not evidence.siblings or evidence.sha256_after == evidence.sha256_before:
        return
    after = max(comparison.after.tables, key=_size, default=None)
    if after is None or _size(after) < LEAST_ROWS or _is_continued(comparison, after):
        return
    own = _share(evidence.history.releases()[-LOOKED_AT:], after, unknown=1.0)
    for sibling in evidence.siblings:
        theirs = _share(sibling.known[-LOOKED_AT:], after, unknown=0.0)
        same = evidence.sha256_after in sibling.bodies and evidence.sha256_before not in sibling.bodies
        if own < min(theirs, HALF) and (same or not _was_theirs(sibling, comparison.before)):
            yield _draft(evidence, comparison, sibling, reason=_reason(sibling, after, same=same))
            return


def _is_continued(comparison: Comparison, table: Table) -> bool:
    """Whether the release before has a counterpart that goes on in the table."""
    place = comparison.after.tables.index(table)
    return any(pair.places[1] == place and course_of(pair).goes_on for pair in comparison.tables)


def _share(releases: Sequence[ReleaseFacts], table: Table, *, unknown: float) -> float:
    """The share of the releases from which a table goes on; ``unknown`` where none has a table."""
    known = [facts for facts in map(_largest, releases) if facts is not None]
    return sum(_goes_on(facts, table) for facts in known) / len(known) if known else unknown


def _was_theirs(sibling: SiblingSeries, before: Document) -> bool:
    """Whether the release before was near the other series as well, so that nothing tells the two apart."""
    table = max(before.tables, key=_size, default=None)
    return table is None or _share(sibling.known, table, unknown=1.0) >= HALF


def _largest(facts: ReleaseFacts) -> TableFacts | None:
    """The largest table of a release of which history keeps the values."""
    kept = (table for table in facts.tables if table.values)
    return max(kept, key=lambda table: len(table.rows) * len(table.columns), default=None)


def _goes_on(facts: TableFacts, table: Table) -> bool:
    course = course_from(facts, table)
    if not course.goes_on:
        return False
    return course.figures >= LEAST_FIGURES or len(facts.rows) >= LEAST_ROWS


def _size(table: Table) -> int:
    return len(table.rows) * len(table.columns)


def _reason(sibling: SiblingSeries, table: Table, *, same: bool) -> str:
    if same:
        return "both series have it, byte for byte, and it does not go on from what this one was"
    release, course = next(
        (release, course_from(facts, table))
        for release in reversed(sibling.known)
        if (facts := _largest(release)) is not None and _goes_on(facts, table)
    )
    near = f"; {number(course.figures - course.moved)} of {number(course.figures)} figures are near"
    return (
        f"{course.rows_kept:.0%} of its rows are those of {named(release, among=sibling.known)} of that series"
        f"{near if course.figures else ''}; most of the release before are not there"
    )


def _draft(evidence: Evidence, comparison: Comparison, sibling: SiblingSeries, *, reason: str) -> Draft:
    return Draft(
        kind="wrong-edition",
        title=f"“{evidence.series.title}” holds the file of another series: “{sibling.title}”",
        reason=reason,
        subject=("another series",),
        items=tuple(Item(table=each.name or None, sheet=each.sheet) for each in comparison.after.tables),
        count=1,
        explains=tuple(everything(comparison)),
    )
