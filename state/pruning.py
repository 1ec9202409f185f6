"""Letting bytes go by a policy, with a tombstone each. Entries, captures and digests stay: the chain never breaks.

What is never let go, whatever the policy: bytes that a finding above info rests on (its release and the one
before), the newest two releases of every document, and the newest good body of every address, which the next look
is compared with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from state.blobs.snapshots import Snapshots
from state.database import transaction
from state.times import stamp


class Policy(StrEnum):
    """What may go once it is old enough."""

    WIRE = "wire"  # bytes as received (gzip), where the decoded body is kept
    FAILURES = "failures"  # bodies of answers that showed no document: challenge pages, errors, fragments
    UNEVENTFUL = "uneventful"  # bodies of releases of which nothing above info was ever said

    @property
    def words(self) -> str:
        """The policy as a person reads it."""
        return _WORDS[self]


_WORDS: Final = {
    Policy.WIRE: "bytes as received where the decoded body is kept",
    Policy.FAILURES: "bodies of answers that showed no document",
    Policy.UNEVENTFUL: "bodies of releases of which nothing above info was said",
}

_OLD: Final = """
    SELECT id FROM capture AS old WHERE at < :before AND NOT EXISTS (
        SELECT 1 FROM capture AS again WHERE again.revisit_of = old.id AND again.at >= :before)
"""
"""Captures from before a time whose body nobody found again since."""

_CHOSEN: Final = {
    Policy.WIRE: f"{_OLD} AND wire IS NOT NULL AND body IS NOT NULL",
    Policy.FAILURES: f"{_OLD} AND verdict NOT IN ('present', 'unchanged')",
    Policy.UNEVENTFUL: f"{_OLD} AND verdict = 'present'",
}

_SPARED: Final = (
    # what a finding rests on: its own capture, its release, and the release before that
    "SELECT capture FROM occurrence WHERE severity <> 'info'",
    "SELECT release.capture FROM occurrence JOIN release ON release.no = occurrence.release"
    " WHERE severity <> 'info'",
    """SELECT (SELECT former.capture FROM release_order AS former WHERE former.stream = release.stream
        AND former.place < release.place ORDER BY former.place DESC LIMIT 1)
    FROM occurrence JOIN release_order AS release ON release.no = occurrence.release WHERE severity <> 'info'""",
    # the newest two releases of every document
    """SELECT capture FROM (SELECT capture, row_number() OVER (
            PARTITION BY stream ORDER BY place DESC) AS place FROM release_order)
        WHERE place <= 2""",
    # the newest good body of every address
    """SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY url ORDER BY at DESC, id DESC) AS place
        FROM capture WHERE verdict = 'present' AND body IS NOT NULL) WHERE place = 1""",
)

_PARTS: Final = ("headers", "request", "body", "wire", "certificate", "redirects")


class Plan(Struct, frozen=True):
    """What a policy would let go: numbers of snapshots, and how many bytes they take in the file."""

    policy: Policy
    before: dt.datetime
    snapshots: tuple[int, ...]
    size: int  # bytes, compressed

    @property
    def words(self) -> str:
        """The policy as its tombstones have it."""
        return f"{self.policy.words}, captured before {self.before:%Y-%m-%d}"


def plan(db: Connection, policy: Policy, *, before: dt.datetime, sources: Sequence[str] = ()) -> Plan:
    """What may go. Bytes go only where every capture that has them is one that the policy chooses."""
    marks = ", ".join(f":source{place}" for place in range(len(sources)))
    narrowed = f" AND source IN ({marks})" if sources else ""
    values = {"before": stamp(before)} | {f"source{place}": source for place, source in enumerate(sources)}
    chosen = {row[0] for row in db.execute(_CHOSEN[policy] + narrowed, values)}
    for query in _SPARED:
        chosen -= {row[0] for row in db.execute(query)}
    going = "wire" if policy is Policy.WIRE else "body"
    candidates: set[int] = set()
    needed: set[int] = set()
    for number, *parts in db.execute(f"SELECT id, {', '.join(_PARTS)} FROM capture"):
        for name, part in zip(_PARTS, parts, strict=True):
            (candidates if number in chosen and name == going else needed).add(part)
    sizes = dict(db.execute("SELECT snapshot, length(data) FROM packed").fetchall())
    found = sorted(snapshot for snapshot in candidates - needed if snapshot in sizes)
    return Plan(policy, before, tuple(found), sum(sizes[snapshot] for snapshot in found))


def prune(
    db: Connection, planned: Plan, *, at: dt.datetime, progress: Callable[[int, int], None] | None = None
) -> None:
    """Let go what was planned, all or nothing. The freed room is overwritten, and used again by what comes.

    Bytes that were compressed with a keyframe that goes are compressed anew. Raises StoreError where what stays
    could not be read again.
    """
    going = frozenset(planned.snapshots)
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):
        bodies = Snapshots(db)
        for done, number in enumerate(planned.snapshots, start=1):
            bodies.release_keyframe(number, going=going)
            db.execute("DELETE FROM packed WHERE snapshot = ?", [number])
            db.execute(
                "INSERT INTO tombstone (snapshot, at, policy) VALUES (?, ?, ?)", [number, stamp(at), planned.words]
            )
            if progress is not None:
                progress(done, len(planned.snapshots))


def shrink(db: Connection) -> None:
    """Give freed room back to the file system; needs as much room as the file takes, and waits for writers."""
    db.execute("VACUUM")
