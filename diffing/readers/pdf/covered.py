"""Text under a box that was drawn over it: the page shows a bar, and so says the reader.

What a program could still copy from under the bar is not what was published. Backgrounds are drawn before their
text and hide nothing: only what is drawn after a text, opaque and black or white, covers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from diffing.readers.pdf.shapes import Box, Stroke, Word, around

BAR = "████"
"""What stands for covered words: the sign that publishers type themselves."""

_HIDDEN = 0.75  # of a word's width and height
_PAGE = 0.5  # of the page: a cover this large is a background of another layer


def hide_covered(
    words: Sequence[Word], *, covers: Sequence[tuple[int, Box]], texts: Sequence[tuple[int, Box]], page: Box
) -> tuple[tuple[Word, ...], tuple[Box, ...]]:
    """``words`` with one bar in place of those that a cover hides, and the covers that do.

    ``covers`` and ``texts`` are the opaque boxes and the pieces of text of the page, each with its number in the
    order of drawing.
    """
    largest = _PAGE * page.width * page.height
    over = [(order, box) for order, box in covers if box.width * box.height <= largest]
    if not over or not texts or min(order for order, _ in texts) > max(order for order, _ in over):
        return tuple(words), ()
    hidden = [(_cover_of(word, over, texts), word) for word in words]
    shown: list[Word] = []
    for cover, members in groupby(hidden, key=lambda pair: pair[0]):
        group = [word for _, word in members]
        if cover is None:
            shown.extend(group)
        else:
            shown.append(group[0]._replace(text=BAR, box=around(word.box for word in group)))
    return tuple(shown), tuple(dict.fromkeys(cover[1] for cover, _ in hidden if cover is not None))


def _cover_of(
    word: Word, covers: Sequence[tuple[int, Box]], texts: Sequence[tuple[int, Box]]
) -> tuple[int, Box] | None:
    box = word.box
    x, y = box.middle, box.centre
    over = [c for c in covers if c[1][0] <= x <= c[1][2] and c[1][1] <= y <= c[1][3] and _hides(c[1], box)]
    if not over:
        return None
    written = [order for order, box in texts if box.holds(word.box)]
    last = over[-1]
    return last if written and max(written) < last[0] else None


def _hides(cover: Box, box: Box) -> bool:
    across, down = cover.overlap_x(box), cover.overlap_y(box)
    return across >= _HIDDEN * box.width and down >= _HIDDEN * box.height


def without_edges(strokes: Sequence[Stroke], bars: Sequence[Box]) -> list[Stroke]:
    """The strokes that are no side of a bar: a bar over a cell rules no table."""
    return [stroke for stroke in strokes if not any(_is_side(stroke, bar) for bar in bars)]


def _is_side(stroke: Stroke, bar: Box) -> bool:
    sides, start, end = (bar.left, bar.right), bar.top, bar.bottom
    if stroke.lying:
        sides, start, end = (bar.top, bar.bottom), bar.left, bar.right
    near = min(abs(stroke.at - side) for side in sides) < _BESIDE
    return near and abs(stroke.start - start) < _BESIDE and abs(stroke.end - end) < _BESIDE


_BESIDE = 0.5  # points
