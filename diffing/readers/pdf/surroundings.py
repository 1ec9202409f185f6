"""What stands around a table and belongs to it: its title above, its notes below, the headings it is under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from diffing.readers.pdf.prose import Paragraph
from diffing.readers.pdf.shapes import FoundTable
from diffing.readers.tables.lines import is_dateline

_TITLE_REACH = 3.0  # heights of its own type that a title may stand above its table
_NOTE_REACH = 2.5  # likewise for the first note below, and for each after it
_LONGEST_TITLE = 250  # characters
_CAPTION = re.compile(r"^(?:table|exhibit|figure|chart|appendix|schedule|annex|tab\.)\b", re.IGNORECASE)
_UNIT = re.compile(r"^[\[(].{1,80}[\])]$")
_NOTE = re.compile(
    r"^(?:[*†‡§#¹²³⁴⁵]|\(?[a-z0-9]{1,2}[).]?\s|\[[^\]]{1,4}\]|\([A-Z]{1,3}\)\s"
    r"|(?:notes?|sources?|abbreviations?|legend|key|n/?a|remarks?|data)\b)",
    re.IGNORECASE,
)


class Setting(Struct, frozen=True):
    """A table with the paragraphs that are its notes, as indexes into the paragraphs given."""

    table: FoundTable
    notes: tuple[int, ...] = ()


def settle(table: FoundTable, paragraphs: Sequence[Paragraph], *, others: Sequence[FoundTable]) -> Setting:
    """``table`` with its title and section, and which of ``paragraphs`` are its notes."""
    title = _title(table, paragraphs)
    section = _section(table, paragraphs, title)
    text = paragraphs[title].text if title is not None else ""
    return Setting(replace(table, title=text, section=section), _notes(table, paragraphs, others))


def _title(table: FoundTable, paragraphs: Sequence[Paragraph]) -> int | None:
    """The nearest paragraph above that reads as a title; a unit or a date between them is passed over."""
    above = [
        (number, p)
        for number, p in enumerate(paragraphs)
        if p.page == table.page and p.box.centre < table.box.top and p.box.overlap_x(table.box) > 0
    ]
    edge = table.box.top
    for number, paragraph in sorted(above, key=lambda item: -item[1].box.bottom):
        if edge - paragraph.box.bottom > _TITLE_REACH * paragraph.height:
            return None
        if not _UNIT.match(paragraph.text) and not is_dateline(paragraph.text):
            return number if _is_title(paragraph) else None
        edge = paragraph.box.top
    return None


def _is_title(paragraph: Paragraph) -> bool:
    if paragraph.level or _CAPTION.match(paragraph.text):
        return True
    text = paragraph.text
    return paragraph.kind == "paragraph" and len(text) <= _LONGEST_TITLE and text[-1] not in ".;,"


def _section(table: FoundTable, paragraphs: Sequence[Paragraph], title: int | None) -> tuple[str, ...]:
    """The headings over a table. A title that is a heading ends those of its level, and is not one of them."""
    path: list[Paragraph] = []
    for paragraph in paragraphs:
        before = (paragraph.page, paragraph.box.top) < (table.page, table.box.top)
        if paragraph.level and before:
            path = [*(p for p in path if p.level < paragraph.level), paragraph]
    if title is not None:
        path = [p for p in path if p is not paragraphs[title]]
    return tuple(p.text for p in path)


def _notes(table: FoundTable, paragraphs: Sequence[Paragraph], others: Sequence[FoundTable]) -> tuple[int, ...]:
    """The run of notes right under the end of a table, up to the first paragraph that is none."""
    page, end = table.ending
    limit = min((o.box.top for o in others if o.page == page and o.box.top > end.top), default=float("inf"))
    below = [
        (number, p)
        for number, p in enumerate(paragraphs)
        if p.page == page and end.bottom - 2 <= p.box.centre < limit and p.box.overlap_x(end) > 0
    ]
    notes: list[int] = []
    edge = end.bottom
    for number, paragraph in sorted(below, key=lambda item: item[1].box.top):
        far = paragraph.box.top - edge > _NOTE_REACH * paragraph.height
        if far or paragraph.level or not _is_note(paragraph, first=not notes):
            break
        notes.append(number)
        edge = paragraph.box.bottom
    return tuple(notes)


def _is_note(paragraph: Paragraph, *, first: bool) -> bool:
    """By how it begins; a paragraph under a note in smaller type than running text is one too."""
    return bool(_NOTE.match(paragraph.text)) or (not first and paragraph.small)
