"""Bytes of a text -> its characters, in the encoding that they show."""

from __future__ import annotations

import re
from typing import Final

from state.errors import ReadingError

_CONTROL: Final = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_UNDEFINED: Final = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")  # in Windows-1252
_SAMPLE: Final = 64 * 1024


def decode(body: bytes) -> str:
    """Text in the encoding that its byte order mark, else its bytes, show.

    Raises ``ReadingError`` for bytes that are no text.
    """
    try:
        text = _characters(body).replace("\x00", "").rstrip("\x1a")
    except UnicodeDecodeError as error:
        raise ReadingError(f"the text is damaged: {error}") from error
    if _CONTROL.search(text[:_SAMPLE]):
        raise ReadingError("the file is binary, not a text")
    return text


def _characters(body: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding)
    sample = body[:4096].rstrip(b"\x00")
    upper, lower = sample[0::2].count(0), sample[1::2].count(0)
    if max(upper, lower) > 0.2 * len(sample):
        return body.decode("utf-16-be" if upper > lower else "utf-16-le")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1" if any(mark in body for mark in _UNDEFINED) else "cp1252")
