"""One source -> the captures of one round: its page, the further pages of its listing, the documents linked.

Whatever the network does comes back as a Capture; only bugs raise.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import stamina

from state.model import Capture, Series, Source, Verdict
from watchers.answer import Answer
from watchers.follow import Found, find_documents, find_further_pages
from watchers.politeness import Pace, Politeness, Robots
from watchers.receive import Limits, receive
from watchers.sources import PAGE
from watchers.transport import GuardedTransport
from watchers.verdict import judge_answer

LISTING: Final = "listing"
"""The series name of the further pages of a listing; they are remembered and are never releases."""

AGENT: Final = "release-monitor"
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_PASSING: Final = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Validators:
    """What the store knows of an address, for a conditional request.

    ``read`` returns the body kept; a listing needs it to follow links where the server says "unchanged".
    """

    etag: str | None = None
    last_modified: str | None = None
    read: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Retries:
    """How often, and after which pauses, what may be transient is tried again."""

    attempts: int = 3
    wait_initial: float = 1.0  # seconds, doubled each time
    wait_max: float = 15.0  # seconds


class _Transient(Exception):
    """An answer that another try may better."""

    def __init__(self, answer: Answer, wait: float | None) -> None:
        self.answer = answer
        self.wait = wait


class Fetcher:
    """Fetches sources, politely and safely. Use as a context manager; it may be shared by threads.

    ``contact`` is the address or page that publishers can turn to; ``allow_hosts`` are hosts that may be
    contacted although they are private or loopback; ``validators`` gives what the store knows of an address.
    """

    def __init__(
        self,
        *,
        contact: str,
        allow_hosts: frozenset[str] = frozenset(),
        validators: Callable[[str], Validators | None] | None = None,
        limits: Limits | None = None,
        politeness: Politeness | None = None,
        retries: Retries | None = None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._politeness = politeness or Politeness()
        self._retries = retries or Retries()
        self._clock = clock  # the time of captures, where it is not that of the answer: a replayed past
        self._validators = validators or (lambda _url: None)
        self._pace = Pace(self._politeness)
        self._robots = Robots(agent=AGENT, ask=self._ask_robots, pace=self._pace)
        self._client = httpx.Client(
            transport=GuardedTransport(allow_hosts=allow_hosts),
            trust_env=False,
            headers={
                "User-Agent": f"{AGENT}/0.1 (+{contact})",
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": "en-US,en;q=0.8",
                "Accept-Encoding": "gzip",
            },
        )

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def fetch(self, source: Source) -> list[Capture]:
        """The captures of one round: the page first (series "page"), then what it links, each address once."""
        page = self._capture(source, Found(source.url, ""), series=PAGE)
        captures = [page]
        if any(series.pattern for series in source.series):
            captures += self._listing(source, page)
            found = self._documents(source, captures)
            captures += [self._capture(source, document, series=series.name) for series, document in found]
        return captures

    def fetch_one(self, source: Source, url: str, *, series: str) -> Capture:
        """The capture of one address as part of ``source``."""
        return self._capture(source, Found(url, ""), series=series)

    def _listing(self, source: Source, page: Capture) -> list[Capture]:
        body = self._body_of(page)
        if source.pages < 2 or body is None:
            return []
        further = find_further_pages(body, base_url=page.final_url, limit=source.pages - 1)
        return [self._capture(source, Found(url, ""), series=LISTING) for url in further]

    def _documents(self, source: Source, pages: list[Capture]) -> Iterator[tuple[Series, Found]]:
        """The documents linked on all pages of the listing, each under the first series that it matches."""
        seen: set[str] = set()
        bodies = [(page.final_url, body) for page in pages if (body := self._body_of(page)) is not None]
        for series in source.series:
            for base_url, body in bodies:
                for document in find_documents(body, base_url=base_url, series=series):
                    if document.url not in seen:
                        seen.add(document.url)
                        yield series, document

    def _body_of(self, page: Capture) -> bytes | None:
        """The body of a page that may be followed: as received, or as kept where nothing changed."""
        if page.verdict is Verdict.PRESENT:
            return page.body
        if page.verdict is Verdict.UNCHANGED:
            known = self._validators(page.url)
            return known.read() if known is not None and known.read is not None else None
        return None

    def _capture(self, source: Source, found: Found, *, series: str) -> Capture:
        listing = series in (PAGE, LISTING) and any(entry.pattern for entry in source.series)
        answer = self._answer(found.url, obey_robots=source.obey_robots, listing=listing)
        verdict, reason = judge_answer(answer)
        return Capture(
            source=source.id,
            series=series,
            url=found.url,
            final_url=answer.final_url,
            at=answer.at if self._clock is None else self._clock(),
            verdict=verdict,
            status=answer.status,
            reason=reason,
            headers=answer.headers,
            body=answer.body,
            wire=answer.wire,
            media_type=answer.media_type,
            redirects=answer.redirects,
            peer=answer.peer,
            certificate=answer.certificate,
            file_name=_file_name(answer.final_url),
            link_text=found.text or None,
            elapsed=answer.elapsed,
        )

    def _answer(self, url: str, *, obey_robots: bool, listing: bool) -> Answer:
        """The answer after redirects and retries; the best there was where none was good."""
        headers = self._conditions(url, listing=listing)
        policy = self._retries
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
                    answer = self._through_redirects(url, headers, obey_robots=obey_robots)
                    self._raise_if_transient(answer)
        except _Transient as error:
            answer = error.answer
        return answer

    def _conditions(self, url: str, *, listing: bool) -> dict[str, str]:
        known = self._validators(url)
        if known is None or (listing and known.read is None):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _through_redirects(self, url: str, headers: dict[str, str], *, obey_robots: bool) -> Answer:
        """Follow redirects one by one; each address is checked as the first one was."""
        hops: list[tuple[int, str]] = []
        address = url
        while True:
            if (why := self._forbidden(address, obey_robots=obey_robots)) is not None:
                answer = Answer(url, address, dt.datetime.now(dt.UTC), trouble=why, refused=True)
            else:
                self._pace.wait(urlsplit(address).netloc)
                answer = receive(self._client, address, headers=headers, limits=self._limits)
            answer = replace(answer, url=url, final_url=address, redirects=tuple(hops))
            target = answer.header("location")
            if answer.trouble or answer.status not in _REDIRECTS or not target:
                return answer
            hops.append((answer.status, address))
            try:
                address = urljoin(address, target)
                scheme = urlsplit(address).scheme
            except ValueError:
                return replace(answer, trouble="redirected to something that is no address")
            if scheme not in ("http", "https"):
                return replace(answer, trouble=f"redirected to {address}, which is no web address")
            if len(hops) > self._limits.redirects:
                return replace(answer, trouble=f"redirected more than {self._limits.redirects} times")

    def _forbidden(self, url: str, *, obey_robots: bool) -> str | None:
        return self._robots.refusal_of(url) if obey_robots else None

    def _ask_robots(self, url: str) -> Answer:
        limits = replace(self._limits, wire=1_000_000, decoded=1_000_000)
        return self._through_redirects_plain(url, limits)

    def _through_redirects_plain(self, url: str, limits: Limits) -> Answer:
        address = url
        for _ in range(5):
            answer = receive(self._client, address, headers={}, limits=limits)
            target = answer.header("location")
            if answer.trouble or answer.status not in _REDIRECTS or not target:
                break
            address = urljoin(address, target)
        return answer

    def _raise_if_transient(self, answer: Answer) -> None:
        """Raise _Transient where another try may help; a long Retry-After ends the round for the host."""
        if answer.refused or (answer.status not in _PASSING and not answer.trouble):
            return
        wait = _retry_after(answer)
        if wait is not None and wait > self._politeness.longest_wait:
            self._pace.hold(urlsplit(answer.final_url).netloc, self._politeness.longest_wait)
            return
        raise _Transient(answer, wait)


def _wait_of(error: Exception) -> bool | float:
    """stamina's hook: whether to try again, and after how long where the server said so."""
    if not isinstance(error, _Transient):
        return False
    return True if error.wait is None else error.wait


def _retry_after(answer: Answer) -> float | None:
    """Seconds that the server asks to wait: a number or a date."""
    text = answer.header("retry-after").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - answer.at).total_seconds())


def _file_name(url: str) -> str | None:
    return PurePosixPath(unquote(urlsplit(url).path)).name or None
