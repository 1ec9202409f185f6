"""Copies of releases that an independent web archive was asked for, and where they are.

A copy is wanted in the round that brought its release, and asked for when the archive's pace allows, in that
round or a later one. What the archive answers stands here and changes nothing about the capture itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from sqlite3 import Connection
from typing import Any

from msgspec import Struct

from state.database import transaction
from state.model import Release
from state.times import stamp

ATTEMPTS = 6
"""After so many failures a copy is given up: with the waits below, after about a day."""

_LEASE = dt.timedelta(minutes=10)
"""For so long a copy is in the hands of one process."""

_FIRST_WAIT = dt.timedelta(minutes=30)

_LONGEST_WAIT = dt.timedelta(days=2)

_DUE = "(not_before <= ? OR not_before > ?)"
"""What may be asked for now; also what was put off under a clock that was ahead: it would wait for years."""


class CopyState(StrEnum):
    """Where a copy stands."""

    WANTED = "wanted"
    SAVED = "saved"
    FAILED = "failed"  # tried ATTEMPTS times


class ArchiveCopy(Struct, frozen=True):
    """A copy of one release at a web archive."""

    release: str
    url: str  # what is to be saved
    state: CopyState
    attempts: int = 0
    job: str | None = None  # under which the web archive works on it
    address: str | None = None  # of the copy, where there is one
    trouble: str | None = None  # why the last attempt failed; of a copy that is there, what differs


_COPY = (
    "SELECT release.id, copy.url, copy.state, copy.attempts, copy.job, copy.address, copy.trouble FROM copy"
    " JOIN release ON release.no = copy.release"
)


class ArchiveCopies:
    """The copies of one archive's releases."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def want(self, releases: Iterable[Release], *, at: dt.datetime) -> None:
        """Note that a copy is wanted; one that is known already stays as it is."""
        with transaction(self._db):
            for release in releases:
                self._db.execute(
                    "INSERT INTO copy (release, url, state, wanted_at, not_before)"
                    " SELECT no, ?, 'wanted', ?, ? FROM release WHERE id = ? ON CONFLICT (release) DO NOTHING",
                    [release.url, stamp(at), stamp(at), release.id],
                )

    def due(self, *, at: dt.datetime, limit: int) -> tuple[ArchiveCopy, ...]:
        """Copies that may be asked for now, those under way first, then those wanted longest."""
        rows = self._db.execute(
            f"{_COPY} WHERE copy.state = 'wanted' AND {_DUE}"
            " ORDER BY copy.job IS NULL, copy.wanted_at, copy.id LIMIT ?",
            [*_times(at), limit],
        ).fetchall()
        return tuple(_copy_of(row) for row in rows)

    def of(self, release: str) -> ArchiveCopy | None:
        """The copy of a release; None where none was wanted."""
        row = self._db.execute(f"{_COPY} WHERE release.id = ?", [release]).fetchone()
        return None if row is None else _copy_of(row)

    def started(self, copy: ArchiveCopy, *, job: str) -> None:
        """The web archive works on it."""
        self._set(copy, "job = ?", job)

    def claim(self, copy: ArchiveCopy, *, at: dt.datetime) -> bool:
        """Take a copy in hand for a while; False where another process did so before."""
        with transaction(self._db):
            taken = self._db.execute(
                "UPDATE copy SET not_before = ? WHERE release = (SELECT no FROM release WHERE id = ?)"
                f" AND state = 'wanted' AND {_DUE}",
                [stamp(at + _LEASE), copy.release, *_times(at)],
            )
            return taken.rowcount == 1

    def waiting(self, copy: ArchiveCopy, *, at: dt.datetime) -> None:
        """The web archive is not through with it: the next round looks again."""
        self._set(copy, "not_before = ?", stamp(at))

    def saved(self, copy: ArchiveCopy, *, address: str, remark: str | None = None) -> None:
        """The web archive has it at ``address``, which was looked at; ``remark``: what is to be said of it."""
        self._set(copy, "state = 'saved', trouble = ?, address = ?", remark, address)

    def failed(self, copy: ArchiveCopy, *, trouble: str, at: dt.datetime) -> bool:
        """An attempt failed: the next waits longer each time. Returns whether it was the last."""
        attempts = copy.attempts + 1
        last = attempts >= ATTEMPTS
        self._set(
            copy,
            "job = NULL, attempts = ?, trouble = ?, not_before = ?, state = ?",
            attempts,
            trouble,
            stamp(at + _FIRST_WAIT * 2 ** (attempts - 1)),
            CopyState.FAILED if last else CopyState.WANTED,
        )
        return last

    def _set(self, copy: ArchiveCopy, change: str, *values: object) -> None:
        with transaction(self._db):
            self._db.execute(
                f"UPDATE copy SET {change} WHERE release = (SELECT no FROM release WHERE id = ?)",
                [*values, copy.release],
            )


def _times(at: dt.datetime) -> tuple[str, str]:
    return stamp(at), stamp(at + _LONGEST_WAIT)


def _copy_of(row: tuple[Any, ...]) -> ArchiveCopy:
    release, url, state, attempts, job, address, trouble = row
    return ArchiveCopy(release, url, CopyState(state), attempts, job, address, trouble)
