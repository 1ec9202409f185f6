"""What the monitor and the process that holds its browser say to each other, one message after the other."""

from __future__ import annotations

import os
from typing import Final

import msgspec
from msgspec import Struct

HEADER: Final = 4  # bytes that say how long a message is
_CHUNK: Final = 1 << 20  # bytes read at once
_LONGEST: Final = 400_000_000  # bytes


class Show(Struct, tag=True, frozen=True):
    """Show this page, with what its server sent; ``Shown`` or ``NotShown`` answers, after some ``Ask``."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float  # until all of it has to be over
    wait_for: str | None
    click: tuple[str, ...]


class Again(Struct, tag=True, frozen=True):
    """Look at the page once more in so many seconds: what it shows is no document yet."""

    seconds: float


class Done(Struct, tag=True, frozen=True):
    """The page is no longer needed."""


class Ask(Struct, tag=True, frozen=True):
    """The page asks for an address; the answer is ``Part``. ``whole``: it asks for itself once more."""

    url: str
    method: str
    headers: dict[str, str]
    content: bytes
    kind: str  # document, script, fetch, xhr, …
    whole: bool


class Part(Struct, tag=True, frozen=True):
    """What an address answered; ``refused`` where the page gets no answer."""

    status: int = 0
    headers: list[tuple[str, str]] = []
    body: bytes = b""
    refused: bool = False


class Shown(Struct, tag=True, frozen=True):
    """The page as it stands, with its frames and shadow roots, and where it stands."""

    page: str
    url: str
    sent_on: str | None  # where it wanted to send its readers
    came: bool  # what was to be waited for is there


class NotShown(Struct, tag=True, frozen=True):
    """The browser could not show it. ``missing``: because there is none to start."""

    reason: str
    missing: bool = False


class Over(Struct, tag=True, frozen=True):
    """The page is closed."""


Message = Show | Again | Done | Ask | Part | Shown | NotShown | Over
_DECODER: Final = msgspec.msgpack.Decoder(Message)


def write(pipe: int, message: Message) -> None:
    """Send a message. Raises OSError where nobody is there any more."""
    said = msgspec.msgpack.encode(message)
    rest = memoryview(len(said).to_bytes(HEADER, "big") + said)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def read(pipe: int) -> Message:
    """Wait for a message. Raises EOFError where nobody is there any more."""
    length = int.from_bytes(_exactly(pipe, HEADER), "big")
    if length > _LONGEST:
        raise EOFError
    said: Message = _DECODER.decode(_exactly(pipe, length))
    return said


def _exactly(pipe: int, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = os.read(pipe, min(_CHUNK, length - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
