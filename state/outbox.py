"""The outbox: alerts pending, sent and dead, one row for each event and destination.

An alert enters in the transaction that stores its finding, so neither exists without the other. A sender claims
rows with a lease: where it dies, the lease runs out and another sender takes the row. A row that was handed
to a server when the sender died may be sent twice, never lost; the event key in every message lets its
reader see that.
"""

from __future__ import annotations

import base64
import datetime as dt
import random
from collections.abc import Iterable, Sequence
from enum import StrEnum
from sqlite3 import Connection
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from state.database import transaction
from state.errors import StoreError
from state.model import Alert
from state.serialisation.nouns import pack, storable, unpack
from state.times import moment, stamp

LEASE = dt.timedelta(minutes=5)
"""How long a claimed row belongs to its sender."""

ATTEMPTS = 10
"""After so many failures a row is dead: with the waits below that is about two days."""

_FIRST_WAIT = dt.timedelta(minutes=1)
_LONGEST_WAIT = dt.timedelta(hours=12)

_COLUMNS = (
    "id, event, destination, subject, message, bundle, state, attempts, created_at, not_before, trouble, lease"
)


class OutboxState(StrEnum):
    """Where an alert stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # tried ATTEMPTS times
    DROPPED = "dropped"  # by a person


class Pending(Struct, frozen=True):
    """An alert in the outbox, with what became of it so far."""

    id: int
    alert: Alert
    state: OutboxState
    attempts: int
    created_at: dt.datetime
    not_before: dt.datetime
    trouble: str | None = None  # why the last attempt failed
    lease: dt.datetime | None = None  # until when its sender has it


class Waiting(Struct, frozen=True):
    """Alerts for one destination that could not be sent so far."""

    destination: str
    count: int
    again: dt.datetime  # when the first of them is tried again
    trouble: str  # why it was not sent


def enqueue(db: Connection, alerts: Iterable[Alert], *, at: dt.datetime) -> int:
    """Put alerts into the outbox, inside the caller's transaction; an event known to its destination stays out,
    and the end of a condition of which the destination was not told.

    Returns how many are new.
    """
    added = 0
    for alert in alerts:
        if alert.ends and not _was_told(db, alert):
            continue
        cursor = db.execute(
            "INSERT INTO outbox"
            " (event, destination, subject, message, bundle, finding, batch, said, state, created_at, not_before)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?) ON CONFLICT (event, destination) DO NOTHING",
            [
                alert.event,
                alert.destination,
                storable(alert.subject),
                _pack_message(alert),
                int(alert.bundled),
                alert.finding,
                alert.batch,
                alert.said,
                stamp(at),
                stamp(alert.not_before or at),
            ],
        )
        added += cursor.rowcount
    return added


def _was_told(db: Connection, alert: Alert) -> bool:
    """Whether the destination heard, or is about to, of a condition whose end the alert tells."""
    marks = ", ".join("?" for _ in alert.ends)
    row = db.execute(
        f"SELECT 1 FROM outbox WHERE (finding IN ({marks}) OR said IN ({marks})) AND destination = ?"
        " AND state IN ('pending', 'sent') LIMIT 1",
        [*alert.ends, *alert.ends, alert.destination],
    ).fetchone()
    return row is not None


class Outbox:
    """The outbox of one archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def add(self, alerts: Iterable[Alert], *, at: dt.datetime) -> int:
        """Put alerts in that belong to no finding; how many are new."""
        with transaction(self._db):
            return enqueue(self._db, alerts, at=at)

    def claim(self, *, now: dt.datetime) -> tuple[Pending, ...]:
        """The next alert that is due, leased, with the due ones that go out with it; () for none.

        With a bundled one go all bundled ones of its destination, else those of the same batch.
        """
        due = "state = 'pending' AND not_before <= :now AND (lease IS NULL OR lease < :now)"
        with transaction(self._db):
            first = self._db.execute(
                f"SELECT id, destination, bundle, batch FROM outbox WHERE {due} ORDER BY not_before, id LIMIT 1",
                {"now": stamp(now)},
            ).fetchone()
            if first is None:
                return ()
            id, destination, bundle, batch = first
            together = "bundle = 1" if bundle else "bundle = 0 AND batch = :batch" if batch else "id = :id"
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM outbox WHERE {due} AND destination = :to AND {together}"
                " ORDER BY id LIMIT 500",
                {"now": stamp(now), "to": destination, "batch": batch, "id": id},
            ).fetchall()
            for row in rows:
                self._db.execute("UPDATE outbox SET lease = ? WHERE id = ?", [stamp(now + LEASE), row[0]])
        return tuple(replace(_pending(row), lease=now + LEASE) for row in rows)

    def sent(self, claimed: Sequence[Pending], *, now: dt.datetime) -> None:
        """These have arrived."""
        with transaction(self._db):
            for each in claimed:
                self._settle(each.id, OutboxState.SENT, now=now, trouble=None)

    def failed(self, claimed: Sequence[Pending], *, now: dt.datetime, trouble: str, last: bool = False) -> bool:
        """These have not arrived: they wait longer each time and are dead in the end, at once if ``last``.

        Returns whether any of them is dead now.
        """
        died = False
        again = now + _wait(max((each.attempts for each in claimed), default=0) + 1)  # they stay together
        with transaction(self._db):
            for each in claimed:
                attempts = each.attempts + 1
                if not self._put_back(each, attempts=attempts, again=again, trouble=trouble):
                    continue  # the lease ran out and another sender has it: what becomes of it is theirs to say
                if last or attempts >= ATTEMPTS:
                    self._settle(each.id, OutboxState.DEAD, now=now, trouble=trouble)
                    died = True
        return died

    def held(self, claimed: Sequence[Pending], *, now: dt.datetime, trouble: str) -> None:
        """These wait until the configuration is mended, however long; the next round tries them again."""
        with transaction(self._db):
            for each in claimed:
                self._put_back(each, attempts=each.attempts, again=now + _FIRST_WAIT, trouble=trouble)

    def _put_back(self, claimed: Pending, *, attempts: int, again: dt.datetime, trouble: str) -> bool:
        """Whether the row was still its claimer's to put back."""
        cursor = self._db.execute(
            "UPDATE outbox SET attempts = ?, not_before = ?, lease = NULL, trouble = ?"
            " WHERE id = ? AND state = 'pending' AND lease = ?",
            [
                attempts,
                stamp(again),
                trouble,
                claimed.id,
                None if claimed.lease is None else stamp(claimed.lease),
            ],
        )
        return cursor.rowcount > 0

    def waiting(self) -> tuple[Waiting, ...]:
        """What could not be sent so far and will be tried again, one for each destination."""
        rows = self._db.execute(
            "SELECT destination, count(*), min(not_before), trouble FROM outbox"
            " WHERE state = 'pending' AND trouble IS NOT NULL GROUP BY destination ORDER BY destination"
        ).fetchall()
        return tuple(Waiting(name, count, moment(again), trouble) for name, count, again, trouble in rows)

    def holds_pending(self) -> bool:
        """Whether anything waits to be sent, now or later."""
        return self._db.execute("SELECT 1 FROM outbox WHERE state = 'pending' LIMIT 1").fetchone() is not None

    def list(self, *, state: OutboxState | None = None, limit: int = 100) -> tuple[Pending, ...]:
        """The newest rows, of one state or of all; those of one moment in the order of their gravity."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM outbox WHERE :state IS NULL OR state = :state"
            " ORDER BY created_at DESC, id LIMIT :limit",
            {"state": state, "limit": limit},
        ).fetchall()
        return tuple(_pending(row) for row in rows)

    def counts(self) -> dict[OutboxState, int]:
        """How many alerts stand where."""
        rows = self._db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall()
        return {OutboxState(state): int(count) for state, count in rows}

    def retry(self, id: int, *, now: dt.datetime) -> None:
        """Send this one again from the start, whatever became of it. Raises StoreError for an unknown number."""
        self._change(
            id,
            "UPDATE outbox SET state = 'pending', attempts = 0, not_before = ?, lease = NULL, settled_at = NULL,"
            " trouble = NULL WHERE id = ?",
            stamp(now),
        )

    def drop(self, id: int, *, now: dt.datetime) -> None:
        """Never send this one. Raises StoreError for an unknown number."""
        self._change(id, "UPDATE outbox SET state = 'dropped', settled_at = ? WHERE id = ?", stamp(now))

    def _change(self, id: int, statement: str, at: str) -> None:
        with transaction(self._db):
            if self._db.execute(statement, [at, id]).rowcount == 0:
                raise StoreError(f"the outbox has no alert number {id}")

    def _settle(self, id: int, state: OutboxState, *, now: dt.datetime, trouble: str | None) -> None:
        self._db.execute(
            "UPDATE outbox SET state = ?, settled_at = ?, lease = NULL, trouble = ? WHERE id = ?",
            [state, stamp(now), trouble, id],
        )


def _wait(attempts: int) -> dt.timedelta:
    """Doubling from a minute to half a day, spread over half to one and a half times that."""
    doubled: dt.timedelta = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
    return doubled * random.uniform(0.5, 1.5)


def _pack_message(alert: Alert) -> bytes:
    return pack(
        {
            "text": alert.text,
            "html": alert.html,
            "payload": dict(alert.payload),
            "attachments": [[name, base64.b64encode(data).decode()] for name, data in alert.attachments],
        }
    )


def _pending(row: tuple[Any, ...]) -> Pending:
    id, event, destination, subject, message, bundle, state, attempts, created_at, not_before, trouble, lease = row
    body = unpack(message)
    return Pending(
        id=id,
        alert=Alert(
            event=event,
            destination=destination,
            subject=subject,
            text=body["text"],
            html=body["html"],
            payload=body["payload"],
            attachments=tuple((name, base64.b64decode(data)) for name, data in body["attachments"]),
            not_before=moment(not_before),
            bundled=bool(bundle),
        ),
        state=OutboxState(state),
        attempts=attempts,
        created_at=moment(created_at),
        not_before=moment(not_before),
        trouble=trouble,
        lease=None if lease is None else moment(lease),
    )
