"""What a reader must know besides the finding: whose page it is, and which two releases were compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from state.contract import Side, side_to_json
from state.document import StatedDate
from state.model import Finding, Release, Source


class DatedRelease(Struct, frozen=True):
    """A release with the date of which it says that it speaks."""

    release: Release
    as_of: StatedDate | None = None


class Context(Struct, frozen=True):
    """Where findings come from.

    ``after`` is the release judged, None in a round without one; ``before`` the one it was compared with, or
    the last copy where there is no ``after``. ``chart`` draws the figure that a finding is about over the releases
    (``rendering.chart``), None where that says nothing.
    """

    source: Source | None = None
    after: DatedRelease | None = None
    before: DatedRelease | None = None
    chart: Callable[[Finding], bytes | None] | None = None


NO_CONTEXT = Context()
FIGURE: Final = "figure.png"
"""The name under which the chart of a figure goes with a message."""


def file_address(edition: DatedRelease, *, archive: str) -> str:
    """Where the archive serves the bytes as they were captured."""
    return f"{archive.rstrip('/')}/raw/{edition.release.sha256}"


def edition_to_json(edition: DatedRelease | None, *, archive: str) -> dict[str, object] | None:
    """A release as ``before`` or ``after`` of the contract, with when it was seen and where it is kept."""
    if edition is None:
        return None
    release = edition.release
    side = Side(
        path=release.file_name,
        url=release.url,
        sha256=release.sha256,
        media_type=release.media_type,
        as_of=edition.as_of,
    )
    return side_to_json(side) | {
        "at": release.at.isoformat(),
        "release": release.id,
        "file": file_address(edition, archive=archive),
    }


def source_to_json(source: Source | None) -> dict[str, object] | None:
    """What a reader must know of a source."""
    if source is None:
        return None
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "why": source.why,
    }
