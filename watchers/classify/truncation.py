"""Whether a body is whole: what a transfer that broke off unnoticed looks like, by format."""

from __future__ import annotations

import re
import struct
from typing import Final

from state.formats import HTML, JSON, PDF
from state.sniffing import is_zip

_TAIL_OF_PDF: Final = 2048  # bytes in which readers look for the end mark
_TAIL_OF_ZIP: Final = 65_557  # the directory's end record with the longest comment
_LONGEST_WORD: Final = 20  # bytes
_LEAST_GIF: Final = 13  # bytes of a header
_LEAST_PNG: Final = 33
_CONTAINERS: Final = re.compile(
    rb"<(/?)(table|tbody|thead|div|ul|ol|dl|section|main|article|select)\b", re.IGNORECASE
)
_PART: Final = re.compile(rb'"exceededTransferLimit"\s*:\s*true\b')
_OPENED_RAW: Final = re.compile(rb"<(script|style|textarea|title)\b|<!--")


def is_a_word(body: bytes) -> bool:
    """Whether a body is a word of letters ("OK") and nothing else, as what answers for a server says."""
    return len(body) <= _LONGEST_WORD and body.strip().isalpha()


def flaw_of(body: bytes, true_type: str) -> str | None:
    """Why a body of this media type, the true one, cannot be whole, or None."""
    if true_type == PDF:
        return _flaw_of_pdf(body)
    if is_zip(body):
        return _flaw_of_zip(body)
    if true_type == HTML:
        return _flaw_of_html(body)
    if true_type.startswith("image/"):
        return _flaw_of_image(body)
    return _flaw_of_json(body) if true_type == JSON else None


def _flaw_of_image(body: bytes) -> str | None:
    """A picture of one point counts readers; it shows nothing."""
    sides: tuple[int, ...] = ()
    if body.startswith(b"GIF8"):
        sides = struct.unpack("<HH", body[6:10]) if len(body) >= _LEAST_GIF else (0, 0)
    elif body.startswith(b"\x89PNG") and len(body) >= _LEAST_PNG:
        sides = struct.unpack(">II", body[16:24])
    return "the picture has hardly a point" if sides and max(sides) <= 2 else None


def _flaw_of_pdf(body: bytes) -> str | None:
    """A PDF that was saved several times has an end mark for each, so one near the end is not enough."""
    tail = body[-_TAIL_OF_PDF:]
    at = tail.rfind(b"%%EOF")
    if at < 0:
        return "the PDF has no end mark"
    if re.search(rb"\d+ \d+ obj\b", tail[at:]):
        return "the PDF goes on after its last end mark and breaks off"
    linear = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d+)", body[:1024], re.DOTALL)
    if linear is not None and int(linear[1]) > len(body):
        return f"the PDF says that it is {int(linear[1]):,} bytes long and has {len(body):,}"
    return None


def _flaw_of_zip(body: bytes) -> str | None:
    tail = body[-_TAIL_OF_ZIP:]
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return "the file has no zip directory"
    size, offset = struct.unpack("<II", tail[at + 12 : at + 20])
    start = len(body) - len(tail) + at
    if 0xFFFFFFFF not in (size, offset) and size + offset > start:
        return "the zip directory points outside the file"
    return None


def _flaw_of_html(body: bytes) -> str | None:
    """A page that ends inside a tag, a script or a comment, or with containers and the page itself open.

    Pages that only never close ``html`` and ``body`` are sloppy, not cut.
    """
    if b"</html" in body[-4096:].lower():
        return None
    rest, inside = _without_raw_text(body)
    if inside:
        return f"the page ends inside a {inside}"
    if rest.rfind(b"<") > rest.rfind(b">"):
        return "the page ends inside a tag"
    depth: dict[bytes, int] = {}
    for closing, name in _CONTAINERS.findall(rest):
        key = name.lower()
        depth[key] = max(0, depth.get(key, 0) + (-1 if closing else 1))
    still = [name.decode() for name, count in depth.items() if count]
    if still and b"</body" not in rest.lower():
        return f"the page ends with {', '.join(still)} still open"
    return None


def _without_raw_text(body: bytes) -> tuple[bytes, str]:
    """The page without scripts, styles, titles and comments, and which of them it ends inside, "" if none.

    One pass over the page, however often it opens what it never closes.
    """
    lowered = body.lower()
    kept, at = [], 0
    while (opened := _OPENED_RAW.search(lowered, at)) is not None:
        kept.append(body[at : opened.start()])
        name = opened[1].decode() if opened[1] else "comment"
        end = lowered.find(f"</{name}".encode() if opened[1] else b"-->", opened.end())
        if end < 0:
            return b"".join(kept), name
        at = end + 3
    return b"".join((*kept, body[at:])), ""


def _flaw_of_json(body: bytes) -> str | None:
    text = body.strip(b"\xef\xbb\xbf \t\r\n")
    closing = {b"{": b"}", b"[": b"]"}.get(text[:1])
    if closing is not None and not text.endswith(closing):
        return "the JSON text has no end"
    if _PART.search(body) and text[:1] == b"{":
        return "the service gave only a part of its answer (exceededTransferLimit); ask it for less at a time"
    return None
