"""An HTTP transport that contacts only addresses it has checked, and never waits past a deadline.

httpx takes no network backend of one's own, so this is a transport over httpcore: its backend resolves a
name, checks every address that comes back and connects to the very address it checked, so that a second
answer of the name service cannot lead elsewhere.
"""

from __future__ import annotations

import contextlib
import contextvars
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from state.errors import FetchRefused
from watchers.fetching.guard import refusal_of

_DEADLINE: Final[contextvars.ContextVar[float | None]] = contextvars.ContextVar("deadline", default=None)

_CONNECTIONS: Final = 320  # at once: more than a round asks hosts, since a request that finds none fails
_ERRORS: Final = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.NetworkError, httpx.NetworkError),
)
"""httpcore's errors and what httpx calls them, the special before the general."""


class NameNotResolved(httpx.ConnectError):
    """The name service knows no address of the host, or cannot be asked."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything that this thread sends or receives inside ends after ``seconds`` with a timeout.

    The name service is not under our control: a resolver that hangs can take longer.
    """
    token = _DEADLINE.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def _within(timeout: float | None, error: type[Exception]) -> float | None:
    """``timeout`` shortened to what is left of the deadline; raises ``error`` when nothing is."""
    end = _DEADLINE.get()
    if end is None:
        return timeout
    left = end - time.monotonic()
    if left <= 0:
        raise error("the time allowed for the whole answer is over")
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step respects the deadline: slow drips do not get around it."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has arrived, at most ``max_bytes``."""
        return self._stream.read(max_bytes, _within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        self._stream.write(buffer, _within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS."""
        left = _within(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        return self._stream.get_extra_info(info)


_HOME: Final[contextvars.ContextVar[str | None]] = contextvars.ContextVar("home", default=None)
"""The address on whose behalf something is asked: the page of a source; None for what the user named himself."""


@contextlib.contextmanager
def on_behalf_of(url: str) -> Iterator[None]:
    """What is asked within is asked for the source at ``url``: its own host may be a private one that was allowed.

    No publisher's redirect, link or script leads to a private host that is allowed for another source.
    """
    token = _HOME.set(url)
    try:
        yield
    finally:
        _HOME.reset(token)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, checks, and connects to what it checked.

    ``allow_hosts`` are names or addresses, with or without a port, that are let through.
    """

    def __init__(self, allow_hosts: frozenset[str] = frozenset()) -> None:
        self._allow = frozenset(host.lower() for host in allow_hosts)
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to a checked address; raises FetchRefused for one that must not be contacted."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self.checked(host, port):
            try:
                left = _within(timeout, httpcore.ConnectTimeout)
                return _TimedStream(self._backend.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def checked(self, host: str, port: int) -> list[str]:
        """The addresses of a host; raises FetchRefused if any of them must not be contacted."""
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NameNotResolved(f"the name {host} cannot be resolved ({error})") from error
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        if not self.allows(host, port):
            for address in addresses:
                if (why := refusal_of(address)) is not None:
                    raise FetchRefused(
                        f"{host} leads to {address} ({why}); list it under allow_hosts if you mean it"
                    )
        return addresses

    def allows(self, host: str, port: int) -> bool:
        """Whether a host is let through wherever it leads."""
        host = host.lower()
        return host in self._allow or f"{host}:{port}" in self._allow or f"[{host}]:{port}" in self._allow


def _refuse_stranger(url: httpx.URL) -> None:
    """Raises FetchRefused where another source's page leads to an allowed host. Called for allowed hosts only."""
    home = _HOME.get()
    if home is not None and (urlsplit(home).hostname or "").lower() != url.host.lower():
        raise FetchRefused(
            f"{url.host} is allowed for sources that name it, and was led to from {urlsplit(home).hostname};"
            " give it a source of its own if you mean it"
        )


class GuardedTransport(httpx.BaseTransport):
    """httpx's side of the guard: one pool of connections, and one with one TLS context for https.

    The certificates of authorities take longer to read than some rounds last, so they are read for the first
    address that needs them. Through a ``proxy`` it is the proxy that resolves names; what resolves here is still
    checked here.
    """

    def __init__(
        self,
        *,
        allow_hosts: frozenset[str] = frozenset(),
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
        connections: int = _CONNECTIONS,
    ) -> None:
        self._targets = GuardedBackend(allow_hosts)
        self._proxy = None if proxy is None else httpx.Proxy(proxy)
        self._connections = connections
        self._tls = tls
        self._lock = threading.Lock()
        self._plain = self._make_pool(None)
        self._secure: httpcore.ConnectionPool | None = None

    def _pool(self, scheme: str) -> httpcore.ConnectionPool:
        """The connections for a scheme: none but those for http do without TLS."""
        if scheme == "http":
            return self._plain
        with self._lock:
            if self._secure is None:
                self._secure = self._make_pool(self._tls or httpx.create_ssl_context(trust_env=False))
            return self._secure

    def _make_pool(self, tls: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        limits: dict[str, Any] = {
            "ssl_context": tls,
            "max_connections": self._connections,
            "max_keepalive_connections": self._connections,
            "keepalive_expiry": 15.0,
        }
        if self._proxy is None:
            return httpcore.ConnectionPool(network_backend=self._targets, **limits)
        return httpcore.HTTPProxy(
            proxy_url=httpcore.URL(str(self._proxy.url)),
            proxy_auth=self._proxy.raw_auth,
            network_backend=GuardedBackend(frozenset({self._proxy.url.host})),
            **limits,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx's errors, or FetchRefused."""
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        if self._targets.allows(request.url.host, port):
            _refuse_stranger(request.url)
        if self._proxy is not None:
            with contextlib.suppress(NameNotResolved):
                self._targets.checked(request.url.host, request.url.port or 443)
        with _translated(request):
            response = self._pool(request.url.scheme).handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response, request),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._plain.close()
        if self._secure is not None:
            self._secure.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response, request: httpx.Request) -> None:
        self._response = response
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        with _translated(self._request):
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@contextlib.contextmanager
def _translated(request: httpx.Request) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        for theirs, ours in _ERRORS:
            if isinstance(error, theirs):
                raise ours(str(error), request=request) from error
        raise
