"""Addresses that the user named: a request to a time stamp authority, a sign of life to a watchdog timer."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import httpx

_SECONDS = 30.0
_SECONDS_TO_PING = 10.0  # as a round begins and as it ends
_MOST = 1 << 20  # bytes; a time stamp has a few thousand


def post(url: str, data: bytes, *, media_type: str = "application/timestamp-query") -> bytes:
    """What ``url`` answers to ``data``. Raises OSError, in words, for anything but an answer of status 200."""
    try:
        with httpx.Client(timeout=_SECONDS, trust_env=False) as client:
            answer = client.post(url, content=data, headers={"Content-Type": media_type})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{url}: {error or type(error).__name__}") from error
    if answer.status_code != 200 or not 0 < len(answer.content) <= _MOST:
        raise OSError(f"{url} answered {answer.status_code} with {len(answer.content):,} bytes")
    return answer.content


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
