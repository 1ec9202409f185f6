"""Captures of the past taken in: from a web archive, or from files that somebody saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipeline.jobs import examine_in_worker, gather_request
from pipeline.judging import Judged, report

if TYPE_CHECKING:
    from diffing.examination import Request
    from diffing.workers.pool import Workers
    from state.document import StatedDate
    from state.model import Alert, Capture, Finding, Release, Source
    from state.store import Store


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
    return report(request, release, examine_in_worker(request, workers), store=store, tell=_nobody, past=True)


def request_of_past(source: Source, release: Release, *, captures: Sequence[Capture], store: Store) -> Request:
    """What a release of the past is to be judged by: what was known on its own day."""
    series = next(series for series in source.series if series.name == release.series)
    return gather_request(source, series, release, captures=captures, store=store, now=release.at, own_day=True)


def _nobody(findings: Sequence[Finding], release: Release | None, as_of: StatedDate | None) -> Sequence[Alert]:
    """The ``tell`` of what concerns the past: it is in the history, and wakes nobody."""
    del findings, release, as_of
    return ()
