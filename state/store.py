"""The archive as a round writes it: captures first, then what was read from them and said of them.

``record`` makes the bytes safe before anyone reads them; ``report`` keeps findings and pending alerts in one
transaction, so that nothing is said twice and nothing said is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection

from state.archive_copies import ArchiveCopies
from state.backup import copy_archive
from state.blobs.snapshots import Snapshots, body_digest
from state.clock import Clock
from state.database import open_archive, transaction
from state.derived import Readings
from state.document import Text
from state.errors import UNREADABLE
from state.findings import Findings, Subject
from state.incoming import Brought
from state.intake import Intake
from state.judging_queue import JUDGING_TRIES, JudgingQueue
from state.ledger import stamps
from state.ledger.entries import Head, head
from state.ledger.head_file import refuse_lost_tail, write_head_file
from state.ledger.stamp_checks import CheckedStamp
from state.ledger.stamp_roots import Trust
from state.ledger.verify import Verification, verify
from state.model import Alert, Capture, Finding, Reading, Release, ReleaseFacts, Source
from state.naming import Named, Naming
from state.notes import Notes
from state.outbox import Outbox, enqueue
from state.pruning import Plan, Policy, plan, prune, shrink
from state.reading.history import Archive
from state.reading.looks import Looks
from state.reanalysis import Reanalyses
from state.release_order import Order, number_of
from state.search.texts import Texts, labels_of
from state.triage import Triage


class Store:
    """The archive at ``path``, opened for writing and made if need be; one thread at a time.

    ``archive`` and ``looks`` answer questions, ``queue`` has what is to be judged, ``outbox`` sends, ``notes`` are
    people's, ``copies`` a web archive's, ``clock`` is the machine's, ``reanalyses`` keep what releases of the past
    say to today's reader. All over one connection.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: Connection = open_archive(path)
        refuse_lost_tail(self._db, path)
        self._snapshots = Snapshots(self._db)
        self.archive = Archive(self._db)
        self.looks = Looks(self._db)
        self.outbox = Outbox(self._db)
        self.notes = Notes(self._db)
        self.triage = Triage(self._db)
        self.copies = ArchiveCopies(self._db)
        self.clock = Clock(self._db)
        self._readings = Readings(self._db, self.archive)
        self._texts = Texts(self._db, self.archive)
        self._findings = Findings(self._db)
        order = Order(self._db)
        self.queue = JudgingQueue(self._db, self.archive, order)
        self._intake = Intake(self._db, self._snapshots, self.archive, self._texts, order)
        self._naming = Naming(self._db)
        self.reanalyses = Reanalyses(self._db, self.archive, self._readings, self._findings, tries=JUDGING_TRIES)

    def close(self) -> None:
        """Let go of the database, and leave the head of its chain beside it."""
        try:
            newest = head(self._db)
        except UNREADABLE:  # a damaged file has no end to be told
            newest = None
        self._db.close()
        if newest is not None:
            write_head_file(self.path, newest)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                self.index_texts()
        finally:
            self.close()

    def index_texts(self) -> None:
        """Make what was reported of releases found by a search: at the end of a round, for many texts at once."""
        with transaction(self._db, durable=False):
            self._texts.index()

    def record(self, source: Source, captures: Sequence[Capture]) -> list[Release]:
        """Keep the captures of a round; return the releases they bring. See ``state.intake``."""
        return self._intake.record(source, captures)

    def record_together(self, brought: Sequence[Brought]) -> list[list[Release] | Exception]:
        """``record`` for several looks; what cannot be kept is the error of its own source."""
        return self._intake.record_together(brought)

    def take_back(self, source: Source, capture: Capture, *, revisit_of: int | None, at: dt.datetime) -> Head:
        """Enter a capture of an export again; returns its number in a chain that is the archive's own.

        See ``state.intake``; ``revisit_of`` is the number of the look that it found again.
        """
        with transaction(self._db, durable=False):
            self._intake.take_back(source, capture, revisit_of=revisit_of, at=at)
        return head(self._db)

    def report(
        self,
        *,
        source: str,
        series: str,
        release: Release | None = None,
        facts: ReleaseFacts | None = None,
        reading: Reading | None = None,
        texts: Sequence[Text] = (),
        view: Mapping[str, object] | None = None,
        findings: Sequence[Finding] = (),
        retracted: Sequence[str] = (),
        retractions: Sequence[Finding] = (),
        alerts: Sequence[Alert] = (),
        at: dt.datetime,
        past: bool = False,
    ) -> None:
        """Keep what a judged round said of a series, all or nothing.

        ``release`` is None in a round without a new one, ``facts`` where the release could not be read.
        ``reading`` is kept for the newest release of the series, so that it need not be read again when the
        next one comes; ``texts`` are for search; ``view`` is what differs from the release before,
        as a page shows it. Conditions of the series that were judged and not raised again are closed,
        except by what is said of the ``past``, which leaves conditions as they stand.
        ``retracted`` are events that no longer follow, ``retractions`` tell so, also of the past.
        Findings without an event get one, see ``name``.
        """
        if any(finding.event is None for finding in findings):
            findings = self.name(findings, source=source, series=series, release=release).findings
        if release is None and not (findings or alerts or self._findings.stand_open(source, series)):
            return  # as in most rounds: nothing to keep, no need to wait for the write lock
        with transaction(self._db, durable=False):
            number = None if release is None else number_of(self._db, release)
            if release is not None and number is not None:
                self._keep_read(release, number, facts=facts, reading=reading, view=view)
                self.queue.mark_judged(number, at=at)
                self._texts.keep(release, number, [*texts, *labels_of(facts)])
            subject = Subject(
                source=source,
                series=series,
                document="" if release is None else release.document,
                release=number,
                before=self._number_before(release) if findings and release is not None else None,
                readable=facts is not None,
            )
            self._findings.retract(retracted, at=at)
            self._findings.keep_past(retractions, subject=subject, at=at)
            if past:
                self._findings.keep_past(findings, subject=subject, at=at)
                enqueue(self._db, alerts, at=at)
                return
            told = self._findings.keep(findings, subject=subject, at=at)
            enqueue(self._db, [alert for alert in alerts if alert.finding not in told], at=at)

    def _keep_read(
        self,
        release: Release,
        number: int,
        *,
        facts: ReleaseFacts | None,
        reading: Reading | None,
        view: Mapping[str, object] | None,
    ) -> None:
        if facts is not None:
            self._readings.keep_facts(number, facts)
        if reading is not None:
            self._readings.keep_reading(release, number, reading)
        if view is not None:
            self._readings.keep_view(number, view)

    def name(self, findings: Sequence[Finding], *, source: str, series: str, release: Release | None) -> Named:
        """The findings under the names of their events, and what they retract, see ``state.naming``."""
        return self._naming.name(findings, source=source, series=series, release=release)

    def body(self, sha256: str) -> bytes:
        """The bytes with this digest. Raises StoreError where they are missing or damaged."""
        return self._snapshots.get(sha256)

    @staticmethod
    def digest(body: bytes) -> str:
        """The digest under which a body is kept."""
        return body_digest(body)

    def reading(self, release: Release) -> Reading | None:
        """The reading that was kept of a release, if it is still the newest of its series."""
        row = self._db.execute(
            "SELECT extractor, data FROM reading JOIN release ON release.no = reading.release"
            " WHERE reading.source = ? AND reading.series = ? AND reading.document = ? AND release.id = ?",
            [release.source, release.series, release.document, release.id],
        ).fetchone()
        return None if row is None else Reading(*row)

    def last_release(self, source: str, series: str, *, document: str = "") -> Release | None:
        """The newest release of a series (of one document of it), by time."""
        return self.archive.last_release(source, series, document=document)

    def previous(self, release: Release) -> Release | None:
        """The release that this one is to be compared with; None for a baseline."""
        return self.archive.previous(release)

    def verify(self, *, known: Head | None = None) -> Verification:
        """Check the chain and every byte; ``known`` is a head that was kept elsewhere."""
        return verify(self._db, known=known)

    def stamps_due(self, authorities: Sequence[str], *, at: dt.datetime) -> tuple[str, ...]:
        """The authorities that are to stamp the head now."""
        return stamps.due(self._db, authorities, at=at)

    def stamp_head(
        self, authorities: Sequence[str], *, post: stamps.Post, at: dt.datetime, trust: Trust
    ) -> tuple[CheckedStamp, ...]:
        """Have the newest entry stamped by each authority and keep the replies."""
        return stamps.stamp_head(self._db, authorities, post=post, at=at, trust=trust)

    def stamp_standings(
        self, authorities: Sequence[str], *, at: dt.datetime, trust: Trust
    ) -> tuple[stamps.Standing, ...]:
        """How it stands with each authority."""
        return tuple(stamps.standings(self._db, authorities, trust=trust, at=at))

    def plan_pruning(self, policy: Policy, *, before: dt.datetime, sources: Sequence[str] = ()) -> Plan:
        """What a policy would let go."""
        return plan(self._db, policy, before=before, sources=sources)

    def prune(self, planned: Plan, *, at: dt.datetime, progress: Callable[[int, int], None] | None = None) -> None:
        """Let go what was planned, with a tombstone each."""
        prune(self._db, planned, at=at, progress=progress)

    def shrink(self) -> None:
        """Give freed room back to the file system."""
        shrink(self._db)

    def backup(self, target: Path, *, progress: Callable[[int, int], None] | None = None) -> None:
        """Write a whole copy to a new file, while others go on writing."""
        copy_archive(self._db, target, progress=progress)

    def _number_before(self, release: Release) -> int | None:
        before = self.archive.previous(release)
        return None if before is None else number_of(self._db, before)
