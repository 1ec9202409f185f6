"""Links by which the reader of a message may write: each for one event and one destination, until a day.

The signature is HMAC-SHA256 with a key that lies beside the archive and in no message, export or backup.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

LASTS: Final = dt.timedelta(days=30)
"""How long after it was sent a link writes."""

_FILE: Final = "triage.key"
_BYTES: Final = 32


class Signed(Struct, frozen=True):
    """What a link stands for."""

    event: str
    destination: str
    until: int  # seconds since 1970

    def signature(self, key: bytes) -> str:
        """The signature of it, in hexadecimal."""
        said = f"triage/1\n{self.event}\n{self.until}\n{self.destination}"
        return hmac.new(key, said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def make_query(key: bytes, event: str, destination: str, *, now: dt.datetime) -> str:
    """The query of an address that lets the reader of ``destination`` write of ``event``."""
    signed = Signed(event, destination, int((now + LASTS).timestamp()))
    return urlencode({"to": destination, "until": signed.until, "sig": signed.signature(key)}, errors="replace")


def read_query(key: bytes, event: str, fields: Mapping[str, str], *, now: dt.datetime) -> Signed | None:
    """What a signed query stands for; None where the signature is not ours, or its day is over."""
    until = fields.get("until", "")
    if not (until.isascii() and until.isdigit() and len(until) < 15):
        return None
    signed = Signed(event, fields.get("to", ""), int(until))
    genuine = hmac.compare_digest(signed.signature(key).encode(), fields.get("sig", "").encode("utf-8", "replace"))
    return signed if genuine and now.timestamp() <= signed.until else None


def read_key(folder: Path) -> bytes | None:
    """The key in the folder of the archive, None where there is none or it cannot be read."""
    with suppress(OSError):
        key = (folder / _FILE).read_bytes()
        return key if len(key) == _BYTES else None
    return None


def make_key(folder: Path) -> bytes | None:
    """The key, made where there is none, for its owner's eyes only. None where it cannot be written."""
    with suppress(OSError):
        place = os.open(folder / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(place, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
    return read_key(folder)
