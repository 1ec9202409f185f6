"""The language that a document is written in: by its commonest words, else as it says itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Final

from state.document import Document

_WORD: Final = re.compile(r"[^\W\d_]+")
_MOST: Final = 4_000
"""Words that are counted, at the most."""
_LEAST: Final = 4
"""Commonest words of a language that a text must hold before it counts as written in it."""
_AHEAD: Final = 1.5
"""How many times as many of its own words a language must have as the next."""

_COMMON: Final = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in for is are was were that this with by from at not have has or be on as it which",
        "es": "el la los las de del que y en se por con para una un es al lo su sus como más no son fue",
        "fr": "le la les des du de et en un une est dans pour que qui sur par au aux ce sont pas avec plus ont",
        "de": "der die das und den dem des von zu mit ist im für auf nicht ein eine sich als auch werden bei",
        "it": "il lo la gli le di del della dei delle e che è per una un con nel nella sono dal alla non più",
        "pt": "o a os as de do da dos das e que em no na nos nas um uma para por com não é ao são mais",
        "nl": "de het een van en in is op dat te voor met zijn aan bij niet door naar uit zijn werd",
        "pl": "w i na z do się nie że jest oraz od dla po przez są o za lub ze roku jak przy które",
        "sv": "och i att det som en på är av för den till med om har inte ett de från vid eller",
        "da": "og i at det som en på er af for den til med der har ikke et de fra ved eller blev",
        "sl": "in v na je za se da so z s po od pri ki iz ne do kot tudi ali",
        "cs": "a v na je se že s z o do pro od po jako jsou podle nebo k za který",
    }.items()
}
"""The commonest words of each language. A word that several share counts for each: what is left over decides."""

DECIMAL_COMMA: Final = frozenset(_COMMON) - {"en"}
"""Languages whose countries write a comma before the decimals, Spanish ones of America apart."""

_ENGLISH_DAY_FIRST: Final = frozenset({"en-gb", "en-ie", "en-au", "en-nz", "en-za", "en-in"})


def language_of(document: Document) -> str:
    """Two letters of ISO 639-1, "" where neither the words nor the document tell.

    Words have precedence: "en" is what templates say of pages in any language.
    """
    stated = document.metadata.get("language", "").strip().lower()[:2]
    return written_in(document) or stated


def written_in(document: Document) -> str:
    """The same by its words alone."""
    return language_in(_texts_of(document))


def is_day_first(document: Document) -> bool | None:
    """Whether "03/04/2025" is the third of April to those who read the document; None where nothing says so."""
    stated = document.metadata.get("language", "").strip().lower().replace("_", "-")
    if stated in _ENGLISH_DAY_FIRST:
        return True
    if document.language in DECIMAL_COMMA:
        return True
    return False if stated == "en-us" else None


def language_in(texts: Iterable[str]) -> str:
    """The language of texts by their commonest words; "" where these do not tell."""
    counts = _count(texts)
    if not counts:
        return ""
    rated = sorted(((sum(counts[word] for word in words), name) for name, words in _COMMON.items()), reverse=True)
    (best, name), (second, _other) = rated[:2]
    return name if best >= _LEAST and best >= _AHEAD * second else ""


def _count(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    left = _MOST
    for text in texts:
        words = _WORD.findall(text[: left * 20].lower())[:left]
        counts.update(words)
        left -= len(words)
        if left <= 0:
            break
    return counts


def _texts_of(document: Document) -> Iterable[str]:
    headers = (column.name for table in document.tables for column in table.columns)
    notes = (note for table in document.tables for note in (table.name, *table.notes))
    return chain((block.text for block in document.blocks), (document.title, document.headline), notes, headers)
