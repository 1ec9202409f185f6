"""One source -> the captures of one round: its page, the further pages of its listing, the documents linked.

Whatever the network does comes back as a Capture; only bugs raise.
"""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from msgspec.structs import replace

from state.address import stable_address
from state.errors import MonitorError
from state.model import LINKED, LISTING, PAGE, Capture, Series, Source, Verdict
from watchers.classify.verdict import judge_answer, leads_on_to
from watchers.fetching.browser import Loaded, Renderer, Wishes
from watchers.fetching.client import AGENT, Asker, Retries, not_asked
from watchers.fetching.exchange import Limits
from watchers.fetching.file_names import file_name_of
from watchers.fetching.freshness import LYING_TAG, Validators, conditions_of, has_lying_tag, kept_body
from watchers.fetching.large_bodies import one_address
from watchers.fetching.politeness import Politeness
from watchers.fetching.response import Answer
from watchers.fetching.transport import on_behalf_of
from watchers.following.documents import find_further_pages, sort_by_series
from watchers.following.hosts import followed
from watchers.following.links import find_files, left_files
from watchers.following.unfollowed import unfollowed_files, unfollowed_hosts, unfollowed_pages
from watchers.visit import InMemory, Keeper, Known, Look, Visit

__all__ = ["AGENT", "LISTING", "Fetcher", "Retries", "Validators"]


