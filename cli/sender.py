"""What is pending leaves while a round goes on: a sender of its own, which needs no lock of the round.

A release that was judged is told at once, however long the rest takes and whatever ends it. What operators are
told of a round goes as one message at its end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from state.errors import MonitorError

if TYPE_CHECKING:
    import datetime as dt

    from alerts.deliver import Unsent
    from cli.configuration.model import Settings
    from state.store import Store

_AT_THE_END: Final = ("operators",)
"""Batches of alerts that are complete when the round is: see ``alerts.route``."""

_PATIENCE: Final = 10.0
"""Seconds that a message on its way gets where a round ends early; its lease keeps it from being sent twice."""


class Sender:
    """Sends what is pending in a thread of its own. Use as a context manager."""

    def __init__(self, settings: Settings, *, clock: Callable[[], dt.datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._given_up: list[Unsent] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop(_PATIENCE if kind is not None else None)

    def look(self, store: Store) -> None:
        """Send what a round has just put into the outbox, if anything, while the round goes on."""
        if self._wake.is_set() or not store.outbox.holds_due(now=self._clock(), hold=_AT_THE_END):
            return
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
            self._thread.start()

    def finish(self) -> tuple[Unsent, ...]:
        """Send all that is left, and return what was given up in this round and what waits."""
        from state.store import Store

        self._stop(None)
        store = Store(self._settings.configuration.database)
        try:
            left = self._deliver(store, hold=()) if store.outbox.holds_undelivered() else ()
        finally:
            store.close()
        return (*self._given_up, *left)

    def _stop(self, patience: float | None) -> None:
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(patience)

    def _run(self) -> None:
        from state.store import Store

        try:
            store = Store(self._settings.configuration.database)
        except MonitorError:
            return  # the round itself meets it, and says so
        try:
            while self._wake.wait() and not self._ending.is_set():
                self._wake.clear()
                self._send(store)
        finally:
            store.close()

    def _send(self, store: Store) -> None:
        try:
            left = self._deliver(store, hold=_AT_THE_END)
        except MonitorError:
            return  # it stays pending, and is tried again at the end
        self._given_up += [each for each in left if each.subject]

    def _deliver(self, store: Store, *, hold: Sequence[str]) -> Sequence[Unsent]:
        from alerts.deliver import deliver_pending

        return deliver_pending(
            store.outbox, self._settings.destinations, clock=self._clock, hold=hold, key=_key_of(self._settings)
        )


def _key_of(settings: Settings) -> bytes | None:
    """What links in messages are signed with, where a destination wants them."""
    from state.signed_links import make_key

    wanted = any(destination.triage for destination in settings.destinations)
    return make_key(settings.configuration.data) if wanted else None
