"""Cookies for the length of one look: some pages send a reader to themselves until theirs comes back.

Nothing is kept from look to look, and nothing goes to another host than the one that set it.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from watchers.fetching.response import Answer

_PAIR: Final = re.compile(r"[!-+\--:<>-~]{1,200}=[ -:<-~]{0,4000}")
_MOST: Final = 50  # cookies of a look, as browsers keep of a host


class Jar:
    """The cookies that hosts set along the redirects of one look (RFC 6265, of it what a look needs)."""

    def __init__(self) -> None:
        self._kept: dict[
            tuple[str, str], tuple[str, bool]
        ] = {}  # by host and name: the value, and whether for TLS only

    def keep(self, answer: Answer) -> None:
        """Take in what an answer sets; an attribute that widens the hosts is not believed."""
        host = _host_of(answer.url)
        for name, value in answer.headers:
            if name.lower() != "set-cookie":
                continue
            pair, *attributes = value.split(";")
            words = {each.partition("=")[0].strip().lower(): each.partition("=")[2].strip() for each in attributes}
            if not _PAIR.fullmatch(pair.strip()):
                continue
            key, _, said = pair.strip().partition("=")
            if words.get("max-age", "1").lstrip("-") == "0" or words.get("max-age", "").startswith("-"):
                self._kept.pop((host, key), None)
            elif len(self._kept) < _MOST:
                self._kept[host, key] = said, "secure" in words

    def header(self, address: str) -> dict[str, str]:
        """The ``Cookie`` header for an address, none where its host set nothing."""
        host, safe = _host_of(address), urlsplit(address).scheme == "https"
        pairs = [
            f"{name}={value}"
            for (owner, name), (value, secure) in self._kept.items()
            if owner == host and safe >= secure
        ]
        return {"Cookie": "; ".join(pairs)} if pairs else {}


def _host_of(address: str) -> str:
    return urlsplit(address).netloc.lower()
