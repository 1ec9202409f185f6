"""Who is told what, and when: findings and destinations in, alerts for the outbox out."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from alerts.compose import Notice, compose
from alerts.context import NO_CONTEXT, Context
from state.kinds import Audience, Severity
from state.model import Alert, Destination, Digest, Finding, Release
from state.triage import Silence, silence_of
from state.vocabulary import CONDITIONS, audience_of

DIGEST_HOUR = 8
"""Daily and weekly digests go out at this hour of the destination's time zone; weekly ones on Mondays."""

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
    silences: Sequence[Silence] = (),
) -> list[Alert]:
    """An alert for each finding and each destination that wants it, gravest first.

    ``archive`` is how the addresses of the archive's pages begin. What is told at once of one release goes out
    as one message for each destination; what operators are told of a round, as one: where a host fails, all of its
    sources do. The end of a condition is for those who were told of it, however small
    it is. A release that a backfill put between two others alerts nobody: what it shows is in the history.
    What is paused is told to nobody, what is snoozed waits and comes with all else that waited.
    """
    if release is not None and release.technical:
        return []
    together = batch_key(findings, release=release, at=at)
    heard = [(finding, _silence(finding, silences)) for finding in findings]
    graver = sorted(heard, key=lambda each: -each[0].severity.rank)
    return [
        compose(
            Notice(
                finding=finding,
                event=event_key(finding, release=release, at=at),
                destination=destination.name,
                archive=archive,
                context=context,
                at=at,
                not_before=max(when(destination, at=at, severity=finding.severity), _end(silence) or at),
                bundled=silence is not None or _gathers(destination, finding.severity),
                batch=_OPERATORS if destination.operators else together,
            )
        )
        for finding, silence in graver
        for destination in destinations
        if wants(destination, finding) and not (silence and silence.until is None)
    ]


def _silence(finding: Finding, silences: Sequence[Silence]) -> Silence | None:
    return silence_of(silences, source=finding.source, statements=(finding.id, *finding.ends))


def _end(silence: Silence | None) -> dt.datetime | None:
    return None if silence is None else silence.until


def _gathers(destination: Destination, severity: Severity) -> bool:
    """Whether a finding waits for others: what wakes its destination goes by itself."""
    wakes = destination.wake is not None and severity.rank >= destination.wake.rank
    return destination.digest is not Digest.AT_ONCE and not wakes


def wants(destination: Destination, finding: Finding) -> bool:
    """Whether a destination is to be told of a finding."""
    if (audience_of(finding.kind) is Audience.OPERATORS) is not destination.operators:
        return False
    if finding.cause is not None:
        return False  # told with its cause
    if finding.ends:
        return True  # for those who were told of it, as the outbox knows
    if not _matters(destination, finding):
        return False
    source = finding.source or ""
    return not destination.sources or any(fnmatchcase(source, pattern) for pattern in destination.sources)


def _matters(destination: Destination, finding: Finding) -> bool:
    if finding.severity.rank < destination.least.rank:
        return False
    if destination.terms and not _mentions(finding, destination.terms):
        return False
    return not destination.kinds or finding.kind in destination.kinds


def _mentions(finding: Finding, terms: Sequence[str]) -> bool:
    """Whether one of the terms stands as words in what a finding says."""
    said = [
        finding.title,
        finding.reason,
        finding.before,
        finding.after,
        finding.where.table,
        finding.where.section,
    ]
    for item in finding.items:
        said += [item.row, item.column, item.text, item.term, item.section, item.before, item.after, item.note]
    text = "\n".join(str(part) for part in said if part is not None)
    return any(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE) for term in terms)


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


def when(destination: Destination, *, at: dt.datetime, severity: Severity = Severity.INFO) -> dt.datetime:
    """When an alert of ``at`` may be sent: at once, with the next digest, or when the quiet hours end.

    Hours are those of the destination's time zone. What is as grave as its ``wake`` waits for nothing.
    """
    if destination.wake is not None and severity.rank >= destination.wake.rank:
        return at
    local = at.astimezone(ZoneInfo(destination.zone))
    return _after_quiet(_next_digest(local, destination.digest), destination.quiet).astimezone(dt.UTC)


def _next_digest(local: dt.datetime, digest: Digest) -> dt.datetime:
    if digest is Digest.AT_ONCE:
        return local
    if digest is Digest.HOURLY:
        return local.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    due = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    while due <= local or (digest is Digest.WEEKLY and due.weekday() != 0):
        due += dt.timedelta(days=1)
    return due


def _after_quiet(local: dt.datetime, quiet: str | None) -> dt.datetime:
    """``local``, or the end of the quiet hours that it falls into ("22:00-07:00"; the end is not quiet)."""
    if quiet is None:
        return local
    start, end = (dt.time.fromisoformat(part) for part in quiet.split("-"))
    clock = local.time()
    inside = start <= clock < end if start <= end else clock >= start or clock < end
    if not inside:
        return local
    wakes = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return wakes if wakes > local else wakes + dt.timedelta(days=1)
