from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from diffing.readers.pdf.pages import open_pdf, read_page
from diffing.readers.pdf.shapes import Word
from diffing.readers.pdf.words import View


def read_words(draw: object) -> tuple[Word, ...]:
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=letter)
    draw(canvas)  # type: ignore[operator]
    canvas.save()
    with open_pdf(held.getvalue()) as document:
        return read_page(document, 0).words


def test_boxes_have_the_height_of_the_font_whatever_the_letters() -> None:
    found = read_words(lambda canvas: canvas.drawString(72, 700, "aces Agjy ____"))
    assert len({round(word.box.height, 3) for word in found}) == 1
    assert len({round(word.base, 3) for word in found}) == 1


def test_words_drawn_apart_without_a_space_are_apart() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "1,204")
        canvas.drawString(110, 700, "1,377")

    assert [word.text for word in read_words(draw)] == ["1,204", "1,377"]


def test_bold_is_told_by_the_font() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(72, 700, "Total")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 680, "Other")

    assert [(word.text, word.bold) for word in read_words(draw)] == [("Total", True), ("Other", False)]


def test_text_off_the_page_is_not_seen() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "seen")
        canvas.drawString(900, 700, "unseen")

    assert [word.text for word in read_words(draw)] == ["seen"]


def test_a_turned_head_is_one_word_in_reading_order() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(6):
            canvas.drawString(72, 700 - 20 * number, "ordinary text that runs across the page")
        canvas.translate(400, 500)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Total detained")

    turned = [word for word in read_words(draw) if word.turned]
    assert [word.text for word in turned] == ["Total detained"]


@pytest.mark.parametrize("quarter", range(4))
@given(x=st.floats(0, 500), y=st.floats(0, 700))
def test_a_view_keeps_boxes_inside_the_page_and_their_size(quarter: int, x: float, y: float) -> None:
    view = View(quarter, 0, 0, 612, 792)
    box = view.box(x, y, x + 40, y + 10)
    width, height = view.size
    assert 0 <= box.left <= box.right <= width
    assert 0 <= box.top <= box.bottom <= height
    across, down = (10, 40) if quarter % 2 else (40, 10)
    assert box.width == pytest.approx(across)
    assert box.height == pytest.approx(down)


def test_a_text_that_runs_into_the_next_cell_is_parted_at_the_rule() -> None:
    def draw(canvas: Canvas) -> None:
        for x in (70, 140, 220):
            canvas.line(x, 690, x, 712)
        canvas.drawString(72, 700, "DETENTIONS")
        canvas.drawString(142, 700, "HASKELL")

    texts = [word.text for word in read_words(draw)]
    assert texts[0].startswith("DETENTIO")
    assert texts[-1].endswith("HASKELL")
    assert len(texts) > 1
