"""How a host wants to be asked: not too often, later when it says so, and not what robots.txt forbids."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field
from protego import Protego

from watchers.fetching.response import Answer, origin_of

_READ: Final = 512_000  # bytes of a robots.txt; RFC 9309 asks for 500 KiB at least


class Politeness(Struct, frozen=True):
    """How the monitor behaves towards every host."""

    delay: float = 1.0  # seconds between two requests to one host
    jitter: float = 0.3  # share of the delay that is added at random, at most
    longest_delay: float = 20.0  # seconds; a longer Crawl-delay is shortened to this
    longest_wait: float = 30.0  # seconds; a longer Retry-After ends the round for the host
    patience: int = 3  # addresses of a host that fail in a row before the round ends for it


class _Turn(Struct):
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    delay: float = 0.0
    failures: int = 0
    closed: str = ""


class Pace:
    """Lets requests to one host through one after the other, with a pause between them.

    A host that keeps failing, or asks to be left alone, is closed: it is asked nothing more by this object.
    """

    def __init__(self, politeness: Politeness) -> None:
        self._politeness = politeness
        self._turns: dict[str, _Turn] = {}
        self._lock = threading.Lock()

    def wait(self, host: str) -> None:
        """Return when the host may be asked again."""
        turn = self._turn(host)
        with turn.lock:
            pause = turn.next_at - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            delay = max(self._politeness.delay, turn.delay)
            turn.next_at = time.monotonic() + delay * (1 + random.random() * self._politeness.jitter)

    def closed(self, host: str) -> str:
        """Why the host is asked nothing more, "" while it is."""
        return self._turn(host).closed

    def close(self, host: str, reason: str) -> None:
        """Ask the host nothing more."""
        self._turn(host).closed = reason

    def note(self, host: str, *, failed: bool) -> None:
        """Remember how an address of the host ended, after all tries."""
        turn = self._turn(host)
        turn.failures = turn.failures + 1 if failed else 0
        if turn.failures >= self._politeness.patience:
            self.close(host, f"{host} failed {turn.failures} times in a row and is left alone in this round")

    def slow_down(self, host: str, delay: float) -> None:
        """Respect a Crawl-delay, within reason."""
        self._turn(host).delay = min(delay, self._politeness.longest_delay)

    def _turn(self, host: str) -> _Turn:
        with self._lock:
            if host not in self._turns:
                self._turns[host] = _Turn()
            return self._turns[host]


class Refusal(Struct, frozen=True):
    """Why an address is not fetched: ``forbidden`` by the host, or because its rules cannot be read."""

    reason: str
    forbidden: bool


class Robots:
    """What robots.txt of each host allows, read once (RFC 9309)."""

    def __init__(self, *, agent: str, ask: Callable[[str], Answer], pace: Pace) -> None:
        self._agent = agent
        self._ask = ask
        self._pace = pace
        self._rules: dict[str, Protego | Refusal] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def refusal_of(self, url: str) -> Refusal | None:
        """Why ``url`` is not to be fetched, or None."""
        origin = origin_of(url)
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = self._read(origin)
        rules = self._rules[origin]
        if isinstance(rules, Refusal):
            return rules
        try:
            if rules.can_fetch(url, self._agent):
                return None
        except ValueError as error:  # an address that cannot be written in UTF-8
            return Refusal(f"robots.txt cannot be asked about {url!a} ({error})", forbidden=False)
        return Refusal("robots.txt forbids it; a source file may say obey_robots: false", forbidden=True)

    def _read(self, origin: str) -> Protego | Refusal:
        answer = self._ask(f"{origin}/robots.txt")
        if answer.status is None or answer.status >= 500 or answer.status == 429 or answer.trouble:
            why = answer.trouble or f"robots.txt cannot be read, the server answered {answer.status}"
            return Refusal(why, forbidden=answer.refused)
        text = _whole_lines(answer.body).decode("utf-8-sig", "replace") if answer.status == 200 else ""
        rules = Protego.parse(text)
        if (delay := rules.crawl_delay(self._agent)) is not None:
            self._pace.slow_down(origin, float(delay))
        return rules


def _whole_lines(rules: bytes) -> bytes:
    """As much of a robots.txt as is usual to read. A line cut short would forbid more than it says."""
    return rules if len(rules) <= _READ else rules[:_READ].rpartition(b"\n")[0]
