"""What takes long to judge is judged beside the round, by itself: it holds up no other publisher's release."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Self

from pipeline.judging import SourceOutcome
from state.errors import LeftForLater, MonitorError
from state.store import Store

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from state.model import Release
    from watchers.rounds import Fetched

    Judge = Callable[[Fetched, Sequence[Release], Store], SourceOutcome]

QUICK: Final = 3.0
"""Seconds by the clock after which a source is judged beside the round: others wait no longer for it."""

LARGE: Final = 200_000
"""Bytes of a release from which on it is not tried quickly first."""

_LONGEST: Final = 1200.0
"""Seconds after which a round begins to judge no further source here: what is left waits for the next round."""

_GRACE: Final = 3.0


class SlowLane:
    """Judges one source after the other, in a thread and over a connection of its own; a context manager."""

    def __init__(self, archive: Path, judge: Judge) -> None:
        self._archive = archive
        self._judge = judge
        self._end = time.monotonic() + _LONGEST
        self._waiting: queue.SimpleQueue[tuple[Fetched, Sequence[Release]] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[SourceOutcome] = queue.SimpleQueue()
        self._under_way = 0
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end = 0.0
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(_GRACE)

    def add(self, fetched: Fetched, fresh: Sequence[Release]) -> None:
        """Judge this, when what was added before is done."""
        self._under_way += 1
        self._waiting.put((fetched, fresh))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="slow-lane", daemon=True)
            self._thread.start()

    def outcomes(self) -> Iterator[SourceOutcome]:
        """What is done."""
        while not self._done.empty():
            self._under_way -= 1
            yield self._done.get()

    def rest(self, stop: threading.Event | None) -> Iterator[SourceOutcome]:
        """All that is not done yet, as it is; only what is done at once where the round is to end."""
        while self._under_way and not (stop is not None and stop.is_set()):
            try:
                outcome = self._done.get(timeout=0.2)
            except queue.Empty:
                continue
            self._under_way -= 1
            yield outcome
        yield from self.outcomes()

    def _run(self) -> None:
        try:
            store = Store(self._archive)
        except MonitorError as error:
            while (given := self._waiting.get()) is not None:
                self._done.put(SourceOutcome(given[0].source, error=error))
            return
        try:
            while (given := self._waiting.get()) is not None:
                self._done.put(self._outcome(*given, store))
        finally:
            store.close()

    def _outcome(self, fetched: Fetched, fresh: Sequence[Release], store: Store) -> SourceOutcome:
        if time.monotonic() >= self._end:
            late = "judging takes too long; what is left waits for the next round"
            return SourceOutcome(fetched.source, fetched.captures, error=LeftForLater(late))
        return self._judge(fetched, fresh, store)
