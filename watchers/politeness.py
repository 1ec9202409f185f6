"""How a host wants to be asked: not too often, later when it says so, and not what robots.txt forbids."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from watchers.answer import Answer


@dataclass(frozen=True, slots=True)
class Politeness:
    """How the monitor behaves towards every host."""

    delay: float = 1.0  # seconds between two requests to one host
    jitter: float = 0.3  # share of the delay that is added at random, at most
    longest_delay: float = 20.0  # seconds; a longer Crawl-delay is shortened to this
    longest_wait: float = 30.0  # seconds; a longer Retry-After ends the round for the host


@dataclass(slots=True)
class _Turn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    delay: float = 0.0


class Pace:
    """Lets requests to one host through one after the other, with a pause between them."""

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

    def hold(self, host: str, seconds: float) -> None:
        """Ask the host nothing for ``seconds``."""
        turn = self._turn(host)
        with turn.lock:
            turn.next_at = max(turn.next_at, time.monotonic() + seconds)

    def slow_down(self, host: str, delay: float) -> None:
        """Respect a Crawl-delay, within reason."""
        turn = self._turn(host)
        with turn.lock:
            turn.delay = min(delay, self._politeness.longest_delay)

    def _turn(self, host: str) -> _Turn:
        with self._lock:
            return self._turns.setdefault(host, _Turn())


class Robots:
    """What robots.txt of each host allows, read once (RFC 9309)."""

    def __init__(self, *, agent: str, ask: Callable[[str], Answer], pace: Pace) -> None:
        self._agent = agent
        self._ask = ask
        self._pace = pace
        self._rules: dict[str, Protego | str] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def refusal_of(self, url: str) -> str | None:
        """Why ``url`` is not to be fetched, or None."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = self._read(origin, parts.netloc)
        rules = self._rules[origin]
        if isinstance(rules, str):
            return rules
        if rules.can_fetch(url, self._agent):
            return None
        return "robots.txt forbids it; a source file may say obey_robots: false"

    def _read(self, origin: str, host: str) -> Protego | str:
        answer = self._ask(f"{origin}/robots.txt")
        if answer.status is None or answer.status >= 500:
            return f"robots.txt cannot be read: {answer.trouble or f'the server answered {answer.status}'}"
        text = answer.body[:512_000].decode("utf-8", "replace") if answer.status == 200 else ""
        rules = Protego.parse(text)
        if (delay := rules.crawl_delay(self._agent)) is not None:
            self._pace.slow_down(host, float(delay))
        return rules
