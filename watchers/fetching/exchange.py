"""One request and its answer, under limits of time and size, with the bytes as they came."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator, Mapping
from typing import Final

import httpx
from msgspec import Struct
from msgspec.structs import replace

from state.errors import FetchRefused
from state.model import Headers
from watchers.fetching.decoding import BodyCut, BodyTooLarge, decode_body
from watchers.fetching.large_bodies import SMALL, Spool
from watchers.fetching.response import Answer
from watchers.fetching.transport import NameNotResolved, deadline


class Limits(Struct, frozen=True):
    """How long and how large an answer may be."""

    connect: float = 10.0  # seconds
    idle: float = 20.0  # seconds without a byte
    total: float = 120.0  # seconds for one answer
    wire: int = 100_000_000  # bytes as received
    decoded: int = 250_000_000  # bytes after decoding
    redirects: int = 8
    source: float = 1800.0  # seconds after which a round follows no further documents of a source
    brought: int = 500_000_000  # bytes of documents after which it does not either: disk and time for others


def receive(
    transport: httpx.BaseTransport,
    url: str,
    *,
    headers: Mapping[str, str],
    limits: Limits,
    method: str = "GET",
    content: bytes = b"",
) -> Answer:
    """What ``url`` answers to one request, redirects not followed. Never raises for the network."""
    began = time.monotonic()
    exchange = _Exchange()
    try:
        with deadline(limits.total):
            timeout = httpx.Timeout(limits.idle, connect=limits.connect).as_dict()
            request = httpx.Request(
                method, url, headers=dict(headers), content=content or None, extensions={"timeout": timeout}
            )
            exchange.run(transport, request, limits=limits)
    except FetchRefused as error:
        exchange.fail(str(error), refused=True)
    except BodyTooLarge as error:
        exchange.fail(str(error))
        if not exchange.raw or len(exchange.raw) > SMALL:
            exchange.wire.clear()  # but for what came whole and is a bomb
    except BodyCut as error:
        exchange.fail(str(error), passing=True, cut=True)
    except httpx.TransportError as error:
        passing = not isinstance(error, NameNotResolved)
        exchange.fail(_in_words(error), passing=passing, cut=len(exchange.wire) > 0)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        exchange.fail(_in_words(error))
    try:
        return exchange.answer(url, elapsed=time.monotonic() - began)
    finally:
        exchange.wire.clear()


class _Exchange:
    """What is known of one exchange so far, whatever ends it."""

    def __init__(self) -> None:
        self.head = _Head()
        self.sent: Headers = ()  # headers of the request
        self.wire = Spool()
        self.raw = b""  # as received, once that is complete
        self.body: bytes | None = None  # decoded; None until the answer is complete
        self.trouble = ""
        self.passing = False
        self.cut = False
        self.refused = False

    def run(self, transport: httpx.BaseTransport, request: httpx.Request, *, limits: Limits) -> None:
        """Send the request and take in the whole answer."""
        self.sent = _pairs_of(request.headers)
        response = transport.handle_request(request)
        try:
            self.head = _head_of(response)
            if response.status_code >= 400:  # no document
                limits = replace(limits, wire=min(limits.wire, _NOTICE), decoded=min(limits.decoded, _NOTICE))
            for chunk in _limited(response.iter_raw(), limits.wire):
                self.wire.add(chunk)
        finally:
            response.close()
        encoding = response.headers.get("content-encoding", "")
        self.raw = self.wire.read()
        self.body = decode_body(self.raw, encoding, limits.decoded, packed=_is_meant_packed(request, response))

    def fail(self, trouble: str, *, passing: bool = False, cut: bool = False, refused: bool = False) -> None:
        """Note why there is no complete answer."""
        self.trouble, self.passing, self.cut, self.refused = trouble, passing, cut, refused

    def answer(self, url: str, *, elapsed: float) -> Answer:
        """The answer, complete or not. Of a body that did not end the beginning is kept as it came."""
        raw = self.raw if self.body is not None else self.wire.read(SMALL)
        if self.body is None and len(self.wire) > SMALL:
            self.trouble += f"; of {len(self.wire):,} bytes the first {SMALL:,} are kept"
        return Answer(
            url=url,
            final_url=url,
            at=dt.datetime.now(dt.UTC),
            status=self.head.status,
            headers=self.head.headers,
            request=self.sent,
            body=raw if self.body is None else self.body,
            wire=None if self.body is None or self.body is raw or self.body == raw else raw,
            peer=self.head.peer,
            certificate=self.head.certificate,
            elapsed=elapsed,
            trouble=self.trouble,
            cut=self.cut,
            passing=self.passing,
            refused=self.refused,
        )


_NOTICE: Final = 4 << 20
"""Bytes of a page that says why there is no document; a larger one is no notice but an attack."""

_PACKED_NAMES: Final = (".gz", ".tgz", ".gzip", ".svgz")


def _is_meant_packed(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether a gzip body is the very document: its address, its name or its type say so."""
    said = response.headers.get("content-disposition", "").lower().rstrip("\"' ;")
    media_type = response.headers.get("content-type", "").lower()
    named = request.url.path.lower().endswith(_PACKED_NAMES) or said.endswith(_PACKED_NAMES)
    return named or any(word in media_type for word in ("gzip", "x-tar", "x-gtar", "compressed"))


class _Head(Struct, frozen=True):
    status: int | None = None
    headers: Headers = ()
    peer: str | None = None
    certificate: bytes | None = None


def _head_of(response: httpx.Response) -> _Head:
    peer = certificate = None
    stream = response.extensions.get("network_stream")
    if stream is not None:
        with contextlib.suppress(OSError):  # a connection that was reset behind the head has no peer any more
            address = stream.get_extra_info("server_addr")
            peer = f"[{address[0]}]:{address[1]}" if ":" in address[0] else f"{address[0]}:{address[1]}"
        if (tls := stream.get_extra_info("ssl_object")) is not None:
            certificate = tls.getpeercert(True)
    return _Head(response.status_code, _pairs_of(response.headers), peer, certificate)


def _pairs_of(headers: httpx.Headers) -> Headers:
    return tuple([(key.decode("latin-1"), value.decode("latin-1")) for key, value in headers.raw])


def _limited(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(f"the answer is larger than {limit:,} bytes")
        yield chunk


def _in_words(error: Exception) -> str:
    """One line on what went wrong, for a person."""
    detail = " ".join(str(error).split()) or type(error).__name__
    match error:
        case NameNotResolved():
            return detail
        case httpx.ConnectTimeout():
            return f"no connection in time ({detail})"
        case httpx.TimeoutException():
            return f"no complete answer in time ({detail})"
        case httpx.ConnectError():
            return f"no connection ({detail})"
        case httpx.RemoteProtocolError():
            return f"the answer breaks the protocol or off ({detail})"
        case _:
            return detail
