"""What systemd is told of the daemon: that it is ready, reads its settings again, and is alive (sd_notify(3))."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 3600.0
"""Seconds that a round may go on without any source coming to its end before the watchdog is let bark."""


class ServiceManager:
    """The socket of ``NOTIFY_SOCKET``; without one nothing is told.

    While a round goes on, its watchdog is fed as long as sources come to their end; between rounds always.
    """

    def __init__(self) -> None:
        self._address = os.environ.pop("NOTIFY_SOCKET", "")  # children are not the daemon
        self._every = int(os.environ.pop("WATCHDOG_USEC", "0")) / 2e6  # seconds, half of what systemd waits
        self._last: float | None = None  # of the round that goes on: when a source came to its end
        self._over = threading.Event()

    def ready(self) -> None:
        """The settings are read and rounds begin, or go on."""
        self._tell("READY=1")
        if self._every and self._address and not any(t.name == "watchdog" for t in threading.enumerate()):
            threading.Thread(target=self._feed, name="watchdog", daemon=True).start()

    def reloading(self) -> None:
        """The settings are being read again; ``ready`` follows."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The end was asked for."""
        self._over.set()
        self._tell("STOPPING=1")

    @contextmanager
    def round(self) -> Iterator[None]:
        """A round goes on in here."""
        self.progress()
        try:
            yield
        finally:
            self._last = None

    def progress(self) -> None:
        """A source came to its end."""
        self._last = time.monotonic()

    def _feed(self) -> None:
        while not self._over.wait(self._every):
            last = self._last
            if last is None or time.monotonic() - last < PATIENCE:
                self._tell("WATCHDOG=1")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.sendto(state.encode(), address)
        except OSError:
            return  # a service manager that hears nothing ends the daemon by itself, where it is to
