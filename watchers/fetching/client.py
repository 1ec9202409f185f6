"""One address asked: as robots.txt allows, at the host's pace, through redirects, again where that may help."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from state.version import VERSION
from watchers.fetching.cookies import Jar
from watchers.fetching.dates import http_date
from watchers.fetching.exchange import Limits, receive
from watchers.fetching.politeness import Pace, Politeness, Robots
from watchers.fetching.response import Answer, origin_of
from watchers.fetching.transport import GuardedTransport
from watchers.following.links import absolute

AGENT: Final = "release-monitor"

_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_YEAR: Final = 365 * 86_400.0  # seconds; nobody means a longer Retry-After
_PASSING: Final = frozenset((408, 425, 429, 500, 502, 503, 504))


class Retries(Struct, frozen=True):
    """How often, and after which pauses, what may be transient is tried again."""

    attempts: int = 3
    wait_initial: float = 1.0  # seconds, doubled each time
    wait_max: float = 15.0  # seconds


class _Passing(Exception):
    """An answer that another try may better."""

    def __init__(self, answer: Answer, wait: float | None) -> None:
        self.answer = answer
        self.wait = wait


class Asker:
    """Asks addresses, politely and safely, and always gets an Answer. Threads may share it."""

    def __init__(
        self,
        *,
        contact: str,
        allow_hosts: frozenset[str],
        proxy: str | None,
        tls: ssl.SSLContext | None,
        limits: Limits,
        politeness: Politeness,
        retries: Retries,
    ) -> None:
        self._limits = limits
        self._politeness = politeness
        self._retries = retries
        self._pace = Pace(politeness)
        self._robots = Robots(agent=AGENT, ask=self._ask_robots, pace=self._pace)
        self._transport = GuardedTransport(allow_hosts=allow_hosts, proxy=proxy, tls=tls)
        self._headers = {
            "User-Agent": f"{AGENT}/{VERSION} (+{_plain(contact)})",
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "en-US,en;q=0.8",
            "Accept-Encoding": "gzip, deflate, br, zstd",
        }

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.__exit__(kind, error, trace)

    def ask(self, url: str, headers: Mapping[str, str], *, obey_robots: bool) -> Answer:
        """The answer after redirects and retries; the last one where none was good."""
        ask_once = partial(self._through_redirects, url, headers, obey_robots=obey_robots)
        answer = ask_once()
        if _failed(answer):
            answer = self._try_again(answer, ask_once)
        if answer.status is not None or answer.passing:  # a host answers for where it sends us, no other does
            self._pace.note(origin_of(answer.url), failed=_failed(answer))
        return answer

    def _try_again(self, first: Answer, ask_once: Callable[[], Answer]) -> Answer:
        """The first good answer after a failed one, the last one where none is."""
        import stamina  # slow to load and rarely needed
        import stamina.instrumentation

        stamina.instrumentation.set_on_retry_hooks([])  # a retry is told in the capture; by default on stderr
        policy = self._retries
        answer = first
        try:
            for attempt in stamina.retry_context(
                on=_wait_of,
                attempts=policy.attempts,
                timeout=None,
                wait_initial=policy.wait_initial,
                wait_max=policy.wait_max,
                wait_jitter=policy.wait_initial,
            ):
                with attempt:
                    if attempt.num > 1:  # the first was made already
                        answer = ask_once()
                    self._raise_if_passing(answer)
        except _Passing as error:
            return error.answer
        return answer

    def part(self, url: str, *, method: str, headers: Mapping[str, str], content: bytes, limits: Limits) -> Answer:
        """What a page loads while a browser puts it together: at once and once, through the same guard."""
        address = url
        for _ in range(limits.redirects + 1):
            answer = receive(
                self._transport,
                address,
                headers={**headers, **{name: self._headers[name] for name in ("User-Agent", "Accept-Encoding")}},
                limits=limits,
                method=method,
                content=content,
            )
            following = absolute(_as_utf8(answer.header("location")), address)
            if answer.status not in _REDIRECTS or following is None:
                return answer
            if answer.status not in (307, 308):
                method, content = "GET", b""
            address = following
        return not_asked(url, f"redirected more than {limits.redirects} times")

    def _through_redirects(self, url: str, headers: Mapping[str, str], *, obey_robots: bool) -> Answer:
        """Follow redirects one by one, all within the time of one answer; each is checked as the first was.

        Pauses out of politeness take none of that time, the robots.txt of a host on the way does: else a chain of
        hosts whose robots.txt hangs would hold up a round for an hour.
        """
        if absolute(url, "") is None:
            return not_asked(url, f"{url} is no web address")
        hops: list[tuple[int, str]] = []
        jar = Jar()
        address = url
        left = self._limits.total
        while True:
            began = time.monotonic()
            asked = self._not_to_be_asked(address, obey_robots=obey_robots)
            left -= time.monotonic() - began
            if asked is None:
                conditions = headers if address == url or _same_place(url, address) else _without_date(headers)
                asked = self._once(address, {**conditions, **jar.header(address)}, seconds=max(0.0, left))
                jar.keep(asked)
                left -= asked.elapsed
            answer = replace(asked, url=url, final_url=address, redirects=tuple(hops))
            target = _as_utf8(answer.header("location"))
            if answer.trouble or answer.status not in _REDIRECTS or not target:
                return answer
            hops.append((answer.status, address))
            following = absolute(target, address)
            if following is None:
                return replace(answer, trouble=f"redirected to {target[:200]}, which is no web address")
            if len(hops) > self._limits.redirects:
                return replace(answer, trouble=f"redirected more than {self._limits.redirects} times")
            if left <= 0:
                return replace(answer, trouble="its redirects took all the time of an answer", passing=True)
            address = following

    def _not_to_be_asked(self, address: str, *, obey_robots: bool) -> Answer | None:
        """The answer of an address that must not be asked, None for one that may be."""
        if closed := self._pace.closed(origin_of(address)):
            return not_asked(address, closed)
        if obey_robots and (refusal := self._robots.refusal_of(address)) is not None:
            return not_asked(address, refusal.reason, forbidden=refusal.forbidden)
        return None

    def _once(self, address: str, headers: Mapping[str, str], *, seconds: float) -> Answer:
        """One address asked once, when its host may be asked again."""
        self._pace.wait(origin_of(address))
        limits = replace(self._limits, total=seconds)
        return receive(self._transport, address, headers={**self._headers, **headers}, limits=limits)

    def _ask_robots(self, url: str) -> Answer:
        return self.ask(url, {}, obey_robots=False)

    def _raise_if_passing(self, answer: Answer) -> None:
        """Raise _Passing where another try may help; a long Retry-After ends the round for the host."""
        if not _failed(answer):
            return
        wait = _retry_after(answer)
        if wait is None or wait <= self._politeness.longest_wait:
            raise _Passing(answer, wait)
        origin = origin_of(answer.final_url)
        self._pace.close(origin, f"{origin} asked to be left alone for {wait:.0f} seconds")


def _same_place(url: str, address: str) -> bool:
    """Whether a redirect changed no more than scheme and host."""
    asked, now = urlsplit(url), urlsplit(address)
    return (asked.path or "/", asked.query) == (now.path or "/", now.query)


def _without_date(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers for another page than the one known: an old front page is no newer than any date, and no answer."""
    return {name: value for name, value in headers.items() if name != "If-Modified-Since"}


def not_asked(address: str, reason: str, *, forbidden: bool = False) -> Answer:
    """The answer of an address that was not asked."""
    return Answer(address, address, dt.datetime.now(dt.UTC), trouble=reason, refused=forbidden)


def _plain(contact: str) -> str:
    """A contact that may stand in a header: one line of ASCII."""
    return " ".join(contact.encode("ascii", "ignore").decode().split())


def _as_utf8(header: str) -> str:
    """A header as browsers read it: bytes beyond ASCII are UTF-8 where they can be."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _failed(answer: Answer) -> bool:
    """Whether the host, not the document, is the trouble."""
    return answer.passing or answer.status in _PASSING


def _wait_of(error: Exception) -> bool | float:
    """stamina's hook: whether to try again, and after how long where the server said so."""
    if not isinstance(error, _Passing):
        return False
    return True if error.wait is None else error.wait


def _retry_after(answer: Answer) -> float | None:
    """Seconds that the server asks to wait: a number or a date."""
    text = answer.header("retry-after").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _YEAR)
    moment = http_date(text)
    return None if moment is None else max(0.0, (moment - answer.at).total_seconds())
