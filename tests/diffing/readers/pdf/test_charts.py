from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from tests.diffing.readers.pdf.test_layers import read_drawn, texts_of

COUNTS = (18, 44, 31, 62, 57)


def chart(canvas: Canvas, counts: Sequence[int] = COUNTS, *, gridlines: bool = True) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(120, 700, "Calls at the harbour in five weeks")
    for value in range(0, 90, 20):
        y = 500 + 2 * value
        canvas.drawRightString(110, y - 3, str(value))
        if gridlines:
            canvas.line(116, y, 440, y)
    for number, count in enumerate(counts):
        x = 140 + 60 * number
        canvas.setFillColorRGB(0.2, 0.4, 0.8)
        canvas.rect(x, 500, 20, 2 * count, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawCentredString(x + 10, 504 + 2 * count, str(count))
        canvas.drawCentredString(x + 10, 486, f"W{number + 1}")


def small_table(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 9)
    for number, row in enumerate((("Week", "Days"), ("W1", "4.1"), ("W2", "3.9"), ("W3", "5.2"))):
        y = 640 - 16 * number
        for left, right, text in ((470, 520, row[0]), (520, 570, row[1])):
            canvas.rect(left, y, right - left, 16)
            canvas.drawString(left + 4, y + 4, text)


@pytest.mark.parametrize("gridlines", [True, False])
def test_ticks_and_labels_of_a_chart_are_no_table(gridlines: bool) -> None:
    document = read_drawn(lambda canvas: chart(canvas, gridlines=gridlines))
    assert document.tables == ()
    assert "Calls at the harbour in five weeks" in texts_of(document)
    assert "62" not in texts_of(document)
    assert "1 chart on page 1" in " ".join(document.remarks)


def test_a_table_beside_a_chart_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        chart(canvas)
        small_table(canvas)

    (table,) = read_drawn(draw).tables
    assert table.rows == (("W1", 4.1), ("W2", 3.9), ("W3", 5.2))


def test_equal_steps_in_a_ruled_table_are_no_axis() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(8):
            y = 700 - 18 * number
            texts = (
                ("No.", "Harbour", "Calls") if number == 0 else (str(10 * number), f"H{number}", str(90 + number))
            )
            for x, text in zip((72, 140, 240), texts, strict=True):
                canvas.drawString(x, y, text)
            canvas.line(66, y - 5, 300, y - 5)

    document = read_drawn(draw)
    assert len(document.tables) == 1
    assert len(document.tables[0].rows) == 7
    assert document.remarks == ()


SHARES = (("Rail", 41), ("Road", 27), ("Canal", 19), ("Air", 13))


def pie(canvas: Canvas, *, hole: bool = False, straight: bool = False) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(120, 700, "How the parcels of May were carried")
    start = 90.0
    for number, (name, share) in enumerate(SHARES):
        extent = 3.6 * share
        canvas.setFillColorRGB(0.2 + 0.15 * number, 0.4, 0.8 - 0.15 * number)
        canvas.drawPath(slice_path(canvas, start, extent, hole=hole, straight=straight), stroke=0, fill=1)
        angle = math.radians(start + extent / 2)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawCentredString(220 + 85 * math.cos(angle), 560 + 85 * math.sin(angle), name)
        canvas.drawCentredString(220 + 85 * math.cos(angle), 550 + 85 * math.sin(angle), f"{share}%")
        start += extent


def slice_path(canvas: Canvas, start: float, extent: float, *, hole: bool, straight: bool) -> PDFPathObject:
    path = canvas.beginPath()
    inner = 35 if hole else 0
    first, last = math.radians(start), math.radians(start + extent)
    path.moveTo(220 + inner * math.cos(first), 560 + inner * math.sin(first))
    if straight:
        for step in range(13):
            angle = first + (last - first) * step / 12
            path.lineTo(220 + 70 * math.cos(angle), 560 + 70 * math.sin(angle))
    else:
        path.arcTo(150, 490, 290, 630, start, extent)
    if hole:
        path.arcTo(220 - inner, 560 - inner, 220 + inner, 560 + inner, start + extent, -extent)
    path.close()
    return path


@pytest.mark.parametrize(("hole", "straight"), [(False, False), (True, False), (False, True)])
def test_labels_of_a_pie_are_no_table(hole: bool, straight: bool) -> None:
    def draw(canvas: Canvas) -> None:
        pie(canvas, hole=hole, straight=straight)
        small_table(canvas)

    document = read_drawn(draw)
    (table,) = document.tables
    assert table.rows == (("W1", 4.1), ("W2", 3.9), ("W3", 5.2))
    assert "How the parcels of May were carried" in texts_of(document)
    assert "41%" not in texts_of(document)
    assert "1 chart on page 1" in " ".join(document.remarks)


def test_round_marks_and_rounded_boxes_are_no_pie() -> None:
    def draw(canvas: Canvas) -> None:
        for number, (name, share) in enumerate(SHARES):
            canvas.circle(80, 643 - 40 * number, 14, stroke=0, fill=1)
            canvas.setFillColorRGB(0.8, 0.9, 1)
            canvas.roundRect(110, 630 - 40 * number, 200, 30, 8, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            canvas.drawString(120, 640 - 40 * number, name)
            canvas.drawString(260, 640 - 40 * number, str(share))

    document = read_drawn(draw)
    assert document.remarks == ()
    assert "Canal" in str(document.tables) + str(texts_of(document))
