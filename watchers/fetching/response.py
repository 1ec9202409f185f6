"""What one address answered, before anyone has judged it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from state.model import Headers
from state.sniffing import sniff


class Answer(Struct, frozen=True):
    """A complete, broken or missing answer.

    ``trouble`` says in words why there is no complete answer, "" where there is one; ``passing`` whether
    another try may help; ``refused`` is True where we did not ask (an address that must not be contacted,
    robots.txt). ``wire`` are the bytes as received where they differ from ``body``.
    """

    url: str  # as asked
    final_url: str
    at: dt.datetime  # when the answer was complete, UTC
    status: int | None = None
    headers: Headers = ()
    request: Headers = ()  # what was asked with, after redirects at ``final_url``
    body: bytes = b""
    wire: bytes | None = None
    redirects: tuple[tuple[int, str], ...] = ()
    peer: str | None = None
    certificate: bytes | None = None
    elapsed: float = 0.0  # seconds
    trouble: str = ""
    cut: bool = False  # the body began and did not end
    passing: bool = False
    refused: bool = False

    def header(self, name: str) -> str:
        """The first value of a header, "" if it was not sent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def media_type(self) -> str:
        """The declared media type without parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def true_type(self) -> str:
        """The media type that the body shows, see ``state.sniffing``."""
        return sniff(self.body, media_type=self.media_type, file_name=urlsplit(self.url).path)


@lru_cache(maxsize=1024)
def origin_of(url: str) -> str:
    """Scheme, host and port of an address, the unit to which politeness applies.

    However a host is spelt it is one host: without user and password, the dot at its end, the usual port.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host, colon, port = parts.netloc.rpartition("@")[2].lower().partition("]")
    host, colon, port = (f"{host}]", *port.partition(":")[1:]) if colon else host.partition(":")
    if not host.isascii():
        host = _in_ascii(host)
    usual = {"http": "80", "https": "443"}.get(scheme)
    return f"{scheme}://{host.rstrip('.')}" + (f":{port}" if port and port.lstrip("0") != usual else "")


def _in_ascii(host: str) -> str:
    """A name with other letters as it is resolved ("xn--…"); as it is where it is no such name."""
    import httpx

    try:
        return httpx.URL(scheme="http", host=host).raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return host
