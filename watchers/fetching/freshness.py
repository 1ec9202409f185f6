"""What is known of an address, and when a server is believed that says "nothing changed".

A server may say so for ever: whoever asks only under conditions never sees that a page changed (RFC 9110, 13).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from state.errors import StoreError
from state.model import Capture, Verdict
from watchers.fetching.dates import http_date

BELIEVED_LOOKS: Final = 9
"""So many answers "nothing changed" in a row are believed; the next look asks without conditions."""

BELIEVED_FOR: Final = dt.timedelta(days=1)
"""After this time without a whole answer a look asks without conditions, however few they were."""

LYING_TAG: Final = "the server answered 200, under the same ETag as another body"
"""The reason of a capture that shows that its host's tags are not to be trusted."""


class Validators(Struct, frozen=True):
    """What the store knows of an address.

    ``etag`` and ``last_modified`` make a request conditional. ``read`` returns the body kept; a listing needs
    it to follow links where the server says "unchanged". ``checked`` is when the address was last asked, for
    series whose files are not asked for in every round; ``answered`` when it last gave a whole body, and
    ``believed`` how often it was asked since. ``trusted``: no tag of its host was caught lying. ``link`` is the
    "Link" header that came with the body kept.
    """

    etag: str | None = None
    last_modified: str | None = None
    read: Callable[[], bytes] | None = None
    checked: dt.datetime | None = None
    answered: dt.datetime | None = None
    believed: int = 0
    trusted: bool = True
    link: str = ""


def conditions_of(known: Validators, *, now: dt.datetime, followed: bool) -> dict[str, str]:
    """Headers of a conditional request; none where its answer would not be believed, or links could not be read.

    A validator that is not plain ASCII is no validator: it could not be sent back as it came. Nor is a date that
    is still to come: nothing would ever be newer. Nor is what was answered while our own clock was ahead.
    """
    if (followed and known.read is None) or known.believed >= BELIEVED_LOOKS:
        return {}
    if known.answered is not None and not dt.timedelta() <= now - known.answered < BELIEVED_FOR:
        return {}
    headers = {
        "If-None-Match": known.etag if known.trusted else None,
        "If-Modified-Since": known.last_modified if _is_past(known.last_modified, now) else None,
    }
    return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}


def has_lying_tag(capture: Capture, known: Validators) -> bool:
    """Whether an answer bears the tag of the body kept and another body."""
    if capture.verdict is not Verdict.PRESENT or not known.etag or known.read is None:
        return False
    tag = next((value for name, value in capture.headers if name.lower() == "etag"), None)
    return tag == known.etag and not tag.startswith("W/") and kept_body(known.read) not in (None, capture.body)


def kept_body(read: Callable[[], bytes] | None) -> bytes | None:
    """The body kept of an address; None where there is none, or the archive is damaged at this place.

    Whatever is damaged is told where it is compared; it must not cost the look that is being made.
    """
    try:
        return None if read is None else read()
    except StoreError:
        return None


def _is_past(text: str | None, now: dt.datetime) -> bool:
    moment = http_date(text) if text else None
    return moment is not None and moment <= now
