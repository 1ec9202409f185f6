"""What stood on the day of a release of the past, and how it is marked that today's rules say otherwise.

What was said is never deleted. Where re-reading a release raises a finding that was not said of it, or no longer
raises one that was, a note stands beside both, in the name of ``AUTHOR``; what is no longer raised is retracted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Any, Final

from state.model import Capture, ConditionState, Finding, PastFinding, Release
from state.serialisation.nouns import unpack_finding
from state.serialisation.rows import CAPTURE, RELEASE, capture_of, release_of
from state.times import moment, stamp
from state.vocabulary import CONDITIONS, OPERATIONS

AUTHOR: Final = "reanalyse"
NOW_ALSO: Final = "Now also"
NO_LONGER: Final = "No longer"

OF_LOOKS: Final = CONDITIONS | OPERATIONS | {"page-returned", "retracted"}
"""Kinds about what a round saw when it looked: no later reading of a release says anything new about that."""

_PORTION = 200
"""Releases asked for at a time."""

_LONGEST_ROUND: Final = 100_000
"""Captures, of all sources, that may be recorded from the first of a round of a source to its last."""

Span = tuple[str, str]
"""Two times as stored; the second one is left out."""

_JUDGED: Final = (
    "LEFT JOIN judged ON judged.release = release.no"
    " WHERE (judged.at IS NOT NULL OR judged.attempts >= ?) AND coalesce(judged.again, 0) < 2"
    " AND release.source = ? AND release.series = ?"
)

SINCE: Final = """(? = '' OR EXISTS (SELECT 1 FROM release_order AS earlier WHERE earlier.stream = release.stream
    AND earlier.place <= release.place AND earlier.at >= ?))"""
"""Whether a release is the first of its stream that was seen since a time (as stored, twice), or after it."""


def findings_before(db: Connection, release: Release, *, limit: int) -> tuple[PastFinding, ...]:
    """The findings of a series that were said of releases before this one, or of looks before it, as said then.

    Whether a condition stood open is told by when it was closed last. What is no longer raised is left out, and
    what tells so.
    """
    rows = db.execute(
        # of bare columns beside max(), SQLite gives those of the row that has the maximum
        "SELECT said.body, first_at, max(said.at), count(*), finding.state = 'open' OR finding.closed_at > :at"
        " FROM finding JOIN occurrence AS said ON said.finding = finding.id"
        " LEFT JOIN release_order AS release ON release.no = said.release,"
        " (SELECT no, stream, place FROM release_order WHERE id = :id) AS this"
        " WHERE finding.source = :source AND finding.series = :series AND CASE WHEN release.no IS NULL"
        "  THEN said.at <= :at WHEN release.stream = this.stream THEN release.place < this.place"
        "  ELSE (release.at, release.no) < (:at, this.no) END"
        " AND said.retracted_at IS NULL AND finding.kind <> 'retracted'"
        " GROUP BY finding.id ORDER BY max(said.at) DESC, finding.id DESC LIMIT :limit",
        {
            "source": release.source,
            "series": release.series,
            "id": release.id,
            "at": stamp(release.at),
            "limit": limit,
        },
    ).fetchall()
    return tuple(
        PastFinding(
            finding=unpack_finding(body),
            first_at=moment(first_at),
            last_at=moment(last_at),
            occurrences=count,
            state=ConditionState.OPEN if still else ConditionState.CLOSED,
        )
        for body, first_at, last_at, count, still in reversed(rows)
    )


class Retrospect:
    """Questions for those who read the releases of an archive again, oldest first.

    What waits to be judged by a round is left to it, unless it was handed out ``tries`` times in vain.
    """

    def __init__(self, db: Connection, *, tries: int) -> None:
        self._db = db
        self._tries = tries

    def count(self, source: str, series: str, *, since: str = "") -> int:
        """How many releases of a series there are to be read again, from a time (as stored) on."""
        row = self._db.execute(
            f"SELECT count(*) FROM release_order AS release {_JUDGED} AND {SINCE}",
            [self._tries, source, series, since, since],
        ).fetchone()
        return int(row[0])

    def releases(self, source: str, series: str, *, since: str = "") -> Iterator[tuple[int, Release]]:
        """The releases of a series in their one order, each with the number of the round that recorded it.

        Where every file is a document of its own, the documents come side by side, as they were first seen. Asked
        for in portions: releases that come meanwhile are among them.
        """
        alone = self._db.execute(
            "SELECT count(*) < 2 FROM stream WHERE source = ? AND series = ?", [source, series]
        ).fetchone()[0]
        order = "release.place, release.no" if alone else "release.at, release.no"
        place: tuple[object, int] = (0, 0) if alone else ("", 0)
        while rows := self._portion(source, series, since, order, place):
            for number, at, at_place, together, *release in rows:
                place = (at_place if alone else at, number)
                yield together, release_of(tuple(release))

    def _portion(
        self, source: str, series: str, since: str, order: str, after: tuple[object, int]
    ) -> list[tuple[Any, ...]]:
        columns = RELEASE.replace("SELECT", "SELECT release.no, release.at, release.place, capture.round,", 1)
        values = [self._tries, source, series, since, since, *after, _PORTION]
        return self._db.execute(
            f"{columns} {_JUDGED} AND {SINCE} AND ({order}) > (?, ?) ORDER BY {order} LIMIT ?", values
        ).fetchall()

    def looks(self, release: Release, *, page: str) -> tuple[Capture, ...]:
        """The captures of the round that brought a release, of its document and of the page, bodies left out."""
        number, together, url = self._db.execute(
            "SELECT capture.id, round, url FROM release JOIN capture ON capture.id = release.capture"
            " WHERE release.id = ?",
            [release.id],
        ).fetchone()
        rows = self._db.execute(
            f"{CAPTURE} WHERE source = :source AND series IN (:series, :page) AND id BETWEEN :first AND :last"
            " AND (id = :number OR (round > 0 AND round = :together))"
            " AND (series = :page OR :document = '' OR url = :url) ORDER BY id",
            {
                "source": release.source,
                "series": release.series,
                "page": page,
                "first": together or number,
                "last": number + _LONGEST_ROUND,
                "number": number,
                "together": together,
                "document": release.document,
                "url": url,
            },
        ).fetchall()
        return tuple(map(capture_of, rows))

    def standing(self, number: int | None, *, source: str, series: str, span: Span) -> tuple[Finding, ...]:
        """What was said of a release and stands, oldest first; what looks showed is left out.

        For ``number`` None: what was said of the series without a release in a span of time.
        """
        rows = self._db.execute(
            "SELECT kind, said.body FROM occurrence AS said"
            " JOIN finding ON finding.id = said.finding"
            " WHERE finding.source = :source AND finding.series = :series"
            " AND said.release IS :number AND (:number IS NOT NULL OR (said.at >= :first AND said.at < :until))"
            " AND said.retracted_at IS NULL ORDER BY said.at, said.id",
            {"source": source, "series": series, "number": number, "first": span[0], "until": span[1]},
        ).fetchall()
        return tuple(unpack_finding(body) for kind, body in rows if kind not in OF_LOOKS)

    def span(self, releases: Sequence[Release]) -> Span:
        """From when to when a round spoke that recorded these releases: until the next look at their source."""
        first = max(stamp(release.at) for release in releases)
        row = self._db.execute(
            "SELECT min(at) FROM capture WHERE source = ? AND at > ? AND memento = 0 AND round > (SELECT round"
            " FROM release JOIN capture ON capture.id = release.capture WHERE release.id = ?)",
            [releases[0].source, first, releases[0].id],
        ).fetchone()
        return first, row[0] or "9999"
