"""Plain text -> Document: its paragraphs as blocks, its typed tables as tables."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from diffing.readers.characters import decode
from diffing.readers.statements.dates import find_dates, mark_flaws
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.grid import read_grid
from diffing.readers.tables.typed import find_typed, title_over
from state.document import Block, Document, ReadingHints, Table, Where
from state.formats import TEXT

_PARAGRAPHS: Final = re.compile(r"\n\s*\n|\f")
_ITEM: Final = re.compile(r"[•·▪*-]\s+|\(?\w{1,3}[.)]\s+")
_NEXT_ITEM: Final = re.compile(r"\n(?=[ \t]*[•·▪*-][ \t]+\S)")
"""Each item of a list is a paragraph of its own."""

_UNDERLINED: Final = re.compile(r"\n[ \t]*(?:={3,}|-{3,}|~{3,})[ \t]*(?=\n|$)")
_LONGEST_TITLE: Final = 160


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a text; wrapped lines of a paragraph are joined. Raises ``ReadingError`` for binary data."""
    text = decode(body).replace("\r\n", "\n").replace("\r", "\n")
    tables, text = _tables_of(text, hints) if "  " in text or "\t" in text else ((), text)
    parts = (item for part in _PARAGRAPHS.split(text) for item in _NEXT_ITEM.split(_UNDERLINED.sub("", part)))
    paragraphs = [" ".join(part.split()) for part in parts]
    blocks = tuple(
        Block(paragraph, kind="item" if _ITEM.match(paragraph) else "paragraph")
        for paragraph in paragraphs
        if paragraph
    )
    dates = [stated for block in blocks for stated in find_dates(block.text, where=Where())]
    return Document(
        media_type=TEXT,
        headline=blocks[0].text if blocks and len(blocks[0].text) <= _LONGEST_TITLE else "",
        blocks=blocks,
        tables=tables,
        definitions=find_definitions(blocks=blocks, tables=tables),
        dates=tuple(mark_flaws(dates)),
    )


def _tables_of(text: str, hints: ReadingHints) -> tuple[tuple[Table, ...], str]:
    """The tables typed into a text, and the text without their rows."""
    lines = text.split("\n")
    if len(lines) > _LINES_MOST:
        return (), text
    tables: list[Table] = []
    for typed in find_typed(lines):
        reading = read_grid(replace(typed.grid, title=title_over(lines, typed.first)), hints=hints)
        tables += reading.tables
        notes = [block.text for block in reading.blocks]
        lines[typed.first : typed.last + 1] = [""] * (typed.last + 1 - typed.first)
        lines[typed.first] = "\n\n".join(notes)
    return tuple(tables), "\n".join(lines)


_LINES_MOST: Final = 200_000
