"""One file packed with gzip, read as what it holds."""

from __future__ import annotations

import posixpath
import zlib
from typing import Final

from msgspec.structs import replace

from diffing.readers import load_reader
from state.document import Document, ReadingHints
from state.errors import ReadingError
from state.formats import format_called
from state.sniffing import sniff

MAX_UNPACKED: Final = 500_000_000
"""Bytes that a file may unpack to."""


def read(body: bytes, *, hints: ReadingHints, limit: int = MAX_UNPACKED) -> Document:
    """Read what is packed. Raises ``ReadingError`` where it is cut short, too large, or nothing that is read."""
    content = _unpacked(body, limit)
    if not content.strip():
        raise ReadingError("the packed file (gzip) is empty")
    name = posixpath.splitext(hints.file_name or "")[0] or None
    true_type = sniff(content, media_type="", file_name=name)
    found = format_called(true_type)
    if found is None or not found.reader or found.reader == __name__.rsplit(".", 1)[-1]:
        raise ReadingError(f"the packed file (gzip) is not of a format the monitor reads: {true_type}")
    document = load_reader(found)(content, hints=replace(hints, file_name=name))
    return document if document.media_type else replace(document, media_type=true_type)


def _unpacked(body: bytes, limit: int) -> bytes:
    """The bytes of all members, one after the other; zeros after the last are passed over."""
    parts, left, rest = [], limit, body
    while rest.startswith(b"\x1f\x8b"):
        stream = zlib.decompressobj(wbits=31)
        try:
            part = stream.decompress(rest, left + 1)
        except zlib.error as error:
            raise ReadingError(f"the packed file (gzip) is damaged: {error}") from error
        left -= len(part)
        if left < 0:
            raise ReadingError("the packed file (gzip) unpacks to more than is read")
        if not stream.eof:
            raise ReadingError("the packed file (gzip) is cut short")
        parts.append(part)
        rest = stream.unused_data.lstrip(b"\x00")
    return b"".join(parts)
