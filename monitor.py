#!/usr/bin/env python3
"""Release monitor: finds what governments quietly change in the figures they publish.

This file is the entry point and holds ``check``, the whole flow from a published release to an alert,
readable from top to bottom. Everything else is imported when it is called, so that ``--help`` is quick.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

try:
    import click
    from msgspec import Struct
    from msgspec.structs import replace
except ModuleNotFoundError:
    raise SystemExit("monitor: its packages are not installed here; use .venv/bin/python (README)") from None

from commands.examining import examine_ahead, examine_in_worker, gather_request
from commands.listing import Commands

if TYPE_CHECKING:
    import datetime as dt
    import threading

    from commands.examining import Ahead
    from diffing.examination import Examined, Request
    from diffing.workers.pool import Workers
    from state.document import StatedDate
    from state.model import Alert, Capture, Finding, History, Release, Series, Source
    from state.store import Store
    from watchers.fetch import Fetcher
    from watchers.rounds import Fetched

    Tell = Callable[[Sequence[Finding], Release | None, StatedDate | None], Sequence[Alert]]


_TOGETHER = 8  # sources whose pages are examined in one job of a worker


class Judged(Struct, frozen=True):
    """One release judged, or a series judged in a round without a release (``release`` is None)."""

    series: str
    release: Release | None
    findings: tuple[Finding, ...]
    news: tuple[Finding, ...] = ()  # findings without the conditions that were known and are no graver
    as_of: StatedDate | None = None
    trouble: str | None = None  # why the release could not be read
    again: bool = False  # judged before, and again because it follows another release now


class Outcome(Struct, frozen=True):
    """What one round over one source came to; ``error`` is what ended it early, if anything did.

    ``judged`` is empty where nothing had to be: most pages, in most rounds.
    """

    source: Source
    captures: tuple[Capture, ...] = ()
    judged: tuple[Judged, ...] = ()
    error: Exception | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the round."""
        return tuple(finding for judged in self.judged for finding in judged.findings)

    @property
    def news(self) -> tuple[Finding, ...]:
        """What the round has to say that was not said before."""
        return tuple(finding for judged in self.judged for finding in judged.news)


def check(
    sources: Iterable[Source],
    *,
    fetcher: Fetcher,
    store: Store,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    tell: Tell,
    stop: threading.Event | None = None,
) -> Iterator[Outcome]:
    """One round: fetch, record, judge, report, source after source. What is to be sent waits in the outbox.

    Hosts are fetched side by side, and what came at the same time is recorded together. ``tell`` says who is to be
    told of findings of a release that speaks of a date. The network never makes a source fail; a store error or a
    bug does, costs that source its round, and is in its ``error``. ``stop`` ends the round after the sources in
    hand.
    """
    from watchers.rounds import fetch_in_batches

    for batch in fetch_in_batches(fetcher.fetch, sources, stop=stop):
        whole = [fetched for fetched in batch if fetched.error is None]
        recorded = store.record_together([(fetched.source, fetched.captures) for fetched in whole])
        yield from (Outcome(fetched.source, error=fetched.error) for fetched in batch if fetched.error is not None)
        pairs = list(zip(whole, recorded, strict=True))
        for start in range(0, len(pairs), _TOGETHER):
            part = pairs[start : start + _TOGETHER]
            yield from _judge_part(part, store=store, workers=workers, clock=clock, tell=tell)


def _judge_part(
    part: Sequence[tuple[Fetched, Sequence[Release] | Exception]],
    *,
    store: Store,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    tell: Tell,
) -> Iterator[Outcome]:
    """Judge what a few sources brought, or say why it could not be recorded."""
    ahead = examine_ahead(part, store=store, workers=workers, now=clock())
    judge = partial(_judge, store=store, workers=workers, tell=tell, ahead=ahead)
    for fetched, fresh in part:
        try:
            if isinstance(fresh, Exception):
                raise fresh
            yield judge(fetched.source, fetched.captures, fresh, now=clock())
        except Exception as error:  # noqa: BLE001 - the round's boundary: it costs this source only
            yield Outcome(fetched.source, fetched.captures, error=error)


def take_in(
    source: Source,
    captures: Sequence[Capture],
    *,
    store: Store,
    workers: Workers,
    now: dt.datetime,
    tell: Tell = lambda _findings, _release, _as_of: (),
) -> Outcome:
    """Record captures, however they came, then judge each new release and each series without one.

    Raises what ended the judging of a series, once the others are judged.
    """
    fresh = store.record(source, captures)  # the bytes are safe before anyone reads them
    outcome = _judge(source, captures, fresh, store=store, workers=workers, now=now, tell=tell)
    if outcome.error is not None:
        raise outcome.error
    return outcome


def _judge(
    source: Source,
    captures: Sequence[Capture],
    fresh: Sequence[Release],
    *,
    store: Store,
    workers: Workers,
    now: dt.datetime,
    tell: Tell,
    ahead: Ahead | None = None,
) -> Outcome:
    """Judge what a source brought, which is recorded: the new releases, and each series without one.

    What ends the judging of one series is the outcome's ``error``, and no other series' business.
    """
    releases = store.unjudged(source.id, fresh=fresh)  # with what a round that was killed left unjudged
    if not releases and _is_quiet(source, captures, store):
        return Outcome(source, captures=tuple(captures))
    known = (
        ahead if ahead and len(releases) == 1 else {}
    )  # else what is older counts for it, and was not judged yet
    part = partial(
        _take_in_series, source, captures=captures, store=store, workers=workers, now=now, tell=tell, ahead=known
    )
    judged: list[Judged] = []
    failed: Exception | None = None
    for series in source.series:
        try:
            judged += part(series, [release for release in releases if release.series == series.name])
        except Exception as error:  # noqa: BLE001 - the boundary between series: it costs this one only
            failed = failed or error
    return Outcome(source, captures=tuple(captures), judged=tuple(judged), error=failed)


