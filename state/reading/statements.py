"""What was said of one statement: its events, what each compares, and the last copies of what it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from state.model import ConditionState, Finding, PastFinding, Release
from state.reading.finding_order import told_at
from state.reading.history import Archive
from state.reading.visibility import Appearances, Look, Presence, runs_of
from state.serialisation.nouns import unpack_finding
from state.times import moment

_MOST_COPIES = 50  # of documents that one finding names
FINDING = (
    "SELECT occurrence.body, finding.first_at, finding.last_at, finding.occurrences, finding.state"
    " FROM finding JOIN occurrence ON occurrence.id = "
)


class DocumentCopy(Struct, frozen=True):
    """The last captured copy of a document that a finding names, with the looks at its address since."""

    release: Release
    presence: Presence
    looks: tuple[tuple[Look, Look], ...]  # runs of looks that showed the same since it was last there


class ToldFinding(Struct, frozen=True):
    """A finding with the releases that it compares; None where it rests on captures alone.

    ``copies`` are documents that it names besides.
    """

    past: PastFinding
    before: Release | None
    after: Release | None
    copies: tuple[DocumentCopy, ...] = ()
    retracted_at: dt.datetime | None = None
    as_compared: bool = True  # False: ``after`` follows another release now


class Said(Struct, frozen=True):
    """One event of a statement."""

    at: dt.datetime
    finding: Finding
    retracted_at: dt.datetime | None = None  # when a later judging no longer yielded it


class Statements:
    """Questions about what was said, by the id of a statement or the name of an event."""

    def __init__(self, db: Connection, archive: Archive, appearances: Appearances) -> None:
        self._db = db
        self.archive = archive
        self.appearances = appearances

    def finding(self, id: str) -> ToldFinding | None:
        """The event of this name, or what was said last of the statement with this fingerprint."""
        found = self._row(
            "SELECT occurrence.id, occurrence.at, fingerprint, retracted_at, occurrence.id = latest, after.id,"
            " before.id FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            " LEFT JOIN release AS after ON after.no = occurrence.release"
            " LEFT JOIN release AS before ON before.no = occurrence.before"
            " WHERE occurrence.event = ?1 OR (fingerprint = ?1 AND occurrence.id = finding.latest)",
            id,
        )
        if found is None:
            return None
        number, at, statement, retracted_at, newest, *sides = found
        row = self._row(f"{FINDING} ? WHERE occurrence.finding = finding.id", number)
        assert row is not None
        after, before = (self.archive.release(side) if side else None for side in sides)
        past = replace(past_of(row), told_at=told_at(self._db, statement) if newest else moment(at))
        now = self.archive.previous(after) if after else None
        shown = {release.url for release in (before, after) if release}
        named = [url for url in self.addresses(past.finding) if url not in shown]
        copies = (self.copy(past.finding.source or "", url) for url in named[:_MOST_COPIES])
        return ToldFinding(
            past,
            before,
            after,
            tuple(copy for copy in copies if copy),
            retracted_at=moment(retracted_at) if retracted_at else None,
            as_compared=now == before,
        )

    def events(self, id: str) -> tuple[Said, ...]:
        """All that was ever said of the statement with this fingerprint, the newest first."""
        rows = self._db.execute(
            "SELECT occurrence.at, body, retracted_at FROM occurrence"
            " JOIN finding ON finding.id = occurrence.finding"
            " WHERE fingerprint = ? ORDER BY occurrence.at DESC, occurrence.id DESC",
            [id],
        ).fetchall()
        return tuple(
            Said(moment(at), unpack_finding(body), moment(retracted) if retracted else None)
            for at, body, retracted in rows
        )

    def addresses(self, finding: Finding) -> tuple[str, ...]:
        """The documents that a finding names; where it names none, its own, or the newest of its series."""
        named = tuple(dict.fromkeys(item.url for item in finding.items if item.url))
        if named or finding.url or not (finding.source and finding.series):
            return named or ((finding.url,) if finding.url else ())
        newest = self.archive.last_release(finding.source, finding.series)
        return (newest.url,) if newest else ()

    def copy(self, source: str, url: str) -> DocumentCopy | None:
        """The newest release of an address of a source, with what looks showed since."""
        row = self._row(
            "SELECT release.id FROM release_order AS release JOIN capture ON capture.id = release.capture"
            " WHERE capture.url = ? AND release.source = ? ORDER BY release.place DESC LIMIT 1",
            url,
            source,
        )
        if row is None:
            return None
        release = self.archive.release(row[0])
        presence = self.appearances.presence(self.appearances.edition_of(release.id))
        looks = self.appearances.looks(source, release.series, url)
        return DocumentCopy(release, presence, runs_of([look for look in looks if look.at > presence.last_at]))

    def _row(self, statement: str, *values: object) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._db.execute(statement, list(values)).fetchone()
        return row


def past_of(row: Sequence[Any], *, told_at: str | None = None) -> PastFinding:
    """The finding in a row of ``FINDING``."""
    body, first_at, last_at, occurrences, state = row
    return PastFinding(
        unpack_finding(body),
        moment(first_at),
        moment(last_at),
        occurrences,
        ConditionState(state),
        moment(told_at) if told_at else None,
    )
