"""Rules and backgrounds of a page from its path objects."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct, field

from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.pdfium import raw as pdfium
from diffing.readers.pdf.shapes import Box, Stroke
from diffing.readers.pdf.slices import Matrix, Slice, find_slice
from diffing.readers.pdf.words import View

THIN = 3.0  # points: a filled rectangle no thicker than this is a rule
_STRAIGHT = 1.0  # points that a rule may lean
_BESIDE = 1.5  # points: strokes this near beside each other are one
_LEAST = 4.0  # points: shorter strokes are ornaments
_MOST_OBJECTS = 60_000
_RECTANGLE = 6  # points at the most, with the first repeated by a line and by the closing
_MOST_STROKES = 3_000  # a page: more is a drawing, whose longest are kept
_MOST_SEGMENTS = 400  # of one path: more than this is a drawing
_DEEPEST = 6  # forms inside forms
_WHITE = 250
_BLACK = 80
_SOLID = 255

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawing(Struct):
    """What the graphics of a page amount to."""

    strokes: list[Stroke] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)  # of pies
    drawn: bool = False
    largest_image: float = 0.0  # square points
    covers: list[tuple[int, Box]] = field(default_factory=list)  # opaque boxes after a text, by order of drawing
    texts: list[tuple[int, Handle, Matrix]] = field(default_factory=list)  # by order of drawing


def read_drawing(page: Handle, *, view: View) -> Drawing:
    """The strokes and coloured backgrounds of a page, forms included."""
    drawing = Drawing()
    for order, (item, kind, matrix) in enumerate(_objects(page)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            drawing.texts.append((order, item, matrix))
            continue
        drawing.drawn = True
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            drawing.largest_image = max(drawing.largest_image, _area(item, matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _read_path(item, matrix, view, drawing, order)
    if len(drawing.strokes) > _MOST_STROKES:
        drawing.strokes = sorted(drawing.strokes, key=lambda stroke: -stroke.length)[:_MOST_STROKES]
    return drawing


def _area(item: Handle, outer: Matrix) -> float:
    """Of an image, in square points: images are unit squares under their matrix."""
    a, b, c, d, _, _ = _multiply(_matrix_of(item), outer)
    return abs(a * d - b * c)


def _objects(page: Handle) -> Iterator[tuple[Handle, int, Matrix]]:
    count = min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    for index in range(count):
        yield from _unfold(pdfium.FPDFPage_GetObject(page, index), _IDENTITY, 0)


def _unfold(item: Handle, outer: Matrix, depth: int) -> Iterator[tuple[Handle, int, Matrix]]:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind != pdfium.FPDF_PAGEOBJ_FORM:
        yield item, kind, outer
        return
    if depth >= _DEEPEST:
        return
    inner = _multiply(_matrix_of(item), outer)
    for index in range(min(pdfium.FPDFFormObj_CountObjects(item), _MOST_OBJECTS)):
        yield from _unfold(pdfium.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _matrix_of(item: Handle) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _multiply(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    k, m, n, o, p, q = second
    return (a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q)


def _read_path(item: Handle, outer: Matrix, view: View, drawing: Drawing, order: int) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    count = pdfium.FPDFPath_CountSegments(item)
    if not 2 <= count <= _MOST_SEGMENTS:
        return
    matrix = _multiply(_matrix_of(item), outer)
    subpaths = list(_subpaths(item, count, matrix))
    if fill.value and (sum(map(len, subpaths)) < count or max(map(len, subpaths)) > _RECTANGLE):
        piece = find_slice(item, count, matrix)
        if piece is not None:
            drawing.slices.append(piece)
            return
    for points in subpaths:
        box = _bounds(points, view)
        if min(box.width, box.height) <= THIN:
            _add_thin(box, drawing)
            continue
        if fill.value and drawing.texts and 4 <= len(points) <= _RECTANGLE and _is_opaque(item):
            drawing.covers.append((order, box))
        if stroke.value:
            for start, end in pairwise(points):
                _add_thin(_bounds([start, end], view), drawing, straight=_STRAIGHT)
        elif 4 <= len(points) <= _RECTANGLE and not _is_white(item):
            drawing.fills.append(box)


def _subpaths(item: Handle, count: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corner points of each subpath in user space; a closed one ends where it began; curves break it."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        a, b, c, d, e, f = matrix
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if len(points) > 1:
                yield points
            points = [point]
            continue
        points.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _bounds(points: list[tuple[float, float]], view: View) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return view.box(min(xs), min(ys), max(xs), max(ys))


def _add_thin(box: Box, drawing: Drawing, *, straight: float = THIN) -> None:
    if box.height <= straight and box.width >= _LEAST and box.width > box.height:
        drawing.strokes.append(Stroke(lying=True, at=box.centre, start=box.left, end=box.right))
    elif box.width <= straight and box.height >= _LEAST:
        drawing.strokes.append(Stroke(lying=False, at=box.middle, start=box.top, end=box.bottom))


def text_boxes(drawing: Drawing, *, view: View) -> list[tuple[int, Box]]:
    """Where the pieces of text of a page stand, each with its number in the order of drawing."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    references = [ctypes.byref(side) for side in (left, bottom, right, top)]
    boxes = []
    for order, item, matrix in drawing.texts:
        if pdfium.FPDFPageObj_GetBounds(item, *references):
            corners = [(left.value, bottom.value), (right.value, top.value)]
            a, b, c, d, e, f = matrix
            boxes.append((order, _bounds([(a * x + c * y + e, b * x + d * y + f) for x, y in corners], view)))
    return boxes


def _is_white(item: Handle) -> bool:
    red, green, blue, alpha = _fill_of(item)
    return min(red, green, blue) >= _WHITE or alpha == 0


def _is_opaque(item: Handle) -> bool:
    """Whether a fill hides what is under it: black or white, as a bar is; what is coloured may be a marker."""
    red, green, blue, alpha = _fill_of(item)
    return alpha == _SOLID and (max(red, green, blue) <= _BLACK or min(red, green, blue) >= _WHITE)


def _fill_of(item: Handle) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha; white where none is known."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    references = (ctypes.byref(part) for part in (red, green, blue, alpha))
    if not pdfium.FPDFPageObj_GetFillColor(item, *references):
        return (255, 255, 255, 0)
    return (red.value, green.value, blue.value, alpha.value)


def merge_strokes(strokes: list[Stroke], *, along: float = 1.0) -> list[Stroke]:
    """Join strokes that lie on one line and touch; ``along`` points may lie between them."""
    merged: list[Stroke] = []
    for lying in (True, False):
        of_kind = sorted((s for s in strokes if s.lying is lying), key=lambda s: s.at)
        for group in _same_line(of_kind, _BESIDE):
            merged.extend(_join_touching(group, lying, along))
    return merged


def _same_line(strokes: list[Stroke], apart: float) -> Iterator[list[Stroke]]:
    group: list[Stroke] = []
    for stroke in strokes:
        if group and stroke.at - group[0].at > apart:
            yield group
            group = []
        group.append(stroke)
    if group:
        yield group


def _join_touching(group: list[Stroke], lying: bool, along: float) -> list[Stroke]:
    joined: list[Stroke] = []
    for stroke in sorted(group, key=lambda s: s.start):
        last = joined[-1] if joined else None
        if last is not None and stroke.start <= last.end + along:
            joined[-1] = Stroke(lying=lying, at=last.at, start=last.start, end=max(last.end, stroke.end))
        else:
            joined.append(stroke)
    return joined
