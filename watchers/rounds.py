"""Many sources in one round: side by side over hosts, one after the other within a host."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from state.model import Capture, Source
from watchers.answer import origin_of

HOSTS_AT_ONCE: Final = 256
"""Hosts that a round asks at the same time. A thread that waits out of politeness costs next to nothing; a host
without one waits until another host is done with all its pages."""

_ROOM: Final = 64  # sources fetched that wait for the caller; with their bodies


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source brought, or the bug that kept it from bringing anything."""

    source: Source
    captures: tuple[Capture, ...] = ()
    error: Exception | None = None


def fetch_all(
    fetch: Callable[[Source], Sequence[Capture]],
    sources: Iterable[Source],
    *,
    hosts_at_once: int = HOSTS_AT_ONCE,
    stop: threading.Event | None = None,
) -> Iterator[Fetched]:
    """Yield every source as it is done, in the order in which hosts answer.

    A host's sources stay in turn, so that a slow or failing host holds up only itself. What is fetched waits
    for the caller in a queue of limited length. ``stop`` ends the round after the sources in hand; closing
    the generator does too.
    """
    hosts: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        hosts[origin_of(source.url)].append(source)
    if not hosts:
        return
    crew = _Crew(fetch, stop or threading.Event())
    with ThreadPoolExecutor(min(hosts_at_once, len(hosts)), thread_name_prefix="fetch") as threads:
        try:
            for group in hosts.values():
                threads.submit(crew.work, group)
            yield from crew.results(groups=len(hosts))
        finally:
            crew.leave()


class _Crew:
    """Threads that fetch, and the queue between them and the caller."""

    def __init__(self, fetch: Callable[[Source], Sequence[Capture]], stop: threading.Event) -> None:
        self._fetch = fetch
        self._stop = stop
        self._left = threading.Event()
        self._done: queue.Queue[Fetched | None] = queue.Queue(maxsize=_ROOM)

    def work(self, group: Sequence[Source]) -> None:
        """Fetch the sources of one host, then say that the host is done."""
        for source in group:
            if self._stop.is_set() or self._left.is_set():
                break
            self._hand_over(self._one(source))
        self._hand_over(None)

    def results(self, *, groups: int) -> Iterator[Fetched]:
        """What the threads hand over until all groups are done."""
        while groups:
            result = self._done.get()
            if result is None:
                groups -= 1
            else:
                yield result

    def leave(self) -> None:
        """Let threads that wait for room in the queue go."""
        self._left.set()

    def _one(self, source: Source) -> Fetched:
        try:
            return Fetched(source, tuple(self._fetch(source)))
        except Exception as error:  # noqa: BLE001 - the caller decides what a bug in one source costs
            return Fetched(source, error=error)

    def _hand_over(self, result: Fetched | None) -> None:
        while not self._left.is_set():
            try:
                self._done.put(result, timeout=0.2)
            except queue.Full:
                continue
            return
