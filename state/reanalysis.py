"""Releases read again by today's reader and rules: what is kept in place of what was, and what is said otherwise.

Facts, figures, side-by-side views and the texts for search are made anew. What was said stays said: a finding
that is new is kept as of the day of its release, and a note beside it says when it was said; a finding that is no
longer raised gets a note too, see ``state.reading.as_of``, and is retracted: those who were told of it are told
so. Nobody else is alerted, and conditions stand as they stood.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from state.database import transaction
from state.derived import Readings
from state.document import Text
from state.errors import StoreError
from state.findings import Findings, Subject
from state.model import Alert, Finding, Reading, Release, ReleaseFacts
from state.naming import Naming
from state.outbox import enqueue
from state.reading.as_of import AUTHOR, NO_LONGER, NOW_ALSO, OF_LOOKS, Retrospect
from state.reading.history import Archive
from state.search.intervals import Spans
from state.serialisation.nouns import storable
from state.times import moment, stamp

TellBack = Callable[[Sequence[Finding], Release | None], Sequence[Alert]]
"""Who is to be told that findings of a release (None: of a series) do not follow any more."""


def _nobody(findings: Sequence[Finding], release: Release | None) -> Sequence[Alert]:
    del findings, release
    return ()


class Difference(Struct, frozen=True):
    """What today's rules say of a release otherwise than was said before, gravest first."""

    now_also: tuple[Finding, ...] = ()
    no_longer: tuple[Finding, ...] = ()


THE_SAME: Final = Difference()


