"""Addresses that the user named: a request to a time stamp authority, a sign of life to a watchdog timer."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import httpx

_SECONDS = 30.0
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


def ping(url: str, *, trouble: str = "") -> None:
    """Ask ``url`` once, to say that a round is complete; with ``trouble``, that it is not, at ``/fail`` behind it.

    So healthchecks.io and its like have it. Raises OSError, in words, for any answer but 2xx.
    """
    try:
        with httpx.Client(timeout=_SECONDS, trust_env=False) as client:
            answer = client.post(_fail(url), content=trouble.encode()) if trouble else client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{url}: {error or type(error).__name__}") from error
    if not answer.is_success:
        raise OSError(f"{url} answered {answer.status_code}")


def _fail(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))
