"""Paragraphs from lines, in reading order, and which of them are headings."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from diffing.pdf.shapes import Box, Line, around

_CLOSE = 0.55  # line heights between lines of one paragraph at the most
_LARGER = 1.12  # times the usual height: a heading
_LONGEST_HEADING = 160  # characters
_ITEM = re.compile(r"^(?:[•▪◦●■❖➢\-–—*·]|\(?[0-9a-zA-Z]{1,3}[.)])\s+\S")
_NOTE = re.compile(r"^(?:\*|†|‡|\[\d+\]|\d{1,2}\s+[A-Z]|notes?\b|source\b|data from\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; ``level`` is the rank of a heading (1 highest), 0 for text."""

    text: str
    box: Box
    page: int
    height: float
    bold: bool
    level: int = 0

    @property
    def kind(self) -> str:
        """The kind of ``Block`` that it becomes."""
        if self.level:
            return "heading"
        if _ITEM.match(self.text):
            return "item"
        return "note" if _NOTE.match(self.text) else "paragraph"


def to_paragraphs(lines: Sequence[Line], *, page: int) -> list[Paragraph]:
    """Paragraphs of one page in reading order, not yet told whether they are headings."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: (item.box.centre, item.box.left)):
        home = next((group for group in reversed(groups[-8:]) if _goes_on(group, line)), None)
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return [_paragraph(group, page) for group in in_reading_order(groups)]


def _goes_on(group: Sequence[Line], line: Line) -> bool:
    last = group[-1]
    gap = line.box.top - last.box.bottom
    height = min(last.box.height, line.box.height)
    if gap > _CLOSE * height or gap < -0.5 * height:
        return False
    if abs(last.box.height - line.box.height) > 0.15 * height or last.bold != line.bold:
        return False
    if _ITEM.match(line.text):
        return False
    return last.box.overlap_x(line.box) > 0.5 * min(last.box.width, line.box.width)


def _paragraph(group: Sequence[Line], page: int) -> Paragraph:
    text = ""
    for line in group:
        text = f"{text[:-1]}{line.text}" if re.search(r"[a-z]-$", text) else f"{text} {line.text}".strip()
    height = statistics.median(word.box.height for line in group for word in line.words)
    return Paragraph(text, around(line.box for line in group), page, height, all(line.bold for line in group))


def in_reading_order(groups: Sequence[list[Line]]) -> list[list[Line]]:
    """Groups of lines as read: cut across where nothing stands beside, then by columns."""
    boxed = [(around(line.box for line in group), group) for group in groups]
    return [group for _, group in _cut(boxed)]


def _cut(boxed: list[tuple[Box, list[Line]]]) -> list[tuple[Box, list[Line]]]:
    if len(boxed) < 2:
        return boxed
    for along_y in (True, False):
        parts = _parts(boxed, along_y)
        if len(parts) > 1:
            return [item for part in parts for item in _cut(part)]
    return sorted(boxed, key=lambda item: (item[0].top, item[0].left))


def _parts(boxed: list[tuple[Box, list[Line]]], along_y: bool) -> list[list[tuple[Box, list[Line]]]]:
    def start(box: Box) -> float:
        return box.top if along_y else box.left

    def end(box: Box) -> float:
        return box.bottom if along_y else box.right

    parts: list[list[tuple[Box, list[Line]]]] = []
    reach = float("-inf")
    for item in sorted(boxed, key=lambda item: start(item[0])):
        slack = min(2.0, 0.25 * item[0].height)
        if start(item[0]) >= reach - slack:
            parts.append([])
        parts[-1].append(item)
        reach = max(reach, end(item[0]))
    return parts


def mark_headings(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The same paragraphs with ``level`` set where a larger or bold type makes one a heading."""
    if not paragraphs:
        return []
    usual = _usual_height(paragraphs)
    sizes = sorted({_size(p) for p in paragraphs if _may_head(p) and p.height > _LARGER * usual}, reverse=True)
    marked = []
    for paragraph in paragraphs:
        level = 0
        if _may_head(paragraph):
            if paragraph.height > _LARGER * usual:
                level = 1 + sizes.index(_size(paragraph))
            elif paragraph.bold and paragraph.height > 0.9 * usual:
                level = 1 + len(sizes)
        marked.append(
            Paragraph(paragraph.text, paragraph.box, paragraph.page, paragraph.height, paragraph.bold, level)
        )
    return marked


def _usual_height(paragraphs: Sequence[Paragraph]) -> float:
    by_size: dict[int, int] = {}
    for paragraph in paragraphs:
        by_size[_size(paragraph)] = by_size.get(_size(paragraph), 0) + len(paragraph.text)
    return max(by_size, key=lambda size: by_size[size]) / 2


def _size(paragraph: Paragraph) -> int:
    """Height in half points, so that rounding does not make two levels of one."""
    return round(paragraph.height * 2)


def _may_head(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return len(text) <= _LONGEST_HEADING and any(c.isalpha() for c in text) and not text.endswith((".", ";", ","))
