"""One source -> the captures of one round: its page, the further pages of its listing, the documents linked.

Whatever the network does comes back as a Capture; only bugs raise.
"""

from __future__ import annotations

import datetime as dt
import email.message
import email.utils
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote

import stamina

from state.model import Capture, Series, Source, Verdict
from watchers.answer import Answer, origin_of
from watchers.follow import Found, absolute, documents_among, find_further_pages, find_links
from watchers.politeness import Pace, Politeness, Refusal, Robots
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
    A linked document that is not ``due`` is not asked for in this round and yields no capture.
    """

    etag: str | None = None
    last_modified: str | None = None
    read: Callable[[], bytes] | None = None
    due: bool = True


_UNKNOWN: Final = Validators()


@dataclass(frozen=True, slots=True)
class Retries:
    """How often, and after which pauses, what may be transient is tried again."""

    attempts: int = 3
    wait_initial: float = 1.0  # seconds, doubled each time
    wait_max: float = 15.0  # seconds


class _Passing(Exception):
    """An answer that another try may better."""

    def __init__(self, answer: Answer, wait: float | None) -> None:
        self.answer = answer
        self.wait = wait


class Fetcher:
    """Fetches sources, politely and safely. Use as a context manager; it may be shared by threads.

    ``contact`` is the address or page that publishers can turn to; ``allow_hosts`` are hosts that may be
    contacted although they are private or loopback; ``validators`` gives what the store knows of an address;
    ``clock`` dates the captures of a replayed past.
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
        self._validators = validators or _none_known
        self._clock = clock
        self._pace = Pace(self._politeness)
        self._robots = Robots(agent=AGENT, ask=self._ask_robots, pace=self._pace)
        self._transport = GuardedTransport(allow_hosts=allow_hosts)
        self._headers = {
            "User-Agent": f"{AGENT}/0.1 (+{contact})",
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "en-US,en;q=0.8",
            "Accept-Encoding": "gzip",
        }

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.__exit__(kind, error, trace)

    def fetch(self, source: Source) -> list[Capture]:
        """The captures of one round: the page first (series "page"), then what it links, each address once.

        Documents of a series of releases come oldest first, as far as that can be known.
        """
        end = time.monotonic() + self._limits.source
        page = self._capture(source, Found(source.url, ""), series=PAGE)
        captures = [page]
        if not any(series.pattern for series in source.series):
            return captures
        captures += self._listing(source, page)
        for series, documents in self._documents(source, captures):
            captures += self._followed(source, series, documents, end=end)
        return captures

    def _followed(self, source: Source, series: Series, documents: list[Found], *, end: float) -> list[Capture]:
        """The documents of one series, those never seen first lest time runs out, told in order."""
        due = [document for document in documents if self._known(document.url).due]
        found: dict[str, Capture] = {}
        for document in sorted(due, key=lambda document: self._known(document.url) is not _UNKNOWN):
            if time.monotonic() > end:
                break
            found[document.url] = self._capture(source, document, series=series.name)
        captures = [found[document.url] for document in due if document.url in found]
        return captures if series.each_file else oldest_first(captures)

    def fetch_one(self, source: Source, url: str, *, series: str) -> Capture:
        """The capture of one address as part of ``source``."""
        return self._capture(source, Found(url, ""), series=series)

    def _listing(self, source: Source, page: Capture) -> list[Capture]:
        """The further pages of a listing."""
        body = self._body_of(page)
        if source.pages < 2 or body is None:
            return []
        further = find_further_pages(body, base_url=page.final_url, limit=source.pages - 1)
        return [self._capture(source, Found(url, ""), series=LISTING) for url in further]

    def _documents(self, source: Source, pages: list[Capture]) -> Iterator[tuple[Series, list[Found]]]:
        """The documents linked on all pages of the listing, each under the first series that it matches."""
        bodies = [(page.final_url, body) for page in pages if (body := self._body_of(page)) is not None]
        links = [link for base_url, body in bodies for link in find_links(body, base_url=base_url)]
        seen: set[str] = set()
        for series in source.series:
            found = {document.url: document for document in documents_among(links, series=series)}
            fresh = [document for url, document in found.items() if url not in seen]
            seen.update(found)
            yield series, fresh

    def _known(self, url: str) -> Validators:
        return self._validators(url) or _UNKNOWN

    def _body_of(self, page: Capture) -> bytes | None:
        """The body of a page that may be followed: as received, or as kept where nothing changed."""
        if page.verdict is Verdict.PRESENT:
            return page.body
        read = self._known(page.url).read
        return read() if page.verdict is Verdict.UNCHANGED and read is not None else None

    def _capture(self, source: Source, found: Found, *, series: str) -> Capture:
        page = series in (PAGE, LISTING)
        followed = page and any(entry.pattern for entry in source.series)
        headers = self._conditions(self._known(found.url), followed=followed)
        answer = self._answer(found.url, headers, obey_robots=source.obey_robots)
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
            file_name=_file_name(answer),
            link_text=found.text or None,
            elapsed=answer.elapsed,
        )

    def _conditions(self, known: Validators, *, followed: bool) -> dict[str, str]:
        """Headers of a conditional request; none for a listing whose links could then not be read."""
        if followed and known.read is None:
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _answer(self, url: str, headers: Mapping[str, str], *, obey_robots: bool) -> Answer:
        """The answer after redirects and retries; the last one where none was good."""
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
                    self._raise_if_passing(answer)
        except _Passing as error:
            answer = error.answer
        if answer.status is not None or answer.passing:
            self._pace.note(origin_of(answer.final_url), failed=_failed(answer))
        return answer

    def _through_redirects(self, url: str, headers: Mapping[str, str], *, obey_robots: bool) -> Answer:
        """Follow redirects one by one; each address is checked as the first one was."""
        if absolute(url, url) is None:
            return _not_asked(url, Refusal(f"{url} is no web address", forbidden=False))
        hops: list[tuple[int, str]] = []
        address = url
        while True:
            asked = self._one(address, headers, obey_robots=obey_robots)
            answer = replace(asked, url=url, final_url=address, redirects=tuple(hops))
            target = answer.header("location")
            if answer.trouble or answer.status not in _REDIRECTS or not target:
                return answer
            hops.append((answer.status, address))
            following = absolute(target, address)
            if following is None:
                return replace(answer, trouble=f"redirected to {target[:200]}, which is no web address")
            if len(hops) > self._limits.redirects:
                return replace(answer, trouble=f"redirected more than {self._limits.redirects} times")
            address = following

    def _one(self, address: str, headers: Mapping[str, str], *, obey_robots: bool) -> Answer:
        """One address asked once, if it may be asked."""
        origin = origin_of(address)
        if closed := self._pace.closed(origin):
            return _not_asked(address, Refusal(closed, forbidden=False))
        if obey_robots and (refusal := self._robots.refusal_of(address)) is not None:
            return _not_asked(address, refusal)
        self._pace.wait(origin)
        return receive(self._transport, address, headers={**self._headers, **headers}, limits=self._limits)

    def _ask_robots(self, url: str) -> Answer:
        return self._answer(url, {}, obey_robots=False)

    def _raise_if_passing(self, answer: Answer) -> None:
        """Raise _Passing where another try may help; a long Retry-After ends the round for the host."""
        if answer.status not in _PASSING and not answer.passing:
            return
        wait = _retry_after(answer)
        if wait is None or wait <= self._politeness.longest_wait:
            raise _Passing(answer, wait)
        origin = origin_of(answer.final_url)
        self._pace.close(origin, f"{origin} asked to be left alone for {wait:.0f} seconds")


