"""Slices of pies and rings among the filled paths of a page: what is bounded by arcs about one centre."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.pdfium import raw as pdfium
from diffing.readers.pdf.shapes import Box

_LEAST_RADIUS = 12.0  # points: smaller ones are marks
_ROUND = 0.02  # of the radius, by which the ends of an arc may be off
_LEAST_CORNERS = 8  # of a slice that is drawn by straight lines alone
_PULLED = 0.2  # of the radius, by which a slice may be drawn out of its pie

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


class Slice(NamedTuple):
    """A piece of a pie or a ring in user space."""

    centre: Point
    radius: float  # points, of the outer arc


def find_slice(item: Handle, count: int, matrix: Matrix) -> Slice | None:
    """The slice that a path of ``count`` segments draws; None where it draws anything else, a whole disc too."""
    corners, arcs = _read(item, count, matrix)
    centres = [_centre(arc) for arc in arcs]
    if not arcs:
        ends = (*corners[:2], *corners[-2:]) if len(corners) >= _LEAST_CORNERS else ()
        return next((found for end in ends if (found := _about(end, corners)) is not None), None)
    first = centres[0]
    if first is None or any(centre is None or math.dist(centre, first) > 1 for centre in centres):
        return None
    return _about(first, corners)


def _about(centre: Point, corners: Sequence[Point]) -> Slice | None:
    """A slice about ``centre``: its corners stand on the outer arc, and on one inner arc or in the middle."""
    away = [math.dist(centre, corner) for corner in corners]
    radius = max(away)
    inner = [distance for distance in away if distance < radius * (1 - _ROUND)]
    if radius < _LEAST_RADIUS or not inner or len(away) - len(inner) < 2:
        return None
    return Slice(centre, radius) if max(inner) - min(inner) <= _ROUND * radius + 1 else None


def _read(item: Handle, count: int, matrix: Matrix) -> tuple[list[Point], list[list[Point]]]:
    """The corners of a path, and its curves as start, two points that bend it, end."""
    corners: list[Point] = []
    arcs: list[list[Point]] = []
    bends: list[Point] = []
    for kind, point in _segments(item, count, matrix):
        if kind != pdfium.FPDF_SEGMENT_BEZIERTO:
            corners.append(point)
            continue
        bends.append(point)
        if len(bends) == 3 and corners:
            arcs.append([corners[-1], *bends])
            corners.append(point)
            bends = []
    return corners, arcs


def _segments(item: Handle, count: int, matrix: Matrix) -> Iterator[tuple[int, Point]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        yield pdfium.FPDFPathSegment_GetType(segment), point


def _centre(arc: Sequence[Point]) -> Point | None:
    """Where the normals at both ends of a curve meet."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = arc
    ux, uy = bx - ax, by - ay
    vx, vy = dx - cx, dy - cy
    turn = ux * vy - uy * vx
    if abs(turn) <= 1e-6 * math.hypot(ux, uy) * math.hypot(vx, vy) or not turn:
        return None
    along = (vx * (dx - ax) + vy * (dy - ay)) / turn
    return (ax - along * uy, ay + along * ux)


def to_pies(slices: Sequence[Slice]) -> list[Slice]:
    """One circle for each pie of at least two slices."""
    pies: list[list[Slice]] = []
    for piece in slices:
        for pie in pies:
            if math.dist(pie[0].centre, piece.centre) <= _PULLED * max(pie[0].radius, piece.radius):
                pie.append(piece)
                break
        else:
            pies.append([piece])
    return [max(pie, key=lambda piece: piece.radius) for pie in pies if len(pie) > 1]


def label_boxes(circle: Box, texts: Sequence[Box]) -> list[Box]:
    """Of ``texts`` those that stand in or close around a pie, none wider than it."""
    near = _NEAR * circle.width / 2
    return [
        box
        for box in texts
        if box.overlap_x(circle) > -near and box.overlap_y(circle) > -near and box.width <= circle.width
    ]


_NEAR = 0.35  # of the radius
