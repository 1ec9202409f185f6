"""In what a header says that figures are given: thousands, millions, per cent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_UNITS: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "thousands",
            r"\b(?:in\s+)?thousands?\b|['’]\s?000s?\b|(?<![\d,.])000s\b|\(\s*000\s*\)|\bin\s+k\b|\btausend(?:er)?\b|\bTsd\b"
            r"|\b(?:en|in)\s+(?:miles|milliers|migliaia)\b|\(miles\)|\bmilliers?\b|\bmigliaia\b|\b(?:em\s+)?milhares\b"
            r"|\bduizend(?:en|tallen)?\b|\btys\b|\btysi[ąa]c\w*|\btusental\b|\btusinder?\b",
        ),
        (
            "millions",
            r"\bmillions?\b|\b(?:mio|mln|mil\.\s?€)\b|\bmillones\b|\bmilioni\b|\bmilh[õo]es\b|\bmillionen\b|\bmiljoen\w*"
            r"|\bmilion\w*|\bmiljoner\b|['’]000[,.]000\b",
        ),
        (
            "billions",
            r"\bbillions?\b|\bmilliards?\b|\bmrd\b|\bmld\b|\bmiliard\w*|\bmiljarde?r?\b",
        ),
        ("hundreds", r"\bin\s+hundreds\b|\bhundreds\s+of\b|\bcientos\b|\bcentaines\b"),
        (
            "per 100,000",
            r"\bper\s+100[,. ]?000\b|\b(?:por|pour|je|per|op|na)\s+(?:cada\s+)?100[,. ]?000\b",
        ),
        (
            "per cent",
            r"%|\bper\s?cent(?:age)?\b|\bpct\b|\bprozent\b|\bporcentaje\b|\bpourcentage\b|\bpercentuale\b|\bporcentagem\b"
            r"|\bpercentage\b|\bprocent\w*|\bpor\s+ciento\b|\bpour\s+cent\b",
        ),
        ("share", r"\bfractions?\b|\bproportions?\b|\bshare\s+\(0"),
    )
)


@lru_cache(maxsize=4096)
def _unit_in(text: str) -> str:
    return next((name for name, pattern in _UNITS if pattern.search(text)), "")


def unit_of(path: Sequence[str]) -> str:
    """The unit that a header path names, from the cell nearest to the figures up; "" where none does."""
    return next((unit for text in reversed(path) if (unit := _unit_in(text))), "")
