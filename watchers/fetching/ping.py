"""Addresses that the user named: a request to a time stamp authority, a sign of life to a watchdog timer."""

from __future__ import annotations

import time
from urllib.parse import urlsplit, urlunsplit

import httpx

_SECONDS = 30.0
_SECONDS_TO_PING = 10.0  # as a round begins and as it ends
_MOST = 1 << 16  # bytes; a time stamp has a few thousand


def post(
    url: str, data: bytes, *, media_type: str = "application/timestamp-query", seconds: float = _SECONDS
) -> bytes:
    """What ``url`` answers to ``data``, whole within ``seconds``.

    Raises OSError, in words, for anything but an answer of status 200.
    """
    latest = time.monotonic() + seconds
    content = b""
    try:
        with (
            httpx.Client(timeout=seconds, trust_env=False) as client,
            client.stream("POST", url, content=data, headers={"Content-Type": media_type}) as answer,
        ):
            for block in answer.iter_bytes():
                content += block
                if len(content) > _MOST:
                    raise OSError(f"{url} answered with more than {_MOST:,} bytes")
                if time.monotonic() > latest:
                    raise OSError(f"{url}: its answer was not whole after {seconds:g} seconds")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{url}: {str(error) or type(error).__name__}") from error
    if answer.status_code != 200 or not content:
        raise OSError(f"{url} answered {answer.status_code} with {len(content):,} bytes")
    return content


def ping(url: str, *, sign: str = "", trouble: str = "") -> None:
    """Ask ``url`` once, with ``sign`` ("start", "fail") behind its path, and ``trouble`` as the body.

    So healthchecks.io and its like have it. Whoever knows the address can keep the timer quiet, so it stands in
    no error. Raises OSError, in words, for any answer but 2xx.
    """
    host = urlsplit(url).hostname or "its address"
    try:
        with httpx.Client(timeout=_SECONDS_TO_PING, trust_env=False) as client:
            answer = client.post(_behind(url, sign), content=trouble.encode())
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{host} cannot be asked ({type(error).__name__})") from None
    if not answer.is_success:
        raise OSError(f"{host} answered {answer.status_code}")


def _behind(url: str, sign: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{sign}")) if sign else url
