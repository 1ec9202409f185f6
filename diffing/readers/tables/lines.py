"""Lines of text around and inside tables: which of them are notes, and which may be titles."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from diffing.readers.statements.date_roles import leads_only
from diffing.readers.statements.dates import find_dates
from state.document import Where

_NOTE: Final = re.compile(
    r"[*†‡§¹²³⁴⁵•]|[(\[][\w*†‡]{1,3}[)\]]\s|\d{1,2}[.)]?\s+(?=\w.{40})|notes?\b|(data )?sources?\b"
    r"|data (is|are|from|as|were|through)\b|.{0,30}\bdata from\b(?! (fy|\d))"
    r"|(prepared|compiled|produced) (by|on)\b|as of\b|(last )?updated\b"
    r"|(quellen?|fuentes?|fonti?|fontes|bron(nen)?|źródł[oa]|notas?|anmerkung(en)?|hinweise?|remarques?|uwag[ai]"
    r"|opmerking(en)?|toelichting|leyenda|legend[ae]?|légende)\s*:",
    re.IGNORECASE,
)
PROSE_LENGTH: Final = 110
"""A line longer than this is prose, not a title (measured on workbooks of the US government)."""


class Line(Struct, frozen=True):
    """A cell that stands alone in its row; ``right`` is the last column that it covers."""

    row: int
    column: int
    right: int
    text: str
    bold: bool = False

    @property
    def is_note(self) -> bool:
        """Whether the text reads as a note, a source, a date or a sentence rather than as a title."""
        return is_note(self.text) or is_dateline(self.text)

    @property
    def is_short_note(self) -> bool:
        """Whether the text is marked as a note or a source, rather than prose that introduces a page."""
        return len(self.text) <= 2 * PROSE_LENGTH and bool(_NOTE.match(self.text))


def is_note(text: str) -> bool:
    """Whether a line reads as a note, a source or a sentence rather than as a title or a label."""
    if len(text) > PROSE_LENGTH or _NOTE.match(text):
        return True
    return text.endswith(".") and text.count(" ") >= 6


def is_dateline(text: str) -> bool:
    """Whether a line says nothing but of when the data are: "As of 3 May 2024", "Stand: 31. März 2024"."""
    if len(text) > PROSE_LENGTH:
        return False
    for stated in find_dates(text, where=Where()):
        lead, _, after = text.partition(stated.text)
        if not after.strip(" .)*;r") and leads_only(lead.lstrip(" (*")):
            return True
    return False


def states_date(text: str) -> bool:
    """Whether a line says of when the data or the document are, in any language that is known."""
    return bool(find_dates(text, where=Where()))
