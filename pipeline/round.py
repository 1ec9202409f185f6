"""``check``: the whole flow from a published release to an alert, readable from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipeline.backfill import judge_again
from pipeline.jobs import examine_ahead
from pipeline.judging import JudgedRelease, SourceOutcome, judge_source
from state.errors import TakesLong

if TYPE_CHECKING:
    import datetime as dt
    import threading

    from diffing.workers.pool import Workers
    from pipeline.jobs import Ahead
    from pipeline.judging import Tell
    from pipeline.slow_lane import SlowLane
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
    teller: Callable[[Store], Tell],
    stop: threading.Event | None = None,
) -> Generator[SourceOutcome, None, None]:
    """One round: fetch, record, judge, report, source after source. What is to be sent waits in the outbox.

    Hosts are fetched side by side; each answer is recorded before the next of its host is asked for, and a look
    that is cut short loses none: what it brought is judged when its source is looked at again. What takes long to
    judge is judged beside the rest. ``teller`` makes, over a store, what says who is to be told of findings of a
    release that speaks of a date. The network never makes a source fail; a store error or a bug does, costs that
    source its round, and is in its ``error``. ``stop`` ends the round after the sources in hand.
    """
    from pipeline.recording import Recorder
    from pipeline.slow_lane import SlowLane
    from watchers.rounds import fetch_in_batches

    judge = partial(_judge_whole, workers=workers, clock=clock, teller=teller)
    judge_part = partial(_judge_part, store=store, workers=workers, clock=clock, tell=teller(store))
    with Recorder(store.path) as recorder, SlowLane(store.path, judge) as slow:
        look_at = partial(recorder.look_at, fetcher=fetcher)
        with closing(fetch_in_batches(look_at, sources, stop=stop)) as batches:
            for batch in batches:
                yield from (SourceOutcome(each.source, error=each.error) for each in batch if each.error)
                pairs = [(each, recorder.releases_of(each.source)) for each in batch if each.error is None]
                for start in range(0, len(pairs), _TOGETHER):
                    yield from judge_part(pairs[start : start + _TOGETHER], slow)
                yield from slow.outcomes()
        yield from slow.rest(stop)


def _judge_part(
    part: Sequence[tuple[Fetched, Sequence[Release]]],
    slow: SlowLane,
    *,
    store: Store,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    tell: Tell,
) -> Iterator[SourceOutcome]:
    """Judge what a few sources brought; what takes long is left to the slow lane."""
    from pipeline.slow_lane import LARGE, QUICK

    with workers.briefly(QUICK):
        ahead = examine_ahead(part, store=store, workers=workers, now=clock())
    judge = partial(_judge_one, store=store, workers=workers, clock=clock, tell=tell, ahead=ahead)
    for fetched, fresh in part:
        if any(release.size > LARGE for release in fresh):
            slow.add(fetched, fresh)
            continue
        with workers.briefly(QUICK):
            outcome = judge(fetched, fresh)
        if isinstance(outcome.error, TakesLong):
            slow.add(fetched, fresh)
            outcome = replace(outcome, captures=(), error=None)
        yield outcome


def _judge_whole(
    fetched: Fetched,
    fresh: Sequence[Release],
    store: Store,
    *,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    teller: Callable[[Store], Tell],
) -> SourceOutcome:
    """Judge what a source brought, however long it takes."""
    return _judge_one(fetched, fresh, store=store, workers=workers, clock=clock, tell=teller(store), ahead={})


def _judge_one(
    fetched: Fetched,
    fresh: Sequence[Release],
    *,
    store: Store,
    workers: Workers,
    clock: Callable[[], dt.datetime],
    tell: Tell,
    ahead: Ahead,
) -> SourceOutcome:
    source, captures = fetched.source, fetched.captures
    try:
        outcome = judge_source(
            source, captures, fresh, store=store, workers=workers, now=clock(), tell=tell, ahead=ahead
        )
        return _with_what_follows(outcome, store=store, workers=workers, clock=clock, tell=tell)
    except Exception as error:  # noqa: BLE001 - the round's boundary: it costs this source only
        return SourceOutcome(source, captures, error=error)


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
