"""The archive as a round writes it: captures first, then what was read from them and said of them.

``record`` makes the bytes safe before anyone reads them; ``report`` keeps findings and pending alerts in one
transaction, so that nothing is said twice and nothing said is lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection

from state.archive_copies import ArchiveCopies
from state.backup import copy_archive
from state.blobs.snapshots import Snapshots
from state.captures import Captures
from state.clock import Clock
from state.database import UNREADABLE, open_archive, transaction
from state.derived import Readings
from state.document import Text
from state.errors import StoreError
from state.findings import Findings, Subject
from state.incoming import Brought, Link, Look, document_of, portions_of, with_storable_texts
from state.ledger import entries, stamps
from state.ledger.entries import Head, head
from state.ledger.head_file import refuse_lost_tail, write_head_file
from state.ledger.verify import Verification, verify
from state.model import Alert, Capture, Finding, Reading, Release, ReleaseFacts, Source
from state.naming import Named, Naming
from state.notes import Notes
from state.outbox import Outbox, enqueue
from state.pruning import Plan, Policy, plan, prune, shrink
from state.reading.history import Archive
from state.reanalysis import Reanalyses
from state.release_order import Order
from state.search.texts import Texts, labels_of
from state.serialisation.nouns import storable
from state.times import stamp

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: none is taken for another
_ID_LENGTH = 10

JUDGING_TRIES = 100
"""How often a release is handed out to be judged before it is left alone: a day of rounds, a quarter of an hour
apart. So many because rounds that are killed, or run into a full disk, are tries too and not the release's fault.
"""

_OF_A_ROUND = 2  # judged.again: the late one came in a round

_SAME_ADDRESS = "+source = ? AND +series = ? AND url = ?"  # the plus: by address, not through all of a long series
_SAME_SERIES = "source = ? AND series = ? AND ? = 0"
_NEWEST = (
    "SELECT capture.id, snapshot.sha256 FROM capture JOIN snapshot ON snapshot.id = capture.body"
    " WHERE capture.id NOT IN (SELECT capture FROM questioned) AND"
)


class Store:
    """The archive at ``path``, opened for writing and made if need be; one thread at a time.

    ``archive`` answers questions, ``outbox`` sends, ``notes`` are people's, ``copies`` a web archive's, ``clock``
    is the machine's, ``reanalyses`` keep what releases of the past say to today's reader. All over one connection.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: Connection = open_archive(path)
        refuse_lost_tail(self._db, path)
        self._snapshots = Snapshots(self._db)
        self._captures = Captures(self._db)
        self.archive = Archive(self._db)
        self.outbox = Outbox(self._db)
        self.notes = Notes(self._db)
        self.copies = ArchiveCopies(self._db)
        self.clock = Clock(self._db)
        self._readings = Readings(self._db, self.archive)
        self._texts = Texts(self._db, self.archive)
        self._findings = Findings(self._db)
        self._order = Order(self._db)
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
        """Keep the captures of a round, with their ledger entries; return the releases they bring.

        A capture is a revisit, and no release, where its body equals the good capture before it, of the
        same address or of the whole series. A body equal to an older one only is a new release.
        """
        (recorded,) = self.record_together([Brought(Look(source), captures)])
        if isinstance(recorded, Exception):
            raise recorded
        return recorded

    def record_together(self, brought: Sequence[Brought]) -> list[list[Release] | Exception]:
        """``record`` for several looks at the cost of one transaction, some ``TOGETHER`` bytes at a time.

        Where that fails each is recorded by itself, so that what cannot be kept is the error of its own source.
        """
        recorded: list[list[Release] | Exception] = []
        for portion in portions_of(brought):
            try:
                recorded += self._record_portion(portion)
            except Exception as error:  # noqa: BLE001 - the boundary between sources: one by one shows whose it is
                recorded += [self._record_alone(each) for each in portion] if len(portion) > 1 else [error]
        return recorded

    def _record_alone(self, brought: Brought) -> list[Release] | Exception:
        try:
            return self._record_portion([brought])[0]
        except Exception as error:  # noqa: BLE001 - the boundary between sources
            return error

    def _record_portion(self, portion: Sequence[Brought]) -> list[list[Release]]:
        """All of it or nothing, also of what the looks know of themselves."""
        numbers = [each.look.number for each in portion]
        fresh = any(self._brings_bytes(each.captures) for each in portion)
        try:
            with transaction(self._db, durable=fresh):
                return [self._record_all(each) for each in portion]
        except BaseException:
            for each, number in zip(portion, numbers, strict=True):
                each.look.number = number
            raise

    def _brings_bytes(self, captures: Sequence[Capture]) -> bool:
        return any(capture.body and not self._snapshots.known(capture.body) for capture in captures)

    def _record_all(self, brought: Brought) -> list[Release]:
        look = brought.look
        if not look.number:
            self._note_publication(look.source)
            newest = self._db.execute("SELECT max(id) FROM look").fetchone()[0]
            look.number = (newest or 0) + 1  # one number for all captures of a look
        for links in (brought.links, *(capture.links for capture in brought.captures)):
            look.note_listed(links)
        self._note_links(look.source, brought.links, at=brought.at)
        releases = [self._record(look, capture) for capture in brought.captures]
        return [release for release in releases if release is not None]

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
            number = None if release is None else self._number(release)
            if release is not None and number is not None:
                if facts is not None:
                    self._readings.keep_facts(number, facts)
                if reading is not None:
                    self._readings.keep_reading(release, number, reading)
                if view is not None:
                    self._readings.keep_view(number, view)
                self._db.execute(
                    "INSERT INTO judged (release, at) VALUES (?, ?)"
                    " ON CONFLICT (release) DO UPDATE SET at = excluded.at, again = 0",
                    [number, stamp(at)],
                )
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

    def name(self, findings: Sequence[Finding], *, source: str, series: str, release: Release | None) -> Named:
        """The findings under the names of their events, and what they retract, see ``state.naming``."""
        return self._naming.name(findings, source=source, series=series, release=release)

    def unjudged(self, source: str, *, fresh: Sequence[Release] = (), past: bool = False) -> tuple[Release, ...]:
        """Releases of a source that were recorded and never reported on, oldest first.

        ``fresh`` are those just recorded. ``past`` asks for those that came from a web archive or from files saved
        earlier, which no round judges.

        The others are those whose round was killed before it had judged them. A release handed out
        ``JUDGING_TRIES`` times as the oldest of its document, without a report, is left alone, so that one that
        trips a bug does not cost its source every round.
        """
        rows = self._db.execute(
            "SELECT release.no, release.id, release.series, release.document FROM release_order AS release"
            " LEFT JOIN judged ON judged.release = release.no JOIN capture ON capture.id = release.capture"
            " WHERE release.source = ? AND judged.at IS NULL AND coalesce(judged.attempts, 0) < ?"
            " AND capture.memento = ? ORDER BY release.place, release.no",
            [source, JUDGING_TRIES, int(past)],
        ).fetchall()
        known = {release.id: release for release in fresh}
        oldest = {(series, document): (number, id) for number, id, series, document in reversed(rows)}
        again = [(number,) for number, id in oldest.values() if id not in known]
        if again:
            with transaction(self._db, durable=False):
                self._db.executemany(
                    "INSERT INTO judged (release, attempts) VALUES (?, 1)"
                    " ON CONFLICT (release) DO UPDATE SET attempts = attempts + 1",
                    again,
                )
        return tuple(known.get(id) or self.archive.release(id) for _, id, _, _ in rows)

    def put_in_question(self, release: Release, *, at: dt.datetime) -> None:
        """Take a release out of the order: what stands there is no release before a look of a later round says so.

        Its capture and its bytes stay. The page before it goes on to be the newest release.
        """
        with transaction(self._db, durable=False):
            number = self._number(release)
            self._order.take_out(number)
            self._db.execute(
                "INSERT OR IGNORE INTO questioned (release, capture, at)"
                " SELECT no, capture, ? FROM release WHERE no = ?",
                [stamp(at), number],
            )
            self._db.execute("UPDATE judged SET at = ? WHERE release = ?", [stamp(at), number])

    def undated(self, source: str) -> tuple[Release, ...]:
        """Releases whose date must be known before all of a source have their place: ``release_order``."""
        return tuple(map(self.archive.release, self._order.undated(source)))

    def settle(self, source: str, dates: Mapping[str, dt.date | None]) -> None:
        """Put all releases of a source in their one order; ``dates`` are those of which the undated ones speak."""
        with transaction(self._db, durable=False):
            self._order.settle(source, dates)

    def to_judge_again(self, source: str) -> tuple[tuple[Release, bool], ...]:
        """Releases that were judged before one that came late stood before them, in their one order.

        With each, whether the late one came in a round: then what is new of it is news. What a killed run took in
        of the past is judged first, by the next such run.
        """
        rows = self._db.execute(
            "SELECT release.id, judged.again FROM judged JOIN release_order AS release"
            " ON release.no = judged.release WHERE judged.again > 0 AND release.source = :source"
            " AND (judged.again = :live OR NOT EXISTS (SELECT 1 FROM placed AS earlier JOIN judged AS waits"
            " ON waits.release = earlier.release WHERE earlier.stream = release.stream"
            " AND earlier.place < release.place AND waits.at IS NULL AND waits.attempts < :tries))"
            " ORDER BY release.stream, release.place",
            {"source": source, "live": _OF_A_ROUND, "tries": JUDGING_TRIES},
        ).fetchall()
        return tuple((self.archive.release(id), again == _OF_A_ROUND) for id, again in rows)

    def body(self, sha256: str) -> bytes:
        """The bytes with this digest. Raises StoreError where they are missing or damaged."""
        return self._snapshots.get(sha256)

    @staticmethod
    def digest(body: bytes) -> str:
        """The digest under which a body is kept."""
        return hashlib.sha256(body).hexdigest()

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

    def stamp_due(self, *, at: dt.datetime) -> bool:
        """Whether the head has moved since it was stamped last, a day ago."""
        return stamps.due(self._db, at=at)

    def stamp_head(
        self, authorities: Sequence[str], *, post: stamps.Post, at: dt.datetime, roots: bytes = b""
    ) -> tuple[stamps.CheckedStamp, ...]:
        """Have the newest entry stamped by each authority and keep the replies."""
        return stamps.stamp_head(self._db, authorities, post=post, at=at, roots=roots)

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

    def _record(self, look: Look, capture: Capture) -> Release | None:
        source = look.source
        capture = with_storable_texts(capture)
        series = next((each for each in source.series if each.name == capture.series), None)
        document = document_of(source, series, capture)
        good = capture.verdict.good and bool(capture.body)
        alone = series is not None and series.each_file
        twin = self._revisited(capture, alone=alone) or (
            self._revisited_document(capture, document) if alone else None
        )
        number = self._insert_capture(capture, document, good=good, revisit_of=twin, together=look.number)
        entries.append(self._db, number)
        named = () if capture.link_text is None else ((capture.series, capture.url, capture.link_text),)
        self._note_links(source, (*named, *capture.links), at=capture.at, past=capture.memento)
        if not good or twin is not None or series is None:
            return None  # what belongs to no series, such as the further pages of a listing, has no releases
        listed = look.listed.get((capture.series, capture.url))
        return self._insert_release(capture, document, number, listed=listed)

    def _insert_capture(
        self, capture: Capture, document: str, *, good: bool, revisit_of: int | None, together: int
    ) -> int:
        chain = f"{capture.source}\n{capture.series}\n{document}\n{'' if good else 'failed'}"
        parts = {
            "headers": self._put_json(capture.headers, chain=f"headers\n{chain}"),
            "body": self._put(capture.body, chain=chain),
            "wire": self._put(capture.wire, chain=f"wire\n{chain}") if revisit_of is None else None,
            "certificate": self._put(capture.certificate, chain="certificates"),
            "redirects": self._put_json(capture.redirects, chain="redirects"),
            "revisit_of": revisit_of,
        }
        return self._captures.insert(capture, parts=parts, together=together)

    def _note_publication(self, source: Source) -> None:
        """Remember whether the source is for the public: an export must know when its file is gone."""
        row = self._db.execute("SELECT public FROM publication WHERE source = ?", [source.id]).fetchone()
        if row is None or bool(row[0]) is not source.public:
            self._db.execute(
                "INSERT OR REPLACE INTO publication (source, public) VALUES (?, ?)", [source.id, source.public]
            )

    def _put(self, data: bytes | None, *, chain: str) -> int | None:
        return self._snapshots.put(data, chain=chain) if data else None

    def _put_json(self, pairs: Sequence[tuple[object, ...]], *, chain: str) -> int | None:
        if not pairs:
            return None
        text = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
        return self._snapshots.put(text.encode("utf-8", "surrogatepass"), chain=chain)

    def _revisited(self, capture: Capture, *, alone: bool) -> int | None:
        """The good capture that this one only repeats: of its address, or of its series.

        ``alone``: each file is a document of its own, however alike two of them begin.
        """
        if not capture.verdict.good:
            return None
        digest = self.digest(capture.body) if capture.body else None
        for condition, value in ((_SAME_ADDRESS, capture.url), (_SAME_SERIES, int(alone))):
            row = self._good_before(capture, condition, value)
            if row is not None and (digest is None or row[1] == digest):
                return int(row[0])
        return None

    def _good_before(self, capture: Capture, condition: str, value: str | int) -> tuple[int, str] | None:
        """The good capture before one, with its digest: by their numbers, for mementos by their dates."""
        place: list[object] = [capture.source, capture.series, value]
        if not capture.memento:
            row = self._db.execute(
                f"{_NEWEST} {condition} AND verdict = 'present' AND +memento = 0 ORDER BY capture.id DESC LIMIT 1",
                place,
            ).fetchone()
            if row is not None:
                return int(row[0]), str(row[1])
        row = self._db.execute(
            f"{_NEWEST} {condition} AND verdict = 'present' AND at <= ? ORDER BY at DESC, capture.id DESC LIMIT 1",
            [*place, stamp(capture.at)],
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def _revisited_document(self, capture: Capture, document: str) -> int | None:
        """The capture of the same document under another token that this one only repeats."""
        newest = self.archive.last_release(capture.source, capture.series, document=document)
        if newest is None or not capture.verdict.good or newest.sha256 != self.digest(capture.body):
            return None
        row = self._db.execute("SELECT capture FROM release WHERE id = ?", [newest.id]).fetchone()
        return int(row[0])

    def _note_links(
        self, source: Source, links: Sequence[Link], *, at: dt.datetime | None, past: bool = False
    ) -> None:
        """Remember what was linked: the document captured, and all that a listing names."""
        if not links or at is None:
            return
        self._db.executemany(
            "INSERT INTO linked (source, series, url, text, first_at, last_at)"
            " VALUES (:source, :series, :url, :text, :at, :at)"
            " ON CONFLICT (source, series, url) DO UPDATE SET text = :text,"
            " last_at = CASE WHEN :past THEN max(last_at, :at) ELSE :at END,"
            " first_at = min(first_at, :at)",
            [
                {
                    "source": source.id,
                    "series": series,
                    "url": storable(url),
                    "text": storable(text),
                    "at": stamp(at),
                    "past": past,
                }
                for series, url, text in links
            ],
        )

    def _insert_release(self, capture: Capture, document: str, number: int, *, listed: int | None) -> Release:
        later = (
            capture.memento
            and self._db.execute(
                "SELECT 1 FROM release WHERE source = ? AND series = ? AND document = ? AND at > ? LIMIT 1",
                [capture.source, capture.series, document, stamp(capture.at)],
            ).fetchone()
        )
        release = Release(
            id="".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH)),
            source=capture.source,
            series=capture.series,
            url=capture.url,
            at=capture.at,
            sha256=self.digest(capture.body),
            media_type=capture.media_type,
            size=len(capture.body),
            document=document,
            file_name=capture.file_name,
            technical=bool(later),
        )
        inserted = self._db.execute(
            "INSERT INTO release (id, source, series, document, capture, at, technical)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                release.id,
                release.source,
                release.series,
                document,
                number,
                stamp(release.at),
                int(release.technical),
            ],
        )
        release_number = int(inserted.lastrowid or 0)
        # Who records a release judges it next: that is the first try.
        self._db.execute("INSERT INTO judged (release, attempts) VALUES (?, 1)", [release_number])
        stream = self._texts.stream_of(release)
        self._order.enter(release_number, number, capture, stream=stream, listed=listed)
        return release

    def _number_before(self, release: Release) -> int | None:
        before = self.archive.previous(release)
        return None if before is None else self._number(before)

    def _number(self, release: Release) -> int:
        row = self._db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()
        if row is None:
            raise StoreError(f"the archive has no release {release.id}")
        return int(row[0])
