"""What a time stamp (RFC 3161) is worth: each thing that could be wrong with a reply, looked at in turn.

A reply brings certificates along. They fill the way from the signer to a root, and none of them is believed for
being there: the way must end at a root that was chosen beforehand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from state.ledger.der import sort_certificates
from state.ledger.stamp_roots import Trust, certificates
from state.times import stamp as written

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FAR: Final = dt.timedelta(hours=1)
"""By how much the time of a stamp may differ from that of this machine when it was asked for."""

_VERIFY_ERROR: Final = re.compile(r"Verify error: ([^\"]+)")
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_GRANTED: Final = 0
_QUERY_HEAD: Final = bytes.fromhex("3043020101" + "3031300d060960864801650304020105000420")
_NONCE_HEAD: Final = bytes.fromhex("0208")
_WITH_CERTIFICATES: Final = bytes.fromhex("0101ff")


class Stamp(Struct, frozen=True):
    """What an authority answered when it was asked to stamp an entry."""

    seq: int
    entry: str  # sha256, the imprint
    authority: str  # address
    at: dt.datetime  # when we asked
    reply: bytes  # DER, as it came
    drawn: bool = False  # asked by an earlier version, whose nonces were drawn by chance and not kept
    looked: dt.datetime | None = None  # the time of the entry's capture


class CheckedStamp(Struct, frozen=True):
    """A stamp with what could be read of it; ``trouble`` says why it does not count, "" where it does.

    That it counts means: it is of this entry and of this request, at a time near that of the request, signed by a
    certificate for time stamps that was valid then and leads to a root that was chosen beforehand.
    """

    stamp: Stamp
    time: dt.datetime | None = None  # as the authority says
    accuracy: dt.timedelta | None = None  # as the authority says: its time may be off by so much either way
    trouble: str = ""


def query(entry: str, nonce: int) -> bytes:
    """A request (RFC 3161, DER) to stamp the digest ``entry``, with the authority's certificates in the reply."""
    return _QUERY_HEAD + bytes.fromhex(entry) + _NONCE_HEAD + nonce.to_bytes(8, "big") + _WITH_CERTIFICATES


def nonce_of(entry: str, authority: str, at: dt.datetime) -> int:
    """The number that the reply must repeat: 63 bits of what was asked of whom and when.

    So it needs no place of its own, and a row whose time or authority was changed no longer fits its reply.
    """
    digest = hashlib.sha256(f"{entry} {authority} {written(at)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1 | 1 << 62


def check_stamp(given: Stamp, *, trust: Trust) -> CheckedStamp:
    """Read a stamp and check it. Never raises for what the reply holds."""
    from rfc3161_client import decode_timestamp_response

    try:
        reply = decode_timestamp_response(sort_certificates(given.reply))
        if reply.status != _GRANTED:
            said = ", ".join(reply.status_string) or f"status {reply.status}"
            return CheckedStamp(given, trouble=f"the authority refused: {said}")
        told = reply.tst_info
        time, accuracy = told.gen_time, _accuracy(told.accuracy)
    except ValueError as error:
        return CheckedStamp(given, trouble=f"the reply cannot be read: {error}")
    trouble = (
        _other_imprint(given, reply)
        or _other_nonce(given, reply)
        or _other_use(reply)
        or _unsigned(given, reply, trust)
        or _other_policy(reply, trust)
        or _other_time(given, reply)
    )
    return CheckedStamp(given, time, accuracy, trouble)


def _accuracy(told: Any) -> dt.timedelta | None:  # noqa: ANN401 - the library's own class has no useful type
    if told is None:
        return None
    return dt.timedelta(seconds=told.seconds or 0, milliseconds=told.millis or 0, microseconds=told.micros or 0)


def _other_imprint(given: Stamp, reply: Any) -> str:  # noqa: ANN401
    imprint = reply.tst_info.message_imprint
    same = imprint.hash_algorithm.dotted_string == _SHA256 and imprint.message.hex() == given.entry
    return "" if same else "it is the stamp of something else"


def _other_nonce(given: Stamp, reply: Any) -> str:  # noqa: ANN401
    if given.drawn or reply.tst_info.nonce == nonce_of(given.entry, given.authority, given.at):
        return ""
    return "it answers another request (its nonce is not the one that was sent)"


def _unsigned(given: Stamp, reply: Any, trust: Trust) -> str:  # noqa: ANN401
    """Whether the signature leads to a chosen root, through certificates that were valid at the stamp's time."""
    from rfc3161_client import VerificationError, VerifierBuilder

    if not trust.roots:
        return "no root certificate was chosen that it could lead to"
    try:
        roots = list(certificates(trust.roots))
        VerifierBuilder(roots=roots).build().verify(reply, bytes.fromhex(given.entry))
    except (VerificationError, ValueError) as error:
        told = _VERIFY_ERROR.search(str(error))
        why = told[1] if told else str(error)
        return f"its signature does not lead to a root certificate that was chosen beforehand: {why}"
    return ""


def _other_use(reply: Any) -> str:  # noqa: ANN401
    """RFC 3161, 2.3: the signer's certificate is for time stamps, critically, and for nothing else."""
    from cryptography.x509 import (
        ExtendedKeyUsage,
        ExtensionNotFound,
        KeyUsage,
        load_der_x509_certificate,
    )
    from cryptography.x509.oid import ExtendedKeyUsageOID

    found = [load_der_x509_certificate(each) for each in reply.signed_data.certificates]
    signers = [each for each in found if _is_signer(each, reply)]
    if len(signers) != 1:
        return "it does not say whose certificate signed it"
    try:
        extended = signers[0].extensions.get_extension_for_class(ExtendedKeyUsage)
        if not extended.critical or list(extended.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
            return "the certificate that signed it is not for time stamps alone"
        usage = signers[0].extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound as error:
        is_usage = error.oid == KeyUsage.oid  # key usage may be left out
        return "" if is_usage else "the certificate that signed it is not for time stamps"
    signs = usage.digital_signature or usage.content_commitment
    return "" if signs else "the certificate that signed it is not for signatures"


def _is_signer(certificate: Certificate, reply: Any) -> bool:  # noqa: ANN401
    return any(
        certificate.issuer == each.issuer and certificate.serial_number == each.serial_number
        for each in reply.signed_data.signer_infos
    )


def _other_policy(reply: Any, trust: Trust) -> str:  # noqa: ANN401
    policy = reply.tst_info.policy.dotted_string
    if not trust.policies or policy in trust.policies:
        return ""
    return f"it was given under policy {policy}, which `stamp_policies` does not name"


def _other_time(given: Stamp, reply: Any) -> str:  # noqa: ANN401
    """Whether authority and archive agree on when it was: an entry is not stamped before its capture."""
    time = reply.tst_info.gen_time
    if abs(time - given.at) > FAR:
        return f"it says {_apart(time, given.at)} this machine asked for it; one of the two clocks is wrong"
    if given.looked is not None and given.looked - time > FAR:
        return f"it says {_apart(time, given.looked)} what it stamps was captured; one of the two clocks is wrong"
    return ""


def _apart(time: dt.datetime, other: dt.datetime) -> str:
    away = abs(time - other)
    span = f"{away.days} days" if away >= dt.timedelta(days=2) else f"{away.total_seconds() / 60:.0f} minutes"
    return f"{time:%Y-%m-%d %H:%M}, {span} {'before' if time < other else 'after'}"
