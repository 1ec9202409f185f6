"""What a web archive kept of an address: its captures listed and replayed, with their original dates.

The ``wayback`` library of EDGI (BSD) speaks to the Wayback Machine and keeps its limits (24 searches a minute, 8
replays a second). It does so with requests, which would go around our guard, so it gets an adapter that sends
everything through ``watchers.fetching.transport``.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

import requests
from msgspec import Struct
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from wayback import CdxRecord, Memento, WaybackClient, WaybackSession
from wayback.exceptions import RateLimitError, WaybackException

from state.errors import FetchRefused, MonitorError
from state.model import Capture, Source
from state.version import VERSION
from watchers.classify.verdict import judge_answer
from watchers.fetching.client import AGENT
from watchers.fetching.exchange import Limits, receive
from watchers.fetching.file_names import file_name_of
from watchers.fetching.response import Answer
from watchers.fetching.transport import GuardedTransport

WEB_ARCHIVE: Final = "https://web.archive.org"
"""The Wayback Machine of the Internet Archive; the library knows no other name."""


_UNTOLD_WAIT: Final = 60.0  # seconds, where a web archive wants to be left alone and does not say how long


class Version(Struct, frozen=True):
    """One capture that a web archive has."""

    url: str  # as it was captured
    at: dt.datetime  # UTC
    address: str  # where its bytes are replayed as they were


def _limits(pace: float) -> dict[str, float]:
    """So many calls a second, 0 for no limit."""
    often = 1 / pace if pace else 0
    return {"search_calls_per_second": often, "memento_calls_per_second": often}


class LeftAlone(MonitorError):
    """The web archive asks not to be asked for a while; asking on would make it refuse for longer.

    ``seconds``: for how long; ``listed``: the versions that it listed before, oldest first.
    """

    def __init__(self, seconds: float, listed: Sequence[Version] = ()) -> None:
        super().__init__(
            f"the web archive asks to be left alone for {seconds:.0f} seconds; start the same command again later,"
            " it goes on from there"
        )
        self.seconds = seconds
        self.listed = tuple(listed)


class NotReplayed(MonitorError):
    """One capture, or one list of captures, cannot be had from the web archive; the message says why."""


class Wayback:
    """Asks a web archive. Use as a context manager, from one thread.

    ``service`` is the origin under which a web archive with the Wayback Machine's interface answers. ``pace`` are
    the seconds between two requests to one; the Internet Archive is asked at its own pace, whatever is said.
    """

    def __init__(
        self,
        *,
        contact: str,
        service: str = WEB_ARCHIVE,
        allow_hosts: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        retries: int = 3,
        pace: float = 2.5,
    ) -> None:
        self._transport = GuardedTransport(allow_hosts=allow_hosts, connections=4)
        self._service = service.rstrip("/")
        adapter = _GuardedAdapter(self._transport, service=service, limits=limits or Limits())
        agent = f"{AGENT}/{VERSION} (+{contact})".encode("ascii", "ignore").decode()
        limits_of_others = {} if self._service == WEB_ARCHIVE else _limits(pace)
        session = WaybackSession(retries=retries, user_agent=agent, **limits_of_others)
        session.trust_env = False
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        self._client = WaybackClient(session)

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._transport.__exit__(kind, error, trace)

    def versions(self, url: str, *, since: dt.datetime, until: dt.datetime | None = None) -> list[Version]:
        """What the archive has of an address that answered well, oldest first; repeats of the one before left out.

        Dates to come are left out. Raises LeftAlone, and NotReplayed where the list cannot be had.
        """
        good: list[CdxRecord] = []
        try:
            for record in self._client.search(url, from_date=since, to_date=until, collapse="digest"):
                if record.statuscode in (200, None):
                    good.append(record)  # noqa: PERF401 - kept where the list breaks off
        except RateLimitError as error:
            raise LeftAlone(_wait_of(error), _versions_among(good, since=since)) from error
        except (WaybackException, requests.RequestException) as error:
            raise NotReplayed(f"{url}: the web archive does not list its captures ({_one_line(error)})") from error
        return _versions_among(good, since=since)

    def capture(self, version: Version, *, source: Source, series: str, url: str) -> Capture:
        """A version replayed, as a capture of ``url`` at its original date.

        Raises LeftAlone, and NotReplayed where this version cannot be had.
        """
        try:
            memento = self._client.get_memento(version.address)
            answer = _answer_of(memento, url=url, at=version.at)
        except RateLimitError as error:
            raise LeftAlone(_wait_of(error)) from error
        except (WaybackException, requests.RequestException, ValueError) as error:
            raise NotReplayed(f"{version.address}: cannot be replayed ({_one_line(error)})") from error
        verdict, reason = judge_answer(answer)
        received = dt.datetime.now(dt.UTC)
        return Capture(
            source=source.id,
            series=series,
            url=url,
            final_url=answer.final_url,
            at=answer.at,
            verdict=verdict,
            status=answer.status,
            reason=f"{reason}; kept at {self._shown(memento.memento_url)}, received {received:%Y-%m-%dT%H:%M:%SZ}",
            headers=answer.headers,
            body=answer.body,
            media_type=answer.media_type,
            redirects=answer.redirects,
            file_name=file_name_of(answer),
            memento=True,
        )

    def _shown(self, address: str) -> str:
        """The address of a version at the archive that was asked, which is not always the library's."""
        return address.replace(WEB_ARCHIVE, self._service, 1)


