"""The reading of a release as bytes, so that it need not be read again when the next release comes.

Both sides of a comparison must have been read by today's reader: a reading carries the version of its reader,
which changes with any line of the code that reads, any package and any hint of the source file. A reading that
does not fit, or cannot be decoded, is ignored.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import Final

import zstandard

from diffing.columnar.rows import ColumnarRows
from diffing.workers.codec import decode, encode
from state.code_digest import code_digest
from state.document import Document, ReadingHints
from state.formats import format_called
from state.model import Reading

READS: Final = ("diffing", "state")
"""Packages of the code that a reading depends on."""

FEWEST_BYTES: Final = 200_000
"""Of a page or a list, below which it is read again: one of 57 KB takes 8 ms to read and 15 KB to keep."""

_LEVEL: Final = 3


def keep_reading(document: Document, *, body: bytes, hints: ReadingHints) -> Reading | None:
    """The reading of ``body`` as bytes; None where it is not worth keeping, or another day may read it otherwise.

    Nearly all text of a document is in its body, which therefore serves as dictionary.
    """
    if document.ocr or document.pictures:  # these depend on programs outside
        return None
    if any(isinstance(table.rows, ColumnarRows) for table in document.tables):  # keeping takes longer than reading
        return None
    found = format_called(document.media_type)
    if found is not None and found.text and len(body) < FEWEST_BYTES:
        return None
    data = encode(document)
    if data is None:
        return None
    packed = _compressor(body).compress(data)
    return Reading(extractor=reader_version(hints), data=packed)


def kept_document(reading: Reading | None, *, body: bytes, hints: ReadingHints) -> Document | None:
    """The document that today's reader made of ``body`` before; None where there is no such reading."""
    if reading is None or reading.extractor != reader_version(hints):
        return None
    try:
        data = zstandard.ZstdDecompressor(dict_data=_dictionary(body)).decompress(reading.data)
        return decode(data)
    except (ValueError, zstandard.ZstdError):
        return None


def reader_version(hints: ReadingHints) -> str:
    """A digest over the code that reads, the packages it may call and what the source file told it."""
    columns = (hints.key_columns, hints.period_columns, hints.other_columns)
    told = "\n".join(map(repr, (*columns, hints.include, hints.exclude, hints.catalogue)))
    return hashlib.sha256(f"{_code_version()}\n{told}".encode()).hexdigest()[:32]


@cache
def _code_version() -> str:
    parts = (sys.version, code_digest(*READS), *_packages())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _packages() -> list[str]:
    """Names and versions of the packages there are, by their folders: asking importlib.metadata takes 50 ms."""
    folders = {Path(folder) for folder in sys.path if folder.endswith("-packages")}
    return sorted({path.name for folder in folders for path in folder.glob("*.dist-info")})


def _compressor(body: bytes) -> zstandard.ZstdCompressor:
    """With a checksum: what was damaged must not come out as another document."""
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(body), write_checksum=True)


def _dictionary(body: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
