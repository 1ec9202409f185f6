"""The words that define a term: glossaries, "X means …", "X: …" entries, footnotes, legends, levels.

Precision comes first: a sentence that is taken for a definition by mistake becomes a false alarm when it
is edited. Where a form is ambiguous ("Contact: …", "Note: …") it is no definition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from state.document import Block, Definition, Table, Where

_VERB: Final = re.compile(
    r"^(?P<term>[“\"‘']?[^\s.;:?!][^.;:?!]{0,90}?)\s*,?\s+"
    r"(?:means|(?:is|are)\s+(?:hereby\s+)?defined\s+(?:as|by|to\s+mean)|refers?\s+to|denotes?|shall\s+mean)\s+(?P<wording>\S.{5,})$",
    re.DOTALL,
)


def find_definitions(*, blocks: Sequence[Block], tables: Sequence[Table]) -> tuple[Definition, ...]:
    """All definitions of a document, in its order, each term and wording once a place."""
    found: dict[tuple[str, str, Where], Definition] = {}
    for block in blocks:
        for part in re.split(r"\s*[\r\n]+\s*", block.text):
            match = _VERB.match(part.strip())
            if match is not None:
                where = Where(sheet=block.sheet, page=block.page, section=" / ".join(block.heading) or None)
                definition = Definition(match["term"].strip("“”\"'‘’ "), part.strip(), where)
                found.setdefault((definition.term.casefold(), definition.wording, where), definition)
    return tuple(found.values())
