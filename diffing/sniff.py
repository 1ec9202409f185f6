"""What a body really is: by its first bytes, then by what the server called it, then by its name."""

from __future__ import annotations

import io
import re
from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM: Final = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLS: Final = "application/vnd.ms-excel"
ENCRYPTED: Final = "application/encrypted"
ZIP: Final = "application/zip"
PDF: Final = "application/pdf"
HTML: Final = "text/html"
JSON: Final = "application/json"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
TEXT: Final = "text/plain"
XML: Final = "application/xml"
UNKNOWN: Final = "application/octet-stream"

_MAGIC: Final = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"PAR1", "application/vnd.apache.parquet"),
)
_OFFICE: Final = (
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    ("xl/vbaProject.bin", XLSM),
    ("xl/", XLSX),
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("META-INF/manifest.xml", "application/vnd.oasis.opendocument"),
)
_HTML: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.{0,4096}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|table|p|h[1-6]|script|style|main|article|section|ul|ol|dl|span|a)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP: Final = re.compile(rb"\s*<[a-zA-Z][\w:.-]*[\s/>]")
_SUFFIXES: Final = {
    ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".csv": CSV, ".tsv": TSV, ".tab": TSV, ".json": JSON,
    ".geojson": JSON, ".txt": TEXT, ".text": TEXT, ".md": TEXT,
}  # fmt: skip
_TEXT_TYPES: Final = {
    "text/html": HTML, "application/xhtml+xml": HTML, "text/csv": CSV, "application/csv": CSV,
    "text/tab-separated-values": TSV, "application/json": JSON, "text/json": JSON, "application/geo+json": JSON,
    "application/ld+json": JSON,
}  # fmt: skip
_HEAD: Final = 8_192


def sniff(body: bytes, *, media_type: str, file_name: str | None) -> str:
    """The true media type of ``body``.

    Magic bytes decide where there are any; a text is what the server or the file name calls it, unless
    it is plainly HTML or JSON. ``application/octet-stream`` for binary data that nothing identifies.
    """
    head = body[:_HEAD]
    binary = _sniff_binary(body, head)
    if binary is not None:
        return binary
    declared = media_type.partition(";")[0].strip().lower()
    suffix = re.search(r"\.\w+$", (file_name or "").lower())
    named = _SUFFIXES.get(suffix.group()) if suffix else None
    return _sniff_text(body, head, declared=_TEXT_TYPES.get(declared), named=named)


def _sniff_binary(body: bytes, head: bytes) -> str | None:
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(body)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(body)
    for magic, media_type in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            return media_type
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head:
        return UNKNOWN
    return None


def _sniff_zip(body: bytes) -> str:
    """Which kind of zip: an Office format shows by the names of its members."""
    import zipfile  # only now: a process that reads pages alone starts sooner without

    try:
        names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return XLSX if b"xl/" in body[:65_536] else ZIP
    if "[Content_Types].xml" in names or "META-INF/manifest.xml" in names:
        for beginning, media_type in _OFFICE:
            if any(name.startswith(beginning) for name in names):
                return media_type
    return ZIP


def _sniff_ole(body: bytes) -> str:
    """Which kind of OLE file, by the names in its directory, which are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in body:
        return ENCRYPTED
    if any(name.encode("utf-16-le") in body for name in ("Workbook", "Book")):
        return XLS
    if "WordDocument".encode("utf-16-le") in body:
        return "application/msword"
    return UNKNOWN


def _sniff_text(body: bytes, head: bytes, *, declared: str | None, named: str | None) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "ignore").encode()
    if _HTML.match(start):
        return HTML
    first = start.lstrip()[:1]
    if first in (b"{", b"[") and body.rstrip()[-1:] in (b"}", b"]"):
        return JSON
    if start.lstrip().startswith(b"<?xml"):
        return HTML if b"<html" in start.lower() else XML
    if declared == HTML and named is not None and not _MARKUP.match(start):
        return named  # servers call what they do not know a page
    known = declared or named
    if known is not None:
        return known
    return XML if _MARKUP.match(start) else _sniff_delimiter(start)


def _sniff_delimiter(start: bytes) -> str:
    """CSV or TSV where the first lines hold the same number of delimiters, else plain text."""
    lines = [line for line in start.split(b"\n")[:6] if line.strip()]
    if len(start) >= _HEAD - 4:
        lines = lines[:-1] or lines
    for delimiter, media_type in ((b"\t", TSV), (b",", CSV), (b";", CSV), (b"|", CSV)):
        counts = {line.count(delimiter) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return media_type
    return TEXT
