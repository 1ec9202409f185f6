"""Bytes -> Document: finds out what a body is and hands it to the reader of that format.

Readers live in ``diffing/readers``, one a format, and are imported when the first document of their
format comes.
"""

from __future__ import annotations

import importlib
from typing import Final, Protocol, cast

from msgspec.structs import replace

from diffing import readers
from diffing.readers.tables.reread import settle_notation
from diffing.sniff import CSV, ENCRYPTED, HTML, JSON, PDF, TEXT, TSV, UNKNOWN, XLS, XLSM, XLSX, sniff
from state.document import Document, ReadingHints
from state.errors import ReadingError

__all__ = ["extract", "sniff"]

_MODULES: Final = {
    HTML: "html.reader",
    PDF: "pdf.reader",
    XLSX: "spreadsheets.reader",
    XLSM: "spreadsheets.reader",
    XLS: "spreadsheets.reader",
    CSV: "csv",
    TSV: "csv",
    JSON: "json",
    TEXT: "text",
}
_READABLE: Final = "it reads HTML, PDF, XLSX, XLS, CSV, TSV, JSON, plain text and ZIP of these"


class _Reader(Protocol):
    MEDIA_TYPES: tuple[str, ...]
    SUFFIXES: tuple[str, ...]

    def read(self, body: bytes, *, hints: ReadingHints) -> Document:
        """Read one document."""
        ...


def extract(body: bytes, *, media_type: str, hints: ReadingHints) -> Document:
    """Read a body in this process. Raises ``ReadingError`` with the reason where it cannot be read.

    ``media_type`` is what the server said ("" where unknown); the bytes themselves have precedence.
    """
    if not body.strip():
        raise ReadingError("the file is empty" if not body else "the file holds nothing but blanks")
    true_type = sniff(body, media_type=media_type, file_name=hints.file_name)
    if true_type == ENCRYPTED:
        raise ReadingError("the file is protected by a password")
    document = _reader_of(true_type).read(body, hints=hints)
    return settle_notation(document if document.media_type else replace(document, media_type=true_type))


def _reader_of(media_type: str) -> _Reader:
    name = _MODULES.get(media_type)
    if name is not None:
        return _load(name)
    for module in readers.READERS:
        reader = _load(module)
        if media_type in reader.MEDIA_TYPES:
            return reader
    what = "unknown binary data" if media_type == UNKNOWN else media_type
    raise ReadingError(f"not a format the monitor reads: {what}; {_READABLE}")


def _load(name: str) -> _Reader:
    return cast(_Reader, importlib.import_module(f"diffing.readers.{name}"))
