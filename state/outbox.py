"""The outbox: alerts pending, sent and dead, one row for each event and destination.

An alert enters in the transaction that stores its finding, so neither exists without the other. A sender claims
rows with a lease: where it dies, the lease runs out and another sender takes the row. A row that was handed
to a server when the sender died may be sent twice, never lost; the event key in every message lets its
reader see that.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Iterable, Sequence
from sqlite3 import Connection

from msgspec.structs import replace

from state.database import transaction
from state.errors import StoreError
from state.model import Alert
from state.outbox_rows import COLUMNS, Had, OutboxState, Pending, Waiting, pack_message, pending_of
from state.serialisation.nouns import storable
from state.times import moment, stamp

LEASE = dt.timedelta(minutes=5)
"""How long a claimed row belongs to its sender."""

GIVE_UP_AFTER = dt.timedelta(days=7)
"""How long a row is tried again: a server that is down for a long week-end loses nothing."""

ALONE = 1_000
"""Attempts of a row that goes out by itself: together with others it was refused."""

_FIRST_WAIT = dt.timedelta(minutes=1)
_LONGEST_WAIT = dt.timedelta(hours=1)
_TOGETHER = 500
"""Alerts in one message at the most."""

_LONGEST_DIGEST = dt.timedelta(days=9)
"""Longer than a weekly digest and quiet hours make anything wait."""

_DUE = "(not_before <= :now OR created_at > :soon OR not_before > :late)"
"""What may go now; also what was put in, or put off, under a clock that was ahead: it would wait for years."""


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
                pack_message(alert),
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

    def claim(
        self, *, now: dt.datetime, without: Collection[str] = (), hold: Collection[str] = ()
    ) -> tuple[Pending, ...]:
        """The next alert that is due, leased, with the due ones that go out with it; () for none.

        With a bundled one go all bundled ones of its destination, else those of the same batch. Where its
        destination could not be reached before, all that waits for it goes together: after an outage
        a reader gets one message. ``without`` names destinations that are left for later, ``hold`` batches.
        """
        due = f"state = 'pending' AND {_DUE} AND (lease IS NULL OR lease < :now OR lease > :leased)"
        marks = ", ".join(f":d{number}" for number in range(len(without)))
        names = {f"d{number}": name for number, name in enumerate(without)}
        held = {f"h{number}": name for number, name in enumerate(hold)}
        due += "".join(f" AND batch <> :{mark}" for mark in held)
        with transaction(self._db):
            first = self._db.execute(
                "SELECT id, destination, bundle, batch, trouble, attempts FROM outbox"
                f" WHERE {due} AND destination NOT IN ({marks}) ORDER BY not_before, id LIMIT 1",
                _times(now) | names | held,
            ).fetchone()
            if first is None:
                return ()
            id, destination, bundle, batch, trouble, attempts = first
            together = "bundle = 1" if bundle else "bundle = 0 AND batch = :batch" if batch else "id = :id"
            if trouble is not None and attempts == ALONE:
                together = "id = :id"
            elif trouble is not None:
                together = f"attempts <> {ALONE}"
            rows = self._db.execute(
                f"SELECT {COLUMNS} FROM outbox WHERE {due} AND destination = :to AND ({together} OR id = :id)"
                f" ORDER BY id LIMIT {_TOGETHER}",
                _times(now) | held | {"to": destination, "batch": batch, "id": id},
            ).fetchall()
            for row in rows:
                self._db.execute("UPDATE outbox SET lease = ? WHERE id = ?", [stamp(now + LEASE), row[0]])
        return tuple(replace(pending_of(row), lease=now + LEASE) for row in rows)

    def sent(self, claimed: Sequence[Pending], *, now: dt.datetime) -> None:
        """These have arrived."""
        with transaction(self._db):
            for each in claimed:
                self._settle(each.id, OutboxState.SENT, now=now, trouble=None)

    def failed(
        self,
        claimed: Sequence[Pending],
        *,
        now: dt.datetime,
        trouble: str,
        retry_after: dt.timedelta | None = None,
    ) -> bool:
        """These have not arrived: they and all else for their destination wait, longer each time.

        What is older than ``GIVE_UP_AFTER`` is dead and kept. Returns whether any of them is dead now.
        """
        died = False
        again = now + max(_wait(max(each.attempts for each in claimed) + 1), retry_after or dt.timedelta())
        with transaction(self._db):
            for each in claimed:
                if not self._put_back(each, attempts=each.attempts + 1, again=again, trouble=trouble):
                    return (
                        False  # the lease ran out and another sender has it: what becomes of it is theirs to say
                    )
                patience = GIVE_UP_AFTER * (
                    2 if each.alert.bundled else 1
                )  # it may have waited for a weekly digest
                if now - (each.retried_at or each.created_at) >= patience:
                    self._settle(each.id, OutboxState.DEAD, now=now, trouble=trouble)
                    died = True
            self._db.execute(
                "UPDATE outbox SET not_before = :again, trouble = :trouble WHERE destination = :to"
                " AND state = 'pending' AND not_before < :again AND (lease IS NULL OR lease < :now)"
                " AND not_before <= :now",
                {
                    "again": stamp(again),
                    "trouble": trouble,
                    "to": claimed[0].alert.destination,
                    "now": stamp(now),
                },
            )
        return died

    def refused(self, claimed: Sequence[Pending], *, now: dt.datetime, trouble: str) -> bool:
        """These were refused for good: one alone is dead; of several each is tried once more by itself.

        Returns whether one is dead now.
        """
        alone = len(claimed) == 1
        with transaction(self._db):
            for each in claimed:
                if not self._put_back(each, attempts=ALONE, again=now, trouble=trouble):
                    return False
                if alone:
                    self._settle(each.id, OutboxState.DEAD, now=now, trouble=trouble)
        return alone

    def passed_on(self, claimed: Sequence[Pending], *, to: str, now: dt.datetime) -> None:
        """Hand these to another destination: it has them as its own from now on."""
        with transaction(self._db):
            enqueue(self._db, (_for(each.alert, to) for each in claimed), at=now)
            for each in claimed:
                self._settle(each.id, OutboxState.SENT, now=now, trouble=f"by {to} instead: {each.trouble or ''}")

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
        """What has not arrived so far, one for each destination: tried again, or given up and kept."""
        rows = self._db.execute(
            "SELECT destination, count(*), min(created_at), min(not_before), state, max(trouble) FROM outbox"
            " WHERE (state = 'pending' AND trouble IS NOT NULL) OR state = 'dead'"
            " GROUP BY destination, state ORDER BY destination, state DESC"
        ).fetchall()
        return tuple(
            Waiting(name, count, moment(since), moment(again) if state == "pending" else None, trouble or "")
            for name, count, since, again, state, trouble in rows
        )

    def had(self, destination: str, *, since: dt.datetime) -> Had:
        """What a destination was told of findings: how many alerts since a moment, and the last one ever."""
        told = "FROM outbox WHERE destination = ? AND state = 'sent' AND said <> ''"
        count = self._db.execute(
            f"SELECT count(*) {told} AND settled_at >= ?", [destination, stamp(since)]
        ).fetchone()[0]
        last = self._db.execute(
            f"SELECT said, subject, settled_at {told} ORDER BY settled_at DESC, id DESC LIMIT 1", [destination]
        ).fetchone()
        return Had(int(count)) if last is None else Had(int(count), last[0], last[1], moment(last[2]))

    def knows(self, event: str, destination: str) -> bool:
        """Whether an event is in the outbox for a destination, whatever became of it."""
        row = self._db.execute(
            "SELECT 1 FROM outbox WHERE event = ? AND destination = ?", [event, destination]
        ).fetchone()
        return row is not None

    def gather(self, claimed: Sequence[Pending], *, until: dt.datetime) -> None:
        """Put these back, to go as one message with all else that is gathered for their destination."""
        with transaction(self._db):
            for each in claimed:
                self._db.execute(
                    "UPDATE outbox SET bundle = 1, not_before = ?, lease = NULL"
                    " WHERE id = ? AND state = 'pending'",
                    [stamp(until), each.id],
                )

    def gathering(self, destination: str) -> dt.datetime | None:
        """When the next gathered message for a destination is due, None where none is."""
        row = self._db.execute(
            "SELECT min(not_before) FROM outbox WHERE destination = ? AND state = 'pending' AND bundle = 1",
            [destination],
        ).fetchone()
        return None if row[0] is None else moment(row[0])

    def sent_since(self, destination: str, since: dt.datetime, *, now: dt.datetime) -> int:
        """How many messages arrived at a destination from a moment on, until ``now``."""
        row = self._db.execute(
            "SELECT count(DISTINCT settled_at) FROM outbox"
            " WHERE destination = ? AND state = 'sent' AND settled_at BETWEEN ? AND ?",
            [destination, stamp(since), stamp(now)],
        ).fetchone()
        return int(row[0])

    def holds_due(self, *, now: dt.datetime, hold: Collection[str] = ()) -> bool:
        """Whether anything may be sent now that nobody has in hand; ``hold`` names batches that do not count."""
        marks = ", ".join("?" for _ in hold)
        row = self._db.execute(
            "SELECT 1 FROM outbox WHERE state = 'pending' AND not_before <= ? AND lease IS NULL"
            f" AND batch NOT IN ({marks}) LIMIT 1",
            [stamp(now), *hold],
        ).fetchone()
        return row is not None

    def holds_undelivered(self) -> bool:
        """Whether anything waits to be sent, now or later, or was given up and nobody settled it."""
        return (
            self._db.execute("SELECT 1 FROM outbox WHERE state IN ('pending', 'dead') LIMIT 1").fetchone()
            is not None
        )

    def list(self, *, state: OutboxState | None = None, limit: int = 100) -> tuple[Pending, ...]:
        """The newest rows, of one state or of all; those of one moment in the order of their gravity."""
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM outbox WHERE :state IS NULL OR state = :state"
            " ORDER BY created_at DESC, id LIMIT :limit",
            {"state": state, "limit": limit},
        ).fetchall()
        return tuple(pending_of(row) for row in rows)

    def of_event(self, event: str) -> Pending | None:
        """The newest row that tells of an event, whoever it was for; None for an unknown one."""
        row = self._db.execute(
            f"SELECT {COLUMNS} FROM outbox WHERE said = :event OR event = :event ORDER BY id DESC LIMIT 1",
            {"event": event},
        ).fetchone()
        return None if row is None else pending_of(row)

    def send_again(self, destination: str, *, after: str, now: dt.datetime) -> int:
        """Send again what a destination had after an event, in one message; how many alerts.

        Raises StoreError where it never had that event.
        """
        with transaction(self._db):
            first = self._db.execute(
                "SELECT max(id) FROM outbox WHERE destination = :to AND (said = :event OR event = :event)",
                {"to": destination, "event": after},
            ).fetchone()[0]
            if first is None:
                raise StoreError(f"{destination} never had the event {after}")
            return self._db.execute(
                "UPDATE outbox SET state = 'pending', attempts = 0, bundle = 1, not_before = :at, lease = NULL,"
                " settled_at = :at, trouble = NULL WHERE destination = :to AND id > :first AND state <> 'pending'",
                {"to": destination, "first": first, "at": stamp(now)},
            ).rowcount

    def counts(self) -> dict[OutboxState, int]:
        """How many alerts stand where."""
        rows = self._db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall()
        return {OutboxState(state): int(count) for state, count in rows}

    def retry(self, id: int, *, now: dt.datetime) -> None:
        """Send this one again from the start, whatever became of it. Raises StoreError for an unknown number."""
        self._change(
            id,
            "UPDATE outbox SET state = 'pending', attempts = 0, not_before = :at, lease = NULL, settled_at = :at,"
            " trouble = NULL WHERE id = :id",
            stamp(now),
        )

    def drop(self, id: int, *, now: dt.datetime) -> None:
        """Never send this one. Raises StoreError for an unknown number."""
        self._change(id, "UPDATE outbox SET state = 'dropped', settled_at = :at WHERE id = :id", stamp(now))

    def _change(self, id: int, statement: str, at: str) -> None:
        with transaction(self._db):
            if self._db.execute(statement, {"at": at, "id": id}).rowcount == 0:
                raise StoreError(f"the outbox has no alert number {id}")

    def _settle(self, id: int, state: OutboxState, *, now: dt.datetime, trouble: str | None) -> None:
        self._db.execute(
            "UPDATE outbox SET state = ?, settled_at = ?, lease = NULL, trouble = ? WHERE id = ?",
            [state, stamp(now), trouble, id],
        )


def _times(now: dt.datetime) -> dict[str, str]:
    """The times by which a row is due."""
    soon, late = now + LEASE, now + _LONGEST_DIGEST
    return {"now": stamp(now), "soon": stamp(soon), "leased": stamp(soon), "late": stamp(late)}


def _wait(attempts: int) -> dt.timedelta:
    """Doubling from a minute to an hour, spread over half to one and a half times that."""
    doubled: dt.timedelta = min(_FIRST_WAIT * 2 ** min(attempts - 1, 10), _LONGEST_WAIT)
    return doubled * random.uniform(0.5, 1.5)


def _for(alert: Alert, destination: str) -> Alert:
    """An alert for another destination, which says for whom it was."""
    remarks = [*_remarks(alert), f"This was for {alert.destination}, which could not be reached."]
    return replace(alert, destination=destination, not_before=None, payload={**alert.payload, "remarks": remarks})


def _remarks(alert: Alert) -> list[str]:
    said = alert.payload.get("remarks")
    return [str(line) for line in said] if isinstance(said, list) else []
