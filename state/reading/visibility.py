"""What people can see of releases: editions, and from when to when looks at their addresses showed them.

An edition is a run of releases of one address that say the same: a page whose banner or nonce changes at every
visit has a release for each, and one edition.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import islice, pairwise
from sqlite3 import Connection
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from state.kinds import Severity
from state.model import Release, Verdict
from state.serialisation.nouns import unpack
from state.times import moment, stamp

_LOOKS: Final = "url = ? AND +source = ? AND +series = ?"
"""Looks at an address; the plus keeps SQLite from reading all of a long series for them."""

ABSENT: Final = frozenset({Verdict.GONE, Verdict.MOVED})
"""Verdicts of a look that saw that the document is not there; a 404 is a look too."""


class Origin(StrEnum):
    """Where a capture is from, and with it its time."""

    LOOKED = "looked"  # the monitor asked the publisher, at that time
    WEB_ARCHIVE = "web archive"  # another archive dates it
    FILE = "file"  # somebody handed it in, under this date


HANDED_IN: Final = "imported by hand from the file "
"""How the reason of a capture begins that somebody handed in."""


def origin_of(*, memento: bool, reason: str) -> Origin:
    """Where a capture is from, as it says itself."""
    if not memento:
        return Origin.LOOKED
    return Origin.FILE if reason.startswith(HANDED_IN) else Origin.WEB_ARCHIVE


class Look(Struct, frozen=True):
    """One look at an address and what it showed; ``origin`` says whose it was and whence its time is."""

    at: dt.datetime
    verdict: Verdict
    status: int | None
    origin: Origin = Origin.LOOKED


class Presence(Struct, frozen=True):
    """From when to when looks at its address showed an edition."""

    first_at: dt.datetime
    last_at: dt.datetime  # the newest look that showed it
    looks: int = 1  # how many showed it
    after: Look | None = None  # the first look after the newest that showed it; None: it was there at the last
    missed: tuple[Look, ...] = ()  # looks in between that did not find it
    origin: Origin = Origin.LOOKED  # whence ``first_at`` is
    looked: bool = True  # whether a look of ours ever showed it

    @property
    def still(self) -> bool:
        """Whether the last look at the address that could see anything showed it."""
        return self.after is None

    @property
    def gone(self) -> bool:
        """Whether the next look found nothing, rather than something else, at the address."""
        return self.after is not None and self.after.verdict in ABSENT


class Edition(Struct, frozen=True):
    """Releases of one address that say the same, oldest first: their numbers and ids."""

    source: str
    series: str
    document: str
    url: str
    first_at: dt.datetime
    newest_at: dt.datetime
    numbers: tuple[int, ...]
    ids: tuple[str, ...]


class Appearances:
    """Questions about editions; remembers digests of content, which are costly to unpack for every page."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._contents: dict[int, tuple[str | None, str]] = {}  # release -> when it was judged, its content
        self._all: tuple[int, tuple[Edition, ...]] = (-1, ())  # SQLite's data version, editions of all sources

    def editions(
        self, source: str | None = None, *, series: str | None = None, document: str | None = None
    ) -> tuple[Edition, ...]:
        """Editions of a source (of all where None), by series and document, oldest first.

        A release about which something above info was said begins an edition, whatever it says.
        """
        rows = self._db.execute(
            "SELECT release.no, release.id, release.source, release.series, release.document, capture.url,"
            " release.at, judged.at, EXISTS (SELECT 1 FROM occurrence WHERE occurrence.release = release.no"
            " AND occurrence.severity <> :info)"
            " FROM release_order AS release JOIN capture ON capture.id = release.capture"
            " LEFT JOIN judged ON judged.release = release.no"
            " WHERE (:source IS NULL OR release.source = :source)"
            " AND (:series IS NULL OR release.series = :series)"
            " AND (:document IS NULL OR release.document = :document)"
            " ORDER BY release.source, release.series, release.document, release.place",
            {"info": Severity.INFO.value, "source": source, "series": series, "document": document},
        ).fetchall()
        self._learn([(row[0], row[7]) for row in rows])
        editions: list[Edition] = []
        before = ""
        for number, id, of, series_name, document_name, url, at, _, told in rows:
            seen_at = moment(at)
            found = Edition(of, series_name, document_name, url, seen_at, seen_at, (number,), (id,))
            content = self._contents[number][1]
            if editions and content and content == before and not told and _together(editions[-1], found):
                editions[-1] = _joined(editions[-1], found)
            else:
                editions.append(found)
            before = content
        return tuple(editions)

    def all_editions(self) -> tuple[Edition, ...]:
        """Editions of all sources; kept until another process has written. The connection must be read-only."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        if version != self._all[0]:
            self._all = (version, self.editions())
        return self._all[1]

    def edition_of(self, id: str) -> Edition:
        """The edition to which a release belongs. The release must be there."""
        row = self._db.execute("SELECT source, series, document FROM release WHERE id = ?", [id]).fetchone()
        source, series, document = row
        editions = self.editions(source, series=series, document=document)
        return next(edition for edition in editions if id in edition.ids)

    def presence(self, edition: Edition) -> Presence:
        """From when to when looks showed an edition at its address."""
        return next(found for known, found in self.presences([edition]) if known == edition)

    def presences(self, editions: Sequence[Edition]) -> tuple[tuple[Edition, Presence], ...]:
        """Each edition with its presence, in the order given."""
        looks: dict[tuple[str, str, str], list[Look]] = {}
        starts: dict[tuple[str, str, str], list[dt.datetime]] = {}
        for key in dict.fromkeys((edition.source, edition.series, edition.url) for edition in editions):
            looks[key] = self.looks(*key)
            starts[key] = self._starts(*key)
        found = []
        for edition in editions:
            key = (edition.source, edition.series, edition.url)
            following = next((start for start in starts[key] if start > edition.newest_at), None)
            found.append((edition, presence_of(edition, looks[key], following=following)))
        return tuple(found)

    def looks(self, source: str, series: str, url: str) -> list[Look]:
        """All looks at an address, oldest first."""
        rows = self._db.execute(
            f"SELECT at, verdict, status, memento, reason FROM capture WHERE {_LOOKS} ORDER BY at, id",
            [url, source, series],
        ).fetchall()
        return [
            Look(moment(at), Verdict(verdict), status, origin_of(memento=bool(memento), reason=reason or ""))
            for at, verdict, status, memento, reason in rows
        ]

    def last_shown(self, release: Release, *, until: dt.datetime | None) -> dt.datetime:
        """The newest good look at a release's address before ``until``, where another one stood there."""
        row = self._db.execute(
            f"SELECT at FROM capture WHERE {_LOOKS} AND verdict IN ('present', 'unchanged')"
            " AND at >= ? AND at < ? ORDER BY at DESC LIMIT 1",
            [release.url, release.source, release.series, stamp(release.at), stamp(until) if until else "9999"],
        ).fetchone()
        return release.at if row is None else moment(row[0])

    def _starts(self, source: str, series: str, url: str) -> list[dt.datetime]:
        """When releases of an address were first seen, oldest first."""
        rows = self._db.execute(
            "SELECT release.at FROM release JOIN capture ON capture.id = release.capture"
            " WHERE release.source = ? AND release.series = ? AND url = ? ORDER BY release.at",
            [source, series, url],
        ).fetchall()
        return [moment(at) for (at,) in rows]

    def _learn(self, releases: Iterable[tuple[int, str | None]]) -> None:
        """Unpack the contents of releases that were judged since they were asked for last."""
        for number, judged in releases:
            if number in self._contents and self._contents[number][0] == judged:
                continue
            row = self._db.execute("SELECT head FROM facts WHERE release = ?", [number]).fetchone()
            self._contents[number] = (judged, "" if row is None else str(unpack(row[0])["content"]))


