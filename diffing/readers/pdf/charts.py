"""Charts: pictures made of rules, boxes and figures. Their ticks and labels stand in no table.

A chart is told by an axis, figures in equal steps at equal distances, and by what is drawn to it: lines through
the middle of those figures (rules of a table stand between its rows), or bars that stand on one line and differ in
height. A pie is told by its slices (``slices.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from diffing.readers.pdf.lines import to_chunks, to_lines
from diffing.readers.pdf.shapes import Box, Line, PageContent, Stroke, Word, around
from diffing.readers.pdf.slices import label_boxes

_LEAST_TICKS = 4
_SAME_EDGE = 2.5  # points that the edges of ticks, and the feet of bars, may differ
_SAME_STEP = 0.15  # of a step: how far ticks may be off their places
_THROUGH = 2.5  # points from the middle of a tick to its line
_DRAWN = 0.5  # of the ticks that have a line
_ABOUT = 4.0  # points that the ends of the lines of one chart may differ
_LEAST_LINE = 40.0  # points
_LEAST_BARS = 3
_LABELS = 3.0  # heights of a tick below the axis in which its labels stand
_NEARLY = 0.1  # of the height of a plot, by which its frame may end above the labels of the axis
_LEAST_CAPTION = 3  # words with letters that make a line of a chart text
_FIGURE = re.compile(r"^[-−–]?\d[\d.,]*%?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")


class _Tick(NamedTuple):
    place: float  # along the axis
    value: float
    word: Word


def find_charts(page: PageContent) -> list[Box]:
    """The boxes of the charts of a page, with the frames that are drawn around them."""
    pies = _pies(page) if page.pies else []
    if len(page.strokes) + len(page.fills) < _LEAST_BARS:
        return _joined(pies)
    figures = [word for word in page.words if _FIGURE.match(word.text) and not _YEAR.match(word.text)]
    boxes = pies
    for upright in (True, False):
        for ticks in _axes(figures, upright=upright):
            plot = _plot(ticks, page, upright=upright)
            if plot is not None:
                boxes.append(_frame_around(plot, page.strokes) or plot)
    return _joined(boxes)


def _pies(page: PageContent) -> list[Box]:
    """The pies of a page, each with the labels in and around it."""
    texts = [chunk.box for line in to_lines(page.words) for chunk in to_chunks(line)]
    boxes = [around([pie, *label_boxes(pie, texts)]) for pie in page.pies]
    return [_frame_around(box, page.strokes) or box for box in boxes]


def without_charts(page: PageContent, charts: Sequence[Box]) -> tuple[PageContent, list[Line]]:
    """``page`` without what stands in ``charts``, and the lines of text in them: titles, legends, notes."""
    if not charts:
        return page, []
    inside = [word for word in page.words if _within(word.box, charts)]
    lines = [chunk for line in to_lines(inside) for chunk in to_chunks(line)]
    rest = replace(
        page,
        words=tuple(word for word in page.words if not _within(word.box, charts)),
        strokes=tuple(stroke for stroke in page.strokes if not _within(_box_of(stroke), charts)),
        fills=tuple(fill for fill in page.fills if not _within(fill, charts)),
    )
    return rest, [line for line in lines if _is_caption(line)]


def _is_caption(line: Line) -> bool:
    return sum(sum(map(str.isalpha, word.text)) >= 2 for word in line.words) >= _LEAST_CAPTION


def _within(box: Box, charts: Sequence[Box]) -> bool:
    return any(chart.holds(box) for chart in charts)


def _box_of(stroke: Stroke) -> Box:
    if stroke.lying:
        return Box(stroke.start, stroke.at, stroke.end, stroke.at)
    return Box(stroke.at, stroke.start, stroke.at, stroke.end)


def _axes(figures: Sequence[Word], *, upright: bool) -> Iterator[list[_Tick]]:
    """Runs of figures in one column (``upright``) or on one line whose values and places go on in equal steps."""
    edges: tuple[Callable[[Word], float], ...] = (_base,)
    if upright:
        edges = (_right, _left)
    taken: set[int] = set()
    for edge in edges:
        for group in _clusters(figures, edge):
            free = [word for word in group if id(word) not in taken] if len(group) >= _LEAST_TICKS else ()
            ticks = sorted(_to_tick(word, upright=upright) for word in free)
            for run in _even_runs(ticks):
                taken.update(id(tick.word) for tick in run)
                yield run


def _right(word: Word) -> float:
    return word.box.right


def _left(word: Word) -> float:
    return word.box.left


def _base(word: Word) -> float:
    return word.base


def _to_tick(word: Word, *, upright: bool) -> _Tick:
    text = word.text.rstrip("%").replace("−", "-").replace("–", "-").replace(",", ".")
    whole, _, decimals = text.rpartition(".")
    value = float(f"{whole.replace('.', '')}.{decimals}") if whole else float(text.strip(".") or 0)
    return _Tick(word.box.centre if upright else word.box.middle, value, word)


def _clusters(words: Sequence[Word], edge: Callable[[Word], float]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in sorted(words, key=edge):
        if group and edge(word) - edge(group[0]) > _SAME_EDGE:
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _even_runs(ticks: Sequence[_Tick]) -> Iterator[list[_Tick]]:
    """The runs of at least four ticks with one step from each to the next, in value and in place."""
    run: list[_Tick] = []
    for before, after in pairwise(ticks):
        if len(run) > 1 and not _goes_on(run, after):
            if len(run) >= _LEAST_TICKS:
                yield run
            run = []
        if not run:
            run = [before]
        if before.value != after.value:
            run.append(after)
        else:
            run = []
    if len(run) >= _LEAST_TICKS:
        yield run


def _goes_on(run: Sequence[_Tick], tick: _Tick) -> bool:
    pitch, step = run[1].place - run[0].place, run[1].value - run[0].value
    away, more = tick.place - run[-1].place, tick.value - run[-1].value
    return abs(away - pitch) <= _SAME_STEP * abs(pitch) + 0.5 and abs(more - step) <= 0.01 * abs(step)


def _plot(ticks: Sequence[_Tick], page: PageContent, *, upright: bool) -> Box | None:
    """What an axis and the lines and bars drawn to it cover; None where nothing is drawn to it."""
    axis = around(tick.word.box for tick in ticks)
    lines = _lines(ticks, page.strokes, upright=upright)
    bars = _bars(axis, page.fills, upright=upright)
    if len(lines) < _DRAWN * len(ticks) and not bars:
        return None
    parts = [axis, *map(_box_of, lines if len(lines) >= _DRAWN * len(ticks) else []), *bars]
    box, height = around(parts), ticks[0].word.box.height
    if upright:
        return Box(box.left - height, box.top - height, box.right + height, box.bottom + _LABELS * height)
    return Box(box.left - height, box.top - height, box.right + height, box.bottom + height)


def _lines(ticks: Sequence[_Tick], strokes: Sequence[Stroke], *, upright: bool) -> list[Stroke]:
    """The lines of one length through the middles of ticks: of several such sets the largest."""
    sets: dict[tuple[int, int], list[Stroke]] = {}
    for stroke in strokes:
        if stroke.lying is not upright or stroke.length < _LEAST_LINE:
            continue
        if any(abs(stroke.at - tick.place) <= _THROUGH for tick in ticks):
            ends = round(stroke.start / _ABOUT), round(stroke.end / _ABOUT)
            sets.setdefault(ends, []).append(stroke)
    return max(sets.values(), key=len, default=[])


def _bars(axis: Box, fills: Sequence[Box], *, upright: bool) -> list[Box]:
    """Boxes beside an axis that stand on one line and differ in height (that lie from one line, in length)."""
    near = [
        fill
        for fill in fills
        if (axis.top - 4 <= fill.top and fill.bottom <= axis.bottom + 4 if upright else fill.bottom <= axis.bottom)
    ]
    feet: dict[int, list[Box]] = {}
    for fill in near:
        feet.setdefault(round((fill.bottom if upright else fill.left) / _SAME_EDGE), []).append(fill)
    for group in feet.values():
        sizes = {round(fill.height if upright else fill.width) for fill in group}
        breadths = {round(fill.width if upright else fill.height) for fill in group}
        if len(group) >= _LEAST_BARS and len(sizes) >= _LEAST_BARS and len(breadths) <= 2:
            foot = around(group)
            return [fill for fill in near if (foot.overlap_x(fill) if upright else foot.overlap_y(fill)) > 0]
    return []


def _frame_around(plot: Box, strokes: Sequence[Stroke]) -> Box | None:
    """The smallest frame of two standing lines of one length around a plot."""
    foot = plot.bottom - _NEARLY * plot.height
    sides = [s for s in strokes if not s.lying and s.start <= plot.top and s.end >= foot]
    best: Box | None = None
    for left in (s for s in sides if s.at <= plot.left + _SAME_EDGE):
        for right in (s for s in sides if s.at >= plot.right - 4 * _SAME_EDGE):
            if abs(left.start - right.start) > _SAME_EDGE or abs(left.end - right.end) > _SAME_EDGE:
                continue
            box = Box(left.at, left.start, right.at, left.end)
            if best is None or box.width * box.height < best.width * best.height:
                best = box
    return best


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that overlap as one."""
    joined: list[Box] = []
    for box in sorted(boxes):
        for index, other in enumerate(joined):
            if box.overlap_x(other) > 0 and box.overlap_y(other) > 0:
                joined[index] = around((box, other))
                break
        else:
            joined.append(box)
    return joined
