from __future__ import annotations

import io

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from diffing.readers.pdf.pages import open_pdf, read_page
from diffing.readers.pdf.shapes import PageContent
from diffing.readers.pdf.strokes import merge_strokes
from tests.diffing.readers.pdf.placed import lying, standing


def drawn(draw: object) -> PageContent:
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=letter)
    canvas.drawString(10, 10, "x")
    draw(canvas)  # type: ignore[operator]
    canvas.save()
    with open_pdf(held.getvalue()) as document:
        return read_page(document, 0)


def test_lines_rectangles_and_thin_fills_are_rules() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.line(100, 700, 300, 700)
        canvas.rect(100, 600, 200, 50, stroke=0, fill=1)
        canvas.rect(100, 500, 200, 0.7, stroke=0, fill=1)
        canvas.rect(100, 400, 200, 50, stroke=1, fill=0)

    page = drawn(draw)
    assert sorted(round(s.at) for s in page.strokes if s.lying) == [92, 292, 342, 392]
    assert sorted(round(s.at) for s in page.strokes if not s.lying) == [100, 300]
    assert len(page.fills) == 1


def test_slanting_lines_are_no_rules() -> None:
    assert drawn(lambda canvas: canvas.line(100, 700, 300, 500)).strokes == ()


def test_pieces_of_one_rule_are_joined() -> None:
    merged = merge_strokes([lying(100, 10, 50), lying(100.4, 50.5, 90), lying(100, 200, 220), standing(10, 0, 9)])
    assert [(s.lying, s.start, s.end) for s in merged] == [(True, 10, 90), (True, 200, 220), (False, 0, 9)]
