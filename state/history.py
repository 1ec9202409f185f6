"""Read-only questions to the archive: for detectors, the archive's pages and the command line.

Everything comes back as frozen dataclasses; times are aware and in UTC.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from state import schema
from state.bodies import Bodies
from state.errors import StoreError
from state.kinds import Severity
from state.model import Capture, PastFinding, Release, ReleaseFacts, TableFacts, Verdict
from state.records import unpack, unpack_head, unpack_table
from state.rows import CAPTURE, FINDING, RELEASE, capture_of, past_finding_of, release_of
from state.times import moment, stamp

RELEASES_KEPT = 60
"""How many releases judging looks back on: two years and more of a biweekly series."""

CAPTURES_KEPT = 50
"""How many captures judging looks back on."""

FINDINGS_KEPT = 500
"""How many findings judging looks back on."""


@dataclass(frozen=True, slots=True)
class Past:
    """``History`` as plain data: the past of one series, which a worker process can be given."""

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
        for release in reversed(self.facts):
            table = next((table for table in release.tables if table.key == key), None)
            if table is not None:
                found.append((release, table))
                key = table.formerly or key
        return found[::-1]

    def captures(self) -> Sequence[Capture]:
        """The newest captures, oldest first."""
        return self.past_captures

    def findings(self) -> Sequence[PastFinding]:
        """Findings reported before."""
        return self.past_findings

    def links(self) -> Mapping[str, dt.datetime]:
        """Documents that the listing linked, with when each was last seen linked."""
        return self.linked


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the archive holds."""

    captures: int
    releases: int
    findings: int


@dataclass(frozen=True, slots=True)
class SourceOverview:
    """A source in a line."""

    source: str
    last_at: dt.datetime | None
    last_verdict: Verdict | None
    releases: int
    newest_at: dt.datetime | None  # of its newest release


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A release and what was said of it, gravest first."""

    release: Release
    findings: tuple[PastFinding, ...]


@dataclass(frozen=True, slots=True)
class SeriesTimeline:
    """The releases of a series, newest first."""

    name: str
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with the releases it rests on; both None where no release brought it."""

    past: PastFinding
    before: Release | None
    after: Release | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that a search found, with the first release that had it and the last, None if it still stands."""

    text: str
    section: str
    source: str
    series: str
    release: str  # id of the first
    at: dt.datetime
    last_release: str | None
    last_at: dt.datetime | None


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The archive at ``path``, opened read-only. Raises StoreError where there is none yet."""
    if not path.exists():
        raise StoreError(f"there is no archive at {path} yet; run a check first")
    db = schema.open_archive(path, read_only=True)
    try:
        yield Archive(db)
    finally:
        db.close()


