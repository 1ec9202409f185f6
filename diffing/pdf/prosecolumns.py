"""Prose told from tables: stacked lines that fill a column of text."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.pdf.lines import is_number, make_line, to_chunks
from diffing.pdf.shapes import Line

_LEAST_WORDS = 5
_SAME_EDGE = 4.0  # points
_FILLED = 0.85  # of the width of the widest of its neighbours


def find_prose(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The chunks that are running text, and what is left of each line without them."""
    chunked = [to_chunks(line) for line in lines]
    wordy = [chunk for chunks in chunked for chunk in chunks if _is_wordy(chunk)]
    prose: list[Line] = []
    rest: list[Line] = []
    for chunks in chunked:
        kept = []
        for chunk in chunks:
            if _is_wordy(chunk) and _is_stacked(chunk, wordy, alone=len(chunks) == 1):
                prose.append(chunk)
            else:
                kept.append(chunk)
        if kept:
            rest.append(make_line([word for chunk in kept for word in chunk.words]))
    return prose, rest


def _is_wordy(chunk: Line) -> bool:
    if len(chunk.words) < _LEAST_WORDS:
        return False
    return sum(is_number(word.text) for word in chunk.words) <= 0.3 * len(chunk.words)


def _is_stacked(chunk: Line, wordy: Sequence[Line], *, alone: bool) -> bool:
    """Whether lines of like width stand right above or below."""
    if alone:
        return True
    near = [other for other in wordy if other is not chunk and _is_neighbour(chunk, other)]
    if not near:
        return False
    widest = max([chunk.box.width, *(other.box.width for other in near)])
    return min(chunk.box.width, *(other.box.width for other in near)) >= _FILLED * widest


def _is_neighbour(chunk: Line, other: Line) -> bool:
    if abs(other.box.left - chunk.box.left) > _SAME_EDGE:
        return False
    step = abs(other.box.centre - chunk.box.centre)
    return 0.3 * chunk.box.height < step < 1.7 * chunk.box.height
