"""Rounds made by hand: captures of a page and its documents, and the evidence that they give."""

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from diffing.comparing.model import Draft, Evidence
from state.document import DateRole, Document, StatedDate
from state.model import (
    Capture,
    ConditionState,
    Finding,
    PastFinding,
    ReleaseFacts,
    Series,
    Source,
    Verdict,
)
from state.series_history import PastReleases

FIRST = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
PAGE = "https://publisher.example/statistics"
DOCUMENT = Document(media_type="text/html", headline="Statistics")

THE_PAGE = Series(name="page", title="The page")
FILES = Series(name="files", title="Statistics", pattern=r"/files/stats.*\.xlsx")
LETTERS = Series(name="letters", title="Letters", pattern=r"/letters/.*\.pdf", each_file=True)
SOURCE = Source(
    id="test/statistics",
    title="Statistics",
    publisher="Agency",
    url=PAGE,
    series=(THE_PAGE, FILES, LETTERS),
)


def day(number: float) -> dt.datetime:
    """A time so many days after the first."""
    return FIRST + dt.timedelta(days=number)


def looked(verdict: Verdict, at: float, *, url: str = PAGE, series: str = "page", **fields) -> Capture:
    status = {Verdict.GONE: 404, Verdict.BLOCKED: 403, Verdict.PRESENT: 200}.get(verdict)
    return Capture(
        source=SOURCE.id,
        series=series,
        url=url,
        final_url=fields.pop("final_url", url),
        at=day(at),
        verdict=verdict,
        status=status,
        **fields,
    )


def released(at: float, *, url: str = "", as_of: dt.date | None = None) -> ReleaseFacts:
    stated = StatedDate(as_of.isoformat(), as_of, DateRole.AS_OF) if as_of else None
    return ReleaseFacts(release=str(at), at=day(at), sha256=f"{int(at * 10):064x}", url=url, as_of=stated)


def reported(kind: str, *, first: float, last: float, state: ConditionState = ConditionState.OPEN) -> PastFinding:
    finding = Finding(id="x", kind=kind, severity="low", title="It was said", reason="because")
    return PastFinding(finding, day(first), day(last), 1, state)


def round_of(
    captures: Sequence[Capture],
    *,
    before: Sequence[Capture] = (),
    releases: Sequence[ReleaseFacts] = (),
    findings: Sequence[PastFinding] = (),
    links: Mapping[str, float] | None = None,
    series: Series = THE_PAGE,
    now: float | None = None,
    **fields,
) -> Evidence:
    """The evidence of one round; ``before``: captures of earlier rounds, ``links``: last seen on which day."""
    history = PastReleases(
        facts=tuple(releases),
        past_captures=tuple(before),
        past_findings=tuple(findings),
        linked={url: day(at) for url, at in (links or {}).items()},
    )
    at = day(now) if now is not None else max(capture.at for capture in captures)
    return Evidence(
        source=fields.pop("source", SOURCE),
        series=series,
        now=at,
        history=history,
        captures=tuple(captures),
        **fields,
    )


def source_of(series: Series) -> Source:
    return replace(SOURCE, series=(series,))


def only(drafts: Sequence[Draft]) -> Draft:
    drafts = list(drafts)
    assert len(drafts) == 1, [draft.title for draft in drafts]
    return drafts[0]
