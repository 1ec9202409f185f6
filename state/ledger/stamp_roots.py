"""The certificates that a time stamp may lead to: those that ship and those that the user names, no others.

``stamp_roots.pem`` holds roots as Mozilla's list has them (Debian's ``ca-certificates`` and ``certifi`` agree on
each byte). Whether the service of an authority leads to one of them is for that authority to say; the root of any
other, such as freetsa.org, is the user's to fetch, compare and name under ``stamp_roots``.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from state.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SHIPPED: Final = {
    "552f7bdcf1a7af9e6ce672017f4f12abf77240c78e761ac203d1d9d20ac89988": "DigiCert Trusted Root G4",
    "2cabeafe37d06ca22aba7391c0033d25982952c453647349763a3ab5ad6ccf69": "GlobalSign Root CA - R6",
    "e793c9b02fd8aa13e21c31228accb08119643b749c898964b1746d46c3d4cbd2": "USERTrust RSA Certification Authority",
    "85666a562ee0be5ce925c1d8890a6f76a87ec16d4d7d5f29ea7419cf20123b69": "SSL.com Root Certification Authority RSA",
    "5c58468d55f58e497e743982d2b50010b6d165374acf83a7d4a32db768c4408e": "Certum Trusted Network CA",
}
"""SHA-256 of each shipped certificate (DER), and whose it is."""

_SHIPPED_FILE: Final = Path(__file__).with_name("stamp_roots.pem")


class Trust(Struct, frozen=True):
    """What a stamp must lead to: root certificates (PEM after PEM), and policies (OIDs) where only some count."""

    roots: bytes = b""
    policies: tuple[str, ...] = ()


def shipped_roots() -> bytes:
    """The roots that ship, PEM after PEM. Raises ConfigError where the file is not the one that was shipped."""
    text = _SHIPPED_FILE.read_bytes()
    if {_fingerprint(each) for each in certificates(text)} != set(SHIPPED):
        raise ConfigError(f"{_SHIPPED_FILE} is not the file that came with this program; install it anew")
    return text


def read_root(path: Path) -> bytes:
    """A file of the user's with roots (PEM). Raises ConfigError where it holds anything else."""
    try:
        text = path.read_bytes()
        found = certificates(text)
    except OSError as error:
        raise ConfigError(f"stamp_roots: {path} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigError(f"stamp_roots: {path} holds no certificate in PEM form ({error})") from error
    for each in found:
        if each.subject != each.issuer:
            raise ConfigError(
                f"stamp_roots: {path}: “{each.subject.rfc4514_string()}” is no root, it was issued by"
                f" “{each.issuer.rfc4514_string()}”; name that one's certificate"
            )
    return text


@cache
def certificates(text: bytes) -> tuple[Certificate, ...]:
    """The certificates in a text, PEM after PEM; none for an empty one. Raises ValueError for anything else."""
    from cryptography.x509 import load_pem_x509_certificates

    return tuple(load_pem_x509_certificates(text)) if text.strip() else ()


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
