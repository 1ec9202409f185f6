"""Time stamps (RFC 3161) of the chain's head: somebody else's word that it stood at a time.

What is stamped is the text of an entry (canonical JSON), so that the stamp's imprint is the entry's own digest and
``openssl ts -verify -digest ENTRY`` checks it. Replies are kept as they came, whatever we can read of them:
authorities differ, and what this reader refuses OpenSSL may well accept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from sqlite3 import Connection
from typing import Final, TypeAlias

from msgspec import Struct

from state.database import transaction
from state.errors import StoreError
from state.ledger import entries
from state.times import moment, stamp

EVERY: Final = dt.timedelta(hours=20)
"""How old the newest stamp must be before the next: one a day, whenever in the day the round runs."""

Post: TypeAlias = Callable[[str, bytes], bytes]
"""Sends a request (``application/timestamp-query``) to an address and returns the reply; raises OSError."""


class Stamp(Struct, frozen=True):
    """What an authority answered when it was asked to stamp an entry."""

    seq: int
    entry: str  # sha256, the imprint
    authority: str  # address
    at: dt.datetime  # when we asked
    reply: bytes  # DER, as it came


class CheckedStamp(Struct, frozen=True):
    """A stamp with what could be read of it; ``trouble`` says why it is unverified, "" where it is verified.

    Verified means: it is of this entry, and signed by a certificate that leads to one of the roots given or of
    those that the stamp carries. Whether these are the authority's is for the reader to say.
    """

    stamp: Stamp
    time: dt.datetime | None = None  # as the authority says
    trouble: str = ""


def stamps(db: Connection) -> tuple[Stamp, ...]:
    """All stamps, oldest first."""
    rows = db.execute("SELECT seq, entry, authority, at, reply FROM stamp ORDER BY id").fetchall()
    return tuple(Stamp(seq, entry, authority, moment(at), reply) for seq, entry, authority, at, reply in rows)


def due(db: Connection, *, at: dt.datetime) -> bool:
    """Whether the head has moved since it was stamped last, and that is long enough ago."""
    row = db.execute("SELECT seq, at FROM stamp ORDER BY id DESC LIMIT 1").fetchone()
    head = entries.head(db)
    return head.seq > 0 and (row is None or (row[0] < head.seq and abs(at - moment(row[1])) >= EVERY))


def stamp_head(
    db: Connection, authorities: Sequence[str], *, post: Post, at: dt.datetime, roots: bytes = b""
) -> tuple[CheckedStamp, ...]:
    """Have the newest entry stamped by each authority; keeps every reply and returns what they are worth.

    An authority that cannot be reached leaves nothing but its trouble in the answer.
    """
    head = entries.head(db)
    if head.seq == 0:
        raise StoreError("the chain is empty: there is nothing to stamp")
    request = _request(entries.text_of(db, head.seq))
    answers = []
    for authority in authorities:
        try:
            reply = post(authority, request)
        except OSError as error:
            answers.append(CheckedStamp(Stamp(head.seq, head.entry, authority, at, b""), trouble=str(error)))
            continue
        with transaction(db):
            db.execute(
                "INSERT INTO stamp (seq, entry, authority, at, reply) VALUES (?, ?, ?, ?, ?)",
                [head.seq, head.entry, authority, stamp(at), reply],
            )
        answers.append(check_stamp(Stamp(head.seq, head.entry, authority, at, reply), roots=roots))
    return tuple(answers)


def check_stamp(given: Stamp, *, roots: bytes = b"") -> CheckedStamp:
    """Read a stamp and check it against its entry; ``roots`` are certificates of authorities (PEM).

    Never raises for what the reply holds.
    """
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        reply = decode_timestamp_response(given.reply)
    except ValueError as error:
        return CheckedStamp(given, trouble=f"the reply cannot be read: {error}")
    if reply.status not in (0, 1):  # granted, granted with modifications
        return CheckedStamp(given, trouble=f"the authority refused: {', '.join(reply.status_string)}")
    digest, time = bytes.fromhex(given.entry), reply.tst_info.gen_time
    if reply.tst_info.message_imprint.message != digest:
        return CheckedStamp(given, trouble="it is the stamp of something else")
    try:
        trusted = [load_der_x509_certificate(each) for each in reply.signed_data.certificates]
        trusted += [each for each in load_pem_x509_certificates(roots) if each not in trusted] if roots else []
        VerifierBuilder(roots=trusted).build().verify(reply, digest)
    except (VerificationError, ValueError) as error:
        words = "its signature could not be verified, perhaps for want of the authority's root certificate"
        return CheckedStamp(given, time, trouble=f"{words}: {error}")
    return CheckedStamp(given, time)


def _request(text: bytes) -> bytes:
    """A request to stamp ``text``, which leaves the machine as its digest only."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder(data=text, hash_algorithm=HashAlgorithm.SHA256).build().as_bytes()