class Archive:
    """Questions to one archive; may be asked from several threads."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._bodies = Bodies(db)

    def counts(self) -> Counts:
        """How much the archive holds."""
        row = self._db.execute(
            "SELECT (SELECT count(*) FROM capture), (SELECT count(*) FROM release), (SELECT count(*) FROM finding)"
        ).fetchone()
        return Counts(*row)

    def sources(self) -> tuple[SourceOverview, ...]:
        """All sources that were ever looked at, by name."""
        rows = self._db.execute(
            "SELECT source, max(at), count(*) FROM capture GROUP BY source ORDER BY source"
        ).fetchall()
        return tuple(self._overview(source, last_at) for source, last_at, _ in rows)

    def release(self, id: str) -> Release | None:
        """The release with this id."""
        row = self._db.execute(f"{RELEASE} WHERE release.id = ?", [id]).fetchone()
        return None if row is None else release_of(row)

    def releases(
        self, source: str, *, series: str | None = None, document: str | None = None, limit: int | None = None
    ) -> tuple[Release, ...]:
        """Releases of a source, oldest first; with ``limit`` the newest so many."""
        rows = self._db.execute(
            f"{RELEASE} WHERE release.source = :source AND (:series IS NULL OR release.series = :series)"
            " AND (:document IS NULL OR release.document = :document)"
            " ORDER BY release.at DESC, release.no DESC LIMIT :limit",
            {"source": source, "series": series, "document": document, "limit": -1 if limit is None else limit},
        ).fetchall()
        return tuple(release_of(row) for row in reversed(rows))

    def last_release(self, source: str, series: str, *, document: str = "") -> Release | None:
        """The newest release of a series (of one document of it), by time."""
        found = self.releases(source, series=series, document=document, limit=1)
        return found[0] if found else None

    def previous(self, id: str) -> Release | None:
        """The release of the same series (and document) before this one."""
        return self._neighbour(id, "<", "DESC")

    def next(self, id: str) -> Release | None:
        """The release of the same series (and document) after this one."""
        return self._neighbour(id, ">", "ASC")

    def timeline(self, source: str) -> tuple[SeriesTimeline, ...]:
        """The series of a source with their releases, newest first, and what was said of each."""
        entries: dict[str, list[TimelineEntry]] = {}
        for release in reversed(self.releases(source)):
            entry = TimelineEntry(release, self.findings_of(release.id))
            entries.setdefault(release.series, []).append(entry)
        return tuple(SeriesTimeline(name, tuple(entries[name])) for name in sorted(entries))

    def troubles(self, source: str, *, limit: int = 50) -> tuple[Capture, ...]:
        """The newest captures of a source that were not good, newest first."""
        rows = self._db.execute(
            f"{CAPTURE} WHERE source = ? AND verdict NOT IN ('present', 'unchanged')"
            " ORDER BY at DESC, id DESC LIMIT ?",
            [source, limit],
        ).fetchall()
        return tuple(capture_of(row) for row in rows)

    def past(
        self, source: str, series: str, *, document: str = "", before: Release | None = None, page: str = "page"
    ) -> Past:
        """What judging may know of a series: up to ``before``, or all.

        ``page`` names the series that is the source's page: its captures count as well, and for itself it
        knows the links of all series.
        """
        until = "9999" if before is None else stamp(before.at)
        return Past(
            facts=self._facts(source, series, document, before=before),
            past_captures=self._captures(source, (series, page), until=until),
            past_findings=self.findings(source, series=series, limit=FINDINGS_KEPT)[::-1],
            linked=self._links(source, None if series == page else series),
        )

    def facts(self, release: Release) -> ReleaseFacts | None:
        """What was kept of a release when it was judged; None where it could not be read."""
        row = self._db.execute(
            "SELECT release.no, facts.head FROM release JOIN facts ON facts.release = release.no"
            " WHERE release.id = ?",
            [release.id],
        ).fetchone()
        if row is None:
            return None
        return unpack_head(row[1], release=release.id, at=release.at, tables=self._tables(row[0]))

    def as_of(self, id: str) -> str | None:
        """The words in which a release says as of when it speaks."""
        release = self.release(id)
        row = self._db.execute(
            "SELECT head FROM facts JOIN release ON release.no = facts.release WHERE release.id = ?", [id]
        ).fetchone()
        if row is None or release is None:
            return None
        stated = unpack_head(row[0], release=id, at=release.at).as_of
        return None if stated is None else stated.text

    def view(self, id: str) -> Mapping[str, Any] | None:
        """The differences between a release and the one before it, side by side, as stored with it."""
        row = self._db.execute(
            "SELECT data FROM side_by_side JOIN release ON release.no = side_by_side.release WHERE release.id = ?",
            [id],
        ).fetchone()
        return None if row is None else unpack(row[0])

    def findings(
        self,
        source: str | None = None,
        *,
        series: str | None = None,
        least: Severity = Severity.INFO,
        limit: int = 100,
    ) -> tuple[PastFinding, ...]:
        """The newest findings from a severity on, newest first."""
        wanted = [severity.value for severity in Severity if severity.rank >= least.rank]
        marks = ", ".join("?" for _ in wanted)
        rows = self._db.execute(
            f"{FINDING} WHERE (? IS NULL OR source = ?) AND (? IS NULL OR series = ?)"
            f" AND finding.severity IN ({marks}) ORDER BY last_at DESC, finding.id DESC LIMIT ?",
            [source, source, series, series, *wanted, limit],
        ).fetchall()
        return tuple(past_finding_of(row) for row in rows)

    def finding(self, id: str) -> Told | None:
        """The finding with this fingerprint, as it was last said, and the releases it rests on."""
        row = self._db.execute(f"{FINDING} WHERE fingerprint = ?", [id]).fetchone()
        if row is None:
            return None
        rests = self._db.execute(
            "SELECT release.id FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            " JOIN release ON release.no = occurrence.release"
            " WHERE fingerprint = ? ORDER BY occurrence.id DESC LIMIT 1",
            [id],
        ).fetchone()
        after = None if rests is None else self.release(rests[0])
        return Told(past_finding_of(row), None if after is None else self.previous(after.id), after)

    def findings_of(self, release: str) -> tuple[PastFinding, ...]:
        """What was said of a release, in the words of then, gravest first."""
        rows = self._db.execute(
            "SELECT occurrence.body, finding.first_at, finding.last_at, finding.occurrences, finding.state"
            " FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            " JOIN release ON release.no = occurrence.release WHERE release.id = ? ORDER BY occurrence.id",
            [release],
        ).fetchall()
        found = (past_finding_of(row) for row in rows)
        return tuple(sorted(found, key=lambda past: -past.finding.severity.rank))

    def captures_of(self, url: str, *, limit: int = 100) -> tuple[Capture, ...]:
        """The newest captures of an address, bodies left out, oldest first."""
        rows = self._db.execute(f"{CAPTURE} WHERE url = ? ORDER BY at DESC, id DESC LIMIT ?", [url, limit]).fetchall()
        return tuple(capture_of(row) for row in reversed(rows))

    def search(self, words: str, *, limit: int = 100) -> tuple[Hit, ...]:
        """Texts of any version that have all ``words``, the newest first. Quotes mean nothing special."""
        quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
        if not quoted:
            return ()
        rows = self._db.execute(
            "SELECT text.words, text.heading, seen.source, seen.series, first.id, first.at, last.id, last.at"
            " FROM text_search JOIN text ON text.id = text_search.rowid JOIN text_seen AS seen ON seen.text = text.id"
            " JOIN release AS first ON first.no = seen.first LEFT JOIN release AS last ON last.no = seen.last"
            " WHERE text_search MATCH ? ORDER BY text_search.rowid DESC LIMIT ?",
            [quoted, limit],
        ).fetchall()
        return tuple(_hit(row) for row in rows)

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """ETag and Last-Modified of the newest good capture of an address, for a conditional request."""
        row = self._db.execute(
            "SELECT headers, sha256 FROM capture JOIN snapshot ON snapshot.id = capture.headers"
            " WHERE url = ? AND verdict = 'present' AND body IS NOT NULL AND memento = 0 ORDER BY at DESC LIMIT 1",
            [url],
        ).fetchone()
        if row is None:
            return None, None
        headers = {name.lower(): value for name, value in json.loads(self._bodies.read(row[0], sha256=row[1]))}
        return headers.get("etag"), headers.get("last-modified")

    def body(self, sha256: str) -> bytes | None:
        """The bytes with this digest, None where there are none. Raises StoreError where they are damaged."""
        known = self._db.execute("SELECT 1 FROM snapshot WHERE sha256 = ?", [sha256]).fetchone()
        return None if known is None else self._bodies.get(sha256)

    def media_type(self, sha256: str) -> str:
        """The media type under which a body was last served; "" for one that is no body."""
        row = self._db.execute(
            "SELECT media_type FROM capture JOIN snapshot ON snapshot.id = capture.body"
            " WHERE sha256 = ? ORDER BY capture.id DESC LIMIT 1",
            [sha256],
        ).fetchone()
        return "" if row is None else row[0] or ""

    def _overview(self, source: str, last_at: str) -> SourceOverview:
        verdict = self._db.execute(
            "SELECT verdict FROM capture WHERE source = ? AND at = ? ORDER BY id DESC LIMIT 1", [source, last_at]
        ).fetchone()
        releases, newest_at = self._db.execute(
            "SELECT count(*), max(at) FROM release WHERE source = ?", [source]
        ).fetchone()
        return SourceOverview(
            source=source,
            last_at=moment(last_at),
            last_verdict=Verdict(verdict[0]),
            releases=releases,
            newest_at=None if newest_at is None else moment(newest_at),
        )

    def _neighbour(self, id: str, side: str, order: str) -> Release | None:
        row = self._db.execute(
            f"{RELEASE} JOIN release AS this ON this.id = ? WHERE release.source = this.source"
            " AND release.series = this.series AND release.document = this.document"
            f" AND (release.at, release.no) {side} (this.at, this.no)"
            f" ORDER BY release.at {order}, release.no {order} LIMIT 1",
            [id],
        ).fetchone()
        return None if row is None else release_of(row)

    def _facts(
        self, source: str, series: str, document: str, *, before: Release | None
    ) -> tuple[ReleaseFacts, ...]:
        rows = self._db.execute(
            "SELECT release.no, release.id, release.at, facts.head FROM release"
            " JOIN facts ON facts.release = release.no WHERE source = :source AND series = :series"
            " AND document = :document AND (:id IS NULL OR"
            " (release.at, release.no) < (SELECT at, no FROM release WHERE id = :id))"
            " ORDER BY release.at DESC, release.no DESC LIMIT :limit",
            {
                "source": source,
                "series": series,
                "document": document,
                "id": None if before is None else before.id,
                "limit": RELEASES_KEPT,
            },
        ).fetchall()
        return tuple(
            unpack_head(head, release=id, at=moment(at), tables=self._tables(number))
            for number, id, at, head in reversed(rows)
        )

    def _tables(self, number: int) -> tuple[TableFacts, ...]:
        rows = self._db.execute(
            "SELECT key, head, data FROM table_facts JOIN table_content ON table_content.id = table_facts.content"
            " WHERE release = ? ORDER BY position",
            [number],
        ).fetchall()
        return tuple(unpack_table(key, head=head, content=unpack(data)) for key, head, data in rows)

    def _captures(self, source: str, series: tuple[str, str], *, until: str) -> tuple[Capture, ...]:
        rows = self._db.execute(
            f"{CAPTURE} WHERE source = ? AND series IN (?, ?) AND at <= ? ORDER BY at DESC, id DESC LIMIT ?",
            [source, *series, until, CAPTURES_KEPT],
        ).fetchall()
        return tuple(capture_of(row) for row in reversed(rows))

    def _links(self, source: str, series: str | None) -> dict[str, dt.datetime]:
        """Linked documents of one series, or of all of them."""
        rows = self._db.execute(
            "SELECT url, max(last_at) FROM linked WHERE source = :source"
            " AND (:series IS NULL OR series = :series) GROUP BY url",
            {"source": source, "series": series},
        ).fetchall()
        return {url: moment(at) for url, at in rows}


def _hit(row: tuple[Any, ...]) -> Hit:
    text, section, source, series, release, at, last_release, last_at = row
    return Hit(
        text=text,
        section=section,
        source=source,
        series=series,
        release=release,
        at=moment(at),
        last_release=last_release,
        last_at=None if last_at is None else moment(last_at),
    )
