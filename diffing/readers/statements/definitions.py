"""The words that define a term: glossaries, "X means …", "X: …" entries, footnotes, legends, levels.

Precision comes first: a sentence that is taken for a definition by mistake becomes a false alarm when it
is edited. So a paragraph of prose must say "means" or "is defined as"; weaker words ("includes", "is based
on") and "X: …" count only in notes, glossaries and lists that announce themselves as such. Sentences
that state dates or running figures are never definitions, since they differ in every release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from diffing.readers.statements.glossaries import define_by_marks, define_by_tables
from diffing.readers.statements.sentences import define_by_entries, define_by_verbs, units_of
from state.document import Block, Definition, Table, Where

_GLOSSARY: Final = re.compile(
    r"glossar|definition|terminolog|dictionar|legend|acronym|abbreviation|key\s+terms|foot-?notes?|end-?notes?|codebook"
    r"|methodolog|about\s+(?:the|this)\s+data|data\s+notes|explanation",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"^(?:[*†‡§]+|\[[\w*]{1,3}\]|\([\d*]{1,3}\)|[¹²³⁴-⁹]+)\s*")
_LEAD_IN: Final = re.compile(
    r"\b(?:defin|classif|categor|levels?\b|hierarch|priorit|tiers?\b|means\b|meanings?\b|legend|codes?\b|terms?\b)[^.]*:$",
    re.IGNORECASE,
)


def find_definitions(*, blocks: Sequence[Block], tables: Sequence[Table]) -> tuple[Definition, ...]:
    """All definitions of a document in its order, the same term and wording once a place.

    Hidden sheets define nothing: no reader sees them, and they come and go unnoticed by their publisher.
    """
    hidden = {table.sheet for table in tables if table.hidden}
    blocks = [block for block in blocks if block.sheet is None or block.sheet not in hidden]
    tables = [table for table in tables if not table.hidden]
    found: dict[tuple[str, str, Where], Definition] = {}
    for definition in _each_definition(blocks, tables):
        key = (definition.term.casefold(), definition.wording.casefold(), definition.where)
        found.setdefault(key, definition)
    return tuple(found.values())


def _each_definition(blocks: Sequence[Block], tables: Sequence[Table]) -> Iterator[Definition]:
    told = set()
    for definition in (*define_by_tables(tables), *define_by_marks(blocks, tables)):
        told.add(definition.wording.casefold())
        yield definition
    announced = False
    for block in blocks:
        leads_in = block.text.endswith(":") and _LEAD_IN.search(block.text) is not None
        announced = leads_in or (announced and block.kind == "item")
        if not told or _MARK.sub("", block.text).casefold() not in told:
            yield from _define_by_block(block, announced=announced)


def _define_by_block(block: Block, *, announced: bool) -> Iterator[Definition]:
    where = Where(sheet=block.sheet, page=block.page, section=" / ".join(block.heading) or None)
    if block.kind == "heading":
        return
    if block.kind == "definition":
        yield from _define_by_list_entry(block, where)
        return
    is_note = block.kind == "note"
    place = " ".join((*block.heading, block.sheet or ""))
    defining = announced or _announces_terms(place)
    for unit in units_of(block.text):
        entries = define_by_entries(unit, where, defining=defining, is_note=is_note)
        yield from entries or define_by_verbs(unit, where, weak=is_note or defining)


@lru_cache(maxsize=1024)
def _announces_terms(place: str) -> bool:
    """Whether the headings or the sheet that a text stands under say that it defines terms."""
    return _GLOSSARY.search(place) is not None


def _define_by_list_entry(block: Block, where: Where) -> Iterator[Definition]:
    """An entry of a definition list; lists of contact data and the like have few words to an entry."""
    term, _, wording = block.text.partition("\n")
    if len(wording.split()) >= _FEWEST_WORDS and len(term) <= _LONGEST_TERM and not term.endswith("?"):
        yield Definition(term.rstrip(" :"), wording, where)


_FEWEST_WORDS: Final = 4
_LONGEST_TERM: Final = 100
