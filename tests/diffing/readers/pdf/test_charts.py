from __future__ import annotations

from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

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
