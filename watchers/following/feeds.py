"""Lists that are no web pages: Atom and RSS feeds, sitemaps, JSON catalogues. Their links, with their words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from watchers.following.model import ReadLink, ReadPage

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT: Final = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,300}\?>\s*|<!--.{0,2000}?-->\s*|<!doctype[^>\[]{0,300}>\s*)*"
    rb"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|urlset|sitemapindex|opml)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MOST_DEEP: Final = 40  # levels of a JSON catalogue
_MOST_NODES: Final = 500_000  # of a JSON catalogue
_LINKED: Final = ("url", "href", "link", "uri", "downloadurl", "accessurl", "download_url", "file", "src", "loc")
_NAMED: Final = ("title", "name", "label", "text", "filename", "file_name", "description")
_HTTP: Final = re.compile(r"https?://", re.IGNORECASE)
_FILE: Final = re.compile(r"[^\s<>]{0,500}[^\s<>/]\.\w{2,5}(?:\?[^\s<>]{0,500})?")


def is_index(body: bytes) -> bool:
    """Whether a body is a sitemap of sitemaps."""
    found = _ROOT.match(body[:8_192])
    return found is not None and found[1].lower() == b"sitemapindex"


def read_list(body: bytes, media_type: str = "") -> ReadPage | None:
    """The links of a feed, a sitemap or a JSON catalogue, in order; None for what is none of these.

    A damaged list gives what could be read of it.
    """
    if (found := _ROOT.match(body[:8_192])) is not None:
        return ReadPage("", list(_links_of_xml(body, found[1].lower().decode())))
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"[") and "html" not in media_type:
        try:
            return ReadPage("", list(_links_of_json(json.loads(body))))
        except (ValueError, RecursionError):
            return None
    return None


def _links_of_xml(body: bytes, root: str) -> Iterator[ReadLink]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        tree = etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError:
        return
    if tree is None:
        return
    items = {"feed": ("entry",), "opml": ("outline",), "urlset": ("url",), "sitemapindex": ("sitemap",)}
    wanted = items.get(root, ("item",))
    for element in tree.iter():
        if isinstance(element.tag, str) and _local(element) in wanted:
            yield from _links_of_item(element)


def _links_of_item(item: _Element) -> Iterator[ReadLink]:
    """The addresses of one item, with its title as their words."""
    title = next((_text(each) for each in item if _is(each, "title")), "") or item.get("text", "")
    for each in item:
        if _is(each, "link") and each.get("rel", "alternate") in ("alternate", "enclosure", "related", "via"):
            address = each.get("href") or _text(each)
        elif _is(each, "enclosure") or _is(each, "content"):
            address = each.get("url") or each.get("src") or ""
        elif _is(each, "loc") or (_is(each, "guid") and each.get("isPermaLink", "true") == "true"):
            address = _text(each) if _HTTP.match(_text(each)) else ""
        else:
            continue
        if address:
            yield ReadLink(address, title, [])
    for name in ("xmlUrl", "htmlUrl", "url"):
        if item.get(name):
            yield ReadLink(item.get(name, ""), title, [])


def _is(element: _Element, name: str) -> bool:
    return isinstance(element.tag, str) and _local(element) == name


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _text(element: _Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _links_of_json(value: object) -> Iterator[ReadLink]:
    """Every address in a catalogue: whatever is one, and what stands under a name of one and looks like a file."""
    left: list[tuple[object, str, int]] = [(value, "", 0)]
    for _ in range(_MOST_NODES):
        if not left:
            return
        node, name, depth = left.pop()
        if depth > _MOST_DEEP:
            continue
        if isinstance(node, dict):
            words = next((str(node[key]) for key in node if str(key).lower() in _NAMED and node[key]), name)
            for key, entry in reversed(node.items()):
                if isinstance(entry, str) and _is_address(str(key).lower(), entry):
                    left.append((ReadLink(entry, words[:200], []), "", depth))
                elif isinstance(entry, dict | list):
                    left.append((entry, words, depth + 1))
        elif isinstance(node, list):
            left += [(each, name, depth + 1) for each in reversed(node) if isinstance(each, dict | list)]
        elif isinstance(node, ReadLink):
            yield node


def _is_address(key: str, text: str) -> bool:
    if _HTTP.match(text):
        return True
    return key in _LINKED and (text.startswith("/") or _FILE.fullmatch(text) is not None)
