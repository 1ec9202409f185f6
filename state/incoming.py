"""What a round brought, made ready to be recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from state.address import stable_address
from state.model import Capture, Series, Source
from state.serialisation.nouns import storable

TOGETHER = 4 << 20
"""Bytes that are recorded in one transaction: others who write wait meanwhile."""

Link = tuple[str, str, str]
"""A document that a listing links: series, address, words."""


class Look:
    """One look at a source while it lasts: what its answers have in common, each of which is kept as it comes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.number = 0  # that of its first capture; 0: there is none yet
        self.listed: dict[tuple[str, str], int] = {}  # series and address -> place among the links of the page

    def note_listed(self, links: Sequence[Link]) -> None:
        """Remember in which order the page lists its documents."""
        self.listed.update({link[:2]: place for place, link in enumerate(links)})


class Brought(Struct, frozen=True):
    """What a look brought and is to be recorded: some captures, documents that were found linked."""

    look: Look
    captures: Sequence[Capture] = ()
    links: Sequence[Link] = ()
    at: dt.datetime | None = None  # when the links were seen


_TEXTS = ("url", "final_url", "reason", "media_type", "file_name", "link_text", "peer")


def portions_of(brought: Sequence[Brought]) -> Iterator[list[Brought]]:
    """What several looks brought, in portions of some ``TOGETHER`` bytes."""
    portion: list[Brought] = []
    size = 0
    for each in brought:
        portion.append(each)
        size += sum(len(capture.body) + len(capture.wire or b"") for capture in each.captures)
        if size >= TOGETHER:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def with_storable_texts(capture: Capture) -> Capture:
    """The capture with text that SQLite can hold, whatever bytes the publisher put into headers and links."""
    texts = {name: storable(text) for name in _TEXTS if (text := getattr(capture, name)) is not None}
    return replace(capture, **texts)


def document_of(source: Source, series: Series | None, capture: Capture) -> str:
    """Which document of the series this is: "" where the series is one document through its releases."""
    if series is None:
        return ""
    if series.each_file or (series.pattern is None and capture.url != source.url):
        return stable_address(capture.url)
    return ""
