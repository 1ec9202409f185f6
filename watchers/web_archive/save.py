"""Asking a web archive for an independent copy of an address: Save Page Now of the Internet Archive.

With keys of an account (https://archive.org/account/s3.php) the archive answers with a job that is looked after
later; without them it saves at once, where it does. It takes 3 addresses a minute from those without keys, 6
from those with. Source: "Save Page Now 2 Public API Docs", Internet Archive, 2022.
"""

from __future__ import annotations

import json
import re
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode, urljoin

from msgspec import Struct

from watchers.fetching.client import AGENT
from watchers.fetching.exchange import Limits, receive
from watchers.fetching.response import Answer
from watchers.fetching.transport import GuardedTransport

WEB_ARCHIVE: Final = "https://web.archive.org"

_COPY: Final = re.compile(r"/web/\d{14}(?:[a-z]{2}_)?/.+")
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
        agent = f"{AGENT}/0.1 (+{contact})".encode("ascii", "ignore").decode()
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
