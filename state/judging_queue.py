"""What is to be judged: releases that no round reported on, wait for their place, or have other neighbours now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from sqlite3 import Connection

from state.database import transaction
from state.model import Release
from state.reading.history import Archive
from state.release_order import Order, number_of
from state.times import stamp

JUDGING_TRIES = 100
"""How often a release is handed out to be judged before it is left alone: a day of rounds, a quarter of an hour
apart. So many because rounds that are killed, or run into a full disk, are tries too and not the release's fault.
"""

_OF_A_ROUND = 2  # judged.again: the late one came in a round


class JudgingQueue:
    """Questions and marks in one archive; its calls are transactions of their own, ``mark_judged`` apart."""

    def __init__(self, db: Connection, archive: Archive, order: Order) -> None:
        self._db = db
        self._archive = archive
        self._order = order

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
        return tuple(known.get(id) or self._archive.release(id) for _, id, _, _ in rows)

    def put_in_question(self, release: Release, *, at: dt.datetime) -> None:
        """Take a release out of the order: what stands there is no release before a look of a later round says so.

        Its capture and its bytes stay. The page before it goes on to be the newest release.
        """
        with transaction(self._db, durable=False):
            number = number_of(self._db, release)
            self._order.take_out(number)
            self._db.execute(
                "INSERT OR IGNORE INTO questioned (release, capture, at)"
                " SELECT no, capture, ? FROM release WHERE no = ?",
                [stamp(at), number],
            )
            self._db.execute("UPDATE judged SET at = ? WHERE release = ?", [stamp(at), number])

    def undated(self, source: str) -> tuple[Release, ...]:
        """Releases whose date must be known before all of a source have their place: ``release_order``."""
        return tuple(map(self._archive.release, self._order.undated(source)))

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
        return tuple((self._archive.release(id), again == _OF_A_ROUND) for id, again in rows)

    def mark_judged(self, number: int, *, at: dt.datetime) -> None:
        """Note that a release was reported on, inside the caller's transaction."""
        self._db.execute(
            "INSERT INTO judged (release, at) VALUES (?, ?)"
            " ON CONFLICT (release) DO UPDATE SET at = excluded.at, again = 0",
            [number, stamp(at)],
        )
