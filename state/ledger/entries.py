"""The ledger: every capture is an entry in a hash chain, so that no row can change unseen.

An entry is the SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of what the capture says, the
digests of all bytes it rests on, its number in the chain and the entry before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from sqlite3 import Connection

from msgspec import Struct

GENESIS = "0" * 64
"""What stands before the first entry."""

ENTRY_VERSIONS = (1, 2)
"""Fields of an entry: the second has the digest of the headers that were sent, where they are kept."""

_FACTS = """
    SELECT capture.source, capture.series, capture.url, capture.final_url, capture.at, capture.elapsed,
        capture.verdict, capture.status, capture.reason, capture.media_type, capture.file_name,
        capture.link_text, capture.memento, capture.peer, capture.revisit_of,
        headers.sha256 AS headers_sha256, body.sha256 AS body_sha256, body.size AS length,
        wire.sha256 AS wire_sha256, certificate.sha256 AS certificate_sha256,
        redirects.sha256 AS redirects_sha256
"""
_FROM_CAPTURE = """
    LEFT JOIN snapshot AS headers ON headers.id = capture.headers
    LEFT JOIN snapshot AS body ON body.id = capture.body
    LEFT JOIN snapshot AS wire ON wire.id = capture.wire
    LEFT JOIN snapshot AS certificate ON certificate.id = capture.certificate
    LEFT JOIN snapshot AS redirects ON redirects.id = capture.redirects
"""
_REQUEST = ", request.sha256 AS request_sha256"
_ITS_REQUEST = "LEFT JOIN snapshot AS request ON request.id = capture.request"


class Head(Struct, frozen=True):
    """The end of the chain. Kept outside this machine, it shows later whether the tail was cut off."""

    seq: int  # number of entries
    entry: str  # sha256 of the last one


def head(db: Connection) -> Head:
    """The newest entry; number 0 before the first."""
    row = db.execute("SELECT seq, entry FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(0, GENESIS) if row is None else Head(int(row[0]), entry_of(row[1]))


def entry_of(stored: bytes | str) -> str:
    """An entry in hexadecimal digits, as people compare it; archives of earlier versions have it so."""
    return stored if isinstance(stored, str) else stored.hex()


def append(db: Connection, capture: int) -> Head:
    """Enter capture number ``capture``, inside the transaction that stored it."""
    before = head(db)
    seq = before.seq + 1
    entry = entry_digest(seq=seq, prev=before.entry, facts=facts_of(db, capture))
    db.execute("INSERT INTO ledger (seq, capture, entry) VALUES (?, ?, ?)", [seq, capture, bytes.fromhex(entry)])
    return Head(seq, entry)


def entry_digest(*, seq: int, prev: str, facts: Mapping[str, object]) -> str:
    """The entry for ``facts`` at position ``seq`` after entry ``prev``."""
    return hashlib.sha256(entry_text(seq=seq, prev=prev, facts=facts)).hexdigest()


def entry_text(*, seq: int, prev: str, facts: Mapping[str, object]) -> bytes:
    """The canonical JSON whose SHA-256 is the entry, without a line end: what anyone can recompute it from."""
    plain, later = ENTRY_VERSIONS
    if facts.get("request_sha256") is None:
        facts, version = {name: fact for name, fact in facts.items() if name != "request_sha256"}, plain
    else:
        version = later
    body = {"v": version, "seq": seq, "prev": prev, **facts}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return canonical.encode("utf-8", "surrogatepass")


def text_of(db: Connection, seq: int) -> bytes:
    """The text that entry ``seq`` is the digest of. The entry must be there."""
    (capture,) = db.execute("SELECT capture FROM ledger WHERE seq = ?", [seq]).fetchone()
    before = db.execute("SELECT entry FROM ledger WHERE seq = ?", [seq - 1]).fetchone()
    return entry_text(seq=seq, prev=entry_of(before[0]) if before else GENESIS, facts=facts_of(db, capture))


class Entry(Struct, frozen=True):
    """A row of the chain: what is written, and what its capture says; ``facts`` is None where that is gone."""

    seq: int
    entry: str
    facts: Mapping[str, object] | None


def entries(db: Connection) -> Iterator[Entry]:
    """The chain in order, as stored."""
    facts, joined = _asked_of(db)
    cursor = db.execute(
        f"{facts}, ledger.seq FROM ledger JOIN capture ON capture.id = ledger.capture {joined} ORDER BY ledger.seq"
    )
    names = [column[0] for column in cursor.description][:-1]
    following = cursor.fetchone()
    for seq, entry in db.execute("SELECT seq, entry FROM ledger ORDER BY seq"):
        if following is None or following[-1] != seq:
            yield Entry(seq, entry_of(entry), None)
            continue
        yield Entry(seq, entry_of(entry), dict(zip(names, following, strict=False)))
        following = cursor.fetchone()


def facts_of(db: Connection, capture: int) -> dict[str, object]:
    """What an entry says of capture number ``capture``, which must be there."""
    facts, joined = _asked_of(db)
    cursor = db.execute(f"{facts} FROM capture {joined} WHERE capture.id = ?", [capture])
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def _asked_of(db: Connection) -> tuple[str, str]:
    """What is asked of an archive, and from where; one of an earlier version, read as it is, has no requests."""
    known = db.execute("SELECT 1 FROM pragma_table_info('look') WHERE name = 'request'").fetchone()
    return (_FACTS, _FROM_CAPTURE) if known is None else (f"{_FACTS}{_REQUEST}", f"{_FROM_CAPTURE} {_ITS_REQUEST}")
