"""Lines from words, and the chunks of a line that wide gaps part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from diffing.pdf.shapes import Line, Word, around

GAP = 0.70  # of the line height: a wider gap parts chunks
_OVERLAP = 0.5  # of the lower box: words that overlap more stand on one line
_NUMBER = re.compile(r"^[\(\[<>≤≥~±+\-–—−$€£]*\d[\d,.\s]*[%\)\]*†‡§a-d]*$")
_MARK = re.compile(r"^(?:[-–—−*†‡]{1,3}|\.{2,3}|n/?a|\(?[XNDSZ]\)?|#|<)$", re.IGNORECASE)


def is_number(text: str) -> bool:
    """Whether a word reads as a figure: digits with separators, signs, currency, footnote marks."""
    return bool(_NUMBER.match(text))


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure or a mark that stands for one (``-``, ``N/A``, ``*``)."""
    return bool(_MARK.match(text)) or all(is_number(part) for part in text.split())


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Words grouped by the line they stand on, top to bottom, each left to right."""
    open_lines: list[tuple[Word, list[Word]]] = []
    done: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box.centre, w.box.left)):
        home = _home(word, open_lines)
        if home is None:
            open_lines.append((word, [word]))
        else:
            home.append(word)
        while open_lines and open_lines[0][0].box.bottom < word.box.top - 20:
            done.append(open_lines.pop(0)[1])
    done.extend(members for _, members in open_lines)
    lines = [make_line(members) for members in done]
    return sorted(lines, key=lambda line: line.box.centre)


def _home(word: Word, open_lines: list[tuple[Word, list[Word]]]) -> list[Word] | None:
    best, best_share = None, _OVERLAP
    for seed, members in reversed(open_lines[-6:]):
        share = word.box.overlap_y(seed.box) / max(0.1, min(word.box.height, seed.box.height))
        if share > best_share:
            best, best_share = members, share
    return best


def make_line(words: Sequence[Word]) -> Line:
    """One line of ``words`` in reading order."""
    ordered = tuple(sorted(words, key=lambda w: w.box.left))
    return Line(ordered, around(word.box for word in ordered))


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
    return is_number(before.text) and is_number(after.text) and space > 0.15 * size
