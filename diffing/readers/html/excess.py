"""A page without what its parser would need more than linear time for, and no reader sees.

Lexbor compares each attribute with those before it, and each option with those of its list: 40,000 of them take
it ten seconds and more (measured with selectolax 1.0.2; other elements take linear time).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

_LEAST: Final = 1 << 16
"""Characters of a page below which nothing is looked for: it costs a quarter of a second at the most."""

_MOST_OPTIONS: Final = 2_000
_MOST_FRAMES: Final = 100
"""<html> and <body> elements, whose attributes the parser gathers in the first ones."""

_MOST_ATTRIBUTES: Final = 500
_LONG: Final = 2 * _MOST_ATTRIBUTES

_OPTION: Final = re.compile(r"</?option\b[^<>]*+>?", re.IGNORECASE)
_FRAME: Final = re.compile(r"<(?:html|body)\b[^<>]*+>?", re.IGNORECASE)
_VALUE: Final = r"""=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)"""
_TAG: Final = re.compile(rf"<[a-zA-Z](?:[^>=]++|{_VALUE})*+")
_ATTRIBUTE: Final = re.compile(rf"[^\s/>=]++\s*+(?:{_VALUE})?+")


def without_excess(text: str) -> str:
    """The page with at most so many attributes an element, and without the tags of very many options."""
    if len(text) < _LEAST:
        return text
    text = _thinned(text, _OPTION, _MOST_OPTIONS, kept=0)
    text = _thinned(text, _FRAME, _MOST_FRAMES, kept=2)
    return "".join(_shortened(text))


def _thinned(text: str, tag: re.Pattern[str], most: int, *, kept: int) -> str:
    """The text, of so many tags only the first ones where there are more than ``most``."""
    found = [match.span() for match in islice(tag.finditer(text), most + 1)]
    if len(found) <= most:
        return text
    start = found[kept][0]
    return text[:start] + tag.sub(" ", text[start:])


def _shortened(text: str) -> list[str]:
    """The text in pieces, elements with too many attributes without the rest of them."""
    pieces, done = [], 0
    for tag in _TAG.finditer(text):
        start, end = tag.span()
        if end - start > _LONG:
            attributes = list(islice(_ATTRIBUTE.finditer(text, start + 1, end), _MOST_ATTRIBUTES + 1))
            if len(attributes) > _MOST_ATTRIBUTES:
                pieces.append(text[done : attributes[-1].start()])
                done = end
    return [*pieces, text[done:]]
