"""Read-only questions about releases and what was said of them: for judging, pages and the command line.

Everything comes back as frozen structs; times are aware and in UTC.
"""

from __future__ import annotations

import datetime as dt
from sqlite3 import Connection
from typing import Any

from msgspec.structs import replace

from state.blobs.snapshots import Snapshots
from state.blobs.table_parts import Contents
from state.errors import StoreError
from state.model import Finding, PastFinding, Release, ReleaseFacts, TableFacts
from state.reading.as_of import findings_before
from state.reading.query_results import Figure, Wording, with_intervals
from state.reading.seen_times import SeenTimes
from state.release_order import predecessor
from state.serialisation.nouns import unpack_definitions, unpack_finding, unpack_head, unpack_table
from state.serialisation.rows import FINDING, RELEASE, past_finding_of, release_of
from state.series_history import RELEASES_KEPT, PastReleases
from state.times import moment, stamp
from state.vocabulary import CONDITIONS, KINDS

FINDINGS_KEPT = 500
"""How many findings judging looks back on."""


_FACTS = "JOIN facts ON facts.release = release.no LEFT JOIN glossary ON glossary.id = facts.glossary"


class Archive:
    """Questions to one archive; needs a connection that may be read-only."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._snapshots = Snapshots(db)
        self._contents = Contents(db)

    def sources(self) -> tuple[str, ...]:
        """All sources with captures, by name."""
        rows = self._db.execute("SELECT DISTINCT source FROM origin ORDER BY source").fetchall()
        return tuple(row[0] for row in rows)

    def release(self, id: str) -> Release:
        """The release with this id. Raises StoreError where there is none."""
        row = self._db.execute(f"{RELEASE} WHERE release.id = ?", [id]).fetchone()
        if row is None:
            raise StoreError(f"the archive has no release {id}")
        return release_of(row)

    def releases_of_kind(self, source: str, series: str, kind: str) -> tuple[Release, ...]:
        """The releases of a series of which a kind was said above info and still stands, oldest first."""
        rows = self._db.execute(
            f"{RELEASE} WHERE release.no IN (SELECT occurrence.release FROM occurrence"
            " JOIN finding ON finding.id = occurrence.finding WHERE finding.source = ? AND finding.series = ?"
            " AND finding.kind = ? AND occurrence.severity <> 'info' AND occurrence.retracted_at IS NULL)"
            " ORDER BY release.no",
            [source, series, kind],
        ).fetchall()
        return tuple(map(release_of, rows))

    def releases(
        self, source: str, *, series: str | None = None, document: str | None = None, limit: int | None = None
    ) -> tuple[Release, ...]:
        """Releases of a source, oldest first; with ``limit`` the newest so many.

        Those of several documents stand as they were first seen, those of each document in their one order.
        """
        rows = self._db.execute(
            f"{RELEASE.replace('SELECT', 'SELECT release.stream, release.place,', 1)}"
            " WHERE release.source = :source AND (:series IS NULL OR release.series = :series)"
            " AND (:document IS NULL OR release.document = :document)"
            " ORDER BY release.at DESC, release.no DESC LIMIT :limit",
            {"source": source, "series": series, "document": document, "limit": -1 if limit is None else limit},
        ).fetchall()
        streams: dict[int, list[Any]] = {}
        for stream, *row in sorted(rows, key=lambda row: row[:2], reverse=True):
            streams.setdefault(stream, []).append(row[1:])
        return tuple(release_of(tuple(streams[row[0]].pop())) for row in reversed(rows))

    def found_later(self, source: str, series: str) -> frozenset[str]:
        """The releases of a series that came from a web archive or from files: no look of ours found them."""
        rows = self._db.execute(
            "SELECT release.id FROM release JOIN capture ON capture.id = release.capture"
            " WHERE release.source = ? AND release.series = ? AND capture.memento = 1",
            [source, series],
        )
        return frozenset(str(id) for (id,) in rows)

    def last_release(self, source: str, series: str, *, document: str = "") -> Release | None:
        """The newest release of a series (of one document of it), in their one order."""
        row = self._db.execute(
            f"{RELEASE} WHERE release.source = ? AND release.series = ? AND release.document = ?"
            " ORDER BY release.place DESC LIMIT 1",
            [source, series, document],
        ).fetchone()
        return None if row is None else release_of(row)

    def previous(self, release: Release) -> Release | None:
        """The release that this one is to be compared with, see ``state.release_order``; None for a baseline."""
        before = predecessor(self._db, release.id)
        return None if before is None else self.release(before)

    def neighbours(self, release: Release) -> tuple[Release | None, Release | None]:
        """The releases of the same series (and document) before and after this one in their one order."""
        return self._neighbour(release, "<", "DESC"), self._neighbour(release, ">", "ASC")

    def past(
        self,
        source: str,
        series: str,
        *,
        document: str = "",
        before: Release | None = None,
        page: str | None = None,
        tables: bool = True,
        own_day: bool = False,
        now: dt.datetime | None = None,
    ) -> PastReleases:
        """What judging may know of a series: up to ``before``, or all.

        ``page`` names the series that is the source's page, whose captures count as well. ``tables=False`` leaves
        out what a round without a release does not need and what takes longest to read: past tables and
        definitions, and findings that are events. ``own_day`` leaves out what was said and linked later than
        ``before``, for a release of the past; a round knows all. What was seen under a clock that was ahead of
        ``now`` has the time of the next look under a clock that was not.
        """
        until = "9999" if before is None else stamp(before.at)
        seen = SeenTimes(self._db, now=now)
        kinds = frozenset(KINDS) - {"retracted"} if tables else CONDITIONS
        return PastReleases(
            facts=self._facts(source, series, document, before=before, tables=tables, seen=seen),
            past_captures=seen.captures(source, (series, page or series), before=before),
            past_findings=findings_before(self._db, before, limit=FINDINGS_KEPT)
            if own_day and before is not None
            else self._findings(source, series, kinds=kinds),
            linked=self._links(
                source, series if page in (None, series) else (series,), until=until if own_day else "9999"
            ),
        )

    def facts(self, release: Release, *, tables: bool = True) -> ReleaseFacts | None:
        """What was kept of a release when it was judged; None where it could not be read."""
        row = self._db.execute(
            f"SELECT release.no, facts.head, glossary.data FROM release {_FACTS} WHERE release.id = ?",
            [release.id],
        ).fetchone()
        if row is None:
            return None
        number, head, definitions = row
        found = self._tables(number, {}) if tables else ()
        return unpack_head(head, release=release.id, at=release.at, tables=found, definitions=definitions)

    def findings(
        self, source: str | None = None, *, series: str | None = None, limit: int = 100
    ) -> tuple[PastFinding, ...]:
        """Findings with what became of them, the latest last."""
        rows = self._db.execute(
            f"{FINDING}"
            " WHERE (:source IS NULL OR source = :source) AND (:series IS NULL OR series = :series)"
            " ORDER BY last_at DESC, finding.id DESC LIMIT :limit",
            {"source": source, "series": series, "limit": limit},
        ).fetchall()
        return tuple(past_finding_of(row) for row in reversed(rows))

    def figure(
        self, source: str, series: str, *, table: str, row: str, column: str, document: str = ""
    ) -> tuple[Figure, ...]:
        """A cell through all releases, oldest first, by normalised names; the table is followed through renamings.

        A release in which the table, row or column is missing is left out.
        """
        numbers = self._db.execute(
            "SELECT no, id, at FROM release_order WHERE source = ? AND series = ? AND document = ?"
            " ORDER BY place DESC",
            [source, series, document],
        ).fetchall()
        found: list[Figure] = []
        for number, id, at in numbers:
            facts = self._table(number, table)
            if facts is None:
                continue
            if row in facts.rows and column in facts.columns and facts.values:
                value = facts.values[facts.rows.index(row)][facts.columns.index(column)]
                found.append(Figure(id, moment(at), facts.as_of, value))
            table = facts.formerly or table
        return with_intervals(found[::-1])

    def wordings(self, source: str, term: str) -> tuple[Wording, ...]:
        """Every wording that a term ever had at a source, in order; one that came back stands twice."""
        rows = self._db.execute(
            "SELECT release.id, release.at, release.series, release.document, glossary.data"
            f" FROM release_order AS release {_FACTS} WHERE source = ? ORDER BY series, document, place",
            [source],
        )
        sought = " ".join(term.split()).casefold()
        runs: list[Wording] = []
        standing: dict[tuple[str, str, str], int] = {}  # series, document, wording -> its place in runs
        for id, at, series, document, packed in rows:
            definitions = unpack_definitions(packed)
            said = [each for each in definitions if " ".join(each.term.split()).casefold() == sought]
            stood, standing = standing, {}
            for each in said:
                key = (series, document, each.wording)
                place = stood.get(key, len(runs))
                if place == len(runs):
                    runs.append(Wording(each.term, each.wording, series, id, moment(at), id, moment(at)))
                runs[place] = replace(runs[place], last_release=id, last_at=moment(at))
                standing[key] = place
        return tuple(runs)

    def occurrences(self, id: str) -> tuple[tuple[dt.datetime, Finding], ...]:
        """Each time that a finding was said, as it was said then, oldest first."""
        rows = self._db.execute(
            "SELECT at, body FROM occurrence JOIN finding ON finding.id = occurrence.finding WHERE fingerprint = ?"
            " ORDER BY occurrence.at, occurrence.id",
            [id],
        ).fetchall()
        return tuple((moment(at), unpack_finding(body)) for at, body in rows)

    def said_of(self, release: Release) -> tuple[tuple[dt.datetime, Finding], ...]:
        """What was said of a release and stands, as it was said then, oldest first."""
        rows = self._db.execute(
            "SELECT occurrence.at, body FROM occurrence JOIN release ON release.no = occurrence.release"
            " WHERE release.id = ? AND occurrence.retracted_at IS NULL ORDER BY occurrence.at, occurrence.id",
            [release.id],
        ).fetchall()
        return tuple((moment(at), unpack_finding(body)) for at, body in rows)

    def body(self, sha256: str) -> bytes:
        """The bytes with this digest. Raises StoreError where they are missing or damaged."""
        return self._snapshots.get(sha256)

    def _neighbour(self, release: Release, side: str, order: str) -> Release | None:
        row = self._db.execute(
            f"{RELEASE} WHERE release.source = ? AND release.series = ? AND release.document = ?"
            f" AND release.place {side} (SELECT place FROM release_order WHERE id = ?)"
            f" ORDER BY release.place {order} LIMIT 1",
            [release.source, release.series, release.document, release.id],
        ).fetchone()
        return None if row is None else release_of(row)

    def _facts(
        self, source: str, series: str, document: str, *, before: Release | None, tables: bool, seen: SeenTimes
    ) -> tuple[ReleaseFacts, ...]:
        rows = self._db.execute(
            "SELECT release.no, release.id, release.at, capture, facts.head, glossary.data"
            " FROM release_order AS release"
            f" {_FACTS} WHERE source = :source AND series = :series"
            " AND document = :document AND (:id IS NULL OR"
            " release.place < (SELECT place FROM release_order WHERE id = :id))"
            " ORDER BY release.place DESC LIMIT :limit",
            {
                "source": source,
                "series": series,
                "document": document,
                "id": None if before is None else before.id,
                "limit": RELEASES_KEPT,
            },
        ).fetchall()
        read: dict[int, Any] = {}
        return tuple(
            unpack_head(
                head,
                release=id,
                at=seen.time(at, capture),
                tables=self._tables(number, read) if tables else (),
                definitions=definitions if tables else None,
            )
            for number, id, at, capture, head, definitions in reversed(rows)
        )

    def _findings(self, source: str, series: str, *, kinds: frozenset[str]) -> tuple[PastFinding, ...]:
        marks = ", ".join("?" for _ in kinds)
        rows = self._db.execute(
            f"{FINDING} WHERE source = ? AND series = ? AND kind IN ({marks})"
            " ORDER BY last_at DESC, finding.id DESC LIMIT ?",
            [source, series, *sorted(kinds), FINDINGS_KEPT],
        ).fetchall()
        return tuple(past_finding_of(row) for row in reversed(rows))

    def _tables(self, number: int, read: dict[int, Any]) -> tuple[TableFacts, ...]:
        """Tables of a release; ``read`` are contents unpacked before, for tables that many releases repeat."""
        rows = self._db.execute(
            "SELECT key, head, content FROM table_facts WHERE release = ? ORDER BY position", [number]
        ).fetchall()
        for content in {content for _, _, content in rows} - read.keys():
            read[content] = self._contents.get(content)
        return tuple(unpack_table(key, head=head, content=read[content]) for key, head, content in rows)

    def _table(self, number: int, key: str) -> TableFacts | None:
        row = self._db.execute(
            "SELECT head, content FROM table_facts WHERE release = ? AND key = ? ORDER BY position LIMIT 1",
            [number, key],
        ).fetchone()
        return None if row is None else unpack_table(key, head=row[0], content=self._contents.get(row[1]))

    def _links(self, source: str, series: str | tuple[str, ...], *, until: str) -> dict[str, dt.datetime]:
        """Linked documents of one series, or of all series for the page's own, linked first ``until`` then."""
        wanted = series[0] if isinstance(series, tuple) else None
        rows = self._db.execute(
            "SELECT url, max(last_at) FROM linked WHERE source = :source"
            " AND (:series IS NULL OR series = :series) AND first_at <= :until GROUP BY url",
            {"source": source, "series": wanted, "until": until},
        ).fetchall()
        return {url: moment(at) for url, at in rows}
