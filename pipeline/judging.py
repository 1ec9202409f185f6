"""What a source brought, judged: its new releases, and each series without one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pipeline.jobs import examine_in_worker, gather_request
from pipeline.placing import settle_order
from state.reading.as_of import OF_LOOKS

if TYPE_CHECKING:
    import datetime as dt

    from diffing.examination import Examination, Request
    from diffing.workers.pool import Workers
    from pipeline.jobs import Ahead
    from state.document import StatedDate
    from state.model import Alert, Capture, Finding, History, Release, Series, Source
    from state.naming import Named
    from state.store import Store

    Tell = Callable[[Sequence[Finding], Release | None, StatedDate | None], Sequence[Alert]]


class JudgedRelease(Struct, frozen=True):
    """One release judged, or a series judged in a round without a release (``release`` is None)."""

    series: str
    release: Release | None
    findings: tuple[Finding, ...]
    news: tuple[Finding, ...] = ()  # findings without the conditions that were known and are no graver
    as_of: StatedDate | None = None
    trouble: str | None = None  # why the release could not be read
    again: bool = False  # judged before, and again because it follows another release now


class SourceOutcome(Struct, frozen=True):
    """What one round over one source came to; ``error`` is what ended it early, if anything did.

    ``judged`` is empty where nothing had to be: most pages, in most rounds.
    """

    source: Source
    captures: tuple[Capture, ...] = ()
    judged: tuple[JudgedRelease, ...] = ()
    error: Exception | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the round."""
        return tuple(finding for judged in self.judged for finding in judged.findings)

    @property
    def news(self) -> tuple[Finding, ...]:
        """What the round has to say that was not said before."""
        return tuple(finding for judged in self.judged for finding in judged.news)


def judge_source(
    source: Source,
    captures: Sequence[Capture],
    fresh: Sequence[Release],
    *,
    store: Store,
    workers: Workers,
    now: dt.datetime,
    tell: Tell,
    ahead: Ahead | None = None,
) -> SourceOutcome:
    """Judge what a source brought, which is recorded: the new releases, and each series without one.

    What ends the judging of one series is the outcome's ``error``, and no other series' business.
    """
    settle_order(source, store=store, workers=workers)
    releases = store.queue.unjudged(source.id, fresh=fresh)  # with what a round that was killed left unjudged
    if not releases and _is_quiet(source, captures, store):
        return SourceOutcome(source, captures=tuple(captures))
    known = (
        ahead if ahead and len(releases) == 1 else {}
    )  # else what is older counts for it, and was not judged yet
    part = partial(
        _take_in_series, source, captures=captures, store=store, workers=workers, now=now, tell=tell, ahead=known
    )
    judged: list[JudgedRelease] = []
    failed: Exception | None = None
    for series in source.series:
        try:
            judged += part(series, [release for release in releases if release.series == series.name])
        except Exception as error:  # noqa: BLE001 - the boundary between series: it costs this one only
            failed = failed or error
    return SourceOutcome(source, captures=tuple(captures), judged=tuple(judged), error=failed)


def _is_quiet(source: Source, captures: Sequence[Capture], store: Store) -> bool:
    """Whether nothing at all is to be judged of a source."""
    from pipeline.skip import is_page_alone, is_quiet

    return is_page_alone(source) and all(
        is_quiet(series, captures, store.looks.standing(source.id, series.name)) for series in source.series
    )


def _take_in_series(
    source: Source,
    series: Series,
    fresh: Sequence[Release],
    *,
    captures: Sequence[Capture],
    store: Store,
    workers: Workers,
    now: dt.datetime,
    tell: Tell,
    ahead: Ahead,
) -> Iterator[JudgedRelease]:
    """Judge the new releases of a series in order, or the series without one.

    History is gathered late, so that each release counts for the next. Where every file is a document of its
    own they are judged first and reported then, so that the same edit on many of them is told as one.
    """
    gather = partial(gather_request, source, series, captures=captures, store=store, now=now)
    if series.each_file and fresh:
        for turn in _turns(fresh):
            judged = [_examine_alone(gather(release), release, workers) for release in turn]
            yield from _report_together(judged, gather(None), store=store, tell=tell)
        return
    for release in fresh or (None,):
        if release is not None and release.id in ahead:
            request, examined = ahead[release.id]
        else:
            request = gather(release)
            examined = examine_in_worker(request, workers)
        yield report(request, release, examined, store=store, tell=tell)


def _examine_alone(request: Request, release: Release, workers: Workers) -> tuple[Request, Release, Examination]:
    """A release examined; its bytes, and those of the one before, are let go: a series may have many."""
    examined = examine_in_worker(request, workers)
    return replace(request, after=None, before=None), release, examined


