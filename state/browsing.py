"""Questions that the archive's pages ask: what stands on them, in the order in which it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, cast

from sqlite_utils import Database

from state.copies import Copies
from state.errors import StoreError
from state.history import Archive
from state.kinds import OPERATIONS, Severity
from state.model import ConditionState, PastFinding, Release, Verdict
from state.notes import Notes
from state.outbox import Outbox
from state.records import unpack, unpack_finding
from state.schema import open_archive
from state.times import moment


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the archive holds."""

    releases: int
    captures: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source with when it was last looked at and what that look showed."""

    source: str
    last_at: dt.datetime | None
    last_verdict: str | None
    releases: int
    newest_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One release on a timeline, with what was said about it.

    ``again`` counts the captures after it that brought other bytes and nothing else to see: nonces, banners.
    """

    release: Release
    findings: tuple[PastFinding, ...]
    again: int = 0


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """The timeline of one series, newest first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fetch that showed no document, with why."""

    at: dt.datetime
    verdict: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding with the releases that it compares; None where it rests on captures alone."""

    past: PastFinding
    before: Release | None
    after: Release | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that holds the words searched for, and the release in which it was first seen."""

    text: str
    section: str
    release: str
    source: str
    at: dt.datetime


_FINDING = (
    "SELECT occurrence.body, finding.first_at, finding.last_at, finding.occurrences, finding.state"
    " FROM finding JOIN occurrence ON occurrence.id = "
)


