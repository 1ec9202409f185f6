"""The past of one series as plain data: what detectors ask, whatever archive or list of files is behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from state.model import Capture, PastFinding, ReleaseFacts, TableFacts

RELEASES_KEPT = 60
"""How many releases history looks back on: two years and more of a biweekly series."""


class SiblingSeries(Struct, frozen=True):
    """Another series of the same source, as it stood when a release was judged."""

    name: str
    title: str
    known: tuple[
        ReleaseFacts, ...
    ]  # its two newest releases that were read, oldest first: one may be wrong itself
    bodies: frozenset[str]  # SHA-256 of its newest releases, unread ones too


class PastReleases(Struct, frozen=True, dict=True):
    """``History`` over plain data; it can be pickled and given to a worker process."""

    facts: tuple[ReleaseFacts, ...] = ()
    past_captures: tuple[Capture, ...] = ()
    past_findings: tuple[PastFinding, ...] = ()
    linked: Mapping[str, dt.datetime] = field(default_factory=dict)

    def releases(self) -> Sequence[ReleaseFacts]:
        """The releases known, oldest first."""
        return self.facts

    def table(self, key: str) -> Sequence[tuple[ReleaseFacts, TableFacts]]:
        """A table through its releases, oldest first, followed back through its renamings."""
        found: list[tuple[ReleaseFacts, TableFacts]] = []
        for place in range(len(self.facts) - 1, -1, -1):
            release = self.facts[place]
            table = self._tables_of(place).get(key)
            if table is not None:
                found.append((release, table))
                key = table.formerly or key
        return found[::-1]

    @cached_property
    def _index(self) -> dict[int, dict[str, TableFacts]]:
        return {}  # tables of a release by their key, release by release as they are asked for

    def _tables_of(self, place: int) -> dict[str, TableFacts]:
        if place not in self._index:
            self._index[place] = {table.key: table for table in reversed(self.facts[place].tables)}
        return self._index[place]

    def captures(self) -> Sequence[Capture]:
        """The newest captures, oldest first."""
        return self.past_captures

    def findings(self) -> Sequence[PastFinding]:
        """Findings reported before."""
        return self.past_findings

    def links(self) -> Mapping[str, dt.datetime]:
        """Documents that the listing linked, with when each was last seen linked."""
        return self.linked

    def followed_by(self, facts: ReleaseFacts) -> PastReleases:
        """This history with one release more, at most the newest ``RELEASES_KEPT``."""
        kept = (*self.facts, facts)[-RELEASES_KEPT:]
        return PastReleases(kept, self.past_captures, self.past_findings, self.linked)
