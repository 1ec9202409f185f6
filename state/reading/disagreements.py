"""Dates that speak against the place of a release: kept as evidence beside the one order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from state.named_dates import later
from state.serialisation.nouns import unpack_as_of

_PLACED: Final = """
    SELECT release.id, placed.stream, placed.as_of, placed.modified, placed.named, facts.head
    FROM placed JOIN stream ON stream.id = placed.stream JOIN release ON release.no = placed.release
    LEFT JOIN facts ON facts.release = placed.release
    WHERE stream.source = ? ORDER BY placed.stream, placed.place
"""
_DATES: Final = ("as_of", "modified", "named")


class Disagreement(Struct, frozen=True):
    """A date by which a release would stand before the one it follows; both as ISO 8601, as exact as known."""

    date: str  # "as_of": of which it speaks, "modified": its Last-Modified, "named": in its name
    own: str
    before: str  # the same date of the release before


def disagreements(db: Connection, source: str) -> Mapping[str, tuple[Disagreement, ...]]:
    """By release, those of a source that have dates which speak against their place."""
    found: dict[str, tuple[Disagreement, ...]] = {}
    stream: int | None = None
    before: dict[str, str | None] = {}
    for release, own_stream, as_of, modified, named, head in db.execute(_PLACED, [source]):
        own = {"as_of": as_of or (unpack_as_of(head) if head else None), "modified": modified, "named": named}
        against = tuple(_against(own, before)) if own_stream == stream else ()
        if against:
            found[release] = against
        stream, before = own_stream, own
    return found


def _against(own: Mapping[str, str | None], before: Mapping[str, str | None]) -> Iterator[Disagreement]:
    for date in _DATES:
        this, that = own[date], before[date]
        if this and that and later(this, that) < 0:
            yield Disagreement(date, this, that)
