"""What every answer of the archive's pages is held to, whatever a publisher wrote or a visitor asks."""

from __future__ import annotations

import ipaddress
import json
import logging
import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_WANTED: Final = {
    b"content-security-policy": PAGE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"private, no-cache",
}
_UNFIT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither XML nor a page may hold: control characters and lone surrogates (XML 1.0, 2.2)."""


class Headers:
    """Sets the headers that every answer carries, unless the answer has a stricter policy of its own.

    It stands around everything, so that an answer to a bug of ours has them too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                present = {name for name, _ in message["headers"]}
                message["headers"] += [pair for pair in _WANTED.items() if pair[0] not in present]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            logging.getLogger(__name__).exception("a page could not be made")
            await PlainTextResponse("This page could not be made.", 500)(scope, receive, send_with_headers)


class Hosts:
    """Refuses requests for a host that is not ours.

    A web site that a visitor opens can let its own name lead to this machine and then read the archive as if it
    were its own page. It cannot do so by an address or as localhost; ``names`` are further ones to answer to.
    """

    def __init__(self, app: ASGIApp, *, names: frozenset[str]) -> None:
        self.app = app
        self._names = frozenset(name.lower().rstrip(".") for name in names) | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 421."""
        if scope["type"] == "http" and not self._is_ours(scope):
            answer = PlainTextResponse("The archive does not answer to this host name.", 421)
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        named = (
            re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?", hosts[0]) if len(hosts) == 1 else None
        )
        if named is None:
            return False
        host = named[1].strip("[]").lower().rstrip(".")
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host in self._names
        return True


def fit(text: str) -> str:
    """``text`` with U+FFFD for what a page or a feed may not hold."""
    return _UNFIT.sub("\ufffd", text)


class Json(Response):
    """Any plain data as JSON that every reader takes: numbers that are none are null, text is ASCII."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The data as bytes."""
        return json.dumps(_plain(content), allow_nan=False, separators=(",", ":")).encode("ascii")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {fit(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


_SURROGATES: Final = re.compile("[\ud800-\udfff]")
