"""Prose told from tables: stacked lines that fill a column of text."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from diffing.readers.pdf.lines import is_wordy, make_line, to_chunks
from diffing.readers.pdf.shapes import Line

_EDGE = 4.0  # points that left edges may differ
_INDENT = 4.0  # line heights: first lines may stand in by this much
_STEP = 1.9  # line heights from one line to the next at the most
_FILLED = 0.8  # of the widest line: the usual width of a line of prose
_EVEN = 1.6  # of the usual gap: the widest gap of a justified line
_COLUMN_WORDS = 5.0  # words a line of a narrow column of prose on average
_JUSTIFIED = 0.7  # share of lines that end at the right edge


class _Stack(Struct):
    """Lines of text right under each other."""

    chunks: list[Line]
    beside: int = 0  # of its lines, those with other text beside them

    @property
    def left(self) -> float:
        """Left edge."""
        return min(chunk.box.left for chunk in self.chunks)

    @property
    def right(self) -> float:
        """Right edge."""
        return max(chunk.box.right for chunk in self.chunks)


def find_prose(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The chunks that are running text, and what is left of each line without them."""
    chunked = [to_chunks(line) for line in lines]
    stacks: list[_Stack] = []
    for number, line in enumerate(lines):
        if len(chunked[number]) > 1 and _is_stretched(line) and any(_goes_on(s, line) for s in stacks[-12:]):
            chunked[number] = [line]
        for chunk in chunked[number]:
            _stack(chunk, stacks, beside=_has_beside(chunk, chunked[max(0, number - 2) : number + 3]))
    accepted = [stack for stack in stacks if _is_prose(stack)]
    chosen = {id(chunk) for stack in accepted for chunk in stack.chunks}
    chosen |= {id(c) for chunks in chunked for c in chunks if id(c) not in chosen and _is_between(c, accepted)}
    prose = [chunk for chunks in chunked for chunk in chunks if id(chunk) in chosen]
    rest = []
    for chunks in chunked:
        words = [word for chunk in chunks if id(chunk) not in chosen for word in chunk.words]
        if words:
            rest.append(make_line(words))
    return prose, rest


def _has_beside(chunk: Line, near: Sequence[Sequence[Line]]) -> bool:
    """Whether other text stands beside a chunk, on its baseline or a little off it."""
    least = 0.3 * chunk.box.height
    return any(
        other.box.overlap_y(chunk.box) > least and other.box.overlap_x(chunk.box) <= 0
        for chunks in near
        for other in chunks
    )


def _is_stretched(line: Line) -> bool:
    """Whether all words stand evenly far apart, as a justified line of few words has them."""
    if not is_wordy(line):
        return False
    gaps = [after.box.left - before.box.right for before, after in pairwise(line.words)]
    return max(gaps) < _EVEN * statistics.median(gaps)


def _stack(chunk: Line, stacks: list[_Stack], *, beside: bool) -> None:
    """Put a chunk under the stack that it goes on, else begin a stack with it."""
    for stack in reversed(stacks[-12:]):
        if _goes_on(stack, chunk):
            stack.chunks.append(chunk)
            stack.beside += beside
            return
    if is_wordy(chunk):
        stacks.append(_Stack([chunk], int(beside)))


def _goes_on(stack: _Stack, chunk: Line) -> bool:
    last = stack.chunks[-1]
    height = min(last.box.height, chunk.box.height)
    if not 0.5 * height < chunk.base - last.base < _STEP * height or last.box.height > 1.3 * chunk.box.height:
        return False
    off = chunk.box.left - stack.left
    if abs(off) > _EDGE and not (-_INDENT * height < off < _INDENT * height and is_wordy(chunk)):
        return False
    return chunk.box.right <= stack.right + 0.25 * (stack.right - stack.left) or len(stack.chunks) == 1


def _is_prose(stack: _Stack) -> bool:
    """Filled lines; where other text stands beside most of them, they must be justified as well."""
    wordy = [chunk for chunk in stack.chunks if is_wordy(chunk)]
    if len(wordy) < 0.6 * len(stack.chunks):
        return False
    width = stack.right - stack.left
    if stack.beside <= 0.3 * len(stack.chunks):
        return len(stack.chunks) > 1 or len(wordy[0].words) >= 9
    if len(stack.chunks) < 4 or statistics.median(chunk.box.width for chunk in wordy) < _FILLED * width:
        return False
    at_edge = sum(chunk.box.right > stack.right - 0.04 * width for chunk in wordy)
    full = sum(chunk.box.right > stack.right - 0.2 * width for chunk in wordy)
    words = sum(len(chunk.words) for chunk in wordy) / len(wordy)
    if at_edge >= _JUSTIFIED * len(wordy):
        return words >= _COLUMN_WORDS
    return words > _COLUMN_WORDS + 1 and len(wordy) >= 6 and full >= 0.85 * len(wordy)


def _is_between(chunk: Line, stacks: Sequence[_Stack]) -> bool:
    """Whether a short line stands in the column of two stacks of prose, between them or right under one."""
    reach = 6 * chunk.box.height
    inside = [s for s in stacks if s.left - 2 <= chunk.box.left and chunk.box.right <= s.right + 2]
    above = [s for s in inside if 0 < chunk.base - s.chunks[-1].base < reach]
    below = [s for s in inside if 0 < s.chunks[0].base - chunk.base < reach]
    if any(abs(a.left - b.left) <= _EDGE and len(a.chunks) + len(b.chunks) >= 6 for a in above for b in below):
        return True
    return any(s.chunks[0].base < chunk.base < s.chunks[-1].base for s in inside)
