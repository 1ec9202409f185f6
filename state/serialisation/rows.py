"""Rows of the archive as nouns: the columns to select and what they become."""

from __future__ import annotations

from typing import Any, Final

from state.model import Capture, ConditionState, PastFinding, Release, Verdict
from state.serialisation.nouns import unpack_finding
from state.times import moment

RELEASE: Final = """
    SELECT release.id, release.source, release.series, capture.url, release.at, snapshot.sha256,
        capture.media_type, snapshot.size, release.document, capture.file_name, release.technical
    FROM release_order AS release
    JOIN capture ON capture.id = release.capture JOIN snapshot ON snapshot.id = capture.body
"""

CAPTURE: Final = """
    SELECT source, series, url, final_url, at, verdict, status, reason, media_type, peer, file_name, link_text,
        memento, elapsed FROM capture
"""


FINDING: Final = """
    SELECT occurrence.body, finding.first_at, finding.last_at, finding.occurrences, finding.state
    FROM finding JOIN occurrence ON occurrence.id = finding.latest AND occurrence.retracted_at IS NULL
"""


_VERDICTS: Final = {verdict.value: verdict for verdict in Verdict}


def release_of(row: tuple[Any, ...]) -> Release:
    """The release in a row of ``RELEASE``."""
    id, source, series, url, at, sha256, media_type, size, document, file_name, technical = row
    return Release(
        id=id,
        source=source,
        series=series,
        url=url,
        at=moment(at),
        sha256=sha256,
        media_type=media_type,
        size=size,
        document=document,
        file_name=file_name,
        technical=bool(technical),
    )


def capture_of(row: tuple[Any, ...]) -> Capture:
    """The capture in a row of ``CAPTURE``, without headers and body."""
    source, series, url, final_url, at, verdict, status, reason, media_type, peer, *more = row
    file_name, link_text, memento, elapsed = more
    return Capture(
        source=source,
        series=series,
        url=url,
        final_url=final_url,
        at=moment(at),
        verdict=_VERDICTS[verdict],
        status=status,
        reason=reason or "",
        media_type=media_type or "",
        peer=peer,
        file_name=file_name,
        link_text=link_text,
        memento=bool(memento),
        elapsed=elapsed or 0.0,
    )


def past_finding_of(row: tuple[Any, ...]) -> PastFinding:
    """The finding in a row of ``FINDING``."""
    body, first_at, last_at, occurrences, state = row
    return PastFinding(
        finding=unpack_finding(body),
        first_at=moment(first_at),
        last_at=moment(last_at),
        occurrences=occurrences,
        state=ConditionState(state),
    )
