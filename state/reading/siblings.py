"""The other series of a source, for knowing the file of one where that of another should stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Final

from state.model import Series, Source
from state.reading.history import Archive
from state.series_history import RELEASES_KEPT, SiblingSeries

_KNOWN: Final = 5  # releases of each


def siblings_of(archive: Archive, source: Source, series: Series, *, at: dt.datetime) -> tuple[SiblingSeries, ...]:
    """Those that are one document through their releases, as they stood at a time.

    None for the page itself and for series of which every file is a document of its own.
    """
    if not series.pattern or series.each_file:
        return ()
    others = (each for each in source.series if each.pattern and not each.each_file and each.name != series.name)
    return tuple(sibling for other in others for sibling in _sibling(archive, source, other, at=at))


def _sibling(archive: Archive, source: Source, series: Series, *, at: dt.datetime) -> Iterator[SiblingSeries]:
    known = archive.releases(source.id, series=series.name, limit=RELEASES_KEPT)
    then = [release for release in known if release.at <= at]
    read = (archive.facts(release) for release in reversed(then))
    newest = tuple(islice((facts for facts in read if facts is not None), _KNOWN))
    if newest:
        bodies = frozenset(release.sha256 for release in then)
        yield SiblingSeries(name=series.name, title=series.title, known=newest[::-1], bodies=bodies)
