"""The rows of the outbox: where an alert stands, and alerts as they are kept and read again."""

from __future__ import annotations

import base64
import datetime as dt
from enum import StrEnum
from typing import Any

from msgspec import Struct

from state.model import Alert
from state.serialisation.nouns import pack, unpack
from state.times import moment

COLUMNS = (
    "id, event, destination, subject, message, bundle, state, attempts, created_at, not_before, trouble, lease,"
    " finding, batch, said, settled_at"
)


class OutboxState(StrEnum):
    """Where an alert stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # refused for good, or tried for GIVE_UP_AFTER; kept, and named until a person settles it
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
    retried_at: dt.datetime | None = None  # when a person had it sent again


class Waiting(Struct, frozen=True):
    """Alerts for one destination that have not arrived."""

    destination: str
    count: int
    since: dt.datetime  # when the oldest of them was made
    again: dt.datetime | None  # when the first of them is tried again; None: given up
    trouble: str  # why it was not sent


class Had(Struct, frozen=True):
    """What a destination was told of findings."""

    count: int  # alerts, in the span that was asked for
    event: str = ""  # of the last one ever
    subject: str = ""
    at: dt.datetime | None = None  # when it arrived


def pack_message(alert: Alert) -> bytes:
    """What an alert says, as it is kept in its row."""
    return pack(
        {
            "text": alert.text,
            "payload": dict(alert.payload),
            "attachments": [[name, base64.b64encode(data).decode()] for name, data in alert.attachments],
        }
    )


def pending_of(row: tuple[Any, ...]) -> Pending:
    """The alert of a row with ``COLUMNS``."""
    id, event, destination, subject, message, bundle, state, attempts, created_at, not_before, trouble, lease = (
        row[:12]
    )
    finding, batch, said, settled_at = row[12:]
    body = unpack(message)
    return Pending(
        id=id,
        alert=Alert(
            event=event,
            destination=destination,
            subject=subject,
            text=body["text"],
            payload=body["payload"],
            attachments=tuple((name, base64.b64decode(data)) for name, data in body["attachments"]),
            not_before=moment(not_before),
            finding=finding,
            said=said,
            bundled=bool(bundle),
            batch=batch,
        ),
        state=OutboxState(state),
        attempts=attempts,
        created_at=moment(created_at),
        not_before=moment(not_before),
        trouble=trouble,
        lease=None if lease is None else moment(lease),
        retried_at=moment(settled_at) if settled_at is not None and state == "pending" else None,
    )
