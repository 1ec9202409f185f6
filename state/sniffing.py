"""What a body really is: by its first bytes, then by what the server called it, then by its name."""

from __future__ import annotations

import io
import re
import zlib
from typing import Final

from state.formats import (
    CSV,
    FORMATS,
    HTML,
    JSON,
    PDF,
    TEXT,
    TSV,
    UNKNOWN,
    XLSX,
    XML,
    ZIP,
    format_called,
    format_named,
)

_HTML: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.{0,4096}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|table|p|h[1-6]|script|style|main|article|section|ul|ol|dl|span|a)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP: Final = re.compile(rb"\s*<[a-zA-Z][\w:.-]*[\s/>]")
_ROOT: Final = re.compile(
    rb"\s*(?:<\?[^>]{0,4096}\?>\s*|<!--.{0,4096}?-->\s*|<!DOCTYPE[^>[]{0,500}>\s*)*<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)
_MAGIC: Final = tuple((magic, each.media_type) for each in FORMATS for magic in each.magic)
_MEMBERS: Final = tuple((beginning, each.media_type) for each in FORMATS for beginning in each.members)
_STREAMS: Final = tuple((name.encode("utf-16-le"), each.media_type) for each in FORMATS for name in each.streams)
_ROOTS: Final = {root: each.media_type for each in reversed(FORMATS) for root in each.roots}
_HEAD: Final = 8_192
_FEW: Final = 50  # one of so many bytes of a text may be a zero that got in by a fault
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def sniff(body: bytes, *, media_type: str, file_name: str | None) -> str:
    """The true media type of ``body``, one's own of ``state.formats`` where it is known.

    Magic bytes decide where there are any; a text is what the server or the file name calls it, unless it is
    plainly HTML or JSON. ``application/octet-stream`` for binary data that nothing identifies.
    """
    head = body[:_HEAD]
    binary = _sniff_binary(body, head)
    if binary is not None:
        return binary
    return _sniff_text(body, head, declared=_text_called(media_type), named=_text_named(file_name))


def is_zip(body: bytes) -> bool:
    """Whether a body is a ZIP archive, as office documents are, too."""
    return body.startswith(_ZIP)


def _text_called(media_type: str) -> str | None:
    found = format_called(media_type)
    return found.media_type if found and found.text and found.media_type != TEXT else None


def _text_named(name: str | None) -> str | None:
    found = format_named(name or "")
    return found.media_type if found and found.text else None


def _sniff_binary(body: bytes, head: bytes) -> str | None:
    if b"%PDF-" in head[:1024]:
        return PDF
    if is_zip(head):
        return _sniff_zip(body)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return next((media_type for name, media_type in _STREAMS if name in body), UNKNOWN)
    for magic, media_type in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            return media_type
    if not head.startswith(_UTF_16) and b"\x00" in head and not _is_text(head):
        return UNKNOWN
    return None


def _is_text(head: bytes) -> bool:
    """Whether bytes with zeros are a text all the same: UTF-16 without its mark, or with a few strewn in."""
    head = head.rstrip(b"\x00\x1a")
    if not head or _CONTROL.search(head):
        return False
    zeros = head.count(0)
    halves = sorted((head[0::2].count(0), head[1::2].count(0)))
    return zeros <= max(2, len(head) // _FEW) or (halves[0] == 0 and 4 * halves[1] >= len(head))


def _sniff_zip(body: bytes) -> str:
    """Which kind of zip: an office format shows by the names of its members, or names itself."""
    import zipfile  # only now: a process that reads pages alone starts sooner without

    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        names = archive.namelist()
        itself = archive.open("mimetype").read(200).decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError):
        return XLSX if b"xl/" in body[:65_536] else ZIP
    if (found := format_called(itself)) is not None:
        return found.media_type
    if "[Content_Types].xml" in names:
        for beginning, media_type in _MEMBERS:
            if any(name.startswith(beginning) for name in names):
                return media_type
    return ZIP


def _sniff_text(body: bytes, head: bytes, *, declared: str | None, named: str | None) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_UTF_16):
        start = start.decode("utf-16", "ignore").encode()
    start = start.replace(b"\x00", b"")
    if _HTML.match(start):
        return HTML
    start = start.lstrip()
    if start.startswith((b"{", b"[")) and body[-_HEAD:].rstrip(b" \t\r\n\x00")[-1:] in (b"}", b"]"):
        return JSON
    if start.startswith(b"<?xml"):
        return HTML if b"<html" in start.lower() else _sniff_root(start)
    if declared == HTML and named is not None and not start.startswith(b"<"):
        return _sniff_unmarked(start, named)
    known = declared or named
    if known not in (None, XML):
        return known
    return _sniff_root(start) if _MARKUP.match(start) else _sniff_delimiter(start)


def _sniff_root(start: bytes) -> str:
    """Which kind of XML: by its outermost element."""
    root = _ROOT.match(start)
    return _ROOTS.get(root[1].decode("ascii", "replace"), XML) if root else XML


def _sniff_unmarked(start: bytes, named: str) -> str:
    """What is called a page and holds no markup: servers call so what they do not know; or words in its place."""
    if named in (CSV, TSV) and _sniff_delimiter(start) == TEXT:
        return HTML
    return HTML if named == JSON else named


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