class Browser:
    """Read-only questions over the archive at ``path``. Raises StoreError where there is none."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise StoreError(
                f"there is no archive at {path} yet: `monitor.py check` or `monitor.py demo` makes one"
            )
        self._db: Database = open_archive(path, read_only=True)
        self.archive = Archive(self._db)
        self.notes = Notes(self._db)
        self.copies = Copies(self._db)
        self.outbox = Outbox(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()

    def counts(self) -> Counts:
        """How many releases and captures there are."""
        row = self._row("SELECT (SELECT count(*) FROM release), (SELECT count(*) FROM capture)")
        assert row is not None
        return Counts(releases=row[0], captures=row[1])

    def sources(self) -> tuple[SourceLine, ...]:
        """All sources ever fetched, by name."""
        rows = self._db.execute(
            "SELECT source, max(at), (SELECT verdict FROM capture AS newest WHERE newest.source = capture.source"
            " ORDER BY at DESC, id DESC LIMIT 1),"
            " (SELECT count(*) FROM release WHERE release.source = capture.source),"
            " (SELECT max(at) FROM release WHERE release.source = capture.source)"
            " FROM capture GROUP BY source ORDER BY source"
        ).fetchall()
        return tuple(
            SourceLine(
                source=source,
                last_at=moment(last_at) if last_at else None,
                last_verdict=verdict,
                releases=releases,
                newest_at=moment(newest) if newest else None,
            )
            for source, last_at, verdict, releases, newest in rows
        )

    def findings(self, *, least: Severity = Severity.INFO, limit: int = 100) -> tuple[PastFinding, ...]:
        """The latest findings for watchdogs from ``least`` on, newest first."""
        wanted = [severity.value for severity in Severity if severity.rank >= least.rank]
        rows = self._db.execute(
            f"{_FINDING} finding.latest WHERE finding.severity IN ({_marks(wanted)})"
            f" AND kind NOT IN ({_marks(sorted(OPERATIONS))}) ORDER BY last_at DESC, finding.id DESC LIMIT ?",
            [*wanted, *sorted(OPERATIONS), limit],
        ).fetchall()
        return tuple(_past(row) for row in rows)

    def open_conditions(self) -> tuple[PastFinding, ...]:
        """Conditions that stand open, those of operators too, gravest first."""
        rows = self._db.execute(f"{_FINDING} finding.latest WHERE finding.state = 'open'").fetchall()
        return tuple(sorted(map(_past, rows), key=lambda past: (-past.finding.severity.rank, past.first_at)))

    def timeline(self, source: str) -> tuple[SeriesLine, ...]:
        """Every series of a source with its releases, newest first, and what was said above info."""
        series: dict[str, dict[str, list[Entry]]] = {}
        seen: dict[tuple[str, str], str] = {}
        for release in self.archive.releases(source):
            facts = self.archive.facts(release, tables=False)
            told = self.findings_of(release.id)
            graver = tuple(past for past in told if past.finding.severity is not Severity.INFO)
            stream = (release.series, release.document)
            entries = series.setdefault(release.series, {}).setdefault(release.document, [])
            content = facts.content if facts else ""
            if entries and content and content == seen.get(stream) and not graver:
                entries[-1] = replace(entries[-1], again=entries[-1].again + 1)
            else:
                entries.append(Entry(release, graver))
            seen[stream] = content
        return tuple(
            SeriesLine(name, _newest_first(documents.values())) for name, documents in sorted(series.items())
        )

    def troubles(self, source: str, *, limit: int) -> tuple[Trouble, ...]:
        """The newest captures of a source that showed no document, newest first."""
        good = [verdict.value for verdict in Verdict if verdict.good]
        rows = self._db.execute(
            f"SELECT at, verdict, reason, url FROM capture WHERE source = ? AND verdict NOT IN ({_marks(good)})"
            " ORDER BY at DESC, id DESC LIMIT ?",
            [source, *good, limit],
        ).fetchall()
        return tuple(Trouble(moment(at), verdict, reason or "", url) for at, verdict, reason, url in rows)

    def finding(self, id: str) -> ToldFinding | None:
        """The finding with this fingerprint, as last said."""
        row = self._row(f"{_FINDING} finding.latest WHERE fingerprint = ?", id)
        if row is None:
            return None
        place = self._row(
            "SELECT release.id FROM finding JOIN occurrence ON occurrence.id = finding.latest"
            " JOIN release ON release.no = occurrence.release WHERE fingerprint = ?",
            id,
        )
        after = self.archive.release(place[0]) if place else None
        return ToldFinding(_past(row), self.archive.previous(after) if after else None, after)

    def findings_of(self, release: str) -> tuple[PastFinding, ...]:
        """What was said about a release, gravest first."""
        rows = self._db.execute(
            "SELECT occurrence.body, finding.first_at, finding.last_at, finding.occurrences, finding.state"
            " FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            " JOIN release ON release.no = occurrence.release WHERE release.id = ?",
            [release],
        ).fetchall()
        return tuple(sorted((_past(row) for row in rows), key=lambda past: -past.finding.severity.rank))

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

    def search(self, words: str, *, limit: int) -> tuple[Hit, ...]:
        """Passages of any version that hold all the words, the latest first."""
        quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in words.split())
        if not quoted:
            return ()
        rows = self._db.execute(
            "SELECT text.words, text.heading, release.id, release.source, release.at FROM text_search"
            " JOIN text ON text.id = text_search.rowid JOIN text_seen ON text_seen.text = text.id"
            " JOIN release ON release.no = text_seen.first WHERE text_search MATCH ?"
            " ORDER BY text_search.rowid DESC LIMIT ?",
            [quoted, limit],
        ).fetchall()
        hits = {
            (source, section, shown): Hit(shown, section, release, source, moment(at))
            for text, section, release, source, at in rows
            for shown in _lines_with(words, text)
        }
        return tuple(hits.values())

    def _row(self, statement: str, *values: object) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._db.execute(statement, list(values)).fetchone()
        return row


def _lines_with(words: str, text: str) -> list[str]:
    """The lines of a text that hold all words: one row label of many; the whole text where none does."""
    sought = words.casefold().replace('"', " ").split()
    lines = [line for line in text.split("\n") if all(word in line.casefold() for word in sought)]
    return lines or [text]


def _newest_first(documents: Iterable[Sequence[Entry]]) -> tuple[Entry, ...]:
    entries = (entry for document in documents for entry in document)
    return tuple(sorted(entries, key=lambda entry: entry.release.at, reverse=True))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)


def _past(row: Sequence[Any]) -> PastFinding:
    body, first_at, last_at, occurrences, state = row
    return PastFinding(unpack_finding(body), moment(first_at), moment(last_at), occurrences, ConditionState(state))
