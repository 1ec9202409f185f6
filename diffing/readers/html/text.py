"""The text of an element as a reader sees it: spaces collapsed, breaks kept, footnote marks in brackets."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from diffing.readers.html.chrome import NEVER_READ, is_frame

BREAKING: Final = frozenset(
    {
        "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "br", "hr", "tr", "td", "th", "table", "caption", "thead",
        "tbody", "tfoot", "section", "article", "blockquote", "pre", "figure", "figcaption", "h1", "h2", "h3",
        "h4", "h5", "h6", "address", "details", "summary", "fieldset", "legend", "form", "main", "header",
        "footer", "aside", "center", "body", "footnote", "hgroup", "optgroup", "option",
    }
)  # fmt: skip
"""Elements before and after which a line ends."""

_MARK: Final = re.compile(r"\s*[\[(]?\s*(\d{1,3}|[a-zA-Z]|[*†‡§#]{1,4}|[ivx]{1,5})\s*[\])]?\s*")
_SPACES: Final = re.compile(r"[^\S\n]+")
_BREAKS: Final = re.compile(r" *\n[ \n]*")


def collapse(text: str) -> str:
    """``text`` on as few lines as it has breaks, without runs of spaces."""
    if "\n" not in text:
        return " ".join(text.split())
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def flat(text: str) -> str:
    """The text of one text node: its line ends are spaces."""
    return text.replace("\n", " ").replace("\r", " ").replace("\xad", "")


def mark_of(node: LexborNode) -> str | None:
    """The footnote mark that a <sup> writes, in brackets; None where it is something else ("1st", "m2")."""
    text = node.text()
    match = _MARK.fullmatch(text)
    return None if match is None else f"[{match.group(1)}]"


def text_of(element: LexborNode) -> str:
    """All that is read inside an element, frame and hidden parts left out."""
    child = element.child
    if child is None:
        return ""
    if child.next is None and child.tag == "-text":
        return " ".join((child.text_content or "").split())
    parts: list[str] = []
    node: LexborNode | None = child
    end = element.mem_id
    while node is not None:
        descend = _take(node, parts)
        following = node.child if descend else None
        while following is None:
            if node.tag in BREAKING:
                parts.append("\n")
            following = node.next
            if following is None:
                node = node.parent
                if node is None or node.mem_id == end:
                    return collapse("".join(parts))
        node = following
    return collapse("".join(parts))


def _take(node: LexborNode, parts: list[str]) -> bool:
    """Add what a node itself says to ``parts``; whether to go inside it."""
    tag = node.tag
    if tag == "-text":
        parts.append(flat(node.text_content or ""))
        return False
    if tag in NEVER_READ or is_frame(node, node.attributes, in_article=True):
        return False
    if tag == "sup":
        mark = mark_of(node)
        if mark is not None:
            parts.append(mark)
            return False
    if tag in BREAKING:
        parts.append("\n")
    return True
