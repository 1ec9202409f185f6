"""Words of a page from pdfium's characters.

The loose character boxes are used: they have the full height of the font, so that words of one line
overlap whatever letters they hold. Tight boxes scramble the order of words.
"""

from __future__ import annotations

import ctypes
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.pdfium import raw as pdfium
from diffing.readers.pdf.shapes import Box, Stroke, Word, around

_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # pdfium writes these where a word is hyphenated at the end of a line
_TOKEN = re.compile(r"[^\x00-\x20\xa0]+")
_GAP = 0.30  # of the character height: wider gaps part words although no space was written
_BACK = 0.60  # of the character height: a jump back this far starts another word
_DENSE = 0.62  # of the height a character: denser text has no gap inside
_SAMPLES = 60  # characters that tell which way the text of a page runs
_MOST_CHARACTERS = 200_000
_BOLD = (b"bold", b"black", b"heavy", b"semibold", b"demi")


class View(Struct, frozen=True):
    """How user space maps to the page as displayed: a turn by quarters, then a shift."""

    quarter: int  # clockwise quarter turns, 0 to 3
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed, in points."""
        across, down = self.right - self.left, self.top - self.bottom
        return (down, across) if self.quarter % 2 else (across, down)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of user space as displayed."""
        if self.quarter == 0:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.quarter == 1:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.quarter == 2:
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)

    def down(self, x: float, y: float) -> float:
        """How far below the top of the page as displayed a point of user space stands."""
        if self.quarter == 0:
            return self.top - y
        return self.box(x, y, x, y).bottom


class _Run(Struct):
    """Characters of the word that is being built, in user space."""

    characters: str = ""
    first: int = 0
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0


