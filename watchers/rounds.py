"""Many sources in one round: side by side over hosts, one after the other within a host."""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Final

from msgspec import Struct

from state.errors import LeftForLater, MonitorError
from state.model import PAGE, Capture, Source, Verdict
from watchers.fetching.response import origin_of

HOSTS_AT_ONCE: Final = 256
"""Hosts that a round asks at the same time. A thread that waits out of politeness costs next to nothing; a host
without one waits until another host is done with all its pages."""

_ROOM: Final = 64  # sources fetched that the caller has not taken in; with their bodies
_TICK: Final = 0.2  # seconds after which a thread that waits looks whether the round has ended
_PAUSE: Final = 0.01  # seconds without a source after which those that came are taken in

_LONGEST: Final = 1500.0
"""Seconds after which a round begins no further source of a host: with the longest that one source may take, a
round is over within the hour."""


class Fetched(Struct, frozen=True):
    """What a source brought, or what kept it from being looked at: a wrong setting, a round that took too long."""

    source: Source
    captures: tuple[Capture, ...] = ()
    error: Exception | None = None


def fetch_all(
    fetch: Callable[[Source], Sequence[Capture]],
    sources: Iterable[Source],
    *,
    hosts_at_once: int = HOSTS_AT_ONCE,
    stop: threading.Event | None = None,
    grace: float = 3.0,
    longest: float = _LONGEST,
) -> Iterator[Fetched]:
    """Yield every source as it is done, in the order in which hosts answer; see ``fetch_in_batches``."""
    batches = fetch_in_batches(
        fetch, sources, hosts_at_once=hosts_at_once, stop=stop, grace=grace, longest=longest
    )
    with closing(batches):
        for batch in batches:
            yield from batch


def fetch_in_batches(
    fetch: Callable[[Source], Sequence[Capture]],
    sources: Iterable[Source],
    *,
    hosts_at_once: int = HOSTS_AT_ONCE,
    stop: threading.Event | None = None,
    grace: float = 3.0,
    longest: float = _LONGEST,
) -> Generator[list[Fetched], None, None]:
    """Yield every source as it is done, together with those that were done at the same time; none after a tick.

    A host's sources stay in turn, so that a slow or failing host holds up only itself. What is fetched waits
    for the caller in a queue of limited length. ``stop`` ends the round after the sources in hand; closing
    the generator does too. A source that then needs more than ``grace`` seconds is given up, and what it
    brought so far is dropped: half a look would say that documents are missing. After ``longest`` seconds what is
    left of a host's sources is left for the next round, each with ``LeftForLater`` as its error.
    """
    hosts: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        hosts[origin_of(source.url)].append(source)
    if not hosts:
        return
    crew = _Crew(fetch, hosts.values(), stop or threading.Event(), end=time.monotonic() + longest)
    # Daemon threads: a publisher that drips for a minute must not hold up the end of the program.
    threads = [
        threading.Thread(target=crew.work, name=f"fetch-{number}", daemon=True)
        for number in range(min(hosts_at_once, len(hosts)))
    ]
    for thread in threads:
        thread.start()
    try:
        yield from crew.results(groups=len(hosts), grace=grace)
    finally:
        crew.leave()
        end = time.monotonic() + (_TICK if crew.stopped() else grace)
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))


def failed_look(source: Source, error: Exception) -> Capture:
    """What is kept of a look that broke: operators hear of it as of any page that could not be had."""
    return Capture(
        source=source.id,
        series=PAGE,
        url=source.url,
        final_url=source.url,
        at=dt.datetime.now(dt.UTC),
        verdict=Verdict.UNREACHABLE,
        reason=f"failed on our side, please report: {type(error).__name__}: {error}",
    )


class _Crew:
    """Threads that fetch, and the queue between them and the caller."""

    def __init__(
        self,
        fetch: Callable[[Source], Sequence[Capture]],
        groups: Iterable[Sequence[Source]],
        stop: threading.Event,
        *,
        end: float,
    ) -> None:
        self._fetch = fetch
        self._end = end  # on the monotonic clock
        self._groups: queue.SimpleQueue[Sequence[Source]] = queue.SimpleQueue()
        for group in groups:
            self._groups.put(group)
        self._stop = stop
        self._left = threading.Event()
        self._done: queue.SimpleQueue[Fetched | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(_ROOM)

    def work(self) -> None:
        """Fetch the sources of one host after the other, each host to its end."""
        while not self._left.is_set():
            try:
                group = self._groups.get_nowait()
            except queue.Empty:
                return
            for source in group:
                if self._stop.is_set() or self._left.is_set():
                    break
                self._hand_over(self._one(source))
            self._hand_over(None)

    def results(self, *, groups: int, grace: float) -> Iterator[list[Fetched]]:
        """What the threads hand over until all hosts are done, or ``grace`` seconds after the stop.

        Room is made only when all of a batch is taken in: threads that fetch and the caller take turns where hosts
        answer at once, instead of fighting for Python's lock over every request.
        """
        end = None
        while groups:
            if end is None and self._stop.is_set():
                end = time.monotonic() + grace
            batch = self._batch()
            if not batch and end is not None and time.monotonic() >= end:
                return
            groups -= batch.count(None)
            fetched = [result for result in batch if result is not None]
            yield fetched
            if batch:
                self._room.release(len(batch))

    def _batch(self) -> list[Fetched | None]:
        """What is handed over without a pause, at most as much as there is room for; nothing after a tick."""
        batch: list[Fetched | None] = []
        while len(batch) < _ROOM:
            try:
                batch.append(self._done.get(timeout=_PAUSE if batch else _TICK))
            except queue.Empty:
                break
        return batch

    def stopped(self) -> bool:
        """Whether the round was told to end, and its sources in hand had their time."""
        return self._stop.is_set()

    def leave(self) -> None:
        """Let threads that wait for room in the queue go."""
        self._left.set()

    def _one(self, source: Source) -> Fetched:
        if time.monotonic() >= self._end:
            late = f"{origin_of(source.url)} takes too long; left for the next round, which asks it first"
            return Fetched(source, error=LeftForLater(late))
        try:
            return Fetched(source, tuple(self._fetch(source)))
        except MonitorError as error:
            return Fetched(source, error=error)
        except Exception as error:  # noqa: BLE001 - the boundary of one source: a bug in looking at it is kept as a look
            return Fetched(source, (failed_look(source, error),))

    def _hand_over(self, result: Fetched | None) -> None:
        while not self._left.is_set():
            if self._room.acquire(timeout=_TICK):
                self._done.put(result)
                return
