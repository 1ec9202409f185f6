"""A page as a picture, with what was found on it: tables, their cells, charts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from importlib import import_module

from diffing.readers.pdf.layout import lay_out
from diffing.readers.pdf.pages import load_page, open_pdf, read_page
from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.shapes import Box, FoundTable, PlacedCell, Word, around
from diffing.readers.pdf.words import text_quarter
from state.errors import ReadingError

_LONGEST = 2_400  # pixels
_SCALE = 2.0  # pixels a point
_TABLE = (30, 90, 200)
_CELL = (200, 40, 40)
_CHART = (230, 140, 0)
_ROUND = 1.5  # points between a text and its box
_COLUMN = 6.0  # points that a text may stand beyond its column


def page_picture(body: bytes, *, number: int) -> bytes:
    """Page ``number`` (from 1) of the PDF ``body`` as PNG: tables in blue, cells in red, charts in orange.

    ``ReadingError`` says why it cannot be drawn.
    """
    with open_pdf(body) as document:
        if not 1 <= number <= len(document):
            raise ReadingError(f"PDF has {len(document):,} pages, not a page {number:,}")
        layout = lay_out(read_page(document, number - 1))
        picture = _render(document, number - 1)
    scale = picture.width / layout.page.width
    drawing = import_module("PIL.ImageDraw").Draw(picture)
    for chart in layout.charts:
        drawing.rectangle(_pixels(chart, scale), outline=_CHART, width=3)
    for table in layout.tables:
        drawing.rectangle(_pixels(table.box, scale), outline=_TABLE, width=3)
        for box in cell_boxes(table, layout.page.words):
            drawing.rectangle(_pixels(box, scale), outline=_CELL, width=1)
    held = io.BytesIO()
    picture.save(held, format="PNG")
    return held.getvalue()


def _render(document: Handle, index: int) -> Handle:
    """The picture of a page, turned as its text is read."""
    page = load_page(document, index)
    try:
        scale = min(_SCALE, _LONGEST / max(page.get_size()))
        bitmap = page.render(scale=scale, may_draw_forms=True)
        picture = bitmap.to_pil().convert("RGB")
        text = page.get_textpage()
        quarter = text_quarter(text.raw, count=text.count_chars())
        text.close()
        turn = 0 if quarter is None else quarter - page.get_rotation() // 90
        return picture.rotate(-90 * turn, expand=True) if turn % 4 else picture
    finally:
        page.close()


def _pixels(box: Box, scale: float) -> list[float]:
    return [side * scale for side in box]


def cell_boxes(table: FoundTable, words: Sequence[Word]) -> Iterator[Box]:
    """Where on the page the text of each cell stands; cells whose words are not found together are left out."""
    free = sorted(
        (word for word in words if table.box.holds(word.box)), key=lambda word: (word.base, word.box.left)
    )
    for cell in sorted(table.cells):
        found = _words_of(cell, table, free)
        if found:
            taken = {id(word) for word in found}
            free = [word for word in free if id(word) not in taken]
            box = around(word.box for word in found)
            yield Box(box.left - _ROUND, box.top - _ROUND, box.right + _ROUND, box.bottom + _ROUND)


def _words_of(cell: PlacedCell, table: FoundTable, free: Sequence[Word]) -> list[Word]:
    """The first free words in the columns of a cell that read as it does."""
    last = min(cell.last_column + 1, len(table.edges) - 1)
    left, right = table.edges[min(cell.column, last)] - _COLUMN, table.edges[last] + _COLUMN
    within = [word for word in free if left <= word.box.middle <= right]
    found: list[Word] = []
    for token in cell.text.split():
        word = next((word for word in within if word.text == token), None)
        if word is None:
            return []
        within.remove(word)
        found.append(word)
    return found