def presence_of(edition: Edition, looks: Sequence[Look], *, following: dt.datetime | None) -> Presence:
    """What looks at an address, oldest first, say of an edition; the next one began there at ``following``."""
    first = bisect_left(looks, edition.first_at, key=_time_of)
    end = len(looks) if following is None else bisect_left(looks, following, key=_time_of)
    shown = [place for place in range(first, end) if looks[place].verdict.good]
    last_at = looks[shown[-1]].at if shown else edition.newest_at
    rest = islice(looks, bisect_right(looks, last_at, key=_time_of), None)
    after = (look for look in rest if look.verdict.good or look.verdict in ABSENT)
    missed = tuple(
        look for look in looks[first : bisect_left(looks, last_at, key=_time_of)] if look.verdict in ABSENT
    )
    origins = [looks[place].origin for place in shown]
    return Presence(
        edition.first_at,
        last_at,
        max(1, len(shown)),
        next(after, None),
        missed,
        origin=origins[0] if origins else Origin.LOOKED,
        looked=not origins or Origin.LOOKED in origins,
    )


def _time_of(look: Look) -> dt.datetime:
    return look.at


def runs_of(looks: Sequence[Look]) -> tuple[tuple[Look, Look], ...]:
    """The first and the last of each run of looks that showed the same, oldest first."""
    breaks = [
        index
        for index, (before, after) in enumerate(pairwise(looks), start=1)
        if (before.verdict, before.status) != (after.verdict, after.status)
    ]
    edges = [0, *breaks, len(looks)]
    return tuple((looks[first], looks[end - 1]) for first, end in pairwise(edges)) if looks else ()


def _together(before: Edition, after: Edition) -> bool:
    return (before.source, before.series, before.document, before.url) == (
        after.source,
        after.series,
        after.document,
        after.url,
    )


def _joined(edition: Edition, release: Edition) -> Edition:
    return replace(
        edition,
        newest_at=release.newest_at,
        numbers=edition.numbers + release.numbers,
        ids=edition.ids + release.ids,
    )
