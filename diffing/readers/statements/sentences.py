"""Definitions in running text: sentences with defining verbs, and "Term: wording" entries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from diffing.readers.statements.dates import find_dates
from diffing.sentences import split_sentences
from state.document import Definition, Where

_BULLET: Final = re.compile(r"\s*[\r\n]+\s*[•▪·]?\s*|\s*[•▪]\s*|(?<=[.:;])\s+o\s+(?=[A-Z])")
_PERHAPS_BULLET: Final = re.compile(r"[\r\n•▪.:;](?:(?<=[\r\n•▪])|\s+o\s)")
"""Some of it is in every text that ``_BULLET`` parts. It begins with a set of rare characters, to which ``re``
leaps; through a text for anything else it goes step by step."""

_STRONG: Final = (
    r"means(?!\s+(?:that|of|to|for|by)\b)|(?:is|are)\s+(?:hereby\s+)?defined\s+(?:as|by|to\s+(?:mean|include))"
    r"|shall\s+mean|refers?\s+to|denotes?|stands\s+for|(?:is|are)\s+(?:an?\s+)?(?:acronym|abbreviation)\s+for"
)
_STRONG_WORDS: Final = ("mean", "defined", "refer", "denote", "stands", "acronym", "abbreviation")
"""One of them is in every ``_STRONG``; to look for them takes a tenth of its time."""

_WEAK: Final = (
    r"(?:does\s+not\s+|do\s+not\s+|may\s+)?(?:includes?|excludes?)|consists?\s+of|comprises?|represents?|indicates?"
    r"|(?:is|are)\s+(?:only\s+)?(?:based\s+(?:up)?on|calculated|determined|computed|counted|measured|derived"
    r"|limited\s+to|comprised\s+of|considered|defined\s+in|made\s+up\s+of|identified\s+(?:as|by))|="
)
_PREFIX: Final = (
    r"(?:(?:for\s+(?:the\s+)?purposes?\s+of|as\s+used\s+in|in|under|starting\s+in)\s[^,]{2,60},\s+)?"
    r"(?:the\s+(?:term|phrase|word|acronym)s?\s+)?"
)
_SUBJECT: Final = r"(?P<term>[“\"‘'][^”\"]{1,80}?[”\"’']|[\[(*]?[A-Z0-9][^.:;!?]{0,100}?)"
_BY_STRONG: Final = rf"(?i){_PREFIX}{_SUBJECT},?\s+(?:{_STRONG})\s+(?=\S)"
_BY_WEAK: Final = rf"(?i){_PREFIX}{_SUBJECT},?\s+(?:{_STRONG}|{_WEAK})\s+(?=\S)"
_ANY_VERB: Final = rf"\s(?:{_STRONG}|{_WEAK})\s"
_ANY_STRONG: Final = re.compile(rf"\s(?:{_STRONG})\s")
_NO_TERM: Final = (
    r"(?i)(?:this|these|that|those|it|its|they|he|she|we|you|there|here|which|who|what|such|some|all|each|any|many|most|no"
    r"|data|other\s+than|if|when|where|while|although|because|please|note|figures?|our|their|his|her|your|in\s+addition"
    r"|however|also|table|report|letter|page|section)\b|.*\b(?:is|are|was|were|has|have|had|will|would|may|can|could|should"
    r"|shall|must|that|which|who|said|says|by)\s*$|.*\b(?:is|are|was|were|has|have|had|will|would|could|should|said)\b"
)
_QUOTES: Final = re.compile(r"[“”\"]")
_ARTICLE: Final = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_CLAUSE: Final = re.compile(r",\s+(?:which|that|who|as\s+used)\b.*", re.DOTALL)
_NAMED: Final = re.compile(
    r"[“\"‘'].*|(?:an?\s+|the\s+)?(?:[A-Z][\w-]*\s+){0,4}(?:[A-Z][\w-]*|\([A-Z]{2,}\))", re.DOTALL
)
_MOST_TERM_WORDS: Final = 10

_ENTRY_TERM: Final = r"[A-Z0-9“\"(][^\s:.;!?]*(?:\s+[\w'’“”\"/&%()+,.-]+){0,9}?"
_ENTRY: Final = re.compile(rf"(?P<term>{_ENTRY_TERM})\s*(?::|\s[–—=-]\s)\s*(?P<wording>\S.*)", re.DOTALL)
_PERHAPS_ENTRY: Final = re.compile(r"[:–—=-](?:(?<=:)|(?<=\s[–—=-])\s)")
_INLINE: Final = (
    r"(?:^|(?<=[.;:,])\s+|(?<=[.;:])\s*o\s+)(?P<term>[A-Z][\w'’/&()-]*(?:\s+(?:[A-Z(][\w'’/&()-]*|of|and|or|by|to|in|for"
    r"|with|the)){0,7})\s*:\s+(?=[A-Za-z“\"])"
)
ENTRY_BEGINS: Final = re.compile(r"[A-Z][^:.]{0,80}:\s")
"""How a sentence begins that is a "Term: …" entry."""

_LEVEL: Final = re.compile(
    r"(?:level|tier|category|class|priority|phase|type|group|code)\s+(?:\d{1,2}|[ivx]{1,4}|[a-e])\b", re.I
)
_NO_ENTRY: Final = (
    r"(?i)(?:please\s+)?(?:notes?|nb|n\.b|sources?|data\s+sources?|source\s+data|contacts?|phone|telephone|tel|fax|e-?mail|media"
    r"|address|mail|warning|disclaimer|caution|important|attention|updated?|last\s+\w+|reviewed|published|posted|released"
    r"|date|time|when|where|who|what|why|how|location|hours?|website|web|url|see|see\s+also|example|examples|e\.g|i\.e|re"
    r"|subject|from|to|cc|by|for|step|question|q|a|answer|part|chapter|table|figure|exhibit|appendix|page|version|author"
    r"|prepared|summary|background|purpose|overview|total|totals|as\s+of|period|fy|fiscal|january|february|march|april|may"
    r"|june|july|august|september|october|november|december|for\s+more|for\s+further|for\s+questions|learn|read|click"
    r"|download|visit|area\s+coverage|appointment\s+times?|related|topics?|tags?|https?|new|update|correction|erratum"
    r"|quellen?|fuentes?|fonti?|fontes|bron(?:nen)?|źródł[oa]|notas?|anmerkung(?:en)?|hinweise?|remarques?|uwag[ai]"
    r"|opmerking(?:en)?|stand|stichtag|peildatum)\b"
)
_FIGURE: Final = re.compile(
    r"(?<![\w§.-])(?:\d{1,3}(?:,\d{3})+|(?!(?:19|20)\d\d\b)\d{3,})(?![\w.-])|\d\s?%|\bper\s?cent\b"
)
_FEWEST_WORDS: Final = 3
_NOWHERE: Final = Where()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that few texts come as far as: to compile them all takes as long as to read a page."""
    return re.compile(pattern)


