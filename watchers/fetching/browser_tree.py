"""A page as the browser holds it, written down: with what its frames and shadow roots show, in their places.

The browser's own tree is read, no script of the page is asked: what a page does to its functions changes nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Node = Mapping[str, Any]
"""A node as the DevTools protocol gives it (``DOM.Node``)."""

_ELEMENT, _TEXT, _DOCUMENT, _FRAGMENT = 1, 3, 9, 11
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_RAW: Final = frozenset(("script", "style", "noscript"))
_FRAMES: Final = frozenset(("iframe", "frame"))
_DEEPEST: Final = 400  # elements within each other


def written(document: Node) -> str:
    """The text of a page."""
    light = {each["backendNodeId"]: each for each in _all(document)}
    return "<!DOCTYPE html>\n" + "".join(_write(document, light, depth=0))


def _all(node: Node) -> Iterator[Node]:
    """The node and all below it, without what lies in frames."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += (*here.get("children", ()), *here.get("shadowRoots", ()))


def _write(node: Node, light: Mapping[int, Node], *, depth: int) -> Iterator[str]:
    kind = node["nodeType"]
    if kind == _TEXT:
        yield html.escape(node["nodeValue"], quote=False)
    elif kind in (_DOCUMENT, _FRAGMENT):
        yield from _write_all(node.get("children", ()), light, depth=depth)
    elif kind == _ELEMENT and depth < _DEEPEST:
        yield from _write_element(node, light, depth=depth + 1)


def _write_all(nodes: Sequence[Node], light: Mapping[int, Node], *, depth: int) -> Iterator[str]:
    for each in nodes:
        yield from _write(each, light, depth=depth)


def _write_element(node: Node, light: Mapping[int, Node], *, depth: int) -> Iterator[str]:
    name = node["localName"]
    if name in _FRAMES and "contentDocument" in node:
        yield from _write_frame(node["contentDocument"], depth=depth)
        return
    yield f"<{name}{_attributes(node)}>"
    if name in _VOID:
        return
    if name in _RAW:
        yield from (each["nodeValue"] for each in node.get("children", ()) if each["nodeType"] == _TEXT)
    else:
        yield from _write_all(_shown_in(node, light), light, depth=depth)
    yield f"</{name}>"


def _shown_in(node: Node, light: Mapping[int, Node]) -> Sequence[Node]:
    """What stands in an element: its shadow root, not its children; what fills a slot, not the slot."""
    if roots := [root for root in node.get("shadowRoots", ()) if root.get("shadowRootType") != "user-agent"]:
        return roots
    places = (each["backendNodeId"] for each in node.get("distributedNodes", ()))
    filled = [light[place] for place in places if place in light]
    return filled or node.get("children", ())


def _write_frame(document: Node, *, depth: int) -> Iterator[str]:
    """What a frame shows, nothing where the browser shows its own words for what did not come."""
    address = document.get("documentURL", "")
    if address.startswith("chrome-error:"):
        return
    body = next((each for each in _all(document) if each.get("localName") == "body"), document)
    light = {each["backendNodeId"]: each for each in _all(document)}
    yield f'<div data-frame="{html.escape(address)}">'
    yield from _write_all(_shown_in(body, light), light, depth=depth)
    yield "</div>"


def _attributes(node: Node) -> str:
    said = node.get("attributes", ())
    pairs = zip(said[::2], said[1::2], strict=True)
    return "".join(f' {name}="{html.escape(value)}"' for name, value in pairs if _is_name(name))


def _is_name(name: str) -> bool:
    return not any(letter in "\"'<>/= \t\n" for letter in name)
