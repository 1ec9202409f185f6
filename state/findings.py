"""What was said: findings under their fingerprints, their occurrences, conditions that open and close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from sqlite3 import Connection

from msgspec import Struct

from state.events import retraction_of
from state.kinds import Severity
from state.model import ConditionState, Finding, Verdict
from state.serialisation.nouns import pack_finding, storable
from state.times import stamp
from state.vocabulary import CONDITIONS, OPERATIONS


class Subject(Struct, frozen=True):
    """What a round judged: a series or one document of it, perhaps with a new release."""

    source: str
    series: str
    document: str = ""
    release: int | None = None  # its number in the archive
    before: int | None = None  # the number of the one that it was compared with
    readable: bool = False  # whether that release could be read


class Findings:
    """Writes findings; every call belongs inside a transaction of the caller."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def stand_open(self, source: str, series: str) -> bool:
        """Whether any condition of a series stands open."""
        row = self._db.execute(
            "SELECT 1 FROM finding WHERE source = ? AND series = ? AND state = 'open' LIMIT 1", [source, series]
        ).fetchone()
        return row is not None

    def keep_past(self, findings: Sequence[Finding], *, subject: Subject, at: dt.datetime) -> None:
        """Keep what was said of a release of the past, once; conditions stand as today's rounds left them."""
        for finding in findings:
            if finding.kind not in CONDITIONS:
                self._keep(finding, subject=subject, at=at, past=True)

    def retract(self, events: Sequence[str], *, at: dt.datetime) -> None:
        """Note that these no longer follow; they are not altered, and what their statements said before stands."""
        for event in events:
            self._db.execute(
                "UPDATE occurrence SET retracted_at = ? WHERE event = ? AND retracted_at IS NULL",
                [stamp(at), event],
            )
            self._db.execute(
                "UPDATE finding SET latest = coalesce((SELECT said.id FROM occurrence AS said"
                " WHERE said.finding = finding.id AND said.retracted_at IS NULL ORDER BY said.at DESC,"
                " said.id DESC LIMIT 1), latest) WHERE id = (SELECT finding FROM occurrence WHERE event = ?)",
                [event],
            )

    def _says_again(self, finding: Finding, *, at: dt.datetime) -> bool:
        """Whether an event was said before; one that was retracted stands again, what retracted it does not."""
        row = self._db.execute("SELECT retracted_at FROM occurrence WHERE event = ?", [finding.event]).fetchone()
        if row is not None and row[0] is not None:
            self._db.execute("UPDATE occurrence SET retracted_at = NULL WHERE event = ?", [finding.event])
            source, series = finding.source or "", finding.series or ""
            told = retraction_of(finding.event or "", source=source, series=series)
            self.retract(self._events_of(told), at=at)
        return row is not None

    def _events_of(self, statement: str) -> list[str]:
        rows = self._db.execute(
            "SELECT event FROM occurrence JOIN finding ON finding.id = occurrence.finding WHERE fingerprint = ?"
            " AND retracted_at IS NULL",
            [statement],
        ).fetchall()
        return [event for (event,) in rows]

    def keep(self, findings: Sequence[Finding], *, subject: Subject, at: dt.datetime) -> frozenset[str]:
        """Keep what was said of ``subject`` and close the conditions that were judged and not raised again.

        Returns the ids of conditions that only go on, no graver than before: they have been told already.
        """
        standing = {each.id for each in findings if self._keep(each, subject=subject, at=at, past=False)}
        self._close(subject, raised=frozenset(finding.id for finding in findings), at=at)
        return frozenset(standing)

    def _keep(self, finding: Finding, *, subject: Subject, at: dt.datetime, past: bool) -> bool:
        row = self._db.execute(
            "SELECT id, state, severity, title FROM finding WHERE fingerprint = ?", [finding.id]
        ).fetchone()
        said = finding.event is not None and self._says_again(finding, at=at)
        if said and finding.kind not in CONDITIONS:
            return False
        number = self._insert(finding, subject, at) if row is None else row[0]
        if row is not None:
            self._again(finding, number, subject, at, past=past)
        goes_on = row is not None and row[1] == ConditionState.OPEN and row[2] == finding.severity
        if not said and (not goes_on or row[3] != finding.title):
            self._occur(
                finding, number, subject, at, past=past
            )  # what only goes on is one, however many rounds see it
        return row is not None and row[1] == ConditionState.OPEN and finding.severity.rank <= Severity(row[2]).rank

    def _insert(self, finding: Finding, subject: Subject, at: dt.datetime) -> int:
        cursor = self._db.execute(
            "INSERT INTO finding (fingerprint, source, series, document, kind, severity, title,"
            " first_at, last_at, occurrences, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
            [
                finding.id,
                subject.source,
                subject.series,
                subject.document,
                finding.kind,
                finding.severity,
                storable(finding.title),
                stamp(at),
                stamp(at),
                _state(finding),
            ],
        )
        return int(cursor.lastrowid or 0)

    def _again(self, finding: Finding, number: int, subject: Subject, at: dt.datetime, *, past: bool) -> None:
        """What a round says is said last, whatever the clock says; what is said of the past stands there."""
        self._db.execute(
            "UPDATE finding SET first_at = min(first_at, :at), occurrences = occurrences + 1 WHERE id = :id",
            {"at": stamp(at), "id": number},
        )
        self._db.execute(
            "UPDATE finding SET severity = ?, title = ?, last_at = ?, closed_at = NULL, state = ?, document = ?"
            " WHERE id = ? AND (? OR last_at <= ?)",
            [
                finding.severity,
                storable(finding.title),
                stamp(at),
                _state(finding),
                subject.document,
                number,
                not past,
                stamp(at),
            ],
        )

    def _occur(self, finding: Finding, number: int, subject: Subject, at: dt.datetime, *, past: bool) -> None:
        capture = self._newest_capture(subject)
        cursor = self._db.execute(
            "INSERT INTO occurrence (finding, at, release, before, capture, severity, body, event)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(number, stamp(at), subject.release, subject.before, capture),
                *(finding.severity, pack_finding(finding), finding.event),
            ],
        )
        self._db.execute(
            "UPDATE finding SET latest = ? WHERE id = ? AND (? OR latest IS NULL OR"
            " EXISTS (SELECT 1 FROM occurrence AS said WHERE said.id = finding.latest"
            " AND (said.at <= ? OR said.retracted_at IS NOT NULL)))",
            [cursor.lastrowid, number, not past, stamp(at)],
        )

    def _newest_capture(self, subject: Subject) -> int | None:
        """The capture that a statement rests on: the release's own, else the newest of the series."""
        if subject.release is not None:
            query, values = "SELECT capture FROM release WHERE no = ?", [subject.release]
        else:
            query = (
                "SELECT id FROM capture WHERE source = ? AND series = ? AND memento = 0 ORDER BY id DESC LIMIT 1"
            )
            values = [subject.source, subject.series]  # type: ignore[list-item]
        row = self._db.execute(query, values).fetchone()
        return None if row is None else int(row[0])

    def _close(self, subject: Subject, *, raised: frozenset[str], at: dt.datetime) -> None:
        judged = _judged(readable=subject.readable, looked=self._looked(subject))
        rows = self._db.execute(
            "SELECT id, fingerprint, kind FROM finding"
            " WHERE source = ? AND series = ? AND document = ? AND state = 'open'",
            [subject.source, subject.series, subject.document],
        ).fetchall()
        for number, fingerprint, kind in rows:
            if kind in judged and fingerprint not in raised:
                self._db.execute(
                    "UPDATE finding SET state = 'closed', closed_at = ? WHERE id = ?", [stamp(at), number]
                )

    def _looked(self, subject: Subject) -> bool:
        """Whether the newest capture of the series saw if its page is there."""
        row = self._db.execute(
            "SELECT verdict FROM capture WHERE source = ? AND series = ? AND memento = 0 ORDER BY id DESC LIMIT 1",
            [subject.source, subject.series],
        ).fetchone()
        return row is None or Verdict(row[0]).answers


def _state(finding: Finding) -> ConditionState:
    return ConditionState.OPEN if finding.kind in CONDITIONS else ConditionState.CLOSED


def _judged(*, readable: bool, looked: bool) -> frozenset[str]:
    """The conditions on which a round could form an opinion.

    Whether a document can be read only a readable release shows; whether something is gone only a round
    that could look.
    """
    judged = CONDITIONS if looked else CONDITIONS & OPERATIONS
    return judged if readable else judged - {"source-unreadable"}