class Reanalyses:
    """Writes what became of releases that were read again, each in a transaction of its own.

    ``past`` answers what a release is to be judged by.
    """

    def __init__(
        self, db: Connection, archive: Archive, readings: Readings, findings: Findings, *, tries: int
    ) -> None:
        self._db = db
        self._readings = readings
        self._findings = findings
        self._spans = Spans(db, archive)
        self._naming = Naming(db)
        self._archive = archive
        self.past = Retrospect(db, tries=tries)

    def begin(self, source: str, series: str, *, since: str = "") -> None:
        """Make ready for the releases of a series, which must come in the order of time."""
        with transaction(self._db, durable=False):
            self._spans.begin(source, series, since=since)

    def keep(
        self,
        release: Release,
        *,
        facts: ReleaseFacts,
        view: Mapping[str, object] | None,
        texts: Sequence[Text],
        findings: Sequence[Finding] | None,
        reading: Reading | None,
        at: dt.datetime,
        tell: TellBack = _nobody,
    ) -> Difference:
        """Keep what a release says today, read at ``at``, all or nothing.

        ``findings`` None: they are said later, by ``say``, because other releases must be read first.
        """
        number = self._number(release)
        with transaction(self._db, durable=False):
            self._readings.keep_facts(number, facts)
            if view is not None:
                self._readings.keep_view(number, view)
            if reading is not None:
                self._readings.keep_reading(release, number, reading)
            self._spans.reread(release, number, texts, facts)
            self._db.execute(
                "INSERT INTO judged (release, at) VALUES (?, ?)"
                " ON CONFLICT (release) DO UPDATE SET at = excluded.at, again = 0",
                [number, stamp(at)],
            )
            return THE_SAME if findings is None else self._say(release, number, findings, at=at, tell=tell)

    def say(
        self, release: Release, findings: Sequence[Finding], *, at: dt.datetime, tell: TellBack = _nobody
    ) -> Difference:
        """Keep what is to be said of a release that was kept before."""
        with transaction(self._db, durable=False):
            return self._say(release, self._number(release), findings, at=at, tell=tell)

    def say_together(
        self,
        releases: Sequence[Release],
        findings: Sequence[Finding],
        *,
        at: dt.datetime,
        tell: TellBack = _nobody,
    ) -> Difference:
        """Keep what several releases of one round share, which is said of their series."""
        source, series = releases[0].source, releases[0].series
        span = self.past.span(releases)
        subject = Subject(source=source, series=series)
        with transaction(self._db, durable=False):
            standing = self.past.standing(None, source=source, series=series, span=span)
            named = self._named(source, series, None, findings)
            now_also = [each for each in named if each.id not in {said.id for said in standing}]
            no_longer = [said for said in standing if said.id not in {each.id for each in named}]
            differing, of = Difference(tuple(now_also), tuple(no_longer)), f"{len(releases)} documents"
            told = self._differ(subject, span[0], differing, of=of, at=at)
            self._tell_back(no_longer, named, None, subject=subject, at=at, tell=tell)
            return told

    def _named(
        self, source: str, series: str, release: Release | None, findings: Sequence[Finding]
    ) -> tuple[Finding, ...]:
        named = self._naming.name(findings, source=source, series=series, release=release).findings
        return tuple(finding for finding in named if finding.kind not in OF_LOOKS)

    def pass_over(self, release: Release) -> None:
        """Leave a release as it was read before: its bytes are gone, or today's reader fails on it."""
        with transaction(self._db, durable=False):
            self._spans.pass_over(release, self._number(release))

    def finish(self, source: str, series: str, *, since: str = "") -> None:
        """Put the texts of a series, as they were read since ``begin``, in place of those there were."""
        with transaction(self._db, durable=False):
            self._spans.finish(source, series, since=since)

    def _say(
        self,
        release: Release,
        number: int,
        findings: Sequence[Finding],
        *,
        at: dt.datetime,
        tell: TellBack = _nobody,
    ) -> Difference:
        before = self._archive.previous(release)
        subject = Subject(
            source=release.source,
            series=release.series,
            document=release.document,
            release=number,
            before=None if before is None else self._number(before),
            readable=True,
        )
        day = stamp(release.at)
        standing = self.past.standing(number, source=release.source, series=release.series, span=(day, day))
        named = self._named(release.source, release.series, release, findings)
        now_also = [each for each in named if each.event not in {said.event for said in standing}]
        no_longer = [said for said in standing if said.event not in {each.event for each in named}]
        differing = Difference(tuple(now_also), tuple(no_longer))
        told = self._differ(subject, day, differing, of=f"release {release.id}", at=at)
        self._tell_back(no_longer, named, release, subject=subject, at=at, tell=tell)
        return told

    def _tell_back(
        self,
        no_longer: Sequence[Finding],
        named: Sequence[Finding],
        release: Release | None,
        *,
        subject: Subject,
        at: dt.datetime,
        tell: TellBack = _nobody,
    ) -> None:
        """Keep what tells that statements do not follow, for those who were told of them."""
        retractions = self._naming.retractions(
            no_longer, named, source=subject.source, series=subject.series, release=release
        )
        if retractions:
            self._findings.keep_past(retractions, subject=subject, at=at)
            enqueue(self._db, tell(retractions, release), at=at)

    def _differ(
        self, subject: Subject, first: str, differing: Difference, *, of: str, at: dt.datetime
    ) -> Difference:
        """Keep what is new, retract what is no longer raised, and note both ways."""
        now_also, no_longer = _gravest_first(differing.now_also), _gravest_first(differing.no_longer)
        self._findings.retract([each.event for each in no_longer if each.event], at=at)
        self._findings.keep_past(now_also, subject=subject, at=moment(first))
        for finding in now_also:
            words = f"{NOW_ALSO}: “{finding.title}”. Said when {of} was read again, not when it came out."
            self._note(finding, subject.release, words, at=at)
        for finding in no_longer:
            why = f"Reading {of} again, by today's rules and after what is before it now, does not show it."
            words = f"{NO_LONGER}: “{finding.title}”. {why}"
            self._note(finding, subject.release, words, at=at)
        return Difference(now_also, no_longer)

    def _note(self, finding: Finding, number: int | None, words: str, *, at: dt.datetime) -> None:
        self._db.execute(
            "INSERT INTO note (finding, release, author, words, at) VALUES (?, ?, ?, ?, ?)",
            [finding.id, number, AUTHOR, storable(words), stamp(at)],
        )

    def _number(self, release: Release) -> int:
        row = self._db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()
        if row is None:
            raise StoreError(f"the archive has no release {release.id}")
        return int(row[0])


def _gravest_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: -finding.severity.rank))