def text_quarter(text: Handle, *, count: int) -> int | None:
    """The quarter turn that makes most of the text run across, or None where there is no text."""
    step = max(1, count // _SAMPLES)
    seen: Counter[int] = Counter()
    for index in range(0, count, step):
        if pdfium.FPDFText_GetUnicode(text, index) > 32 and not pdfium.FPDFText_IsGenerated(text, index):
            seen[_quarter_of(text, index)] += 1
    return seen.most_common(1)[0][0] if seen else None


def _quarter_of(text: Handle, index: int) -> int:
    return int(round(-pdfium.FPDFText_GetCharAngle(text, index) / (math.pi / 2)) % 4)


def read_words(text: Handle, *, count: int, view: View, strokes: Sequence[Stroke] = ()) -> tuple[Word, ...]:
    """The words of a text page in the order of its content; those off the page are left out.

    A word that a standing rule of ``strokes`` crosses runs over from a cell into the next: it is parted there.
    """
    width, height = view.size
    page = Box(0, 0, width, height)
    standing = sorted((s for s in strokes if not s.lying), key=lambda s: s.at)
    places = [stroke.at for stroke in standing]
    words: list[Word] = []
    for run in _runs(text, min(count, _MOST_CHARACTERS), upright=view.quarter % 2 == 0):
        box = view.box(run.left, run.bottom, run.right, run.top)
        near = standing[bisect_left(places, box.left + 1) : bisect_right(places, box.right - 1)]
        crossing = [s.at for s in near if s.start < box.centre < s.end]
        if crossing and len(run.characters) > 1:
            parts = _cut(run, crossing, text, view)
            found = [
                _finish(part, view.box(part.left, part.bottom, part.right, part.top), text, view) for part in parts
            ]
        else:
            found = [_finish(run, box, text, view)]
        words.extend(word for word in found if word is not None)
    return _join_turned([word for word in words if page.holds(word.box)])


def _cut(run: _Run, crossing: Sequence[float], text: Handle, view: View) -> list[_Run]:
    """``run`` parted where its characters pass a rule, by the centre of each."""
    read = _BoxReader(text)
    parts: list[_Run] = []
    last = -1
    for index, character in enumerate(run.characters, run.first):
        left, bottom, right, top = read(index)
        column = bisect_right(crossing, view.box(left, bottom, right, top).middle)
        if column != last:
            parts.append(_Run("", index, left, bottom, right, top))
            last = column
        part = parts[-1]
        part.characters += character
        part.left, part.bottom = min(part.left, left), min(part.bottom, bottom)
        part.right, part.top = max(part.right, right), max(part.top, top)
    return parts


def _runs(text: Handle, count: int, *, upright: bool) -> Iterator[_Run]:
    """Characters by word: white space parts them, and so do gaps and jumps that were not written."""
    read = _BoxReader(text)
    for first, characters in _tokens(text, count):
        whole = _whole(read, first, characters, upright=upright)
        if whole is not None:
            yield whole
        else:
            yield from _by_character(read, first, characters)


def _tokens(text: Handle, count: int) -> Iterator[tuple[int, str]]:
    """Characters between white space, with the index of the first."""
    for match in _TOKEN.finditer(_characters(text, count).translate(_HYPHENS)):
        yield match.start(), match.group()


def _characters(text: Handle, count: int) -> str:
    """One character an index: in one call where text and characters correspond, else one by one."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        found = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(found) == count:
            return found
    return "".join(chr(pdfium.FPDFText_GetUnicode(text, index)) for index in range(count))


class _BoxReader:
    """Loose character boxes in user space: left, bottom, right, top."""

    def __init__(self, text: Handle) -> None:
        self._text = text
        self._rect = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._rect)
        self._call = pdfium.FPDFText_GetLooseCharBox

    def __call__(self, index: int) -> tuple[float, float, float, float]:
        rect = self._rect
        self._call(self._text, index, self._reference)
        return rect.left, rect.bottom, rect.right, rect.top


def _whole(read: _BoxReader, first: int, characters: str, *, upright: bool) -> _Run | None:
    """The token as one word where its ends tell that nothing inside it jumps; saves most of the boxes."""
    if len(characters) < 3 or characters[0] == characters[-1] == ".":
        return None
    left, bottom, right, top = read(first)
    end_left, end_bottom, end_right, end_top = read(first + len(characters) - 1)
    if upright:
        height, step, span = top - bottom, end_bottom - bottom, end_right - left
    else:
        height, step, span = right - left, end_left - left, max(end_top - bottom, top - end_bottom)
    if height <= 0 or abs(step) > 0.05 * height or not 0 < span <= _DENSE * height * len(characters):
        return None
    return _Run(
        characters, first, min(left, end_left), min(bottom, end_bottom), max(right, end_right), max(top, end_top)
    )


def _by_character(read: _BoxReader, first: int, characters: str) -> Iterator[_Run]:
    run = _Run()
    for index, character in enumerate(characters, first):
        left, bottom, right, top = read(index)
        if run.characters and _parts(run, left, bottom, right, top):
            yield run
            run = _Run()
        if not run.characters:
            run = _Run("", index, left, bottom, right, top)
        run.characters += character
        run.left, run.bottom = min(run.left, left), min(run.bottom, bottom)
        run.right, run.top = max(run.right, right), max(run.top, top)
    yield run


def _parts(run: _Run, left: float, bottom: float, right: float, top: float) -> bool:
    """Whether a character at this place belongs to another word, whichever way the text runs."""
    across = max(left - run.right, run.left - right)
    along = max(bottom - run.top, run.bottom - top)
    size = min(right - left, top - bottom) or 1.0
    size = max(size, min(run.top - run.bottom, run.right - run.left), 0.1)
    if across > _GAP * size or along > _GAP * size:
        return True
    overlaps_x = min(right, run.right) - max(left, run.left)
    overlaps_y = min(top, run.top) - max(bottom, run.bottom)
    return overlaps_x > _BACK * size and overlaps_y > _BACK * size and len(run.characters) > 2


def _finish(run: _Run, box: Box, text: Handle, view: View) -> Word | None:
    if box.width <= 0 or box.height <= 0:
        return None
    turned = len(run.characters) > 1 and box.height > box.width and _quarter_of(text, run.first) != view.quarter
    base = box.bottom if turned else _baseline(text, run.first, view)
    return Word(run.characters, box, base=base, bold=_is_bold(text, run.first), turned=turned)


_X, _Y = ctypes.c_double(), ctypes.c_double()
_X_REFERENCE, _Y_REFERENCE = ctypes.byref(_X), ctypes.byref(_Y)


def _baseline(text: Handle, index: int, view: View) -> float:
    pdfium.FPDFText_GetCharOrigin(text, index, _X_REFERENCE, _Y_REFERENCE)
    return view.down(_X.value, _Y.value)


_NAME = ctypes.create_string_buffer(128)
_FLAGS = ctypes.c_int()
_FLAGS_REFERENCE = ctypes.byref(_FLAGS)
_FORCE_BOLD = 1 << 18


def _is_bold(text: Handle, index: int) -> bool:
    if not pdfium.FPDFText_GetFontInfo(text, index, _NAME, len(_NAME), _FLAGS_REFERENCE):
        return False
    return bool(_FLAGS.value & _FORCE_BOLD) or _names_bold(_NAME.value)


@lru_cache(maxsize=1024)
def _names_bold(name: bytes) -> bool:
    lower = name.lower()
    return any(mark in lower for mark in _BOLD)


def _join_turned(words: list[Word]) -> tuple[Word, ...]:
    """Make one word of the turned words that follow each other in one upright column of text."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        if (
            word.turned
            and last is not None
            and last.turned
            and last.box.overlap_x(word.box) > 0.5 * word.box.width
        ):
            box = around((last.box, word.box))
            joined[-1] = Word(f"{last.text} {word.text}", box, base=box.bottom, bold=last.bold, turned=True)
        else:
            joined.append(word)
    return tuple(joined)