def _none_known(_url: str) -> Validators | None:
    return None


def oldest_first(captures: Sequence[Capture]) -> list[Capture]:
    """Releases of one series found in one round, in their likely order.

    By Last-Modified where every one has it; else the page's order reversed, since listings put the newest
    first. File names say nothing: publishers mistype the dates in them.
    """
    dates = [_last_modified(capture) for capture in captures]
    known = [date for date in dates if date is not None]
    if len(known) == len(captures) == len(set(known)):
        return [capture for _, capture in sorted(zip(known, captures, strict=True), key=lambda pair: pair[0])]
    return list(reversed(captures))


def _last_modified(capture: Capture) -> dt.datetime | None:
    text = next((value for name, value in capture.headers if name.lower() == "last-modified"), "")
    return _http_date(text)


def _not_asked(address: str, refusal: Refusal) -> Answer:
    now = dt.datetime.now(dt.UTC)
    return Answer(address, address, now, trouble=refusal.reason, refused=refusal.forbidden)


def _failed(answer: Answer) -> bool:
    """Whether the host, not the document, is the trouble."""
    return bool(answer.trouble and not answer.cut) or answer.status in _PASSING


def _wait_of(error: Exception) -> bool | float:
    """stamina's hook: whether to try again, and after how long where the server said so."""
    if not isinstance(error, _Passing):
        return False
    return True if error.wait is None else error.wait


def _retry_after(answer: Answer) -> float | None:
    """Seconds that the server asks to wait: a number or a date."""
    text = answer.header("retry-after").strip()
    if text.isdigit():
        return float(text)
    moment = _http_date(text)
    return None if moment is None else max(0.0, (moment - answer.at).total_seconds())


def _http_date(text: str) -> dt.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


def _file_name(answer: Answer) -> str | None:
    """The name under which a reader would save it: as the server says, else the end of the address."""
    message = email.message.Message()
    message["Content-Disposition"] = answer.header("content-disposition") or "inline"
    said = PurePosixPath((message.get_filename() or "").replace("\\", "/")).name
    return said or PurePosixPath(unquote(re.split(r"[?#]", answer.final_url)[0])).name or None
