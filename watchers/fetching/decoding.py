"""Bodies out of their content encodings: whole, and never larger than was agreed."""

from __future__ import annotations

import io
import zlib
from typing import Final

from watchers.fetching.large_bodies import SMALL, take_turn

_STEP: Final = 1 << 20  # bytes that are unpacked at a time, at the most
_SUSPECT: Final = 32 << 20  # bytes unpacked from which on it counts how little they were packed
_RATIO: Final = 200  # a bomb of zeros is packed to a thousandth
_PIECE: Final = 1 << 16  # bytes of a compressed body that are unpacked at a time
_MOST_MEMBERS: Final = 10_000
_GZIP: Final = b"\x1f\x8b\x08"


class BodyTooLarge(Exception):
    """The body is larger than the limit."""


class BodyCut(Exception):
    """The body ended before its end."""


class _Unpacked:
    """What was unpacked so far, out of ``packed`` bytes and at most ``limit`` of it."""

    def __init__(self, packed: int, limit: int) -> None:
        self._packed = packed
        self._limit = limit
        self._found = io.BytesIO()
        self._size = 0

    def add(self, data: bytes) -> None:
        """Take in some more. Raises ``BodyTooLarge``."""
        self._size += len(data)
        if self._size > self._limit:
            raise BodyTooLarge(f"the answer is larger than {self._limit:,} bytes once unpacked")
        if self._size > _SUSPECT and self._size > _RATIO * self._packed:
            raise BodyTooLarge(f"{self._packed:,} bytes that unpack to more than {_RATIO} times as many")
        if self._size > SMALL:
            take_turn()
        self._found.write(data)

    def whole(self) -> bytes:
        """All of it; not copied."""
        return self._found.getvalue()


def decode_body(wire: bytes, encoding: str, limit: int, *, packed: bool) -> bytes:
    """The body without its content encoding, at most ``limit`` bytes. Encodings within encodings are an attack.

    A gzip body that no header names is unpacked by its first bytes, unless it is ``packed``: the very document.
    Raises ``BodyCut`` where a compressed body is not whole, ``BodyTooLarge``, and ``ValueError`` for an encoding
    that is none of gzip, deflate, br and zstd (RFC 9110, 8.4.1; RFC 7932; RFC 8878).
    """
    name = encoding.strip(" ,").lower()  # web archives send an empty one beside the true one
    if name not in ("", "identity"):
        return _decode(wire, name, limit)
    if not packed and wire.startswith(_GZIP):
        return _unpack_unnamed(wire, limit)
    return wire


def _decode(body: bytes, name: str, limit: int) -> bytes:
    match name:
        case "gzip" | "x-gzip":
            return _inflated(body, zlib.MAX_WBITS | 32, limit)
        case "deflate":
            return _inflated(body, zlib.MAX_WBITS if _has_zlib_header(body) else -zlib.MAX_WBITS, limit)
        case "br":
            return _unbrotlied(body, limit)
        case "zstd":
            return _unzstded(body, limit)
    raise ValueError(f"the answer is encoded as “{name[:100]}”, which was not asked for")


def _has_zlib_header(body: bytes) -> bool:
    """Whether a deflate body has the frame that it should have (RFC 1950); some servers leave it out."""
    return len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _unpack_unnamed(body: bytes, limit: int) -> bytes:
    """A body that begins as gzip does; as it came where it is none after all."""
    try:
        return _inflated(body, zlib.MAX_WBITS | 32, limit)
    except BodyCut:
        return body


def _unbrotlied(body: bytes, limit: int) -> bytes:
    import brotli  # few servers send it though gzip was offered as well

    decoder = brotli.Decompressor()
    found = _Unpacked(len(body), limit)
    try:
        for start in range(0, len(body), _PIECE):
            found.add(decoder.process(body[start : start + _PIECE], output_buffer_limit=_STEP))
            while not decoder.can_accept_more_data():
                found.add(decoder.process(b"", output_buffer_limit=_STEP))
        while data := decoder.process(b"", output_buffer_limit=_STEP):
            found.add(data)
    except brotli.error as error:
        raise BodyCut(f"the compressed body is damaged ({error})") from error
    if body and not decoder.is_finished():
        raise BodyCut("the compressed body ends before its end")
    return found.whole()


def _unzstded(body: bytes, limit: int) -> bytes:
    import zstandard

    found = _Unpacked(len(body), limit)
    rest = body
    try:
        while rest:  # frame after frame
            decoder = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj(write_size=_PIECE)
            start = 0
            while start < len(rest) and not decoder.eof:
                found.add(decoder.decompress(rest[start : start + 512]))  # each may become 16 MB
                start += 512
            if not decoder.eof:
                raise BodyCut("the compressed body ends before its end")
            rest = decoder.unused_data + rest[start:]
    except zstandard.ZstdError as error:
        raise BodyCut(f"the compressed body is damaged ({error})") from error
    return found.whole()


def _inflated(wire: bytes, window: int, limit: int) -> bytes:
    """Every member of a compressed body, at most ``limit`` bytes.

    A decoder copies what follows its member, so it is given pieces: many tiny members must not cost their square.
    """
    found = _Unpacked(len(wire), limit)
    decoder, members = zlib.decompressobj(window), 1
    for start in range(0, len(wire), _PIECE):
        rest = wire[start : start + _PIECE]
        while rest:
            if decoder.eof:
                rest = rest.lstrip(b"\0")  # some servers pad
                if not rest:
                    break
                decoder, members = zlib.decompressobj(window), members + 1
            if members > _MOST_MEMBERS:
                raise ValueError(f"the compressed body has more than {_MOST_MEMBERS:,} parts")
            rest = _inflate(decoder, rest, found)
    if wire and not decoder.eof:
        raise BodyCut("the compressed body ends before its end")
    return found.whole()


def _inflate(decoder: zlib._Decompress, rest: bytes, found: _Unpacked) -> bytes:
    """Unpack a piece of one member step by step; returns what follows the member."""
    try:
        while True:
            data = decoder.decompress(rest, _STEP)
            found.add(data)
            rest = decoder.unconsumed_tail
            if not rest and len(data) < _STEP:
                return decoder.unused_data
    except zlib.error as error:
        raise BodyCut(f"the compressed body is damaged ({error})") from error
