"""What the head of a page states: title, base, canonical address, metadata, dates, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from diffing.readers.statements.dates import read_date
from state.document import DateRole, StatedDate, Where

_KEPT: Final = re.compile(
    r"description|keywords|author|robots|og:(?:title|description|type|url|updated_time)|article:.*|dc(?:terms)?\..*"
    r"|citation_.*|date|last-modified|last-updated|pubdate|publish.*|modified|revised|.*_date",
    re.IGNORECASE,
)
_ROLES: Final = (
    (re.compile(r"modif|updat|revis", re.IGNORECASE), DateRole.LAST_UPDATED),
    (re.compile(r"publi|issued|created|pubdate|^date$|\.date$|dc\.date", re.IGNORECASE), DateRole.PUBLISHED),
)
_LD_DATES: Final = {
    "dateModified": DateRole.LAST_UPDATED,
    "datePublished": DateRole.PUBLISHED,
    "temporalCoverage": DateRole.PERIOD,
}
_MOST_LD: Final = 1_000_000
"""Bytes of JSON-LD that are looked at, at the most."""


def read_metadata(tree: LexborHTMLParser) -> dict[str, str]:
    """Named statements of the head, by their names in lower case; plumbing (viewport, tokens) left out."""
    found: dict[str, str] = {}
    for node in tree.tags("meta"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or attributes.get("http-equiv") or "").lower()
        content = " ".join((attributes.get("content") or "").split())
        if name and content and _KEPT.fullmatch(name):
            found.setdefault(name, content)
    canonical = tree.css_first("link[rel~=canonical][href]")
    if canonical is not None:
        found["canonical"] = (canonical.attributes.get("href") or "").strip()
    root = tree.css_first("html[lang]")
    if root is not None and root.attributes.get("lang"):
        found["language"] = root.attributes.get("lang") or ""
    return found


def read_base(tree: LexborHTMLParser) -> str | None:
    """The address that relative links are relative to, where the page names one."""
    node = next((node for node in tree.tags("base") if "href" in node.attributes), None)
    return None if node is None else (node.attributes["href"] or "").strip() or None


def head_dates(tree: LexborHTMLParser, metadata: Mapping[str, str]) -> list[StatedDate]:
    """Dates of ``<meta>`` and JSON-LD with their roles, ``where.section`` naming the place."""
    found = []
    for name, content in metadata.items():
        role = next((role for pattern, role in _ROLES if pattern.search(name)), None)
        date = read_date(content) if role is not None else None
        if role is not None and date is not None:
            found.append(StatedDate(content, date, role, Where(section=f"meta {name}")))
    for name, content in _linked_data(tree):
        date = read_date(content)
        if date is not None:
            found.append(StatedDate(content, date, _LD_DATES[name], Where(section=f"JSON-LD {name}")))
    return found


def _linked_data(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Dates in JSON-LD, of the page itself and of what its graph lists."""
    for node in tree.tags("script"):
        if (node.attributes.get("type") or "").lower() != "application/ld+json":
            continue
        written = node.text()
        if len(written) > _MOST_LD:
            continue
        try:
            data = json.loads(written)
        except (ValueError, RecursionError):
            continue
        for entry in _entries(data):
            yield from ((name, entry[name]) for name in _LD_DATES if isinstance(entry.get(name), str))


def _entries(data: object) -> Iterator[dict[str, Any]]:
    listed = data if isinstance(data, list) else [data]
    for entry in listed:
        if isinstance(entry, dict):
            yield entry
            graph = entry.get("@graph")
            if isinstance(graph, list):
                yield from (member for member in graph if isinstance(member, dict))
