"""A small picture of a figure over its releases, with the same in words for those who see no pictures."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from alerts.words import shown
from state.serialisation.nouns import storable

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

FEWEST: Final = 3
"""Points from which on a line says more than two numbers."""
MOST: Final = 24
"""Points of a chart; those before are left out."""

_WIDTH, _HEIGHT = 1120, 300  # of the picture; it is shown at half of that, so that it is sharp on a telephone
_LEFT, _RIGHT, _TOP, _BOTTOM = 24, 24, 64, 64
_PAPER, _INK, _FAINT, _LINE, _LAST = "#ffffff", "#1b1f24", "#c3cad3", "#0b4f8a", "#a1141c"
_FROM_NOUGHT: Final = 0.6
"""Share of the largest figure up to which the smallest is shown above nought; else the line would be flat."""
_WORDS: Final = "Description"


class Point(Struct, frozen=True):
    """What a release said: the day of which it speaks, or on which it was seen, and the figure."""

    day: dt.date
    value: float


def draw_chart(points: Sequence[Point], *, name: str) -> bytes | None:
    """A PNG of the newest ``MOST`` points, oldest first; None where there are too few to show anything.

    No word of the publisher stands in it; ``name`` is what the figure is called in the words beside it.
    """
    shown_points = points[-MOST:]
    if len(shown_points) < FEWEST or len({point.value for point in shown_points}) == 1:
        return None
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    _draw(ImageDraw.Draw(picture), shown_points)
    told = PngInfo()
    told.add_itxt(_WORDS, storable(_in_words(shown_points, name)))
    out = io.BytesIO()
    picture.quantize(16).save(out, "PNG", optimize=True, pnginfo=told)
    return out.getvalue()


def words_of(picture: bytes) -> str:
    """What a chart shows, in words, as it says itself."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        opened.load()
        return str(opened.info.get(_WORDS, ""))


def _in_words(points: Sequence[Point], name: str) -> str:
    *_, before, last = points
    first = points[0]
    return (
        f"{name}: {shown(last.value)} ({last.day:%-d %b %Y}), before that {shown(before.value)}"
        f" ({before.day:%-d %b %Y}); {len(points)} releases from {shown(first.value)} ({first.day:%-d %b %Y})"
    )


def _draw(pen: ImageDraw, points: Sequence[Point]) -> None:
    from PIL import ImageFont

    places = _places(points)
    font = ImageFont.load_default(size=28)
    floor = _HEIGHT - _BOTTOM
    pen.line([(_LEFT, floor), (_WIDTH - _RIGHT, floor)], fill=_FAINT, width=2)
    for one, other in pairwise(places):
        pen.line([one, other], fill=_LAST if other is places[-1] else _LINE, width=5)
    for x, y in places:
        colour, size = (_LAST, 9) if (x, y) == places[-1] else (_LINE, 6)
        pen.ellipse([x - size, y - size, x + size, y + size], fill=colour)
    _label(pen, font, points, places)


def _places(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Where the points stand: by their days, which need not be as far apart as releases."""
    values = [point.value for point in points]
    highest, lowest = max(values), min(values)
    base = min(0.0, lowest) if lowest <= _FROM_NOUGHT * highest else lowest - (highest - lowest) / 4
    days = [point.day.toordinal() for point in points]
    span = days[-1] - days[0]
    steps = [(day - days[0]) / span for day in days] if span > 0 else _even(len(days))
    across, down = _WIDTH - _LEFT - _RIGHT - 40, _HEIGHT - _TOP - _BOTTOM
    return [
        (_LEFT + 20 + across * step, _TOP + down * (highest - value) / (highest - base))
        for step, value in zip(steps, values, strict=True)
    ]


def _even(count: int) -> list[float]:
    return [number / (count - 1) for number in range(count)]


def _label(
    pen: ImageDraw,
    font: FreeTypeFont | ImageFont,
    points: Sequence[Point],
    places: Sequence[tuple[float, float]],
) -> None:
    """The first, the one before the last and the last, each with its day, where there is room for them."""
    taken: list[tuple[float, float, float, float]] = []
    for place, colour in ((-1, _LAST), (0, _INK), (-2, _INK)):
        (x, y), point = places[place], points[place]
        fell = place == -1 and point.value < points[-2].value
        for text, top in (
            (shown(point.value), y + 12 if fell else y - 44),
            (f"{point.day:%-d %b %Y}", _HEIGHT - _BOTTOM + 14),
        ):
            width = pen.textlength(text, font=font)
            left = min(max(x - width / 2, 8), _WIDTH - width - 8)
            box = (left - 12, top - 4, left + width + 12, top + 32)
            if not any(_overlap(box, other) for other in taken):
                pen.text((left, max(top, 4)), text, fill=colour, font=font)
                taken.append(box)


def _overlap(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
