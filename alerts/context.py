"""What a reader must know besides the finding: whose page it is, and which two releases were compared."""

from __future__ import annotations

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
    the last copy where there is no ``after``.
    """

    source: Source | None = None
    after: DatedRelease | None = None
    before: DatedRelease | None = None


NO_CONTEXT = Context()


def origin(finding: Finding, context: Context) -> list[str]:
    """Whose page and which series, and why it matters, in lines."""
    name = " / ".join(part for part in (finding.source, finding.series) if part)
    source = context.source
    if source is None:
        return [f"Source: {name}"] if name else []
    titles = (each.title for each in source.series if each.name == finding.series and each.pattern is not None)
    title = ", ".join(part for part in (source.title, *titles) if part)
    publisher = f"{source.publisher}: " if source.publisher else ""
    lines = [f"Source: {publisher}{title} ({name})" if name else f"Source: {publisher}{title}"]
    return [*lines, f"Why it matters: {source.why}"] if source.why else lines


def editions(context: Context) -> list[tuple[str, DatedRelease]]:
    """The releases that there are, each with what to call it."""
    earlier = "Release before" if context.after else "Last copy"
    named = ((earlier, context.before), ("This release", context.after))
    return [(name, edition) for name, edition in named if edition is not None]


def dated(edition: DatedRelease) -> str:
    """When we saw it first and of which day it speaks."""
    seen = f"first seen {edition.release.at:%-d %B %Y, %H:%M} UTC"
    if edition.as_of is None:
        return seen
    stated = edition.as_of
    return f"{seen}, as of {stated.date:%-d %B %Y}" if stated.date else f"{seen}, “{stated.text}”"


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
