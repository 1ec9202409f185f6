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

from diffing.sniff import CSV, HTML, JSON, TEXT, TSV
from diffing.workers.codec import decode, encode
from state.document import Document, ReadingHints
from state.model import Reading

READS: Final = (
    "diffing/extract.py",
    "diffing/readers",
    "diffing/sniff.py",
    "diffing/values.py",
    "diffing/workers/codec.py",
    "state/document.py",
)
"""Files and folders of the code that a reading depends on."""

FEWEST_BYTES: Final = 200_000
"""Of a page or a list, below which it is read again: one of 57 KB takes 8 ms to read and 15 KB to keep."""

_QUICK: Final = frozenset({HTML, CSV, TSV, JSON, TEXT})
_LEVEL: Final = 3


def keep_reading(document: Document, *, body: bytes, hints: ReadingHints) -> Reading | None:
    """The reading of ``body`` as bytes; None where it is not worth keeping, or another day may read it otherwise.

    Nearly all text of a document is in its body, which therefore serves as dictionary.
    """
    if document.ocr or document.pictures:  # these depend on programs outside
        return None
    if document.media_type in _QUICK and len(body) < FEWEST_BYTES:
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
    told = "\n".join(map(repr, (hints.key_columns, hints.include, hints.exclude)))
    return hashlib.sha256(f"{_code_version()}\n{told}".encode()).hexdigest()[:32]


@cache
def _code_version() -> str:
    home = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256(sys.version.encode())
    for part in READS:
        path = home / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else (path,):
            digest.update(f"{file.relative_to(home)}\n".encode() + file.read_bytes())
    for name in _packages():
        digest.update(f"{name}\n".encode())
    return digest.hexdigest()


def _packages() -> list[str]:
    """Names and versions of the packages there are, by their folders: asking importlib.metadata takes 50 ms."""
    folders = {Path(folder) for folder in sys.path if folder.endswith("-packages")}
    return sorted({path.name for folder in folders for path in folder.glob("*.dist-info")})


def _compressor(body: bytes) -> zstandard.ZstdCompressor:
    """With a checksum: what was damaged must not come out as another document."""
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(body), write_checksum=True)


def _dictionary(body: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
