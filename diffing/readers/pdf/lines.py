"""Lines from words, and the chunks of a line that wide gaps part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from diffing.readers.pdf.shapes import Line, Word, around

GAP = 0.70  # of the line height: a wider gap parts chunks
_SAME_BASE = 0.20  # of the lower height: baselines this near are one
_NEAR_BASE = 0.42  # of the greater height: raised and lowered marks, cells set a little off
_LEAST_GAP = 0.45  # likewise in tables, where words of one cell stand closely
_MARK_GAP = 0.26  # of the line height, between a figure and a mark that is a cell of its own
_WORDY = 4  # words, of four letters each
_LEADERS = re.compile(r"(?:[.…·_]\s*){3,}$")
_NUMBER = re.compile(r"^[\(\[<>≤≥~±+\-–—−$€£]*\d[\d,.\s]*[%\)\]*†‡§a-d]*$")
_MARK = re.compile(r"^(?:[-–—−*†‡]{1,3}|\.{2,3}|n/?a|\(?[XNDSZ]\)?|#|<)$", re.IGNORECASE)


def is_number(text: str) -> bool:
    """Whether a word reads as a figure: digits with separators, signs, currency, footnote marks."""
    return bool(_NUMBER.match(text))


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure or a mark that stands for one (``-``, ``N/A``, ``*``)."""
    return bool(_MARK.match(text)) or all(is_number(part) for part in text.split())


def is_wordy(chunk: Line) -> bool:
    """Whether a chunk reads as running text: four words and more, few of them figures."""
    if len(chunk.words) < _WORDY or len(chunk.text) < _WORDY * 4:
        return False
    return sum(is_number(word.text) for word in chunk.words) <= 0.3 * len(chunk.words)


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Words grouped by the baseline they stand on, top to bottom, each left to right."""
    words = list(words)
    if len(words) == 1:
        return [make_line(words)]
    groups: list[_Group] = []
    for word in sorted(words, key=lambda w: (w.base, w.box.left)):
        home = next((group for group in reversed(groups[-3:]) if group.takes(word)), None)
        if home is None:
            groups.append(_Group(word.base, word.box.height, [word]))
        else:
            home.add(word)
    lines = [make_line(group.words) for group in groups]
    return sorted(lines, key=lambda line: line.base)


class _Group(Struct):
    """Words of one line; ``base`` and ``height`` are those of its tallest word."""

    base: float
    height: float
    words: list[Word]

    def takes(self, word: Word) -> bool:
        """On one baseline; or nearly, as raised marks are, where nothing stands above or below."""
        away, height = abs(word.base - self.base), _height(word)
        if away <= _SAME_BASE * min(self.height, height):
            return True
        if away > _NEAR_BASE * max(self.height, height):
            return False
        return all(word.box.overlap_x(other.box) <= 0.1 * word.box.width for other in self.words)

    def add(self, word: Word) -> None:
        """Put a word on the line."""
        self.words.append(word)
        if word.box.height > self.height:
            self.base, self.height = word.base, word.box.height


def make_line(words: Sequence[Word]) -> Line:
    """One line of ``words`` in reading order."""
    if len(words) == 1:
        return Line((words[0],), words[0].box, words[0].base)
    ordered = tuple(sorted(words, key=lambda w: w.box.left))
    return Line(ordered, around([word.box for word in ordered]), max(ordered, key=_height).base)


def _height(word: Word) -> float:
    return word.box.bottom - word.box.top


def to_chunks(line: Line, *, gap: float = GAP) -> list[Line]:
    """Parts of a line between wide gaps; two figures side by side are parted by any space."""
    parts: list[list[Word]] = []
    for word in line.words:
        last = parts[-1][-1] if parts else None
        if last is not None and not _breaks(last, word, gap):
            parts[-1].append(word)
        else:
            parts.append([word])
    return [make_line(part) for part in parts]


def _breaks(before: Word, after: Word, gap: float) -> bool:
    space = after.box.left - before.box.right
    size = min(before.box.height, after.box.height)
    if space > gap * size:
        return True
    if space <= 0.15 * size or before.text.endswith(","):  # "May 21, 2009" is one text
        return False
    if is_number(after.text):
        return is_number(before.text) or bool(_LEADERS.search(before.text)) or _is_mark(before, space, size)
    return is_number(before.text) and _is_mark(after, space, size)


def _is_mark(word: Word, space: float, size: float) -> bool:
    """A mark in a figure's place stands further off than a footnote mark would."""
    return space > _MARK_GAP * size and bool(_MARK.match(word.text))


def column_gap(lines: Sequence[Line]) -> float:
    """Line heights that part chunks in a table: well over the usual space between its words."""
    spaces = [
        (after.box.left - before.box.right) / min(before.box.height, after.box.height)
        for line in lines
        for before, after in pairwise(line.words)
    ]
    usual = [space for space in spaces if 0 < space < GAP]
    return min(GAP, max(_LEAST_GAP, 1.7 * median(usual))) if usual else GAP
