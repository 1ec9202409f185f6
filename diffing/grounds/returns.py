"""What was reported gone and is back: told as a return, not as news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from diffing.comparing.model import Evidence
from diffing.grounds.cadence import days
from diffing.grounds.phrases import mask
from state.document import Table
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


def told_of(evidence: Evidence, tables: Sequence[Table]) -> tuple[str, ...]:
    """The ids of what was told of ``tables`` (of everything, where there are none) with the release before."""
    releases = evidence.history.releases()
    if not releases:
        return ()
    names = {(table.sheet, table.name or None) for table in tables}
    return tuple(
        past.finding.id
        for past in evidence.history.findings()
        if past.last_at >= releases[-1].at
        and past.finding.severity is not Severity.INFO
        and audience_of(past.finding.kind) is Audience.WATCHDOGS
        and (not names or (past.finding.where.sheet, past.finding.where.table) in names)
    )


def back_after(evidence: Evidence, text: str) -> str:
    """ "Back after 3 days: " before the title of what is back, "" before what is new."""
    since = gone_since(evidence, text)
    return f"Back after {days(evidence.now - since)}: " if since else ""


def _tells_of(past: PastFinding, masked: str) -> bool:
    return any(mask(text) == masked for text in _texts(past.finding))


def _texts(finding: Finding) -> Iterator[str]:
    sides = [finding.before, *(item.before for item in finding.items)]
    yield from (side for side in sides if isinstance(side, str))
