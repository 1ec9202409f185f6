"""One source -> the captures of one round: its page, the further pages of its listing, the documents linked.

Whatever the network does comes back as a Capture; only bugs raise.
"""

from __future__ import annotations

import datetime as dt
import email.message
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote

from state.model import Capture, Series, Source, Verdict
from watchers.answer import Answer
from watchers.ask import AGENT, Asker, Retries, http_date, not_asked
from watchers.follow import Found, documents_among, find_further_pages, find_links
from watchers.politeness import Politeness
from watchers.receive import Limits
from watchers.sources import LISTING, PAGE
from watchers.verdict import judge_answer

__all__ = ["AGENT", "LISTING", "Fetcher", "Known", "Retries", "Validators", "oldest_first"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What the store knows of an address.

    ``etag`` and ``last_modified`` make a request conditional. ``read`` returns the body kept; a listing needs
    it to follow links where the server says "unchanged". ``checked`` is when the address was last asked, for
    series whose files are not asked for in every round.
    """

    etag: str | None = None
    last_modified: str | None = None
    read: Callable[[], bytes] | None = None
    checked: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A document that the listing of a source linked at some time."""

    series: str
    url: str
    text: str


_UNKNOWN: Final = Validators()


class Fetcher:
    """Fetches sources, politely and safely. Use as a context manager; threads may share it.

    ``contact`` is the address or page that publishers can turn to; ``allow_hosts`` are hosts that may be
    contacted although they are private or loopback; ``proxy`` is the address of an HTTP proxy to go through,
    ``tls`` a context of one's own where certifi's authorities do not do. ``validators`` gives what the store
    knows of an address, ``remembered`` the documents that a source linked before; ``clock`` dates the captures
    of a replayed past.
    """

    def __init__(
        self,
        *,
        contact: str,
        allow_hosts: frozenset[str] = frozenset(),
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
        validators: Callable[[str], Validators | None] | None = None,
        remembered: Callable[[Source], Iterable[Known]] | None = None,
        limits: Limits | None = None,
        politeness: Politeness | None = None,
        retries: Retries | None = None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._validators = validators or (lambda _url: None)
        self._remembered = remembered or (lambda _source: ())
        self._clock = clock
        self._asker = Asker(
            contact=contact,
            allow_hosts=allow_hosts,
            proxy=proxy,
            tls=tls,
            limits=self._limits,
            politeness=politeness or Politeness(),
            retries=retries or Retries(),
        )

    def __enter__(self) -> Self:
        self._asker.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asker.__exit__(kind, error, trace)

    def fetch(self, source: Source) -> list[Capture]:
        """The captures of one round: the page first (series "page"), then what it links, each address once.

        The page's capture names in ``links`` every document that its listing links, also those that are not
        asked for in this round. Documents of a series of releases come oldest first, as far as can be known.
        """
        end = time.monotonic() + self._limits.source
        page = self._capture(source, Found(source.url, ""), series=PAGE)
        if not any(series.pattern for series in source.series):
            return [page]
        pages = [page, *self._listing(source, page)]
        linked = list(self._linked(source, pages))
        left = self._left(source, pages, linked)
        links = linked if self._whole(pages) else [*linked, *left]
        captures = [replace(page, links=tuple((each.series, each.url, each.text) for each in links)), *pages[1:]]
        for series in source.series:
            documents = [each for each in linked if each.series == series.name]
            captures += self._documents(source, series, documents, end=end)
            if series.each_file:
                captures += self._look_after(source, series, left, end=end)
        return captures

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

    def _linked(self, source: Source, pages: Sequence[Capture]) -> Iterator[Known]:
        """The documents linked on all pages of the listing, each under the first series that it matches."""
        bodies = [(page.final_url, body) for page in pages if (body := self._body_of(page)) is not None]
        links = [link for base_url, body in bodies for link in find_links(body, base_url=base_url)]
        seen: set[str] = set()
        for series in source.series:
            for document in documents_among(links, series=series):
                if document.url not in seen:
                    seen.add(document.url)
                    yield Known(series.name, document.url, document.text)

    def _left(self, source: Source, pages: Sequence[Capture], linked: Sequence[Known]) -> list[Known]:
        """Documents that the listing linked before and does not link now; none where nothing was seen."""
        if self._body_of(pages[0]) is None:
            return []
        now = {document.url for document in linked}
        return [document for document in self._remembered(source) if document.url not in now]

    def _whole(self, pages: Sequence[Capture]) -> bool:
        """Whether every page of the listing was seen; what only a lost page linked has not left."""
        return all(self._body_of(page) is not None for page in pages)

    def _documents(
        self, source: Source, series: Series, documents: Sequence[Known], *, end: float
    ) -> list[Capture]:
        """The linked documents of one series that are due, those never seen first lest time runs out."""
        due = [document for document in documents if self._due(document.url, series)]
        found: dict[str, Capture] = {}
        for document in sorted(due, key=lambda document: self._known(document.url) is not _UNKNOWN):
            target = Found(document.url, document.text)
            if time.monotonic() > end:
                late = not_asked(document.url, "the time for this source was over before its turn")
                found[document.url] = self._told(source, target, late, series=series.name)
            else:
                found[document.url] = self._capture(source, target, series=series.name)
        captures = [replace(found[document.url], link_text=document.text) for document in due]
        return captures if series.each_file else oldest_first(captures)

    def _look_after(self, source: Source, series: Series, left: Sequence[Known], *, end: float) -> list[Capture]:
        """What became of the documents that are no longer linked: still there, or gone."""
        return [
            self._capture(source, Found(document.url, ""), series=series.name)
            for document in left
            if document.series == series.name and self._due(document.url, series) and time.monotonic() <= end
        ]

    def _due(self, url: str, series: Series) -> bool:
        checked = self._known(url).checked
        now = self._clock() if self._clock else dt.datetime.now(dt.UTC)
        return series.recheck is None or checked is None or now - checked >= series.recheck

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
        headers = _conditions(self._known(found.url), followed=followed)
        answer = self._asker.ask(found.url, headers, obey_robots=source.obey_robots)
        return self._told(source, found, answer, series=series)

    def _told(self, source: Source, found: Found, answer: Answer, *, series: str) -> Capture:
        """The capture that an answer makes."""
        verdict, reason = judge_answer(answer)
        return Capture(
            source=source.id,
            series=series,
            url=found.url,
            final_url=answer.final_url,
            at=self._clock() if self._clock else answer.at,
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
            elapsed=answer.elapsed,
        )


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


def _conditions(known: Validators, *, followed: bool) -> dict[str, str]:
    """Headers of a conditional request; none for a listing whose links could then not be read.

    A validator that is not plain ASCII is no validator: it could not be sent back as it came.
    """
    if followed and known.read is None:
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}


def _last_modified(capture: Capture) -> dt.datetime | None:
    text = next((value for name, value in capture.headers if name.lower() == "last-modified"), "")
    return http_date(text)


def _file_name(answer: Answer) -> str | None:
    """The name under which a reader would save it: as the server says, else the end of the address."""
    message = email.message.Message()
    message["Content-Disposition"] = answer.header("content-disposition") or "inline"
    said = PurePosixPath((message.get_filename() or "").replace("\\", "/")).name
    return said or PurePosixPath(unquote(re.split(r"[?#]", answer.final_url)[0])).name or None
