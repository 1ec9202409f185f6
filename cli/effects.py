"""Whether settings do what they are meant to do: who would be told of what, and what never reaches anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from state.kinds import Severity

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from state.model import Destination, Source


class Remark(Struct, frozen=True):
    """Something that works otherwise than it was meant; ``remedy`` is what to do about it."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} → {self.remedy}"


def remarks_on(
    configuration: Configuration, sources: Sequence[Source], destinations: Sequence[Destination]
) -> Iterator[Remark]:
    """What is in order as text and has an effect that nobody wants."""
    yield from _vain_patterns(sources, destinations)
    yield from _unheard(sources, destinations)
    archive = configuration.archive
    opens_here = _is_here(archive.address) and not archive.here_only
    if opens_here and not all(_is_here(each.url) for each in destinations):
        yield Remark(
            f"archive: links in alerts begin with {archive.address}, which opens here only",
            "set archive: address: to what your readers reach, or here_only: true where they sit here",
        )


def _is_here(address: str) -> bool:
    """Whether an address leads to this machine."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _vain_patterns(sources: Sequence[Source], destinations: Sequence[Destination]) -> Iterator[Remark]:
    for destination in destinations:
        for pattern in destination.sources:
            if not any(fnmatchcase(source.id, pattern) for source in sources):
                yield Remark(
                    f"destination {destination.name}: sources: {pattern!r} matches none that is watched",
                    "correct it; `monitor.py sources` lists what there is",
                )


def _unheard(sources: Sequence[Source], destinations: Sequence[Destination]) -> Iterator[Remark]:
    if not any(not each.operators for each in destinations):
        return  # said elsewhere: nobody hears of anything
    unheard = [source.id for source in sources if not audience(destinations, source, Severity.CRITICAL)]
    if unheard:
        named = ", ".join(unheard[:5]) + (f" and {len(unheard) - 5:,} more" if len(unheard) > 5 else "")
        yield Remark(
            f"sources: nobody would hear of a finding in {named}, however grave",
            "name them in the `sources:` of a destination, or leave that key out",
        )


def audience(destinations: Sequence[Destination], source: Source, severity: Severity) -> tuple[str, ...]:
    """The destinations that would hear of findings of a severity in a source.

    Those with ``terms`` or ``kinds`` hear of some only and are marked.
    """
    return tuple(
        destination.name + (" (some)" if destination.kinds or destination.terms else "")
        for destination in destinations
        if not destination.operators
        and severity.rank >= destination.least.rank
        and (not destination.sources or any(fnmatchcase(source.id, pattern) for pattern in destination.sources))
    )


def audiences(destinations: Sequence[Destination], sources: Sequence[Source]) -> Iterator[str]:
    """Who would hear, a line for each set of sources with the same listeners: ``critical: desk; high: nobody``."""
    groups: dict[tuple[tuple[Severity, tuple[str, ...]], ...], list[str]] = {}
    for source in sources:
        heard = tuple((severity, audience(destinations, source, severity)) for severity in reversed(Severity))
        groups.setdefault(heard, []).append(source.id)
    for heard, ids in groups.items():
        named = ids[0] if len(ids) == 1 else f"{len(ids):,} sources, such as {ids[0]}"
        told = "; ".join(f"{severity.value}: {', '.join(names) or 'nobody'}" for severity, names in heard)
        yield f"{named}: {told}"
