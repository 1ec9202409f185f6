"""Checking an archive: the chain, its order, and every byte that it rests on."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from state.blobs.snapshots import Snapshots
from state.captures import ANSWER
from state.database import missing_triggers, open_unchecked, refuse_newer
from state.errors import UNREADABLE, BytesPruned, StoreError
from state.ledger.agreement import contradictions
from state.ledger.entries import GENESIS, Head, entries, entry_digest, head
from state.ledger.head_file import read_head_file
from state.ledger.stamp_checks import CheckedStamp, Stamp, check_stamp
from state.ledger.stamp_roots import Trust
from state.ledger.stamps import stamps
from state.serialisation.nouns import digest_of

NOBODY: Final = Trust()
"""No authority is trusted: time stamps are read and none counts."""


class Flaw(StrEnum):
    """What can be wrong with an archive."""

    MISSING_ENTRY = "missing entry"
    BROKEN_ENTRY = "broken entry"
    CAPTURE_WITHOUT_ENTRY = "capture without entry"
    DAMAGED_BYTES = "damaged bytes"
    OTHER_HEAD = "other head"
    DAMAGED_FILE = "damaged file"
    CONTRADICTION = "contradiction"
    MISSING_PROTECTION = "missing protection"


class Fault(Struct, frozen=True):
    """One thing that is wrong; ``seq`` is the entry it is about, None where it is about none."""

    flaw: Flaw
    what: str
    seq: int | None = None


class Pruned(Struct, frozen=True):
    """Bytes that were let go on a day by a policy; their entries stand."""

    day: str  # ISO date
    policy: str
    count: int


class Verification(Struct, frozen=True):
    """What checking an archive showed. ``head`` is its newest entry, to be kept somewhere else."""

    head: Head
    entries: int
    snapshots: int
    faults: tuple[Fault, ...]
    pruned: tuple[Pruned, ...] = ()
    stamps: tuple[CheckedStamp, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


_GARBLED: Final = (*UNREADABLE, TypeError, ValueError, AttributeError, OverflowError, MemoryError)
"""What rows raise in which a changed bit made a number of a text, or a length of another."""

PROVES: Final = (
    "The captures stand in the order in which they were entered, and neither what they say nor their headers, "
    "bytes, certificates and redirects have changed since."
)
PROVES_NOT: Final = (
    "That no entry was cut off the end and that the chain was not built anew as a whole: only a head that left "
    "this machine before shows that (verify --known). That the publisher served these bytes to others: TLS proves "
    "nothing to a third party."
)


def head_of(path: Path) -> Head:
    """The newest entry of the archive in ``path``, of this version or the one before.

    Raises StoreError where there is none.
    """
    db = _open_any(path)
    try:
        return head(db)
    finally:
        db.close()


def verify_file(
    path: Path,
    *,
    known: Head | None = None,
    trust: Trust = NOBODY,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Check the archive in ``path`` without writing to it, whatever its state or version; see ``verify``.

    Where no ``known`` head is given, the one that stands in the file beside it must be in it.
    Raises StoreError where there is no such file or it is no archive.
    """
    db = _open_any(path)
    try:
        return verify(db, known=known or _written_beside(path), trust=trust, progress=progress)
    finally:
        db.close()


def _written_beside(path: Path) -> Head | None:
    known = read_head_file(path)
    return known if known is not None and known.seq else None


def _open_any(path: Path) -> Connection:
    db = open_unchecked(path)
    try:
        found = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    except UNREADABLE as error:
        db.close()
        raise StoreError(f"{path} is too damaged to be read: {error}") from error
    if not {"ledger", "look", "snapshot", "packed"} <= found:
        db.close()
        raise StoreError(f"{path} is no archive: it has no ledger")
    try:
        refuse_newer(db, path)
    except StoreError:
        db.close()
        raise
    except UNREADABLE:  # verify tells what is damaged
        pass
    return db


