"""Questions that the archive's pages ask: what stands on them, in the order in which it is shown."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Self, cast

from msgspec import Struct
from msgspec.structs import replace

from state.archive_copies import ArchiveCopies
from state.database import open_archive
from state.errors import StoreError
from state.kinds import Severity
from state.ledger import entries
from state.ledger.entries import Head
from state.ledger.stamp_roots import Trust
from state.ledger.stamps import Standing, standings
from state.model import Capture, PastFinding, Release, Verdict
from state.notes import Notes
from state.outbox import Outbox
from state.reading.disagreements import Disagreement, disagreements
from state.reading.finding_order import told_times
from state.reading.history import Archive
from state.reading.looks import Looks
from state.reading.statements import FINDING, Said, Statements, ToldFinding, past_of
from state.reading.visibility import ABSENT, Appearances, Edition, Presence
from state.search.query import Hit, Search
from state.serialisation.nouns import unpack
from state.serialisation.rows import CAPTURE, capture_of
from state.times import moment
from state.triage import Triage
from state.vocabulary import OPERATIONS


class Counts(Struct, frozen=True):
    """How much the archive holds; editions are what timelines show, see ``state.reading.visibility``."""

    releases: int
    captures: int


class SourceLine(Struct, frozen=True):
    """One source with when its page was last looked at and what that look showed; ``releases`` are editions."""

    source: str
    last_at: dt.datetime | None
    last_verdict: str | None
    releases: int
    newest_at: dt.datetime | None


class TimelineEntry(Struct, frozen=True):
    """One release on a timeline, with what was said about it.

    ``again`` counts the captures after it that brought other bytes and nothing else to see: nonces, banners.
    ``findings`` has what was said without a release too, such as that the document was withdrawn.
    """

    release: Release
    findings: tuple[PastFinding, ...]
    again: int = 0
    presence: Presence | None = None


class SeriesLine(Struct, frozen=True):
    """The timeline of one series, newest first; ``told`` is what was said of no document in it."""

    name: str
    entries: tuple[TimelineEntry, ...]
    told: tuple[PastFinding, ...] = ()

    def documents(self) -> tuple[tuple[TimelineEntry, ...], ...]:
        """The entries by document, where every file is one of its own; else all together."""
        groups: dict[str, list[TimelineEntry]] = {}
        for entry in self.entries:
            groups.setdefault(entry.release.document, []).append(entry)
        return tuple(map(tuple, groups.values()))


class Trouble(Struct, frozen=True):
    """A look that did not show whether the document is there, with why."""

    at: dt.datetime
    verdict: str
    reason: str
    url: str


class Captured(Struct, frozen=True):
    """The capture that brought a release, and its place in the chain; ``missing`` tells what was pruned."""

    capture: Capture
    seq: int
    entry: str  # sha256
    missing: str = ""


_PAGE = "page"
"""The name of the series that is the page itself, in every source file."""

_MINUTE = len("2026-02-03T04:05")  # characters of a time as stored, up to its minute


def _gravest_first(found: Iterable[PastFinding]) -> tuple[PastFinding, ...]:
    return tuple(sorted(found, key=lambda past: -past.finding.severity.rank))


class Browser:
    """Read-only questions over the archive at ``path``. Raises StoreError where there is none."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise StoreError(
                f"there is no archive at {path} yet: `monitor.py check` or `monitor.py demo` makes one"
            )
        self._db: Connection = open_archive(path, read_only=True)
        self.archive = Archive(self._db)
        self.looks = Looks(self._db)
        self.notes = Notes(self._db)
        self.triage = Triage(self._db)
        self.copies = ArchiveCopies(self._db)
        self.outbox = Outbox(self._db)
        self.appearances = Appearances(self._db)
        self.statements = Statements(self._db, self.archive, self.appearances)
        self._search = Search(self._db, self.archive, self.appearances)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()

    def counts(self) -> Counts:
        """How many editions and captures there are."""
        row = self._row("SELECT count(*) FROM look")
        assert row is not None
        return Counts(releases=len(self.appearances.all_editions()), captures=row[0])

    def head(self) -> Head:
        """The newest entry of the chain."""
        return entries.head(self._db)

    def stamp_standings(
        self, authorities: Sequence[str], *, trust: Trust, at: dt.datetime
    ) -> tuple[Standing, ...]:
        """How it stands with each authority that is asked for time stamps."""
        return tuple(standings(self._db, authorities, trust=trust, at=at))

    def sources(self) -> tuple[SourceLine, ...]:
        """All sources ever fetched, by name."""
        editions: dict[str, list[Edition]] = {}
        for edition in self.appearances.all_editions():
            editions.setdefault(edition.source, []).append(edition)
        return tuple(self._line(name, editions.get(name, [])) for name in self.archive.sources())

    def _line(self, source: str, editions: Sequence[Edition]) -> SourceLine:
        look = self._last_look(source)
        return SourceLine(
            source=source,
            last_at=moment(look[0]) if look else None,
            last_verdict=look[1] if look else None,
            releases=len(editions),
            newest_at=max((edition.first_at for edition in editions), default=None),
        )

    def _last_look(self, source: str) -> Sequence[Any] | None:
        """The newest look at the page itself; where none is known, at anything of the source."""
        own = "SELECT at, verdict FROM capture WHERE source = ? AND memento = 0"
        last = "id DESC LIMIT 1"
        newest = f"ORDER BY {last}"
        return (
            self._row(f"{own} AND series = ? {newest}", source, _PAGE)
            or self._row(f"{own} {newest}", source)
            or self._row(f"SELECT at, verdict FROM capture WHERE source = ? ORDER BY at DESC, {last}", source)
        )

    def findings(
        self, *, least: Severity = Severity.INFO, limit: int = 100, without: Collection[str] = ()
    ) -> tuple[PastFinding, ...]:
        """The findings for watchdogs from ``least`` on that were told last, newest first; of one minute, which is
        what people see of a time, gravest first. Those about the sources ``without`` are left out."""
        times = told_times(self._db, least=least)
        ranks = self._ranks()
        found: list[PastFinding] = []
        for number in sorted(times, key=lambda number: (times[number][:_MINUTE], ranks[number]), reverse=True):
            if len(found) == limit:
                break
            row = self._row(
                f"{FINDING} finding.latest WHERE finding.id = ? AND occurrence.retracted_at IS NULL", number
            )
            past = None if row is None else past_of(row, told_at=times[number])
            if past is not None and past.finding.kind not in OPERATIONS and past.finding.source not in without:
                found.append(past)
        return tuple(found)

    def _ranks(self) -> dict[int, tuple[int, int]]:
        """How grave every finding is as last said, by its number; of equals the one told first is higher."""
        rows = self._db.execute("SELECT id, severity FROM finding").fetchall()
        return {int(number): (Severity(severity).rank, -int(number)) for number, severity in rows}

    def open_conditions(self) -> tuple[PastFinding, ...]:
        """Conditions that stand open, those of operators too, gravest first."""
        rows = self._db.execute(f"{FINDING} finding.latest WHERE finding.state = 'open'").fetchall()
        return tuple(sorted(map(past_of, rows), key=lambda past: (-past.finding.severity.rank, past.first_at)))

    def timeline(self, source: str) -> tuple[SeriesLine, ...]:
        """Every series of a source with its editions, newest first, and what was said above info."""
        entries: dict[str, list[TimelineEntry]] = {}
        newest: dict[str, tuple[str, int]] = {}
        for edition, presence in self.appearances.presences(self.appearances.editions(source)):
            own = entries.setdefault(edition.series, [])
            told = tuple(past for past in self._said_of(edition.ids[0]) if past.finding.severity != Severity.INFO)
            newest[edition.url] = (edition.series, len(own))
            own.append(TimelineEntry(self.archive.release(edition.ids[0]), told, len(edition.ids) - 1, presence))
        apart: dict[str, list[PastFinding]] = {}
        for past in self._without_release(source):
            places = [newest[url] for url in self.statements.addresses(past.finding) if url in newest]
            for series, place in places:
                entry = entries[series][place]
                entries[series][place] = replace(entry, findings=_gravest_first((*entry.findings, past)))
            if not places:
                apart.setdefault(past.finding.series or "", []).append(past)
        return tuple(
            SeriesLine(
                name,
                _newest_first(entries.get(name, ())),
                _gravest_first(apart.get(name, ())),
            )
            for name in sorted(entries.keys() | apart.keys())
        )

    def _without_release(self, source: str) -> tuple[PastFinding, ...]:
        """What was said above info for watchdogs of looks alone, such as that a document is gone."""
        rows = self._db.execute(
            f"{FINDING} finding.latest WHERE finding.source = ? AND occurrence.release IS NULL"
            " AND occurrence.retracted_at IS NULL"
            f" AND finding.severity <> ? AND kind NOT IN ({_marks(sorted(OPERATIONS))}) ORDER BY finding.id",
            [source, Severity.INFO.value, *sorted(OPERATIONS)],
        ).fetchall()
        return tuple(map(past_of, rows))

    def disagreements(self, source: str) -> Mapping[str, tuple[Disagreement, ...]]:
        """By release, the dates that speak against its place among those of its series."""
        return disagreements(self._db, source)

    def troubles(self, source: str, *, limit: int) -> tuple[Trouble, ...]:
        """The newest looks that showed nothing of a document, newest first.

        A look that saw that a document is gone is on the document's own line, unless it never had a release.
        """
        good = [verdict.value for verdict in Verdict if verdict.good]
        absent = [verdict.value for verdict in ABSENT]
        rows = self._db.execute(
            f"SELECT at, verdict, reason, url FROM capture WHERE source = ? AND verdict NOT IN ({_marks(good)})"
            f" AND (verdict NOT IN ({_marks(absent)}) OR NOT EXISTS (SELECT 1 FROM capture AS had"
            " JOIN release ON release.capture = had.id WHERE had.url = capture.url"
            " AND had.source = capture.source)) ORDER BY at DESC, id DESC LIMIT ?",
            [source, *good, *absent, limit],
        ).fetchall()
        return tuple(Trouble(moment(at), verdict, reason or "", url) for at, verdict, reason, url in rows)

    def finding(self, id: str) -> ToldFinding | None:
        """The event of this name, or what was said last of the statement with this fingerprint."""
        return self.statements.finding(id)

    def events(self, id: str) -> tuple[Said, ...]:
        """All that was ever said of the statement with this fingerprint, the newest first."""
        return self.statements.events(id)

    def presence(self, release: str) -> Presence:
        """From when to when what a release says was shown. The release must be there."""
        return self.appearances.presence(self.appearances.edition_of(release))

    def captured(self, release: str) -> Captured:
        """The capture that brought a release: headers, redirects, peer, and its entry. It must be there."""
        row = self._row(
            "SELECT capture.id, ledger.seq, ledger.entry, headers, redirects FROM release"
            " JOIN capture ON capture.id = release.capture JOIN ledger ON ledger.capture = capture.id"
            " WHERE release.id = ?",
            release,
        )
        assert row is not None
        number, seq, entry, *parts = row
        capture = capture_of(tuple(self._row(f"{CAPTURE} WHERE id = ?", number) or ()))
        try:
            headers, redirects = (self._pairs(part) for part in parts)
        except StoreError as error:
            return Captured(capture, seq, entries.entry_of(entry), missing=str(error))
        hops = tuple((int(status), str(url)) for status, url in redirects)
        fields = tuple((str(name), str(value)) for name, value in headers)
        return Captured(replace(capture, headers=fields, redirects=hops), seq, entries.entry_of(entry))

    def _pairs(self, snapshot: int | None) -> list[Any]:
        row = self._row("SELECT sha256 FROM snapshot WHERE id = ?", snapshot)
        return [] if row is None else cast("list[Any]", json.loads(self.archive.body(row[0])))

    def findings_of(self, release: str) -> tuple[PastFinding, ...]:
        """What was said about a release, gravest first; of the newest of its address, what looks showed too."""
        known = self.archive.release(release)
        newest = self.statements.copy(known.source, known.url)
        apart: tuple[PastFinding, ...] = ()
        if newest is not None and newest.release.id in self.appearances.edition_of(release).ids:
            alone = self._without_release(known.source)
            apart = tuple(past for past in alone if known.url in self.statements.addresses(past.finding))
        found = (*apart, *self._said_of(release))
        return _gravest_first(found)

    def _said_of(self, release: str) -> tuple[PastFinding, ...]:
        rows = self._db.execute(
            "SELECT occurrence.body, finding.first_at, finding.last_at, finding.occurrences, finding.state"
            " FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            " JOIN release ON release.no = occurrence.release"
            " WHERE release.id = ? AND occurrence.retracted_at IS NULL",
            [release],
        ).fetchall()
        return _gravest_first(map(past_of, rows))

    def view(self, release: str) -> Mapping[str, Any] | None:
        """What differs from the release before, side by side; None for a first release."""
        row = self._row("SELECT data FROM view JOIN release ON release.no = view.release WHERE id = ?", release)
        return None if row is None else cast("Mapping[str, Any]", unpack(row[0]))

    def media_type(self, sha256: str) -> str | None:
        """What the publisher said a body is; None where no capture has it."""
        row = self._row(
            "SELECT media_type FROM capture JOIN snapshot ON snapshot.id = capture.body WHERE sha256 = ? LIMIT 1",
            sha256,
        )
        return None if row is None else str(row[0] or "application/octet-stream")

    def sources_of(self, sha256: str) -> frozenset[str]:
        """The sources that ever showed a body with this digest."""
        rows = self._db.execute(
            "SELECT DISTINCT source FROM capture JOIN snapshot ON snapshot.id = capture.body WHERE sha256 = ?",
            [sha256],
        ).fetchall()
        return frozenset(str(row[0]) for row in rows)

    def private(self) -> frozenset[str]:
        """Sources whose file said, when they were fetched last, that they are not for the public."""
        rows = self._db.execute("SELECT source FROM publication WHERE public = 0").fetchall()
        return frozenset(str(row[0]) for row in rows)

    def name(self, sha256: str) -> str:
        """What the publisher called a body: its file name, else its address; "" where no capture has it."""
        row = self._row(
            "SELECT coalesce(nullif(file_name, ''), url) FROM capture JOIN snapshot ON snapshot.id = capture.body"
            " WHERE sha256 = ? ORDER BY capture.id LIMIT 1",
            sha256,
        )
        return "" if row is None else str(row[0])

    def search(self, words: str, *, limit: int) -> tuple[Hit, ...]:
        """Passages of any version that hold all the words, the latest first."""
        return self._search.passages(words, limit=limit)

    def _row(self, statement: str, *values: object) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._db.execute(statement, list(values)).fetchone()
        return row


def _newest_first(entries: Sequence[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """Entries of one document in its one order, newest first; those of several as they were first seen."""
    if len({entry.release.document for entry in entries}) < 2:
        return tuple(reversed(entries))
    return tuple(sorted(entries, key=lambda entry: entry.release.at, reverse=True))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)
