"""``release-overdue``: the next release of a series has not come when its cadence says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.cadence import Cadence, cadence_of, days
from diffing.grounds.looks import day, is_document
from state.kinds import Kind, Severity
from state.model import ConditionState

KINDS = (
    Kind(
        "release-overdue",
        Severity.HIGH,
        "the next release has not come when its cadence says, declared or learnt; escalating",
        condition=True,
    ),
)
RANK = 78


def detect(evidence: Evidence) -> Iterator[Draft]:
    """Holds while a release is awaited. One that comes late is told of when nobody could say so before."""
    if evidence.series.each_file:
        return  # every file has a history of its own, which says nothing of the next file
    if evidence.is_found_later:
        return  # when it came nobody knows: a web archive has the days on which it looked
    times = _times(evidence)
    cadence = cadence_of(evidence.series, times)
    if cadence is None or not times:
        return
    waited = evidence.now - times[-1]
    if waited <= cadence.limit:
        return
    if evidence.document is None or (not cadence.declared and _is_reissue(evidence)):
        yield _draft(evidence, cadence, waited, times[-1], came=False)
    elif not _told_already(evidence, times[-1]) and not _nobody_looked(evidence, times[-1] + cadence.limit):
        yield _draft(evidence, cadence, waited, times[-1], came=True)


def _times(evidence: Evidence) -> list[dt.datetime]:
    """When the releases came, oldest first. A re-issue with the same as-of date is no release of its own.

    Of a web page without declared cadence only those count that state a new date: pages are edited at any time.
    """
    releases = evidence.history.releases()
    declared = evidence.series.cadence is not None
    first: dict[object, dt.datetime] = {}
    for release in sorted(releases, key=lambda release: release.at):
        as_of = release.as_of.date if release.as_of and not declared else None
        if not declared and release.release in evidence.found_later:
            continue  # its day is that of a web archive's look, of which no rhythm is learnt
        if as_of or declared or not _is_page(release.url):
            first.setdefault(as_of or release.release, release.at)
    return sorted(first.values())


def _is_reissue(evidence: Evidence) -> bool:
    """Whether the release judged speaks as of the same date as the one before: nothing new has come."""
    releases = evidence.history.releases()
    before = releases[-1].as_of if releases else None
    now = evidence.document.as_of if evidence.document else None
    return before is not None and now is not None and before.date == now.date


def _is_page(url: str) -> bool:
    """Whether a release is a web page, which is edited at any time, rather than a file."""
    return url.startswith("http") and not is_document(url)


def _told_already(evidence: Evidence, last: dt.datetime) -> bool:
    """Whether the wait that ends with this release was reported while it lasted."""
    return any(
        past.finding.kind == "release-overdue" and (past.state is ConditionState.OPEN or past.last_at > last)
        for past in evidence.history.findings()
    )


def _nobody_looked(evidence: Evidence, due: dt.datetime) -> bool:
    """Whether the monitor itself was away, so that the day on which the release came is not known."""
    earlier = [look.at for look in evidence.history.captures()]
    if not evidence.captures and not earlier:
        return False
    begin = min((look.at for look in evidence.captures), default=evidence.now)
    return not any(due <= at < begin for at in earlier)


def _draft(evidence: Evidence, cadence: Cadence, waited: dt.timedelta, last: dt.datetime, *, came: bool) -> Draft:
    name = evidence.series.title or evidence.source.title or "The release"
    usual = days(cadence.usual)
    if came:
        title = f"{name}: this release came {days(waited)} after the one before, {usual} are usual"
    else:
        title = f"{name}: no release for {days(waited)}, one every {usual} is usual"
    if cadence.declared:
        title = title.replace("are usual", "are promised").replace("is usual", "is promised")
    return Draft(
        kind="release-overdue",
        title=title,
        reason=f"{cadence.told}; overdue after {days(cadence.limit)}; the last one came on {day(last)}",
        subject=(),
        before=last.date().isoformat(),
        after=evidence.now.date().isoformat() if came else None,
        severity=_severity(cadence, waited),
        confidence=0.95 if cadence.declared else 0.8,
    )


def _severity(cadence: Cadence, waited: dt.timedelta) -> Severity:
    """High for a promise broken, critical for three; a learnt rhythm begins one step lower.

    A wait that the series has known before is no news while it is below two periods.
    """
    periods = waited / cadence.usual
    if periods >= (3 if cadence.declared else 4):
        return Severity.CRITICAL
    if cadence.declared or periods >= 2:
        return Severity.HIGH
    return Severity.INFO if waited <= cadence.longest else Severity.MEDIUM
