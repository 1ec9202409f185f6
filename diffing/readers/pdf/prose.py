"""Paragraphs from lines, in reading order, and which of them are headings."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from diffing.readers.pdf.lines import make_line
from diffing.readers.pdf.shapes import Box, Line, around

_STEP = 1.45  # line heights from one baseline to the next in a paragraph at the most
_WIDEST_STEP = 2.8  # line heights: double spacing is less
_LEAST_STEPS = 6  # needed to know how a page is set
_INDENT = 6.0  # points: a line that stands in by more after a line that does not is a new paragraph
_LARGER = 1.12  # times the usual height: a heading
_SMALLER = 0.94  # of the usual height: small print
_LONGEST_HEADING = 160  # characters
_MARKER = re.compile(r"^(?:[•▪◦●■❖➢►✓·\uf0b7\uf0a7]|[-–—*]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,6})[.)])$")
_CAPTION = re.compile(r"^(?:table|exhibit|figure|chart|annex)\s+[\w.-]{1,8}$", re.IGNORECASE)
_ITEM = re.compile(
    r"^(?:[•▪◦●■❖➢►✓·\uf0b7\uf0a7]|[-–—*]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,6})[.)])\s+"
    r"(?!(?:\d\d?\.\s?)?(?:19|20)\d\d\b)\S"
)  # "10. 2021" is the end of a date
_NOTE = re.compile(r"^(?:[*†‡]{1,3}\s?\w|\[\d+\]|(?:notes?|sources?)\s*[:.]|data from\b)", re.IGNORECASE)
_ENDED = re.compile(r"[.!?:;][\"”’)\]]*$")
_MARKER_REACH = 5.0  # line heights that a text may stand off its number or bullet


class Paragraph(Struct, frozen=True):
    """Lines that belong together; ``level`` is the rank of a heading (1 highest), 0 for text."""

    text: str
    box: Box
    page: int
    height: float
    bold: bool
    last_page: int
    level: int = 0
    small: bool = False  # set in smaller type than the running text
    note: bool = False  # belongs to a table

    @property
    def kind(self) -> str:
        """The kind of ``Block`` that it becomes."""
        if self.level:
            return "heading"
        if self.note or _NOTE.match(self.text):
            return "note"
        return "item" if _ITEM.match(self.text) else "paragraph"


def to_paragraphs(lines: Sequence[Line], *, page: int) -> list[Paragraph]:
    """Paragraphs of one page in reading order, not yet told whether they are headings."""
    groups: list[list[Line]] = []
    ordered = sorted(lines, key=lambda line: (line.base, line.box.left))
    limit = _line_step(ordered)
    for line in ordered:
        home = next((group for group in reversed(groups[-8:]) if _goes_on(group, line, limit)), None)
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return [_paragraph(group, page) for group in in_reading_order(groups)]


def rejoin_markers(lines: Sequence[Line]) -> list[Line]:
    """Numbers and bullets with the text that a tab parts from them; ``lines`` from the top, left to right."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        marker = last is not None and (_MARKER.match(last.text) or _CAPTION.match(last.text))
        if last is not None and marker and _follows(last, line):
            joined[-1] = make_line([*last.words, *line.words])
        else:
            joined.append(line)
    return joined


def _follows(marker: Line, line: Line) -> bool:
    if abs(marker.base - line.base) > 0.3 * line.box.height:
        return False
    return 0 <= line.box.left - marker.box.right < _MARKER_REACH * line.box.height


def _line_step(lines: Sequence[Line]) -> float:
    """Line heights that lines of a paragraph are apart at the most: more where the page is set wide."""
    steps = [
        (after.base - before.base) / before.box.height
        for before, after in pairwise(lines)
        if before.box.overlap_x(after.box) > 0 and after.base > before.base
    ]
    if len(steps) < _LEAST_STEPS:
        return _STEP
    usual = statistics.median(steps)
    even = sum(abs(step - usual) < 0.06 * usual for step in steps) >= 0.6 * len(steps)
    return min(max(_STEP, 1.1 * usual), _WIDEST_STEP) if even else _STEP


def _goes_on(group: Sequence[Line], line: Line, limit: float) -> bool:
    last = group[-1]
    height = min(last.box.height, line.box.height)
    if not 0.4 * height < line.base - last.base < limit * height:
        return False
    if max(last.box.height, line.box.height) > 1.25 * height or last.bold != line.bold:
        return False
    if _begins_item(group, line) or _NOTE.match(line.text):
        return False
    if line.box.left - last.box.left > _INDENT and len(group) > 1 and _ENDED.search(last.text):
        return False
    return last.box.overlap_x(line.box) > 0.5 * min(last.box.width, line.box.width)


def _begins_item(group: Sequence[Line], line: Line) -> bool:
    """A bullet always; a number in a list, or where the line before had room left (numbers stand in texts too)."""
    if not _ITEM.match(line.text):
        return False
    last = group[-1]
    if not line.text[:2].strip("(")[:1].isalnum() or _ITEM.match(group[0].text):
        return True
    return abs(line.box.left - last.box.left) > 3 or last.box.right < line.box.right - 0.1 * line.box.width


def _paragraph(group: Sequence[Line], page: int) -> Paragraph:
    text = ""
    for line in group:
        text = f"{text[:-1]}{line.text}" if re.search(r"[a-z]-$", text) else f"{text} {line.text}".strip()
    height = statistics.median(word.box.height for line in group for word in line.words)
    bold = all(line.bold for line in group)
    return Paragraph(text, around(line.box for line in group), page, height, bold, last_page=page)


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


def join_over_pages(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs that a page break cuts become one: the text had not ended and goes on in lower case."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        last = joined[-1] if joined else None
        if last is not None and paragraph.page == last.last_page + 1 and _is_cut(last, paragraph):
            joined[-1] = replace(last, text=f"{last.text} {paragraph.text}", last_page=paragraph.last_page)
        else:
            joined.append(paragraph)
    return joined


def _is_cut(last: Paragraph, paragraph: Paragraph) -> bool:
    if last.bold != paragraph.bold or abs(last.height - paragraph.height) > 0.15 * last.height:
        return False
    return not _ENDED.search(last.text) and paragraph.text[:1].islower() and len(last.text) > 60


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
        marked.append(replace(paragraph, level=level, small=paragraph.height < _SMALLER * usual))
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
