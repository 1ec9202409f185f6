"""Marking the words that left and came between two texts, as safe HTML."""

from __future__ import annotations

import difflib
import re

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
    for operation, i, j, k, m in difflib.SequenceMatcher(None, words, others).get_opcodes():
        gone, new = "".join(words[i:j]), "".join(others[k:m])
        left += escape(gone) if operation == "equal" or not gone else Markup("<del>{}</del>").format(gone)
        came += escape(new) if operation == "equal" or not new else Markup("<ins>{}</ins>").format(new)
    return left, came
