"""What became of one attempt to send, and what it means for the next."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

_SECRET = 5  # characters from which on a part of an address may be a secret

_PERMANENT: Final = frozenset({400, 401, 403, 404, 405, 406, 410, 413, 414, 415, 422})
"""Answers of HTTP after which the same message to the same address fails again: it or the address must change."""

_AGAIN: Final = frozenset({429, 503})


class Delivery(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    FAILED = "failed"  # for now: tried again
    REFUSED = "refused"  # for good: the message or the address has to change
    DOUBTFUL = "doubtful"  # may have arrived: time-out or partial success


class Sent(Struct, frozen=True):
    """The result of one attempt; ``trouble`` says why it did not, in the server's own words with its code."""

    delivery: Delivery
    trouble: str = ""
    retry_after: dt.timedelta | None = None  # what the server asked for


def of_status(status: int, said: str, *, retry_after: str | None = None) -> Sent:
    """What an answer of HTTP means: 200, 201, 202 and 204 say that it was taken, nothing else does."""
    words = f"HTTP {status}" + (f": {_line(said)}" if said.strip() else "")
    if status in (200, 201, 202, 204):
        return Sent(Delivery.SENT)
    if 300 <= status < 400:
        return Sent(Delivery.REFUSED, f"{words}; redirects are not followed, correct the address")
    if status in _PERMANENT:
        return Sent(Delivery.REFUSED, words)
    return Sent(Delivery.FAILED, words, retry_after=_seconds(retry_after) if status in _AGAIN else None)


def of_smtp(code: int, said: str) -> Sent:
    """What a refusal of a mail server means: 4xx is for now, 5xx for good."""
    return Sent(Delivery.REFUSED if 500 <= code < 600 else Delivery.FAILED, f"{code} {_line(said)}")


def _seconds(text: str | None) -> dt.timedelta | None:
    """``Retry-After`` as a duration of at most a day; None where it is a date or absent."""
    if text is None or not text.strip().isdigit():
        return None
    return dt.timedelta(seconds=min(int(text), 86_400))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:300]


def without_secrets(text: str, url: str) -> str:
    """``text`` without the parts of a destination's address that may be secret: all but its scheme and host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    words = re.split(r"[/?&=:@#,+]", url.partition("://")[2])
    for word in sorted({*words, *map(unquote, words)}, key=len, reverse=True):
        if len(word) >= _SECRET and word.lower() != host:
            text = text.replace(word, "…")
    return text
