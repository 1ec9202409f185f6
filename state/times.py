"""Times as the archive writes them: ISO 8601 text in UTC of one width, so that text order is time order."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The time, aware and in UTC."""
    return dt.datetime.now(dt.UTC)


def stamp(at: dt.datetime) -> str:
    """``2026-02-03T04:05:06.000000Z``. Raises ValueError for a time that knows no zone."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> dt.datetime:
    """The aware UTC time that ``stamp`` wrote."""
    return dt.datetime.fromisoformat(text)
