"""Bytes -> Document: finds out what a body is and hands it to the reader of that format.

Readers live in ``diffing/readers``, one a format as ``state.formats`` lists them, and are imported when the first
document of their format comes.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from diffing.readers import load_reader
from diffing.readers.tables.reread import settle_notation
from state.document import Document, ReadingHints
from state.errors import ReadingError
from state.formats import ENCRYPTED, READ, UNKNOWN, format_called
from state.sniffing import sniff

_READABLE: Final = f"it reads {', '.join(READ)}"


def extract(body: bytes, *, media_type: str, hints: ReadingHints) -> Document:
    """Read a body in this process. Raises ``ReadingError`` with the reason where it cannot be read.

    ``media_type`` is what the server said ("" where unknown); the bytes themselves have precedence.
    """
    if not body or body.isspace():
        raise ReadingError("the file is empty" if not body else "the file holds nothing but blanks")
    true_type = sniff(body, media_type=media_type, file_name=hints.file_name)
    if true_type == ENCRYPTED:
        raise ReadingError("the file is protected by a password")
    found = format_called(true_type)
    if found is None or not found.reader:
        what = "unknown binary data" if true_type == UNKNOWN else true_type
        raise ReadingError(f"not a format the monitor reads: {what}; {_READABLE}")
    document = load_reader(found)(body, hints=hints)
    return settle_notation(document if document.media_type else replace(document, media_type=true_type))
