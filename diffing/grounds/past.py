"""What earlier releases of a table say: its values, its churn, and what is therefore usual."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from diffing.comparing.model import Evidence, TablePair
from diffing.grounds.looks import file_name
from diffing.identity import table_key
from state.document import Value
from state.model import ReleaseFacts, TableFacts

OFTEN_ENOUGH, SELDOM = 2, 0.15
"""Releases, and their share, that must have had a size before it is ordinary."""

ENOUGH = 4
"""Releases with a measure from which on its range counts as learnt."""


class Past(Struct, frozen=True):
    """A table through the releases before the one judged, oldest first; the last is the before side.

    Stale re-issues (a body that equals an older one) are left out, and the measures of what followed
    them; so are those of a release that the next one undid: a broken release does not become the new truth.
    """

    entries: tuple[tuple[ReleaseFacts, TableFacts], ...]
    echoes: frozenset[str] = frozenset()  # releases whose measures tell of a re-issue, not of the data

    def measures(self, name: str) -> list[float]:
        """A measure through the releases that have it; a table that was compared and lacks it had 0."""
        return [
            table.measures.get(name, 0.0)
            for release, table in self.entries
            if table.measures and release.release not in self.echoes
        ]

    def rates(self, name: str) -> list[tuple[float, float]]:
        """A measure with the days that it had to come about."""
        return [
            (table.measures.get(name, 0.0), release.measures.get("days", 0.0))
            for release, table in self.entries
            if table.measures and release.release not in self.echoes
        ]

    def values(self, row: str, column: str) -> list[Value]:
        """A cell through the releases that kept it, by normalised names."""
        return [value for _, value in self._cells(row, column)]

    def of_year(self, year: int | None) -> Past:
        """Only the releases in which the table was about fiscal year ``year``."""
        kept = tuple(entry for entry in self.entries if entry[1].fiscal_year == year)
        return Past(kept, self.echoes)

    def _cells(self, row: str, column: str) -> Iterator[tuple[ReleaseFacts, Value]]:
        for release, table in self.entries:
            i = _positions(table.rows).get(row)
            j = _positions(table.columns).get(column)
            if i is not None and j is not None and table.values:
                yield release, table.values[i][j]


def routine(sizes: Sequence[float]) -> float:
    """The largest of ``sizes`` that counts as ordinary: reached in two releases, and in one of seven, at least.

    One broken release, or one purge, makes no routine, however few releases are known.
    """
    ordered = sorted(sizes)
    apart = max(OFTEN_ENOUGH, math.ceil(len(ordered) * SELDOM))
    return ordered[-apart] if len(ordered) >= apart else 0.0


def median(sizes: Sequence[float]) -> float:
    """The middle one of ``sizes``, the lower of two; 0 where there is none."""
    return sorted(sizes)[(len(sizes) - 1) // 2] if sizes else 0.0


def past_of(evidence: Evidence, pair: TablePair) -> Past:
    """The history of a table, followed from its before side."""
    entries = evidence.history.table(table_key(pair.before))
    stale = stale_releases(evidence.history.releases())
    order = [release.release for release in evidence.history.releases()]
    after_stale = {order[i + 1] for i, name in enumerate(order[:-1]) if name in stale}
    kept = tuple(entry for entry in entries if entry[0].release not in stale)
    return Past(kept, frozenset(after_stale | _undone(kept)))


def _undone(entries: Sequence[tuple[ReleaseFacts, TableFacts]]) -> set[str]:
    """Releases that the next one undid, and those that undid them: neither shows what is ordinary."""
    names: set[str] = set()
    for (broken, _), (mended, table) in pairwise(entries):
        if table.measures.get("undone"):
            names |= {broken.release, mended.release}
    return names


def stale_releases(releases: Sequence[ReleaseFacts]) -> frozenset[str]:
    """Releases whose body equals that of an older one which was not the one just before."""
    last_seen: dict[str, int] = {}
    stale = set()
    for i, release in enumerate(releases):
        if release.sha256 in last_seen and last_seen[release.sha256] < i - 1:
            stale.add(release.release)
        last_seen[release.sha256] = i
    return frozenset(stale)


def named(release: ReleaseFacts, *, among: Sequence[ReleaseFacts]) -> str:
    """A release as a reader would name it: by the day on which it was first seen.

    Where others of those it stands ``among`` were first seen that day too, by its file as well, else by the hour.
    """
    words = f"the release of {day(release.at.date())}"
    others = [each for each in among if each.release != release.release and each.at.date() == release.at.date()]
    if not others:
        return words
    name = file_name(release.url)
    if name and all(file_name(each.url) != name for each in others):
        return f"{words} ({name})"
    return f"{words}, {release.at:%H:%M} UTC"


def day(date: dt.date) -> str:
    """A date in words, "3 March 2023"."""
    return f"{date.day} {date:%B %Y}"


@lru_cache(maxsize=4096)
def _positions(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: i for i, name in reversed(tuple(enumerate(names)))}