_UNKNOWN: Final = Validators()
_MOST_ASKED: Final = 10  # files that a page no longer links, asked for before they are said to be gone
_MOST_LEFT: Final = 50  # documents of a series that are no longer listed, asked for in one round
_EVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_MOST_FOLLOWED: Final = 16 << 20  # bytes of a page whose links are followed; it stays in memory meanwhile
_MOST_LATE: Final = 100  # documents of a series told as left for a later round


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

        self._renderer = Renderer(
            self._asker.part,
            limits=self._limits,
            is_there=lambda answer: judge_answer(answer)[0] not in _NOT_THERE_YET,
        )

        self.unfollowed: dict[str, tuple[str, ...]] = {}
        """By the id of a source what of its listing was not followed when it was fetched last, in words."""

    def __enter__(self) -> Self:
        self._asker.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._renderer.close()
        self._asker.__exit__(kind, error, trace)

    def fetch(self, source: Source, keeper: Keeper | None = None) -> list[Capture]:
        """The captures of one look: the page first (series "page"), then what it links, each address once.

        Each is handed to ``keeper`` before the next address is asked. The page's capture names in ``links`` every
        document that its listing links, also those that are not asked for in this round.
        Documents of a series of releases come in the reverse order of the page: most list the newest first.
        """
        end = time.monotonic() + self._limits.source
        visit = Visit(source, keeper or InMemory(), end, self._limits.brought)
        stood = self._known(source.url).read
        front = self._look(visit, source.url, series=PAGE)
        if not any(series.pattern for series in source.series):
            return [front.capture, *self._no_longer_linked(visit, front, stood)]
        looks = [front, *self._further(visit, front)]
        linked = list(_linked(source, looks))
        left = self._left(source, front, linked)
        whole = _is_whole(looks)  # what only a page linked that was not seen has not left
        links = tuple((each.series, each.url, each.text) for each in (linked if whole else [*linked, *left]))
        here = front.capture.final_url
        asked, missed = followed(linked, source, here=here), followed(left, source, here=here)
        elsewhere = unfollowed_hosts(len(linked) - len(asked))
        self.unfollowed[source.id] = (*_unfollowed(source, looks, missed), *elsewhere)
        visit.keeper.note_links(links, at=front.capture.at)
        captures = [replace(front.capture, links=links), *(look.capture for look in looks[1:])]
        for series in source.series:
            captures += self._documents(visit, series, asked)
            if series.each_file:
                captures += self._look_after(visit, series, missed)
        return captures

    def loaded_by(self, url: str) -> tuple[Loaded, ...]:
        """What the scripts of a page loaded as data when a browser showed it last, each fit to be a source."""
        return self._renderer.loaded.get(url, ())

    def fetch_one(self, source: Source, url: str, *, series: str) -> Capture:
        """The capture of one address as part of ``source``."""
        return self._look(Visit(source, InMemory(), 0.0, 0), url, series=series).capture

    def _look(self, visit: Visit, url: str, *, series: str) -> Look:
        """A page with the body that may be followed: as received, or as kept where nothing changed."""
        known = self._known(url)
        followed = any(entry.pattern for entry in visit.source.series)
        look = self._kept(visit, url, known, series=series, followed=followed)
        if followed and look.capture.verdict is Verdict.UNCHANGED and known.read is not None:
            return Look(look.capture, known.read(), look.link or known.link)
        return look

    def _kept(
        self,
        visit: Visit,
        url: str,
        known: Validators,
        *,
        series: str,
        followed: bool = False,
        link_text: str | None = None,
    ) -> Look:
        """An address asked, and its answer kept before anything else is asked; one large body at a time."""
        with one_address():
            capture = self._capture(visit.source, url, known, series=series, followed=followed)
            if link_text is not None:
                capture = replace(capture, link_text=link_text)
                visit.spend(capture)
            shows = capture.verdict is Verdict.PRESENT and len(capture.body) <= _MOST_FOLLOWED
            return Look(visit.keeper.keep(capture), capture.body if shows else None, _link_of(capture))

    def _further(self, visit: Visit, front: Look) -> list[Look]:
        """The further pages of a listing."""
        source = visit.source
        if source.pages < 2 or front.body is None:
            return []
        urls = find_further_pages(front.body, base_url=front.capture.final_url, limit=source.pages - 1)
        if urls:
            return [self._turn_to(visit, url) for url in urls]
        return list(self._leaf_through(visit, front))

    def _turn_to(self, visit: Visit, url: str) -> Look:
        """One further page of a listing, if there is time for it."""
        if reason := visit.over():
            return Look(self._late(visit, url, reason, series=LISTING), None)
        return self._look(visit, url, series=LISTING)

    def _leaf_through(self, visit: Visit, front: Look) -> Iterator[Look]:
        """The further pages of a listing that names only its next one, each from the one before."""
        seen, look = {visit.source.url, front.capture.final_url}, front
        for _ in range(visit.source.pages - 1):
            if (url := look.following) is None or url in seen:
                return
            seen.add(url)
            look = self._turn_to(visit, url)
            yield look

    def _left(self, source: Source, front: Look, linked: Sequence[Known]) -> list[Known]:
        """Documents that the listing linked before and does not link now; none where nothing was seen."""
        if front.body is None:
            return []
        now = {document.url for document in linked}
        stable = {stable_address(url) for url in now}
        remembered = (document for document in self._remembered(source) if document.url not in now)
        return [document for document in remembered if stable_address(document.url) not in stable]

    def _no_longer_linked(self, visit: Visit, front: Look, stood: Callable[[], bytes] | None) -> Iterator[Capture]:
        """What files answer that the page linked and links no more: gone with their links, or still there."""
        before = kept_body(stood) if front.body is not None else None
        if before is None or front.body is None:
            return
        for url in left_files(before, front.body, base_url=front.capture.final_url)[:_MOST_ASKED]:
            yield self._kept(visit, url, _UNKNOWN, series=LINKED).capture

    def _documents(self, visit: Visit, series: Series, linked: Sequence[Known]) -> list[Capture]:
        """The linked documents of one series that are due, those never seen first lest time runs out.

        Of the many that a hostile listing leaves for later, the first are told.
        """
        due = list(self._due(series, linked))
        if not series.each_file:
            due.reverse()
        found: list[Capture] = []
        late = 0
        for document, known in sorted(due, key=lambda entry: entry[1] is not _UNKNOWN):
            if reason := visit.over():
                late += 1
                if late <= _MOST_LATE:
                    found.append(
                        self._late(visit, document.url, reason, series=series.name, link_text=document.text)
                    )
            else:
                look = self._kept(visit, document.url, known, series=series.name, link_text=document.text)
                found.append(look.capture)
        return found

    def _late(self, visit: Visit, url: str, reason: str, *, series: str, link_text: str | None = None) -> Capture:
        told = self._told(visit.source, url, not_asked(url, reason), series=series)
        return visit.keeper.keep(replace(told, link_text=link_text))

    def _look_after(self, visit: Visit, series: Series, left: Sequence[Known]) -> list[Capture]:
        """What became of the documents that are no longer linked: still there, or gone.

        Of many, those not asked for longest: each has its turn, and the requests of a round do not grow.
        """
        due = sorted(self._due(series, left), key=lambda entry: entry[1].checked or _EVER)
        return [
            self._kept(visit, document.url, known, series=series.name).capture
            for document, known in due[:_MOST_LEFT]
            if not visit.over()
        ]

    def _due(self, series: Series, documents: Sequence[Known]) -> Iterator[tuple[Known, Validators]]:
        """The documents of a series that are to be asked for in this round, with what is known of them."""
        now = self._clock() if self._clock else dt.datetime.now(dt.UTC)
        for document in documents:
            if document.series == series.name:
                known, interval = self._known(document.url), series.recheck
                if interval is None or known.checked is None or _has_passed(interval, known.checked, now):
                    yield document, known

    def _known(self, url: str) -> Validators:
        return self._validators(url) or _UNKNOWN

    def _capture(
        self, source: Source, url: str, known: Validators, *, series: str, followed: bool = False
    ) -> Capture:
        rendered = source.render == "browser" and series in (PAGE, LISTING)
        now = self._clock() if self._clock else dt.datetime.now(dt.UTC)
        conditions = (
            {} if rendered else conditions_of(known, now=now, followed=followed)
        )  # scripts load what is new
        answer = self._answer(source, url, conditions, rendered=rendered)
        if answer.status == 304 and not conditions:
            answer = replace(
                answer, trouble="the server answered 304, nothing changed, to a request without conditions"
            )
        capture = self._told(source, url, answer, series=series)
        return replace(capture, reason=LYING_TAG) if has_lying_tag(capture, known) else capture

    def _answer(self, source: Source, url: str, conditions: Mapping[str, str], *, rendered: bool) -> Answer:
        """What an address answers, shown by a browser where the source asks for it.

        Whatever breaks in asking costs this address alone: the others of the source are asked all the same.
        """
        answer = None
        try:
            with on_behalf_of(source.url):
                answer = self._refreshed(self._asker.ask(url, conditions, obey_robots=source.obey_robots), source)
                if rendered and _may_be_shown(answer, clicked=bool(source.click)):
                    answer = self._renderer.render(answer, wishes=Wishes(source.wait_for, source.click))
        except MonitorError:
            raise  # the user has to do something, such as to install a browser
        except Exception as error:  # noqa: BLE001 - the boundary of one address
            return replace(answer or not_asked(url, ""), trouble=_failed_here(error))
        return answer

    def _refreshed(self, answer: Answer, source: Source) -> Answer:
        """What a page leads to that only sends its readers on within its site, as a redirect would."""
        for _ in range(_MOST_REFRESHES):
            target = leads_on_to(answer)
            if target is None or urlsplit(target).netloc != urlsplit(answer.final_url).netloc:
                break
            hops = (*answer.redirects, (answer.status or 200, answer.final_url))
            landed = self._asker.ask(target, {}, obey_robots=source.obey_robots)
            if target == landed.url and landed.final_url in {address for _, address in hops}:
                break  # it leads back to where it came from
            if landed.trouble or (landed.status or 0) >= 400:
                break  # a page that tries its readers, and sends on those it takes for such: it is what was served
            answer = replace(landed, url=answer.url, redirects=(*hops, *landed.redirects))
        return answer

    def _told(self, source: Source, url: str, answer: Answer, *, series: str) -> Capture:
        """The capture that an answer makes, with its bytes also where judging them fails."""
        try:
            verdict, reason = judge_answer(answer)
        except Exception as error:  # noqa: BLE001 - a bug costs what is said of it, not its bytes
            verdict, reason = Verdict.UNREACHABLE, _failed_here(error)
        return Capture(
            source=source.id,
            series=series,
            url=url,
            final_url=answer.final_url,
            at=self._clock() if self._clock else answer.at,
            verdict=verdict,
            status=answer.status,
            reason=reason,
            headers=answer.headers,
            request=answer.request,
            body=answer.body,
            wire=answer.wire,
            media_type=answer.media_type,
            redirects=answer.redirects,
            peer=answer.peer,
            certificate=answer.certificate,
            file_name=file_name_of(answer),
            elapsed=answer.elapsed,
        )


