"""As much of DER as puts the certificates of a time stamp in order.

A set is sorted in DER. Authorities that run OpenSSL send theirs as they stand in a file, and the library
that reads replies refuses these. They are no part of what is signed, so sorting them changes nothing but that the
reply can be read.
"""

from __future__ import annotations

from typing import Final

_CONTEXT_0: Final = 0xA0
_LONG: Final = 0x80


def sort_certificates(reply: bytes) -> bytes:
    """A reply (TimeStampResp, RFC 3161) with its certificates in DER's order; as it came where it is none."""
    try:
        token = _part(reply, _inside(reply, 0), 1)
        signed = _inside(reply, _part(reply, _inside(reply, token), 1))
        start, end = _content(reply, _part(reply, _inside(reply, signed), 3))
        if reply[_part(reply, _inside(reply, signed), 3)] != _CONTEXT_0:
            return reply
        found, place = [], start
        while place < end:
            after = _content(reply, place)[1]
            found.append(reply[place:after])
            place = after
    except IndexError:
        return reply
    return reply[:start] + b"".join(sorted(found)) + reply[end:] if place == end else reply


def _content(data: bytes, place: int) -> tuple[int, int]:
    """Where the content of the element at ``place`` begins and ends. Raises IndexError beyond the end."""
    length = data[place + 1]
    start = place + 2
    if length >= _LONG:
        count = length - _LONG
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > len(data):
        raise IndexError("an element goes beyond the end")
    return start, start + length


def _inside(data: bytes, place: int) -> int:
    return _content(data, place)[0]


def _part(data: bytes, first: int, number: int) -> int:
    """Where the element ``number`` after the one at ``first`` begins."""
    for _ in range(number):
        first = _content(data, first)[1]
    return first
