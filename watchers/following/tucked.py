"""Addresses of files that stand in a page and in no link: on buttons, in choices, in data for scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from state.formats import names_file
from watchers.following.model import ReadLink

_MOST: Final = 5_000  # of one page
_ATTRIBUTE: Final = re.compile(
    rb"""\s(?:data-[\w-]{1,30}|formaction|action|value|onclick)\s{0,3}=\s{0,3}(?:"([^"]{3,2000})"|'([^']{3,2000})')""",
    re.IGNORECASE,
)
_DATA: Final = re.compile(
    rb"<script\b[^<>]{0,300}\btype\s{0,3}=\s{0,3}[\"']?application/(?:ld\+)?json\b[^<>]{0,300}>", re.IGNORECASE
)
_CLOSED: Final = re.compile(rb"</script", re.IGNORECASE)
_QUOTED: Final = re.compile(r"""(["'])([^"'\s<>]{3,2000})\1""")


def read_tucked(markup: bytes) -> Iterator[ReadLink]:
    """What a page in UTF-8 names outside of its links, in order, where it is a file by its name."""
    found = 0
    for address in _addresses(markup):
        if names_file(address):
            yield ReadLink(address, "", [])
            found += 1
            if found == _MOST:
                return


def _addresses(markup: bytes) -> Iterator[str]:
    for match in _ATTRIBUTE.finditer(markup):
        value = html.unescape((match[1] or match[2] or b"").decode("utf-8", "replace")).strip()
        if "'" in value or '"' in value:
            yield from (inner[2] for inner in _QUOTED.finditer(value))
        elif not any(letter.isspace() for letter in value):
            yield value
    for data in _data_in(markup):
        text = data.decode("utf-8", "replace").replace("\\/", "/")
        yield from (inner[2] for inner in _QUOTED.finditer(text) if "/" in inner[2])


def _data_in(markup: bytes) -> Iterator[bytes]:
    """What stands in scripts that are data, each read once however they are nested or left open."""
    opened = _DATA.search(markup)
    while opened is not None:
        closed = _CLOSED.search(markup, opened.end())
        if closed is None:
            return
        yield markup[opened.end() : closed.start()]
        opened = _DATA.search(markup, closed.end())