_MOST_REFRESHES: Final = 3  # pages one after the other that only send their readers on


def _failed_here(error: Exception) -> str:
    return f"failed on our side, please report: {type(error).__name__}: {error}"


def _has_passed(interval: dt.timedelta, since: dt.datetime, now: dt.datetime) -> bool:
    """Whether an interval has passed since a look. One that is still to come was dated by a wrong clock."""
    return not dt.timedelta() <= now - since < interval


_NOT_THERE_YET: Final = frozenset((Verdict.EMPTY, Verdict.UNREACHABLE))
"""What a page may show while its scripts are at work."""


def _may_be_shown(answer: Answer, *, clicked: bool) -> bool:
    """Whether a browser is asked to show it: who is refused does not come back in another coat.

    ``clicked``: the source file says what a reader would click to get past a page that asks for consent.
    """
    if answer.trouble or not 200 <= (answer.status or 0) < 300:
        return False
    verdict = judge_answer(answer)[0]
    return verdict in (Verdict.PRESENT, *_NOT_THERE_YET) or (verdict is Verdict.BLOCKED and clicked)


def _unfollowed(source: Source, looks: Sequence[Look], left: Sequence[Known]) -> Iterator[str]:
    """What of the listing and of the files that left it is not followed."""
    last = looks[-1]
    if last.body is not None:
        here = last.capture.final_url
        yield from unfollowed_pages(
            last.body, base_url=here, following=last.following, looked_at=len(looks), allowed=source.pages
        )
    for series in source.series:
        count = sum(document.series == series.name for document in left)
        yield from unfollowed_files(count, most=_MOST_LEFT, what=f"files of “{series.title}”")


def _link_of(capture: Capture) -> str:
    """The values of the "Link" header that came with an answer."""
    return ", ".join(value for name, value in capture.headers if name.lower() == "link")


def _is_whole(looks: Sequence[Look]) -> bool:
    """Whether a listing was seen to its end: all its pages came, and the last one names no further one."""
    if any(look.body is None for look in looks):
        return False
    return looks[-1].following is None


def _linked(source: Source, looks: Sequence[Look]) -> Iterator[Known]:
    """The documents linked on all pages of the listing, each under the first series that it matches."""
    links = [
        link
        for look in looks
        if look.body is not None
        for link in find_files(look.body, base_url=look.capture.final_url)
    ]
    for series, document in sort_by_series(links, source.series):
        yield Known(series, document.url, document.text)