def _turns(releases: Sequence[Release]) -> list[list[Release]]:
    """The oldest release of each document, then the next of each, as rounds would have had them that were killed.

    Each counts for the next one of its document, and a round that is killed again has come further.
    """
    turns: list[list[Release]] = []
    taken: Counter[str] = Counter()
    for release in releases:
        if taken[release.document] == len(turns):
            turns.append([])
        turns[taken[release.document]].append(release)
        taken[release.document] += 1
    return turns


def _report_together(
    judged: Sequence[tuple[Request, Release, Examination]], whole: Request, *, store: Store, tell: Tell
) -> Iterator[JudgedRelease]:
    """Report the documents of a series; what several share is one finding of the series itself."""
    from diffing.examine import examine
    from diffing.same_edit import PageFindings, group_same_edits

    pages = [PageFindings(url=release.url, findings=examined.findings) for _, release, examined in judged]
    alone, shared = group_same_edits(pages)
    examined = examine(whole)
    together = replace(examined, findings=(*shared, *examined.findings))
    # First what they share: a round that ends in between judges the documents again, but what was taken out of
    # those that it had reported already would be lost.
    said = report(whole, None, together, store=store, tell=tell)
    events = {finding.id: finding.event for finding in said.findings}
    for (request, release, examined), page in zip(judged, alone, strict=True):
        own = tuple(
            replace(each, cause=events.get(each.cause, each.cause)) if each.cause else each
            for each in page.findings
        )
        yield report(request, release, replace(examined, findings=own), store=store, tell=tell)
    yield said


def report(
    request: Request,
    release: Release | None,
    examined: Examination,
    *,
    store: Store,
    tell: Tell,
    past: bool = False,
) -> JudgedRelease:
    """Keep what was said, what is to be remembered and whom to tell, in one transaction.

    A release that is not believed yet is put aside first, and what was said is said of the look.
    """
    doubted = release if examined.question else None
    if doubted is not None:
        store.queue.put_in_question(doubted, at=request.now)
    of = None if doubted else release
    named = store.name(examined.findings, source=request.source.id, series=request.series.name, release=of)
    alerts = (*tell(named.findings, of, examined.as_of), *tell(named.retractions, of, examined.as_of))
    _keep(request, of, examined, named, alerts=alerts, store=store, at=request.now, past=past)
    return JudgedRelease(
        series=request.series.name,
        release=release,
        findings=named.findings,
        news=_news(named.findings, request.history),
        as_of=examined.as_of,
        trouble=examined.trouble or examined.question,
    )


def report_again(
    request: Request,
    release: Release,
    examined: Examination,
    *,
    store: Store,
    tell: Tell,
    live: bool,
    at: dt.datetime,
) -> JudgedRelease:
    """Keep what is said of a release that was judged before another one stood before it.

    What no longer follows is retracted, and ``tell`` tells so to those who were told. Where the late one came in a
    round (``live``), what was not said before is news of ``at``; else it stands in the history of its own day.
    """
    named = store.name(examined.findings, source=request.source.id, series=request.series.name, release=release)
    newly = tuple(finding for finding in named.newly if finding.kind not in OF_LOOKS) if live else ()
    alerts = (*tell(newly, release, examined.as_of), *tell(named.retractions, release, examined.as_of))
    said = at if live else request.now
    _keep(request, release, examined, named, alerts=alerts, store=store, at=said, past=True)
    return JudgedRelease(
        series=request.series.name,
        release=release,
        findings=named.findings,
        news=(*newly, *named.retractions),
        as_of=examined.as_of,
        trouble=examined.trouble,
        again=True,
    )


def _keep(
    request: Request,
    release: Release | None,
    examined: Examination,
    named: Named,
    *,
    alerts: Sequence[Alert],
    store: Store,
    at: dt.datetime,
    past: bool,
) -> None:
    store.report(
        source=request.source.id,
        series=request.series.name,
        release=release,
        facts=examined.facts,
        texts=examined.texts,
        view=examined.view,
        reading=examined.reading,
        findings=named.findings,
        retracted=named.retracted,
        retractions=named.retractions,
        alerts=alerts,
        at=at,
        past=past,
    )


def _news(findings: Sequence[Finding], history: History) -> tuple[Finding, ...]:
    """The findings but those conditions that stand open with the same severity."""
    from state.model import ConditionState

    known = {
        (past.finding.id, past.finding.severity)
        for past in history.findings()
        if past.state is ConditionState.OPEN
    }
    return tuple(finding for finding in findings if (finding.id, finding.severity) not in known)
