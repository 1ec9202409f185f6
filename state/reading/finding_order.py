"""When findings were told, which is how people order them: a condition that merely goes on is no news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from sqlite3 import Connection
from typing import Final

from state.kinds import Severity
from state.serialisation.nouns import unpack_finding
from state.times import moment
from state.vocabulary import CONDITIONS

_CONDITIONS: Final = ", ".join(f"'{kind}'" for kind in sorted(CONDITIONS))

Occurrence = tuple[str, Severity, str]
"""When something was said (as stored), how grave and under which title."""


def told_times(db: Connection, *, least: Severity = Severity.INFO, finding: str | None = None) -> dict[int, str]:
    """When findings from ``least`` on (or this one) were told last, as stored, by their numbers.

    An event is told whenever it happens; a condition when it opens and whenever it becomes graver.
    """
    wanted = [severity.value for severity in Severity if severity.rank >= least.rank]
    marks = ", ".join("?" for _ in wanted)
    rows = db.execute(
        "SELECT finding.id, occurrence.at FROM finding JOIN occurrence ON occurrence.id = finding.latest"
        f" WHERE finding.severity IN ({marks}) AND (? IS NULL OR fingerprint = ?)",
        [*wanted, finding, finding],
    ).fetchall()
    times = {int(number): str(at) for number, at in rows}
    repeated = db.execute(
        "SELECT finding.id FROM finding JOIN occurrence ON occurrence.finding = finding.id"
        f" WHERE kind IN ({_CONDITIONS}) GROUP BY finding.id HAVING count(*) > 1"
    ).fetchall()
    for (number,) in repeated:
        if number in times:
            times[number] = _told_last(_occurrences(db, number))
    return times


def told_at(db: Connection, finding: str) -> dt.datetime:
    """When the finding with this fingerprint was told last. It must be there."""
    (at,) = told_times(db, finding=finding).values()
    return moment(at)


def _occurrences(db: Connection, number: int) -> list[Occurrence]:
    rows = db.execute(
        "SELECT at, severity, body FROM occurrence WHERE finding = ? ORDER BY at, id", [number]
    ).fetchall()
    return [(at, Severity(severity), unpack_finding(body).title) for at, severity, body in rows]


def _told_last(occurrences: Sequence[Occurrence]) -> str:
    """The last time that a condition opened or became graver; one that only has another title goes on.

    The same words once more stand for a condition that was over in between: what goes on is not kept again.
    """
    last = occurrences[0][0]
    for (_, severity, title), (at, graver, renamed) in pairwise(occurrences):
        if graver.rank > severity.rank or (graver, renamed) == (severity, title):
            last = at
    return last
