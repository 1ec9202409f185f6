"""What names a statement and what names an event: what was said of one release, for good. Public interface."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from state.kinds import Group, Kind, Severity

KINDS: Final = (
    Kind(
        "retracted",
        Severity.INFO,
        "what was said no longer follows, after a late release, a backfill or an upgrade of ours; names the event;"
        " told to those who were told",
        group=Group.NEWS,
    ),
)

_VERSION: Final = "event/1"
_DIGITS: Final = 26


def fingerprint(*, source: str, series: str, kind: str, subject: tuple[str, ...]) -> str:
    """The identity of a statement: the same one about the same place has it again next week.

    ``subject`` names the place (normalised table, column, row), never a title, a value or an address.
    """
    words = "\x1f".join((source, series, kind, *subject))
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def retraction_of(event: str, *, source: str, series: str) -> str:
    """The identity of the statement that an event of a source does not follow any more."""
    return fingerprint(source=source, series=series, kind="retracted", subject=(event,))


def event_of_release(statement: str, *, after: str, appearance: int, before: str | None, n: int = 0) -> str:
    """The event of a statement about a release: 26 digits.

    ``after`` and ``before`` are the digests of its body and of the body before it, ``appearance`` counts from 1
    how often that body has come, ``n`` from 0 how often the pair was judged otherwise.
    """
    return _digits(statement, after, str(appearance), before or "", str(n))


def event_of_looks(statement: str, *, capture: int, n: int = 0) -> str:
    """The event of a statement that rests on looks: by the number of the capture that it was opened by.

    ``n`` is greater than 0 only where the same capture has it said in other words.
    """
    return _digits(statement, str(capture), *([str(n)] if n else []))


def _digits(*parts: str) -> str:
    digest = hashlib.sha256("\x1f".join((_VERSION, *parts)).encode("utf-8", "backslashreplace")).digest()
    return base64.b32encode(digest).decode().lower()[:_DIGITS]
