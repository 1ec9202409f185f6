"""Asking a web archive for an independent copy of an address: Save Page Now of the Internet Archive.

With keys of an account (https://archive.org/account/s3.php) the archive answers with a job that is looked after
later; without them it saves at once, where it does. It takes 3 addresses a minute from those without keys, 6
from those with. Source: "Save Page Now 2 Public API Docs", Internet Archive, 2022.

What it says that it saved is fetched and compared before anyone is told.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import re
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode, urljoin

from msgspec import Struct
from msgspec.structs import replace

from state.version import VERSION
from watchers.fetching.client import AGENT
from watchers.fetching.exchange import Limits, receive
from watchers.fetching.response import Answer
from watchers.fetching.transport import GuardedTransport

WEB_ARCHIVE: Final = "https://web.archive.org"

_COPY: Final = re.compile(r"/web/(\d{14})(?:[a-z]{2}_)?/(.+)")
_SILENT: Final = re.compile(
    rb"<(script|style|template|noscript)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_EARLY: Final = dt.timedelta(hours=1)  # before a release was seen that a copy of it may have been made
_JOB: Final = re.compile(r"spn2-[0-9a-zA-Z-]+")
_STAMP: Final = re.compile(r"\d{14}")
_LIMITS: Final = Limits(total=90.0, idle=60.0, wire=5_000_000, decoded=10_000_000)


class Keys(Struct, frozen=True):
    """The keys of an account at the web archive."""

    access: str
    secret: str


class Progress(Struct, frozen=True):
    """How far a copy is: there at ``address``, under way as ``job``, or not to be had because of ``trouble``.

    ``left_alone`` is True where the archive wants to be asked nothing more for a while.
    """

    address: str | None = None
    job: str | None = None
    trouble: str | None = None
    left_alone: bool = False
    remark: str | None = None  # what is to be said of a copy that is there


class SavePageNow:
    """Asks for copies. Use as a context manager, from one thread; the caller keeps to ``per_minute``."""

    def __init__(
        self,
        *,
        contact: str,
        service: str = WEB_ARCHIVE,
        allow_hosts: frozenset[str] = frozenset(),
        keys: Keys | None = None,
    ) -> None:
        self._service = service.rstrip("/")
        self._keys = keys
        self._transport = GuardedTransport(allow_hosts=allow_hosts, connections=2)
        agent = f"{AGENT}/{VERSION} (+{contact})".encode("ascii", "ignore").decode()
        self._headers = {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if keys is not None:
            self._headers["Authorization"] = f"LOW {keys.access}:{keys.secret}"

    @property
    def per_minute(self) -> int:
        """How many addresses the archive takes in a minute."""
        return 3 if self._keys is None else 6

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.__exit__(kind, error, trace)

    def ask(self, url: str) -> Progress:
        """Ask for a copy of ``url`` as it is now. Never raises for the network."""
        if self._keys is None:
            return self._read(self._send(f"{self._service}/save/{url}"))
        form = urlencode({"url": url, "skip_first_archive": "1"}).encode()
        return self._read(self._send(f"{self._service}/save", content=form))

    def look(self, job: str) -> Progress:
        """How far a job is. Never raises for the network."""
        answer = self._send(f"{self._service}/save/status/{job}")
        if trouble := _trouble_of(answer):
            return Progress(trouble=trouble, left_alone=answer.status == 429)
        said = _object(answer)
        match said.get("status"):
            case "success":
                return self._address_of(said)
            case "pending":
                return Progress(job=job)
            case _:
                message = said.get("message") or said.get("status_ext") or "its answer says nothing"
                return Progress(trouble=f"the web archive did not save it: {message}")

    def compare(self, address: str, *, url: str, body: bytes, since: dt.datetime, alike: bool = True) -> Progress:
        """Whether a copy of ``body``, captured at ``url`` at ``since``, stands at ``address``. Never raises.

        A page that gives each reader other bytes may have the same words; that is said. ``alike``: False where
        not even these can be the same, for a browser put the page together.
        """
        found = _COPY.search(address)
        if not address.startswith(f"{self._service}/") or found is None:
            return Progress(trouble=f"the web archive says that the copy is at {address}, which is not with it")
        if not _is_of(found[2], url):
            return Progress(trouble=f"the web archive names a copy of another address: {found[2]}")
        at = dt.datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        if at < since - _EARLY:
            return Progress(
                trouble=f"the web archive names a copy of {at:%Y-%m-%d}, made before the release was there"
            )
        limits = replace(Limits(), total=_LIMITS.total, idle=_LIMITS.idle)
        answer = receive(
            self._transport, f"{self._service}/web/{found[1]}id_/{found[2]}", headers=self._headers, limits=limits
        )
        if trouble := _trouble_of(answer):
            return Progress(trouble=f"the copy cannot be had: {trouble}", left_alone=answer.status == 429)
        if hashlib.sha256(answer.body).digest() == hashlib.sha256(body).digest():
            return Progress(address=address)
        if not alike:
            return Progress(address=address, remark="not compared: a browser put the page together")
        if (words := _words(body)) and words == _words(answer.body):
            return Progress(address=address, remark="its bytes differ, its words are the same")
        return Progress(trouble=f"the copy at {address} is not what was captured: its bytes differ")

    def _send(self, url: str, *, content: bytes = b"") -> Answer:
        headers = self._headers | ({"Content-Type": "application/x-www-form-urlencoded"} if content else {})
        method = "POST" if content else "GET"
        return receive(self._transport, url, headers=headers, limits=_LIMITS, method=method, content=content)

    def _read(self, answer: Answer) -> Progress:
        """What the answer to a request for a copy says."""
        for header in ("content-location", "location"):
            if _COPY.search(answer.header(header)):
                return Progress(address=urljoin(self._service, answer.header(header)))
        if trouble := _trouble_of(answer):
            return Progress(trouble=trouble, left_alone=answer.status == 429)
        said = _object(answer)
        if job := said.get("job_id"):
            return Progress(job=str(job))
        if found := _JOB.search(answer.body.decode("utf-8", "replace")):
            return Progress(job=found[0])
        message = said.get("message") or "its answer names neither a copy nor a job; keys of an account may help"
        return Progress(trouble=f"the web archive did not take it: {message}")

    def _address_of(self, said: dict[str, object]) -> Progress:
        stamp, url = str(said.get("timestamp", "")), str(said.get("original_url", ""))
        if not _STAMP.fullmatch(stamp) or not url:
            return Progress(trouble="the web archive says that it saved it, and not where")
        return Progress(address=f"{self._service}/web/{stamp}/{url}")


def _is_of(copied: str, url: str) -> bool:
    """Whether a copy is of an address; scheme, www and a slash at the end make no difference."""
    one, two = (re.sub(r"^https?:/+(?:www\.)?", "", each).rstrip("/").lower() for each in (copied, url))
    return one == two


def _words(body: bytes) -> list[str]:
    """What a page says, in words; none for what is no page."""
    if b"<" not in body[:1000] or b"\0" in body[:1000]:
        return []
    text = re.sub(rb"<[^>]*>", b" ", _SILENT.sub(b" ", body)).decode("utf-8", "replace")
    return html.unescape(text).split()


def _trouble_of(answer: Answer) -> str:
    if answer.trouble:
        return answer.trouble
    if answer.status == 429:
        return "the web archive asks to be left alone for a while"
    if answer.status is None or answer.status >= 400:
        message = _object(answer).get("message")
        return f"the web archive answered {answer.status}" + (f": {message}" if message else "")
    return ""


def _object(answer: Answer) -> dict[str, object]:
    """The JSON object of an answer, empty for anything else."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
