"""Who is told what, and when: findings and destinations in, alerts for the outbox out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from fnmatch import fnmatchcase

from alerts.compose import Notice, compose
from alerts.context import NO_CONTEXT, Context
from state.kinds import Audience
from state.model import Alert, Destination, Digest, Finding, Release
from state.vocabulary import CONDITIONS, audience_of

_DIGEST_HOUR = 8
"""Digests go out at this hour, UTC; weekly ones on Mondays."""

_OPERATORS = "operators"
"""The batch of all that operators are told: it is sent at the end of a round."""


def route(
    findings: Sequence[Finding],
    destinations: Sequence[Destination],
    *,
    release: Release | None,
    archive: str,
    at: dt.datetime,
    context: Context = NO_CONTEXT,
) -> list[Alert]:
    """An alert for each finding and each destination that wants it, gravest first.

    ``archive`` is how the addresses of the archive's pages begin. What is told at once of one release goes out
    as one message for each destination; what operators are told of a round, as one: where a host fails, all of its
    sources do. The end of a condition is for those who were told of it, however small
    it is. A release that a backfill put between two others alerts nobody: what it shows is in the history.
    """
    if release is not None and release.technical:
        return []
    together = batch_key(findings, release=release, at=at)
    graver = sorted(findings, key=lambda finding: -finding.severity.rank)
    return [
        compose(
            Notice(
                finding=finding,
                event=event_key(finding, release=release, at=at),
                destination=destination.name,
                archive=archive,
                context=context,
                at=at,
                not_before=when(destination, at=at),
                bundled=destination.digest is not Digest.AT_ONCE,
                batch=_OPERATORS if destination.operators else together,
            )
        )
        for finding in graver
        for destination in destinations
        if wants(destination, finding)
    ]


def wants(destination: Destination, finding: Finding) -> bool:
    """Whether a destination is to be told of a finding."""
    if (audience_of(finding.kind) is Audience.OPERATORS) is not destination.operators:
        return False
    if finding.cause is not None:
        return False  # told with its cause
    if not finding.ends and not _matters(destination, finding):
        return False
    source = finding.source or ""
    return not destination.sources or any(fnmatchcase(source, pattern) for pattern in destination.sources)


def _matters(destination: Destination, finding: Finding) -> bool:
    if finding.severity.rank < destination.least.rank:
        return False
    return not destination.kinds or finding.kind in destination.kinds


def batch_key(findings: Sequence[Finding], *, release: Release | None, at: dt.datetime) -> str:
    """What is told of one release, or of one series in a round without one, is told in one message."""
    if release is not None:
        return release.id
    first = next(iter(findings), None)
    return "" if first is None else f"{first.source} {first.series} {at.isoformat()}"


def event_key(finding: Finding, *, release: Release | None, at: dt.datetime) -> str:
    """The key under which it is sent once, the same however often the round is repeated: its event, if it has one.

    An event happens with its release. A condition lasts, and ends: the archive tells it again only where
    it has become graver or has come back, and then at most once a day, so that what flaps stays bearable.
    """
    if finding.kind in CONDITIONS or finding.ends:
        occasion = f"{finding.severity.value} {at.date().isoformat()}"
    elif release is not None:
        occasion = release.id
    else:
        occasion = at.date().isoformat()
    if finding.event is not None and finding.kind not in CONDITIONS and not finding.ends:
        return finding.event
    return hashlib.sha256(f"{finding.id}\n{occasion}".encode()).hexdigest()[:20]


def when(destination: Destination, *, at: dt.datetime) -> dt.datetime:
    """When an alert of ``at`` may be sent: at once, with the next digest, or when the quiet hours end."""
    due = at
    if destination.digest is not Digest.AT_ONCE:
        due = at.replace(hour=_DIGEST_HOUR, minute=0, second=0, microsecond=0)
        while due <= at or (destination.digest is Digest.WEEKLY and due.weekday() != 0):
            due += dt.timedelta(days=1)
    return _after_quiet(due, destination.quiet)


def _after_quiet(at: dt.datetime, quiet: str | None) -> dt.datetime:
    """``at``, or the end of the quiet hours that it falls into ("22:00-07:00", UTC; the end is not quiet)."""
    if quiet is None:
        return at
    start, end = (dt.time.fromisoformat(part) for part in quiet.split("-"))
    clock = at.time()
    inside = start <= clock < end if start <= end else clock >= start or clock < end
    if not inside:
        return at
    wakes = at.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return wakes if wakes > at else wakes + dt.timedelta(days=1)
