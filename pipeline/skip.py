"""Rounds that need no judging: a page answers as it did, nothing stands open, and nothing is awaited."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.grounds.cadence import FEWEST_RELEASES
from state.model import Capture, Series, Source
from state.reading.query_results import Standing


def is_page_alone(source: Source) -> bool:
    """Whether a source is one page without documents that it links, whose fate has to be followed too."""
    return not any(series.pattern for series in source.series)


def is_quiet(series: Series, captures: Sequence[Capture], standing: Standing) -> bool:
    """Whether a round that brought no release of ``series``, a page alone, would find nothing, as most rounds do.

    A short cut for the many pages that did not change, and only that: it never says so of a round in which a
    detector might speak. ``standing`` is how things stand with the captures of the round already recorded.
    """
    return (
        bool(captures)
        and all(capture.verdict.good for capture in captures)
        and all(verdict.good for verdict in standing.looks)
        and not (standing.open or standing.linked)
        and series.cadence is None
        and standing.releases < FEWEST_RELEASES
    )
