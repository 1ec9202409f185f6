"""Where sentences end: the one rule, for reading definitions as for comparing texts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from diffing.values import seen

_END: Final = re.compile(r"(?<=[.!?;])[\"')\]]*\s+(?=[\"'(\[“‘*]*[A-Z0-9•])|\s*[\n\r]+\s*|\s+(?=[•▪◦‣●]\s)")
_NO_END: Final = re.compile(
    r"(?:\b(?:[A-Z]|[A-Z]\.[A-Z]|[Nn]os?|[Nn][úu]m|[Nn]r|Mr|Mrs|Ms|Mme|Dr|Dra|Sra?|Prof|Gen|Gov|Sgt|Capt|Hon|Rev|St|Mt|Ft|Jr"
    r"|Inc|Co|Corp|Ltd|Dept|[Ss]ecs?|[Aa]rts?|[Ff]igs?|[Vv]ol|[Cc]h|[Pp]|[Pp]p|[Pp]ág|[Pp]ara|vs?|approx|ca|cf|e\.g|i\.e|z\.\s?B|d\.\s?h"
    r"|etc|al|seq|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)$"
)
"""Abbreviations after which a sentence goes on: titles, months, numbers, initials, Latin."""


def split_sentences(text: str) -> list[str]:
    """The sentences, bullet points and lines of a paragraph, without padding; abbreviations end none.

    >>> split_sentences("On Feb. 24 it opened. St. Mary has one.")
    ['On Feb. 24 it opened.', 'St. Mary has one.']
    """
    return list(_split(text))


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    """The same, remembered: two releases share nearly all of their paragraphs."""
    parts: list[str] = []
    for part in _END.split(seen(text)):
        stripped = part.strip()
        if not stripped:
            continue
        if parts and _NO_END.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {stripped}"
        else:
            parts.append(stripped)
    return tuple(parts)
