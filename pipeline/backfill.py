"""Captures of the past taken in: from a web archive, or from files that somebody saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pipeline.jobs import examine_in_worker, gather_request
from pipeline.judging import JudgedRelease, report, report_again
from pipeline.placing import settle_order
from state.times import now

if TYPE_CHECKING:
    import datetime as dt

    from diffing.examination import Request
    from diffing.workers.pool import Workers
    from pipeline.judging import Tell
    from state.document import StatedDate
    from state.model import Alert, Capture, Finding, Release, Source
    from state.store import Store


def take_in_past(
    source: Source,
    captures: Iterable[Capture],
    *,
    store: Store,
    workers: Workers,
    tell: Tell | None = None,
    clock: Callable[[], dt.datetime] = now,
) -> Iterator[JudgedRelease]:
    """Record captures of the past, whatever their order, and judge what they bring as of their own day.

    They are judged when all are in their place, with what a killed run left; what follows one of them is judged
    again. Alerts nobody, but that ``tell`` tells those who were told what is retracted. ``clock`` is for a past
    that is played.
    """
    for capture in captures:
        store.record(source, [capture])
    settle_order(source, store=store, workers=workers)
    followed = {series.name for series in source.series}
    judge = partial(_judge_past, source, captures=(), store=store, workers=workers)
    for release in store.queue.unjudged(source.id, past=True):
        if release.series in followed:
            yield judge(release)
    yield from judge_again(source, store=store, workers=workers, tell=tell or _nobody, clock=clock)


def judge_again(
    source: Source, *, store: Store, workers: Workers, tell: Tell, clock: Callable[[], dt.datetime]
) -> Iterator[JudgedRelease]:
    """Judge what was judged before a release that came late stood before it, by its own look and day."""
    followed = {series.name for series in source.series}
    for release, live in store.queue.to_judge_again(source.id):
        if release.series not in followed:
            continue
        looks = store.reanalyses.past.looks(release, page="page")
        request = request_of_past(source, release, captures=looks, store=store)
        examined = examine_in_worker(request, workers)
        if examined.question:  # it was believed when it came, and stays so
            request = request_of_past(source, release, captures=(), store=store)
            examined = examine_in_worker(request, workers)
        yield report_again(request, release, examined, store=store, tell=tell, live=live, at=clock())


def _judge_past(
    source: Source, release: Release, *, captures: Sequence[Capture], store: Store, workers: Workers
) -> JudgedRelease:
    request = request_of_past(source, release, captures=captures, store=store)
    examined = examine_in_worker(request, workers)
    return report(request, release, examined, store=store, tell=_nobody, past=True)


def request_of_past(source: Source, release: Release, *, captures: Sequence[Capture], store: Store) -> Request:
    """What a release of the past is to be judged by: what was known on its own day."""
    series = next(series for series in source.series if series.name == release.series)
    return gather_request(source, series, release, captures=captures, store=store, now=release.at, own_day=True)


def _nobody(findings: Sequence[Finding], release: Release | None, as_of: StatedDate | None) -> Sequence[Alert]:
    """The ``tell`` of what concerns the past: it is in the history, and wakes nobody."""
    del findings, release, as_of
    return ()
