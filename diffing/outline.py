"""What can be told of releases that cannot be read or compared: how large they are, and which links they hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from diffing.examination import ReleaseBytes, Request

_LOOKED_AT: Final = 8 << 20
"""Bytes of a page in which links are looked for."""
_NAMED: Final = 3
"""Links that are named; the others are counted."""
_PAGE: Final = re.compile(rb"<(?:html|body|a|p|div)\b", re.IGNORECASE)
_LINK: Final = re.compile(rb"""\shref\s*+=\s*+(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})')""", re.IGNORECASE)


def outline(request: Request) -> str:
    """The sizes of both releases, and of pages how many links they hold and which ones left or came."""
    known = (("it is", request.after), ("the one before was", request.before))
    sizes = ", ".join(f"{words} {each.size_in_words()}" for words, each in known if each is not None)
    return "; ".join(filter(None, (sizes, _links_in_words(request))))


def _links_in_words(request: Request) -> str:
    after = _links(request.after)
    if not after:
        return ""
    before = _links(request.before)
    count = f"it holds {len(after):,} link{'' if len(after) == 1 else 's'}"
    if request.before is None:
        return count
    left, came = (
        [link for link in these if link not in those] for these, those in ((before, after), (after, before))
    )
    return f"{count}, {_named(left)} left and {_named(came)} came"


def _named(links: list[str]) -> str:
    """How many links, and the first of them."""
    shown = ", ".join(links[:_NAMED])
    more = ", …" if len(links) > _NAMED else ""
    return f"{len(links):,} ({shown}{more})" if links else "none"


def _links(release: ReleaseBytes | None) -> dict[str, None]:
    """The addresses of a page's links as they are written, each once, in their order."""
    if release is None:
        return {}
    body = release.body.read_bytes() if isinstance(release.body, Path) else release.body
    if not _PAGE.search(body[:4_096]):
        return {}
    found = (match[1] or match[2] for match in _LINK.finditer(body[:_LOOKED_AT]))
    return dict.fromkeys(link.decode("utf-8", "replace") for link in found)