def _is_quiet(source: Source, captures: Sequence[Capture], store: Store) -> bool:
    """Whether nothing at all is to be judged of a source."""
    from diffing.quiet import is_page_alone, is_quiet

    return is_page_alone(source) and all(
        is_quiet(series, captures, store.archive.standing(source.id, series.name)) for series in source.series
    )


def take_in_past(
    source: Source, captures: Iterable[Capture], *, store: Store, workers: Workers
) -> Iterator[Judged]:
    """Record captures of the past, oldest first, and judge what they bring as of their own day. Alerts nobody.

    A release that one of them was put before is judged again at the end: it follows another one now.
    """
    judge = partial(_judge_past, source, store=store, workers=workers)
    followed = {series.name for series in source.series}
    left = [each for each in store.unjudged(source.id, past=True) if each.series in followed]  # of a killed run
    fresh = {release.id: release for release in left}
    for release in left:
        yield judge(release, captures=())
    for capture in captures:
        for release in store.record(source, [capture]):
            fresh[release.id] = release
            yield judge(release, captures=[capture])
    following = (store.archive.neighbours(release)[1] for release in fresh.values())
    for release in {each.id: each for each in following if each and each.id not in fresh}.values():
        yield replace(judge(release, captures=()), again=True)


def _judge_past(
    source: Source, release: Release, *, captures: Sequence[Capture], store: Store, workers: Workers
) -> Judged:
    request = request_of_past(source, release, captures=captures, store=store)
    return _report(request, release, examine_in_worker(request, workers), store=store, tell=_nobody, past=True)


def request_of_past(source: Source, release: Release, *, captures: Sequence[Capture], store: Store) -> Request:
    """What a release of the past is to be judged by: what was known on its own day."""
    series = next(series for series in source.series if series.name == release.series)
    return gather_request(source, series, release, captures=captures, store=store, now=release.at, own_day=True)


def _nobody(findings: Sequence[Finding], release: Release | None, as_of: StatedDate | None) -> Sequence[Alert]:
    """The ``tell`` of what concerns the past: it is in the history, and wakes nobody."""
    del findings, release, as_of
    return ()


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
) -> Iterator[Judged]:
    """Judge the new releases of a series in order, or the series without one.

    History is gathered late, so that each release counts for the next. Where every file is a document of its
    own they are judged first and reported then, so that the same edit on many of them is told as one.
    """
    gather = partial(gather_request, source, series, captures=captures, store=store, now=now)
    if series.each_file and fresh:
        for turn in _turns(fresh):
            requests = [(gather(release), release) for release in turn]
            judged = [(request, release, examine_in_worker(request, workers)) for request, release in requests]
            yield from _report_together(judged, gather(None), store=store, tell=tell)
        return
    for release in fresh or (None,):
        if release is not None and release.id in ahead:
            request, examined = ahead[release.id]
        else:
            request = gather(release)
            examined = examine_in_worker(request, workers)
        yield _report(request, release, examined, store=store, tell=tell)


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
    judged: Sequence[tuple[Request, Release, Examined]], whole: Request, *, store: Store, tell: Tell
) -> Iterator[Judged]:
    """Report the documents of a series; what several share is one finding of the series itself."""
    from diffing.apart import examine
    from diffing.same_edit import PageFindings, group_same_edits

    pages = [PageFindings(url=release.url, findings=examined.findings) for _, release, examined in judged]
    alone, shared = group_same_edits(pages)
    examined = examine(whole)
    together = replace(examined, findings=(*shared, *examined.findings))
    # First what they share: a round that ends in between judges the documents again, but what was taken out of
    # those that it had reported already would be lost.
    said = _report(whole, None, together, store=store, tell=tell)
    for (request, release, examined), page in zip(judged, alone, strict=True):
        yield _report(request, release, replace(examined, findings=page.findings), store=store, tell=tell)
    yield said


def _report(
    request: Request,
    release: Release | None,
    examined: Examined,
    *,
    store: Store,
    tell: Tell,
    past: bool = False,
) -> Judged:
    """Keep what was said, what is to be remembered and whom to tell, in one transaction."""
    store.report(
        source=request.source.id,
        series=request.series.name,
        release=release,
        facts=examined.facts,
        texts=examined.texts,
        view=examined.view,
        reading=examined.reading,
        findings=examined.findings,
        alerts=tell(examined.findings, release, examined.as_of),
        at=request.now,
        past=past,
    )
    return Judged(
        series=request.series.name,
        release=release,
        findings=examined.findings,
        news=_news(examined.findings, request.history),
        as_of=examined.as_of,
        trouble=examined.trouble,
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


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option("0.1.0", prog_name="release-monitor")
def main() -> None:
    """Find what a publisher quietly changed in its figures, pages and files.

    \b
    python monitor.py demo                             the story of 2010, lived through
    python monitor.py compare before.xlsx after.xlsx   two files, no set-up
    python monitor.py check                            one round over all sources
    """


if __name__ == "__main__":
    sys.modules["monitor"] = sys.modules[__name__]  # who imports it from here on gets this one, not a second copy
    gc.set_threshold(20_000)  # to look for cycles among what is being loaded takes a tenth of a start
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through all that is installed
    main()
