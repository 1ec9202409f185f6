"""What people found out about events, and of what they do not want to be told.

Both are added and never changed: the newest of an event, or of a subject, holds. What is said stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from state.database import transaction
from state.errors import StoreError
from state.serialisation.nouns import storable
from state.times import moment, stamp

LONGEST: Final = 10_000
"""Characters of a note."""


class Standing(StrEnum):
    """What became of an event."""

    CONFIRMED = "confirmed"  # it is so, and it matters
    EXPLAINED = "explained"  # it is so, and there is a good reason
    FALSE_ALARM = "false-alarm"  # it is not so, or nothing that anybody should be told
    PUBLISHED = "published"  # it is so, and the public was told


class Decision(Struct, frozen=True):
    """What somebody decided of an event."""

    event: str
    standing: Standing
    author: str
    note: str
    at: dt.datetime


class How(StrEnum):
    """How a subject is silent."""

    SNOOZED = "snoozed"  # what is said waits until the end of it, then comes as one message
    PAUSED = "paused"  # what is said is told to nobody; the archive has it
    RESUMED = "resumed"


class Silence(Struct, frozen=True):
    """Of what nobody is told for a while, or until it is resumed (``until`` is None)."""

    subject: str  # a source, or the id of a statement
    how: How
    until: dt.datetime | None
    author: str
    note: str
    at: dt.datetime


class Triage:
    """Decisions and silences of one archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def decide(self, event: str, standing: Standing, *, author: str, note: str = "", at: dt.datetime) -> Decision:
        """Note what became of an event. Raises StoreError where the archive knows no such event."""
        if self._db.execute("SELECT 1 FROM occurrence WHERE event = ?", [event]).fetchone() is None:
            raise StoreError(f"the archive has no event {event}; every message of a finding names its own")
        decision = Decision(event, standing, storable(author), _fitting(note), at)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO triage (event, standing, author, note, at) VALUES (?, ?, ?, ?, ?)",
                [event, standing.value, decision.author, decision.note, stamp(at)],
            )
        return decision

    def of(self, event: str) -> tuple[Decision, ...]:
        """All that was decided of an event, the newest, which holds, last."""
        rows = self._db.execute(
            "SELECT event, standing, author, note, at FROM triage WHERE event = ? ORDER BY id", [event]
        ).fetchall()
        return tuple(map(_decision, rows))

    def standings(self) -> dict[str, Decision]:
        """What holds of every event of which anything was decided."""
        rows = self._db.execute("SELECT event, standing, author, note, at FROM triage ORDER BY id").fetchall()
        return {row[0]: _decision(row) for row in rows}

    def silence(
        self,
        subject: str,
        how: How,
        *,
        until: dt.datetime | None = None,
        author: str,
        note: str = "",
        at: dt.datetime,
    ) -> Silence:
        """Let nobody be told of a source or a statement, or end that; an event stands for its statement.

        What a snooze held back goes out when it is resumed. Raises StoreError for an unknown subject.
        """
        silence = Silence(self._subject(subject), how, until, storable(author), _fitting(note), at)
        before = self._newest(silence.subject)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO silence (subject, how, until, author, note, at) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    silence.subject,
                    how.value,
                    None if until is None else stamp(until),
                    silence.author,
                    silence.note,
                    stamp(at),
                ],
            )
            if how is How.RESUMED and before is not None and before.until is not None:
                self._release(silence.subject, until=before.until, at=at)
        return silence

    def silences(self, *, at: dt.datetime) -> tuple[Silence, ...]:
        """What is silent at a moment, by subject."""
        rows = self._db.execute(
            "SELECT subject, how, until, author, note, at FROM silence"
            " WHERE id IN (SELECT max(id) FROM silence GROUP BY subject) AND how <> 'resumed'"
            " AND (until IS NULL OR until > ?) ORDER BY subject",
            [stamp(at)],
        ).fetchall()
        return tuple(map(_silence, rows))

    def said_since(self, subject: str, since: dt.datetime) -> int:
        """How many findings above info were said of a source or a statement since a moment."""
        row = self._db.execute(
            "SELECT count(*) FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            " WHERE (finding.source = ?1 OR finding.fingerprint = ?1) AND occurrence.at >= ?2"
            " AND occurrence.severity <> 'info'",
            [subject, stamp(since)],
        ).fetchone()
        return int(row[0])

    def _newest(self, subject: str) -> Silence | None:
        row = self._db.execute(
            "SELECT subject, how, until, author, note, at FROM silence WHERE subject = ? ORDER BY id DESC LIMIT 1",
            [subject],
        ).fetchone()
        return None if row is None else _silence(row)

    def _subject(self, named: str) -> str:
        row = self._db.execute(
            "SELECT fingerprint FROM finding LEFT JOIN occurrence ON occurrence.finding = finding.id"
            " WHERE fingerprint = ?1 OR event = ?1 LIMIT 1",
            [named],
        ).fetchone()
        if row is not None:
            return str(row[0])
        if self._db.execute("SELECT 1 FROM origin WHERE source = ?", [named]).fetchone() is None:
            raise StoreError(f"the archive has no source, finding or event {named}")
        return named

    def _release(self, subject: str, *, until: dt.datetime, at: dt.datetime) -> None:
        """Let go what waits for the end of a snooze."""
        self._db.execute(
            "UPDATE outbox SET not_before = ?1 WHERE state = 'pending' AND bundle = 1 AND not_before = ?2"
            " AND finding IN (SELECT fingerprint FROM finding WHERE source = ?3 OR fingerprint = ?3)",
            [stamp(at), stamp(until), subject],
        )


def silence_of(silences: Sequence[Silence], *, source: str | None, statements: Sequence[str]) -> Silence | None:
    """The silence that holds for what is said of a source's ``statements``: a pause, else the longest snooze."""
    held = [each for each in silences if each.subject == source or each.subject in statements]
    return max(held, key=lambda each: (each.until is None, each.until or each.at), default=None)


def decision_to_json(decision: Decision | None) -> dict[str, object]:
    """A decision as the ``triage`` of a finding in JSON; nothing where nobody decided anything."""
    if decision is None:
        return {}
    return {
        "triage": {
            "standing": decision.standing.value,
            "author": decision.author,
            "note": decision.note,
            "at": decision.at.isoformat(),
        }
    }


def _decision(row: Sequence[str]) -> Decision:
    event, standing, author, note, at = row
    return Decision(event, Standing(standing), author, note, moment(at))


def _silence(row: Sequence[str]) -> Silence:
    subject, how, until, author, note, at = row
    return Silence(subject, How(how), None if until is None else moment(until), author, note, moment(at))


def _fitting(note: str) -> str:
    note = storable(note.strip())
    if len(note) > LONGEST:
        raise StoreError(f"a note has at most {LONGEST:,} characters, this one has {len(note):,}")
    return note