def _versions_among(records: Sequence[CdxRecord], *, since: dt.datetime) -> list[Version]:
    """The versions that a list has, each change once, oldest first."""
    now = dt.datetime.now(dt.UTC)
    versions: dict[dt.datetime, Version] = {}
    digest = None
    for record in sorted(records, key=lambda record: record.timestamp):
        if record.digest != digest and since <= record.timestamp <= now:
            versions.setdefault(record.timestamp, Version(record.original, record.timestamp, record.raw_url))
        digest = record.digest
    return list(versions.values())


def _answer_of(memento: Memento, *, url: str, at: dt.datetime) -> Answer:
    """What the publisher's server answered then, as the archive tells it."""
    return Answer(
        url=url,
        final_url=memento.url,
        at=at,
        status=memento.status_code,
        headers=tuple((str(name), str(value)) for name, value in memento.headers.items()),
        body=memento.content,
        redirects=tuple((hop.status_code, hop.url) for hop in memento.history),
    )


class _GuardedAdapter(BaseAdapter):
    """requests' side of the guard: sends through our transport, under our limits."""

    def __init__(self, transport: GuardedTransport, *, service: str, limits: Limits) -> None:
        super().__init__()
        self._transport = transport
        self._service = service.rstrip("/")
        self._limits = limits

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer to a GET; the limits and the TLS context are ours, whatever requests would say.

        Raises requests' errors, and FetchRefused for an address that must not be contacted.
        """
        del stream, timeout, verify, cert, proxies
        url = request.url or ""
        asked = self._service + url.removeprefix(WEB_ARCHIVE) if url.startswith(f"{WEB_ARCHIVE}/") else url
        headers = {name: _text(value) for name, value in request.headers.items()}
        answer = receive(self._transport, asked, headers=headers, limits=self._limits)
        if answer.refused:
            raise FetchRefused(answer.trouble)
        if answer.trouble:
            error = requests.Timeout if answer.passing else requests.ConnectionError
            raise error(answer.trouble, request=request)
        return _response(request, answer)

    def close(self) -> None:
        """Nothing to do: the transport is closed by its owner."""


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status or 0
    response.url = request.url or ""
    response.request = request
    response.headers = _joined(answer)
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    response.raw = io.BytesIO(answer.body)
    _ = response.content  # read now: what is kept is read again as often as anyone asks
    return response


def _joined(answer: Answer) -> CaseInsensitiveDict[str]:
    """The headers as requests has them; the body is decoded already."""
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for name, value in answer.headers:
        if name.lower() not in ("content-encoding", "transfer-encoding"):
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _wait_of(error: RateLimitError) -> float:
    """Seconds for which the archive wants to be left alone; a minute where it does not say."""
    return float(getattr(error, "retry_after", None) or _UNTOLD_WAIT)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
