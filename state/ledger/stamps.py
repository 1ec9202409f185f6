"""Time stamps (RFC 3161) of the chain's head: somebody else's word that it stood at a time.

What is stamped is the text of an entry (canonical JSON), so that the stamp's imprint is the entry's own digest and
``openssl ts -verify -digest ENTRY`` checks it. Replies are kept as they came, whatever they are worth.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from sqlite3 import Connection
from typing import Final, TypeAlias

from msgspec import Struct

from state.database import transaction
from state.errors import StoreError
from state.ledger import entries
from state.ledger.stamp_checks import CheckedStamp, Stamp, check_stamp, nonce_of, query
from state.ledger.stamp_roots import Trust
from state.times import moment, stamp

EVERY: Final = dt.timedelta(hours=20)
"""How old the newest stamp must be before the next: one a day, whenever in the day the round runs."""

RETRY: Final = dt.timedelta(hours=3)
"""How long an authority is left alone that did not answer, or not with a stamp that counts."""

LATE: Final = dt.timedelta(days=2)
"""How long entries may stand without a stamp that counts, where stamps are turned on."""

_TRIED: Final = "stamp tried in vain: "  # before the address, in ``upkeep``
_DERIVED: Final = "stamps asked with nonces that can be made again"  # ``upkeep``: since when

Post: TypeAlias = Callable[[str, bytes], bytes]
"""Sends a request (``application/timestamp-query``) to an address and returns the reply; raises OSError."""


class Standing(Struct, frozen=True):
    """How it stands with an authority that the user chose; ``trouble`` is "" where nothing is wrong."""

    authority: str
    good: CheckedStamp | None  # the newest that counts
    trouble: str = ""


def stamps(db: Connection) -> tuple[Stamp, ...]:
    """All stamps, oldest first."""
    rows = db.execute(
        "SELECT stamp.seq, stamp.entry, authority, stamp.at, reply, look.at FROM stamp"
        " LEFT JOIN ledger ON ledger.seq = stamp.seq LEFT JOIN look ON look.id = ledger.capture ORDER BY stamp.id"
    ).fetchall()
    since = _noted(db, _DERIVED)
    return tuple(
        Stamp(
            seq,
            entry,
            authority,
            moment(at),
            reply,
            drawn=since is None or moment(at) < since,
            looked=None if looked is None else moment(looked),
        )
        for seq, entry, authority, at, reply, looked in rows
    )


def due(db: Connection, authorities: Sequence[str], *, at: dt.datetime) -> tuple[str, ...]:
    """The authorities to ask now: the head has moved since they stamped it, or they could not when asked."""
    head = entries.head(db)
    return tuple(each for each in authorities if head.seq > 0 and _is_due(db, each, head.seq, at))


def _is_due(db: Connection, authority: str, seq: int, at: dt.datetime) -> bool:
    tried = _noted(db, _TRIED + authority)
    if tried is not None:
        return abs(at - tried) >= RETRY
    row = db.execute(
        "SELECT seq, at FROM stamp WHERE authority = ? ORDER BY id DESC LIMIT 1", [authority]
    ).fetchone()
    return row is None or (row[0] < seq and abs(at - moment(row[1])) >= EVERY)


def stamp_head(
    db: Connection, authorities: Sequence[str], *, post: Post, at: dt.datetime, trust: Trust
) -> tuple[CheckedStamp, ...]:
    """Have the newest entry stamped by each authority; keeps every reply and returns what they are worth.

    An authority that cannot be reached leaves its trouble in the answer, and that it was tried.
    """
    head = entries.head(db)
    if head.seq == 0:
        raise StoreError("the chain is empty: there is nothing to stamp")
    at = moment(stamp(at))  # as it is kept: the nonce is made from it
    return tuple(_ask(db, head, each, post=post, at=at, trust=trust) for each in authorities)


def _ask(
    db: Connection, head: entries.Head, authority: str, *, post: Post, at: dt.datetime, trust: Trust
) -> CheckedStamp:
    asked = Stamp(head.seq, head.entry, authority, at, b"")
    try:
        reply = post(authority, query(head.entry, nonce_of(head.entry, authority, at)))
    except OSError as error:
        with transaction(db):
            _note(db, _TRIED + authority, at)
        return CheckedStamp(asked, trouble=str(error))
    checked = check_stamp(Stamp(head.seq, head.entry, authority, at, reply), trust=trust)
    with transaction(db):
        db.execute("INSERT OR IGNORE INTO upkeep (name, at) VALUES (?, ?)", [_DERIVED, stamp(at)])
        db.execute(
            "INSERT INTO stamp (seq, entry, authority, at, reply) VALUES (?, ?, ?, ?, ?)",
            [head.seq, head.entry, authority, stamp(at), reply],
        )
        db.execute("DELETE FROM upkeep WHERE name = ?", [_TRIED + authority])
        if checked.trouble:
            _note(db, _TRIED + authority, at)
    return checked


def standings(db: Connection, authorities: Sequence[str], *, trust: Trust, at: dt.datetime) -> Iterator[Standing]:
    """How it stands with each authority: the newest stamp that counts, and what is wrong with what came since."""
    head, kept = entries.head(db), stamps(db)
    for authority in authorities:
        last, good = None, None
        for each in reversed([one for one in kept if one.authority == authority]):
            checked = check_stamp(each, trust=trust)
            last = last or checked
            if not checked.trouble:
                good = checked
                break
        yield Standing(authority, good, _trouble(db, authority, head, last, good, at=at))


def _trouble(
    db: Connection,
    authority: str,
    head: entries.Head,
    last: CheckedStamp | None,
    good: CheckedStamp | None,
    *,
    at: dt.datetime,
) -> str:
    tried = _noted(db, _TRIED + authority)
    if last is not None and last.trouble:
        return f"its reply of {last.stamp.at:%Y-%m-%d %H:%M} does not count: {last.trouble}"
    if tried is not None:
        return f"it did not answer when it was asked on {tried:%Y-%m-%d at %H:%M}"
    since = good.stamp.at if good else _first_entered(db)
    if head.seq > (good.stamp.seq if good else 0) and since is not None and at - since > LATE:
        return f"what was captured since {since:%Y-%m-%d %H:%M} was never stamped"
    return ""


def _first_entered(db: Connection) -> dt.datetime | None:
    """When the first look was made that is no memento: those have times of a past without this archive."""
    row = db.execute("SELECT at FROM capture WHERE coalesce(memento, 0) = 0 ORDER BY id LIMIT 1").fetchone()
    return None if row is None else moment(row[0])


def _noted(db: Connection, name: str) -> dt.datetime | None:
    row = db.execute("SELECT at FROM upkeep WHERE name = ?", [name]).fetchone()
    return None if row is None else moment(row[0])


def _note(db: Connection, name: str, at: dt.datetime) -> None:
    db.execute("INSERT OR REPLACE INTO upkeep (name, at) VALUES (?, ?)", [name, stamp(at)])
