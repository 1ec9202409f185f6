"""Which hosts a listing may lead to: those of its own site, and others that the pattern of a series names.

A page that was taken over, or only careless, would else make the monitor ask any server for anything that is named
like a document. https://publicsuffix.org knows what a site is; here two labels do, three under a few shared ones.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

from state.link_pattern import matches
from state.model import Source

_MOST: Final = 8
"""Other hosts that one look follows to, the first that the page names."""

_ELSEWHERE: Final = "elsewhere.invalid"
_SHARED: Final = frozenset(("ac", "co", "com", "edu", "ne", "net", "or", "org"))
"""Second labels under which anybody has a name, where the first is a country's: example.co.uk."""


class _Linked(Protocol):
    @property
    def series(self) -> str: ...

    @property
    def url(self) -> str: ...


L = TypeVar("L", bound=_Linked)


def followed(documents: Sequence[L], source: Source, *, here: str) -> list[L]:
    """The documents that may be asked for, of those that the page of a source at ``here`` links."""
    patterns = {series.name: series.pattern for series in source.series}
    own = {site_of(source.url), site_of(here)}
    return list(_followed(documents, patterns, own))


def _followed(documents: Sequence[L], patterns: Mapping[str, str | None], own: set[str]) -> Iterator[L]:
    others: set[str] = set()
    for document in documents:
        host = _host(document.url)
        if site_of(document.url) not in own:
            pattern = patterns.get(document.series)
            if pattern is None or not names_host(pattern, document.url):
                continue
            if host not in others and len(others) >= _MOST:
                continue
            others.add(host)
        yield document


def names_host(pattern: str, url: str) -> bool:
    """Whether a pattern that matches an address says something of its host: it does not match it under another."""
    return matches(pattern, url) and not matches(pattern, urlunsplit(urlsplit(url)._replace(netloc=_ELSEWHERE)))


def site_of(url: str) -> str:
    """The site that an address belongs to: ``ice.gov`` for www.ice.gov, a number or a single word as it is."""
    host = _host(url)
    labels = host.split(".")
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
        return ".".join(labels[-3 if shared else -2 :])
    return host


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".").lower()
