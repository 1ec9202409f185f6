"""``check``: the whole flow from a published release to an alert, readable from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipeline.backfill import judge_again
from pipeline.jobs import examine_ahead
from pipeline.judging import JudgedRelease, SourceOutcome, judge_source

if TYPE_CHECKING:
    import datetime as dt
    import threading

    from diffing.workers.pool import Workers
    from pipeline.judging import Tell
    from state.model import Capture, Release, Source
    from state.store import Store
    from watchers.fetch import Fetcher
    from watchers.rounds import Fetched

_TOGETHER = 8  # sources whose pages are examined in one job of a worker


def check(
    sources: Iterable[Source],
    *,
    fetcher: Fetcher,
    store: Store,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    tell: Tell,
    stop: threading.Event | None = None,
) -> Iterator[SourceOutcome]:
    """One round: fetch, record, judge, report, source after source. What is to be sent waits in the outbox.

    Hosts are fetched side by side; each answer is recorded before the next of its host is asked for, and a look
    that is cut short loses none: what it brought is judged when its source is looked at again. ``tell`` says who
    is to be told of findings of a release that speaks of a date. The network never makes a source fail; a store
    error or a bug does, costs that source its round, and is in its ``error``. ``stop`` ends the round after the
    sources in hand.
    """
    from pipeline.recording import Recorder
    from watchers.rounds import fetch_in_batches

    with Recorder(store.path) as recorder:
        look_at = partial(recorder.look_at, fetcher=fetcher)
        with closing(fetch_in_batches(look_at, sources, stop=stop)) as batches:
            for batch in batches:
                yield from (SourceOutcome(each.source, error=each.error) for each in batch if each.error)
                pairs = [(each, recorder.releases_of(each.source)) for each in batch if each.error is None]
                for start in range(0, len(pairs), _TOGETHER):
                    part = pairs[start : start + _TOGETHER]
                    yield from _judge_part(part, store=store, workers=workers, clock=clock, tell=tell)


def _judge_part(
    part: Sequence[tuple[Fetched, Sequence[Release]]],
    *,
    store: Store,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    tell: Tell,
) -> Iterator[SourceOutcome]:
    """Judge what a few sources brought."""
    ahead = examine_ahead(part, store=store, workers=workers, now=clock())
    judge = partial(judge_source, store=store, workers=workers, tell=tell, ahead=ahead)
    for fetched, fresh in part:
        try:
            outcome = judge(fetched.source, fetched.captures, fresh, now=clock())
            yield _with_what_follows(outcome, store=store, workers=workers, clock=clock, tell=tell)
        except Exception as error:  # noqa: BLE001 - the round's boundary: it costs this source only
            yield SourceOutcome(fetched.source, fetched.captures, error=error)


def _with_what_follows(
    outcome: SourceOutcome, *, store: Store, workers: Workers, clock: Callable[[], dt.datetime], tell: Tell
) -> SourceOutcome:
    """An outcome with what is said again of releases that a late one stands before now, whoever brought it."""
    again: list[JudgedRelease] = []
    try:
        for each in judge_again(outcome.source, store=store, workers=workers, tell=tell, clock=clock):
            again.append(each)  # noqa: PERF402 - what was judged before an error counts
    except Exception as error:  # noqa: BLE001 - it costs this source only, and not what was judged of it
        outcome = replace(outcome, error=outcome.error or error)
    return replace(outcome, judged=(*outcome.judged, *again)) if again else outcome


def take_in(
    source: Source,
    captures: Sequence[Capture],
    *,
    store: Store,
    workers: Workers,
    now: dt.datetime,
    tell: Tell = lambda _findings, _release, _as_of: (),
) -> SourceOutcome:
    """Record captures, however they came, then judge each new release and each series without one.

    Raises what ended the judging of a series, once the others are judged.
    """
    fresh = store.record(source, captures)  # the bytes are safe before anyone reads them
    outcome = judge_source(source, captures, fresh, store=store, workers=workers, now=now, tell=tell)
    outcome = _with_what_follows(outcome, store=store, workers=workers, clock=lambda: now, tell=tell)
    if outcome.error is not None:
        raise outcome.error
    return outcome
