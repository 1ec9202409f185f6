"""What people wrote beside a finding or a release. A note is added and never changed: who errs adds another.

``reanalyse`` writes notes too, in its own name, see ``state.reading.as_of``.
"""

from __future__ import annotations

import datetime as dt
from sqlite3 import Connection
from typing import Any

from msgspec import Struct

from state.database import transaction
from state.errors import StoreError
from state.serialisation.nouns import storable
from state.times import moment, stamp

LONGEST = 10_000
"""Characters of a note."""


class Note(Struct, frozen=True):
    """One note. It stands beside a finding or beside a release; the other one is None."""

    author: str
    words: str
    at: dt.datetime
    finding: str | None = None  # the event, or the fingerprint of a statement
    release: str | None = None  # its id


_NOTE = (
    "SELECT note.author, note.words, note.at, note.finding, release.id FROM note"
    " LEFT JOIN release ON release.no = note.release"
)


class Notes:
    """The notes of one archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def add(self, subject: str, words: str, *, author: str, at: dt.datetime) -> Note:
        """Write a note beside the release or the finding that ``subject`` names.

        Raises StoreError where the archive knows neither, or where the words are none or too many.
        """
        words = storable(words.strip())
        if not words:
            raise StoreError("a note needs words")
        if len(words) > LONGEST:
            raise StoreError(f"a note has at most {LONGEST:,} characters, this one has {len(words):,}")
        release = self._one("SELECT no FROM release WHERE id = ?", subject)
        finding = self._one(
            "SELECT ?1 FROM finding LEFT JOIN occurrence ON occurrence.finding = finding.id"
            " WHERE fingerprint = ?1 OR event = ?1 LIMIT 1",
            subject,
        )
        if release is None and finding is None:
            raise StoreError(f"the archive has no release and no finding {subject}")
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO note (finding, release, author, words, at) VALUES (?, ?, ?, ?, ?)",
                [finding, release, storable(author), words, stamp(at)],
            )
        return Note(
            author=author,
            words=words,
            at=at,
            finding=None if finding is None else subject,
            release=None if release is None else subject,
        )

    def of(self, subject: str) -> tuple[Note, ...]:
        """The notes beside a release or a finding, oldest first."""
        rows = self._db.execute(
            f"{_NOTE} WHERE note.finding = :subject OR release.id = :subject ORDER BY note.at, note.id",
            {"subject": subject},
        ).fetchall()
        return tuple(Note(author, words, moment(at), *beside) for author, words, at, *beside in rows)

    def of_finding(self, id: str, event: str | None) -> tuple[Note, ...]:
        """The notes beside an event and beside its statement, oldest first."""
        return tuple(sorted((*self.of(id), *(self.of(event) if event else ())), key=lambda note: note.at))

    def _one(self, statement: str, value: str) -> Any:  # noqa: ANN401 - a column of SQLite
        row = self._db.execute(statement, [value]).fetchone()
        return None if row is None else row[0]