def units_of(text: str) -> list[str]:
    """The lines and bullets of a text."""
    if not _PERHAPS_BULLET.search(text):
        return [text.strip()]
    return [unit for part in _BULLET.split(text) if (unit := part.strip())]


def is_passing(text: str) -> bool:
    """Whether a text states dates or running figures, so that every release says it differently."""
    return len(_FIGURE.findall(text)) >= 1 or bool(find_dates(text, where=_NOWHERE, today=_NO_DAY))


_NO_DAY: Final[dt.date | None] = None


def define_by_verbs(text: str, where: Where, *, weak: bool) -> Iterator[Definition]:
    """Sentences of the form "X means …"; with ``weak``, "X includes …", "X is based on …" too.

    In notes and glossaries (``weak``) a definition goes on until the next one begins.
    """
    if not weak and not any(word in text for word in _STRONG_WORDS):
        return
    if not (_compiled(_ANY_VERB) if weak else _ANY_STRONG).search(text):
        return
    pattern = _compiled(_BY_WEAK if weak else _BY_STRONG)
    term, words = "", [""]
    for sentence in split_sentences(text):
        match = pattern.match(sentence)
        found = _term_of(match, strict=not weak) if match is not None else None
        if found is not None and not is_passing(sentence):
            if term:
                yield Definition(term, " ".join(words), where)
            term, words = found, [sentence]
        elif term and weak and not is_passing(sentence):
            words.append(sentence)
        elif term:
            yield Definition(term, " ".join(words), where)
            term = ""
    if term:
        yield Definition(term, " ".join(words), where)


def _term_of(match: re.Match[str], *, strict: bool) -> str | None:
    """The subject of a defining sentence, None where it is no term."""
    written = match["term"].strip(" ,*[]")
    quoted = written[:1] in "“\"‘'"
    term = _ARTICLE.sub("", _QUOTES.sub("", written).strip(" '‘’"))
    term = _CLAUSE.sub("", term)
    if not quoted and (_compiled(_NO_TERM).match(term) or len(term.split()) > _MOST_TERM_WORDS):
        return None
    if strict and not quoted and "to" in match.group()[match.end("term") :] and not _NAMED.fullmatch(written):
        return None  # "the figures refer to …" is prose; "ADP refers to …" defines
    return term if re.search(r"[A-Za-z]", term) else None


def define_by_entries(text: str, where: Where, *, defining: bool, is_note: bool) -> list[Definition]:
    """ "Term: wording" entries: one that the text begins with, or several inside it."""
    inline = list(_compiled(_INLINE).finditer(text)) if defining or is_note else []
    if len(inline) > 1:
        return list(_define_inline(text, inline, where))
    match = _ENTRY.fullmatch(text) if _PERHAPS_ENTRY.search(text) else None
    if match is None:
        return []
    term, wording = match["term"].strip(' “”"'), match["wording"]
    level = bool(_LEVEL.match(term))
    if not (level or defining or (is_note and text[match.end("term") :].lstrip().startswith(":"))):
        return []
    if _is_entry(term, wording) or (level and len(wording.split()) >= _FEWEST_WORDS):
        return [Definition(term, wording, where)]
    return []


def _define_inline(text: str, matches: list[re.Match[str]], where: Where) -> Iterator[Definition]:
    ends = [*(match.start() for match in matches[1:]), len(text)]
    for match, end in zip(matches, ends, strict=True):
        wording = text[match.end() : end].strip(" ;,")
        if _is_entry(match["term"], wording):
            yield Definition(match["term"], wording, where)


def _is_entry(term: str, wording: str) -> bool:
    if len(term.split()) > _MOST_TERM_WORDS or term.endswith("?") or wording.endswith(("?", ":")):
        return False
    if _compiled(_ANY_VERB).search(f" {term} "):
        return False  # "The agency includes the following programs: …" is a sentence, told by its verb
    if _compiled(_NO_ENTRY).match(term) or len(wording.split()) < _FEWEST_WORDS or is_passing(wording):
        return False
    return not find_dates(f"{term}: {wording}", where=_NOWHERE, today=_NO_DAY)
