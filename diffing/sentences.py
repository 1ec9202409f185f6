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

_ORDINAL: Final = re.compile(r"(?:^|[\s(])\d\d?\.$")
_IN_DATE: Final = re.compile(r"\d\d?\.\s?\d|(?:19|20)\d\d\b|[^\W\d_]+\.?\s(?:19|20)\d\d\b")
"""A day with a point, and how a date goes on behind it: "3. 10. 2021", "3. März 2021"."""


def split_sentences(text: str) -> list[str]:
    """The sentences, bullet points and lines of a paragraph, without padding; abbreviations end none.

    >>> split_sentences("Vom 3. 10. 2021 bis 5. Mai 2022. Danach nicht.")
    ['Vom 3. 10. 2021 bis 5. Mai 2022.', 'Danach nicht.']
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
        if parts and (_NO_END.search(parts[-1]) or (_ORDINAL.search(parts[-1]) and _IN_DATE.match(stripped))):
            parts[-1] = f"{parts[-1]} {stripped}"
        else:
            parts.append(stripped)
    return tuple(parts)
