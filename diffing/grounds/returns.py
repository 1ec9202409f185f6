"""What was reported gone and is back: told as a return, not as news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from diffing.comparing.model import Evidence
from diffing.grounds.cadence import days
from diffing.grounds.phrases import mask
from state.document import Table, Value
from state.kinds import Audience, Severity
from state.model import Finding, PastFinding
from state.vocabulary import audience_of

GONE = frozenset({"text-vanished", "definition-vanished", "commitment-weakened", "headline-changed"})
"""Kinds that report words as gone or replaced."""


def gone_since(evidence: Evidence, text: str) -> dt.datetime | None:
    """When ``text`` was last reported gone or replaced; None where it never was."""
    masked = mask(text)
    reported = [past for past in evidence.history.findings() if past.finding.kind in GONE]
    return max((past.last_at for past in reported if _tells_of(past, masked)), default=None)


def told_of(evidence: Evidence, tables: Sequence[Table], *, ever: bool = False) -> tuple[str, ...]:
    """The ids of what was told of ``tables`` (of everything, where there are none) with the release before.

    ``ever``: with any release.
    """
    releases = evidence.history.releases()
    if not releases:
        return ()
    names = {(table.sheet, table.name or None) for table in tables}
    return tuple(
        past.finding.id
        for past in evidence.history.findings()
        if (ever or past.last_at >= releases[-1].at)
        and _was_told(past)
        and (not names or (past.finding.where.sheet, past.finding.where.table) in names)
    )


def told_of_words(evidence: Evidence, sides: Sequence[Value]) -> bool:
    """Whether people were told of a change that one of these texts was a side of."""
    masks = {mask(side) for side in sides if isinstance(side, str) and side}
    told = (past for past in evidence.history.findings() if _was_told(past))
    return any(mask(text) in masks for past in told for text in _texts(past.finding, both=True))


def _was_told(past: PastFinding) -> bool:
    loud = past.finding.severity is not Severity.INFO
    return loud and audience_of(past.finding.kind) is Audience.WATCHDOGS


def back_after(evidence: Evidence, text: str) -> str:
    """ "Back after 3 days: " before the title of what is back, "" before what is new."""
    since = gone_since(evidence, text)
    return f"Back after {days(evidence.now - since)}: " if since else ""


def _tells_of(past: PastFinding, masked: str) -> bool:
    return any(mask(text) == masked for text in _texts(past.finding))


def _texts(finding: Finding, *, both: bool = False) -> Iterator[str]:
    """The texts that were before; ``both``: those that are after too."""
    sides = [finding.before, *(item.before for item in finding.items)]
    if both:
        sides += [finding.after, *(value for item in finding.items for value in (item.after, item.text, item.url))]
    yield from (side for side in sides if isinstance(side, str))
