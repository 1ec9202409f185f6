"""What a round brought, made ready to be recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from state.address import stable_address
from state.model import Capture, Series, Source
from state.serialisation.nouns import storable

TOGETHER = 4 << 20
"""Bytes that are recorded in one transaction: others who write wait meanwhile."""

_TEXTS = ("url", "final_url", "reason", "media_type", "file_name", "link_text", "peer")


def portions_of(
    brought: Sequence[tuple[Source, Sequence[Capture]]],
) -> Iterator[list[tuple[Source, Sequence[Capture]]]]:
    """What several sources brought, in portions of some ``TOGETHER`` bytes."""
    portion: list[tuple[Source, Sequence[Capture]]] = []
    size = 0
    for source, captures in brought:
        portion.append((source, captures))
        size += sum(len(capture.body) + len(capture.wire or b"") for capture in captures)
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
