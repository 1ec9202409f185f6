"""Each answer in the archive and in the chain before the next one of its host is asked for.

Threads that fetch record what they brought themselves, one at a time; whoever has the turn records what the others
have waiting in the same transaction. An answer counts as kept when ``keep`` returns.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Self

from msgspec.structs import replace

from state.errors import MonitorError, StoreError
from state.incoming import Brought, Look
from state.model import Capture, Release
from state.store import Store

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from types import TracebackType

    from state.incoming import Link
    from state.model import Source
    from watchers.fetch import Fetcher

IN_HAND: Final = 200_000
"""Bytes of a body up to which it stays in memory until it is judged; a larger one is read from the archive."""


class _Entry:
    """What waits to be recorded, and what became of it."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.recorded: list[Release] | Exception | None = None


class Recorder:
    """Records for threads that fetch, over a connection of its own. Use as a context manager."""

    def __init__(self, archive: Path) -> None:
        self._store = Store(archive)
        self._turn = threading.Lock()
        self._waiting: deque[_Entry] = deque()
        self._closed = False
        self._releases: dict[str, Sequence[Release]] = {}  # by source, of looks that are done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What is being recorded is recorded to its end; a thread that comes later is told that it is too late."""
        with self._turn:
            self._closed = True
            self._store.close()

    def look_at(self, source: Source, *, fetcher: Fetcher) -> Sequence[Capture]:
        """What a look at a source shows. A bug in looking is kept as a look that failed."""
        from watchers.rounds import failed_look

        look = KeptLook(self, source)
        try:
            captures: Sequence[Capture] = fetcher.fetch(source, look)
            look.finish()
        except MonitorError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of one source
            look.keep(failed_look(source, error))
            captures = look.captures
        self._releases[source.id] = look.fresh
        return captures

    def releases_of(self, source: Source) -> Sequence[Release]:
        """The releases that the look at a source brought."""
        return self._releases.pop(source.id)

    def record(self, brought: Brought) -> list[Release]:
        """Record, and return the releases. Raises what keeps it from being kept, such as StoreError."""
        entry = _Entry(brought)
        self._waiting.append(entry)
        with self._turn:
            if self._closed:
                raise StoreError("the round was over before this could be kept")
            if entry.recorded is None:
                self._record_waiting()
        if isinstance(entry.recorded, Exception):
            raise entry.recorded
        assert entry.recorded is not None
        return entry.recorded

    def _record_waiting(self) -> None:
        entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
        recorded = self._store.record_together([entry.brought for entry in entries])
        for entry, result in zip(entries, recorded, strict=True):
            entry.recorded = result


class KeptLook:
    """A look whose answers are kept as they come; ``captures`` are these, ``fresh`` the releases they brought."""

    def __init__(self, recorder: Recorder, source: Source) -> None:
        self._recorder = recorder
        self._look = Look(source)
        self._links: Sequence[Link] = ()
        self._at: dt.datetime | None = None
        self.captures: list[Capture] = []
        self.fresh: list[Release] = []

    def keep(self, capture: Capture) -> Capture:
        """Keep an answer; returns what of it stays in memory."""
        self._record([capture])
        held = capture
        if capture.wire or len(capture.body) > IN_HAND or not capture.verdict.good:
            held = replace(capture, wire=None, body=capture.body if len(capture.body) <= IN_HAND else b"")
        self.captures.append(held)
        return held

    def note_links(self, links: Sequence[Link], *, at: dt.datetime) -> None:
        """Note what the pages of a listing link, together with the next answer."""
        self._links, self._at = links, at

    def finish(self) -> None:
        """The look is over: note what came with no further answer."""
        if self._links:
            self._record([])

    def _record(self, captures: Sequence[Capture]) -> None:
        brought = Brought(self._look, captures, self._links, self._at)
        self._links = ()
        self.fresh += self._recorder.record(brought)
