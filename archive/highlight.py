"""Marking words as safe HTML: those that left and came between two texts, and those that were searched for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

MOST_WORDS = 4_000  # beyond it both texts are shown whole and unmarked: marking must stay cheap


def mark_words(before: object, after: object) -> tuple[Markup, Markup]:
    """Both texts with ``<del>`` around the words that left and ``<ins>`` around those that came."""
    texts = ("" if before is None else str(before), "" if after is None else str(after))
    if before is None or after is None:
        marked = (Markup("<del>{}</del>").format(texts[0]), Markup("<ins>{}</ins>").format(texts[1]))
        return (marked[0] if texts[0] else Markup("—"), marked[1] if texts[1] else Markup("—"))
    words, others = (re.findall(r"\s+|[^\s]+", text) for text in texts)
    if max(len(words), len(others)) > MOST_WORDS:
        return escape(texts[0]), escape(texts[1])
    left, came = Markup(""), Markup("")
    for same, gone, new in _runs(words, others):
        left += escape(gone) if same or not gone else Markup("<del>{}</del>").format(gone)
        came += escape(new) if same or not new else Markup("<ins>{}</ins>").format(new)
    return left, came


def _runs(words: list[str], others: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Stretches that are the same and that differ; changed words with only a space between are one stretch."""
    gone = new = ""
    for operation, i, j, k, m in difflib.SequenceMatcher(None, words, others).get_opcodes():
        left, came = "".join(words[i:j]), "".join(others[k:m])
        apart = operation == "equal" and (bool(left.strip()) or not (gone or new) or j == len(words))
        if not apart:
            gone, new = gone + left, new + came
            continue
        if gone or new:
            yield False, gone, new
            gone = new = ""
        yield True, left, came
    if gone or new:
        yield False, gone, new


def mark_found(text: str, query: str) -> Markup:
    """A text with ``<mark>`` around the words of a query."""
    words = sorted({re.escape(word) for word in re.findall(r"\w+", query)}, key=len, reverse=True)
    if not words:
        return escape(text)
    pieces = re.split(rf"(?<!\w)({'|'.join(words)})(?!\w)", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )
