"""How a round ends on a signal: soon, cleanly, and never in the middle of a transaction."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Final

GRACE: Final = 10
"""Seconds that a round gets to end by itself after the signal. What is then in hand is given up and done again
in the next round: captures are stored before they are judged, and what was not judged is remembered."""


def set_on(number: signal.Signals, *events: threading.Event) -> None:
    """Have a signal set these events."""

    def set_all(number: int, frame: FrameType | None) -> None:
        del number, frame
        for event in events:
            event.set()

    signal.signal(number, set_all)


def stop_on(*signals: signal.Signals, wake: threading.Event | None = None) -> threading.Event:
    """The event that these signals set, with ``wake``. KeyboardInterrupt ends a round that goes on regardless."""
    stop = threading.Event()

    def begin(number: int, frame: FrameType | None) -> None:
        del number, frame
        if not stop.is_set():
            stop.set()
            if wake is not None:
                wake.set()
            signal.alarm(GRACE)

    def insist(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, insist)
    for each in signals:
        signal.signal(each, begin)
    return stop
