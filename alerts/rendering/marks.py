"""Which words or digits of a change differ, as pieces of text with and without a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, TypeAlias

Pieces: TypeAlias = tuple[tuple[str, bool], ...]
"""Pieces of a text in order, each with whether it is marked."""

_WORDS: Final = re.compile(r"[−-]?\d[\d,.]*\d|\w+|\s+|[^\w\s]")
_LONGEST: Final = 600  # words of a side beyond which nothing is marked: comparing is quadratic at worst


def marked(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both sides with the words that differ marked; all of both where hardly a word is the same."""
    first, second = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(first), len(second)) > _LONGEST:
        return ((before, False),), ((after, False),)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.ratio() < 0.3:
        return ((before, True),), ((after, True),)
    spans = matcher.get_opcodes()
    left = _joined(("".join(first[a:b]), what != "equal") for what, a, b, _, _ in spans)
    right = _joined(("".join(second[c:d]), what != "equal") for what, _, _, c, d in spans)
    return tuple(left), tuple(right)


def _joined(pieces: Iterator[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    return ((text, mark) for text, mark in pieces if text)