def verify(
    db: Connection,
    *,
    known: Head | None = None,
    trust: Trust = NOBODY,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Check everything; ``known`` is a head that was kept elsewhere, ``trust`` is what time stamps
    must lead to, ``progress`` hears how many blobs of how many are done.

    Finds any changed, missing or inserted row of the chain and of the captures, and any changed byte of
    a body, a list of headers, a certificate or a redirect chain. Bytes that were pruned are no fault.
    """
    with _undecoded(db):
        try:
            stamped = stamps(db)
            last, count, broken = _check_chain(db, [*_heads(stamped), *([known] if known else [])])
            strays = [*_strays(db), *_check_answers(db)]
            snapshots, damaged = _check_bytes(db, progress)
            file = [*_check_packed(db), *_check_agreement(db), *_check_file(db), *_check_protection(db)]
            pruned = tuple(_pruned(db))
        except _GARBLED as error:
            fault = Fault(Flaw.DAMAGED_FILE, f"the file cannot be read to its end: {error}")
            return Verification(Head(0, GENESIS), 0, 0, (fault,))
    checked = tuple(check_stamp(each, trust=trust) for each in stamped)
    return Verification(last, count, snapshots, (*broken, *strays, *damaged, *file), pruned, checked)


def _heads(stamped: Sequence[Stamp]) -> Iterator[Head]:
    """The heads that an authority answered for: what was stamped was there."""
    for each in stamped:
        yield Head(each.seq, each.entry)


@contextmanager
def _undecoded(db: Connection) -> Iterator[None]:
    """Read text that is no UTF-8 any more as something else than it was, instead of failing at it."""
    usual = db.text_factory
    db.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        db.text_factory = usual


def _check_chain(db: Connection, known: Sequence[Head]) -> tuple[Head, int, list[Fault]]:
    faults: list[Fault] = []
    last, count = Head(0, GENESIS), 0
    found = dict.fromkeys(each.seq for each in known)
    for each in entries(db):
        if each.seq != last.seq + 1:
            faults.append(
                Fault(Flaw.MISSING_ENTRY, f"entries {last.seq + 1} to {each.seq - 1} are gone", each.seq)
            )
        if each.facts is None:
            faults.append(Fault(Flaw.MISSING_ENTRY, f"the capture of entry {each.seq} is gone", each.seq))
        elif entry_digest(seq=each.seq, prev=last.entry, facts=each.facts) != each.entry:
            what = f"entry {each.seq} ({each.facts['url']}, {each.facts['at']}) does not follow from its capture"
            faults.append(Fault(Flaw.BROKEN_ENTRY, f"{what} and the entry before it", each.seq))
        last, count = Head(each.seq, each.entry), count + 1
        if each.seq in found:
            found[each.seq] = each.entry
    for kept in dict.fromkeys(known):
        if kept.seq > 0 and found[kept.seq] != kept.entry:
            what = "is gone" if found[kept.seq] is None else "is another one"
            words = f"entry {kept.seq} {what}, which was kept elsewhere or stamped as {kept.entry}"
            faults.append(Fault(Flaw.OTHER_HEAD, words, kept.seq))
    return last, count, faults


def _strays(db: Connection) -> Iterator[Fault]:
    rows = db.execute("SELECT id FROM look WHERE id NOT IN (SELECT capture FROM ledger) ORDER BY id")
    for (number,) in rows:
        yield Fault(Flaw.CAPTURE_WITHOUT_ENTRY, f"capture {number} was never entered in the chain")


def _check_answers(db: Connection) -> Iterator[Fault]:
    """Whether what is known again by its digest is what it was."""
    for number, digest, *values in db.execute(f"SELECT id, digest, {', '.join(ANSWER)} FROM answer"):
        if digest_of(values) != digest:
            yield Fault(Flaw.DAMAGED_BYTES, f"answer {number} has another digest than was noted")


def _check_bytes(db: Connection, progress: Callable[[int, int], None] | None) -> tuple[int, list[Fault]]:
    bodies = Snapshots(db)
    faults: list[Fault] = []
    rows = db.execute(
        "SELECT snapshot.id, snapshot.sha256, snapshot.size"
        " FROM snapshot LEFT JOIN packed ON packed.snapshot = snapshot.id"
        " ORDER BY coalesce(packed.keyframe, snapshot.id), snapshot.id"
    ).fetchall()
    for done, (number, sha256, size) in enumerate(rows, start=1):
        try:
            if len(bodies.read(number, sha256=sha256)) != size:
                faults.append(Fault(Flaw.DAMAGED_BYTES, f"snapshot {sha256} has another length than was noted"))
        except BytesPruned:
            pass  # told apart, by day and policy
        except StoreError as error:
            faults.append(Fault(Flaw.DAMAGED_BYTES, str(error)))
        if progress is not None:
            progress(done, len(rows))
    return len(rows), faults


def _check_packed(db: Connection) -> Iterator[Fault]:
    """Whether compressed bytes are as they were written: zstandard does not look at every bit of them."""
    for number, data, crc in db.execute("SELECT snapshot, data, crc FROM packed WHERE crc IS NOT NULL"):
        if zlib.crc32(data) != crc:
            yield Fault(Flaw.DAMAGED_BYTES, f"the compressed bytes of snapshot number {number} were changed")


def _check_agreement(db: Connection) -> Iterator[Fault]:
    for line in contradictions(db):
        yield Fault(Flaw.CONTRADICTION, line)


def _check_file(db: Connection) -> Iterator[Fault]:
    for (line,) in db.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield Fault(Flaw.DAMAGED_FILE, f"SQLite: {line}")
    for row in db.execute("PRAGMA foreign_key_check"):
        yield Fault(Flaw.DAMAGED_FILE, f"a row of {row[0]} points to a row of {row[2]} that is gone")


def _check_protection(db: Connection) -> Iterator[Fault]:
    for name in missing_triggers(db):
        yield Fault(Flaw.MISSING_PROTECTION, f"the trigger {name}, which keeps rows from being changed, is gone")


def _pruned(db: Connection) -> Iterator[Pruned]:
    rows = db.execute(
        "SELECT substr(at, 1, 10) AS day, policy, count(*) FROM tombstone"
        " WHERE snapshot NOT IN (SELECT snapshot FROM packed) GROUP BY day, policy ORDER BY day, policy"
    )
    for day, policy, count in rows:
        yield Pruned(day, policy, count)
