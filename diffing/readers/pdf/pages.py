"""Open a PDF within limits and read the content of its pages.

pdfium is not thread-safe: call this from one thread of a process only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from diffing.readers.pdf.attachments import read_pinned
from diffing.readers.pdf.covered import hide_covered, without_edges
from diffing.readers.pdf.fields import read_fields
from diffing.readers.pdf.pdfium import Handle, library
from diffing.readers.pdf.pdfium import raw as pdfium
from diffing.readers.pdf.shapes import Box, PageContent, Stroke, Word
from diffing.readers.pdf.slices import to_pies
from diffing.readers.pdf.strokes import Drawing, merge_strokes, read_drawing, text_boxes
from diffing.readers.pdf.words import View, read_words, text_quarter
from state.errors import ReadingError

MOST_PAGES = 3_000
LARGEST_SIDE = 14_400.0  # points: 200 inches, the limit that Acrobat sets
_HEADER_WITHIN = 1_024  # bytes: where readers look for %PDF-
_REASONS: Mapping[int, str] = {
    pdfium.FPDF_ERR_PASSWORD: "PDF is protected by a password",
    pdfium.FPDF_ERR_SECURITY: "PDF is encrypted in a way that cannot be opened",
    pdfium.FPDF_ERR_FORMAT: "PDF is damaged or truncated",
}


@contextmanager
def open_pdf(body: bytes) -> Iterator[Handle]:
    """The document in ``body``, closed at the end; ``ReadingError`` says why it cannot be opened."""
    if b"%PDF-" not in body[:_HEADER_WITHIN]:
        raise ReadingError("not a PDF: it does not begin with %PDF-")
    try:
        document = library.PdfDocument(body)
    except library.PdfiumError as error:
        if _is_truncated(body):
            raise ReadingError("PDF is truncated: it breaks off before its end mark %%EOF") from error
        reason = _REASONS.get(getattr(error, "err_code", 0) or 0, "PDF is damaged or truncated")
        raise ReadingError(reason) from error
    try:
        document.init_forms()
        _check(document, body)
        yield document
    finally:
        document.close()


def _check(document: Handle, body: bytes) -> None:
    if _is_truncated(body):
        raise ReadingError("PDF is truncated: it breaks off before its end mark %%EOF")
    count = len(document)
    if count == 0:
        raise ReadingError("PDF has no pages")
    if count > MOST_PAGES:
        raise ReadingError(f"PDF claims {count:,} pages, more than the limit of {MOST_PAGES:,}")


def _is_truncated(body: bytes) -> bool:
    """Whether objects go on after the last end mark; pdfium would rebuild such a file without a word."""
    end = body.rfind(b"%%EOF")
    return end < 0 or b" obj" in body[end:]


def read_page(document: Handle, index: int) -> PageContent:
    """The words, strokes, backgrounds and links of page ``index`` (from 0)."""
    page = load_page(document, index)
    try:
        return _read(document, page, index + 1)
    except library.PdfiumError as error:
        raise ReadingError(f"PDF is damaged: page {index + 1} cannot be read") from error
    finally:
        page.close()


def load_page(document: Handle, index: int) -> Handle:
    """Page ``index`` (from 0); ``ReadingError`` where it is broken or larger than any page can be."""
    try:
        page = document[index]
    except library.PdfiumError as error:
        raise ReadingError(f"PDF is damaged: page {index + 1} cannot be read") from error
    width, height = page.get_size()
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        page.close()
        raise ReadingError(f"PDF page {index + 1} claims to be {width:,.0f} × {height:,.0f} points large")
    return page


def _read(document: Handle, page: Handle, number: int) -> PageContent:
    text = page.get_textpage()
    try:
        count = text.count_chars()
        quarter = text_quarter(text.raw, count=count)
        view = View(page.get_rotation() // 90 if quarter is None else quarter, *page.get_bbox())
        drawing = read_drawing(page.raw, view=view)
        strokes = tuple(merge_strokes(drawing.strokes))
        words, bars = _words(document, page, text, view, drawing, strokes)
        if bars:
            strokes = tuple(merge_strokes(without_edges(drawing.strokes, bars)))
        return PageContent(
            number=number,
            width=view.size[0],
            height=view.size[1],
            words=words,
            strokes=strokes,
            fills=tuple(fill for fill in drawing.fills if fill not in bars),
            pies=tuple(_pies(drawing, view)),
            links=tuple(_links(page, view)),
            drawn=drawing.drawn,
            image_share=drawing.largest_image / max(1.0, view.size[0] * view.size[1]),
            attachments=tuple(read_pinned(page).items()),
        )
    finally:
        text.close()


def _words(
    document: Handle, page: Handle, text: Handle, view: View, drawing: Drawing, strokes: Sequence[Stroke]
) -> tuple[tuple[Word, ...], tuple[Box, ...]]:
    """What is printed, without what a bar covers, and what is filled in; and the bars."""
    bars: tuple[Box, ...] = ()
    words = read_words(text.raw, count=text.count_chars(), view=view, strokes=strokes)
    if drawing.covers:
        boxes = text_boxes(drawing, view=view)
        words, bars = hide_covered(words, covers=drawing.covers, texts=boxes, page=Box(0, 0, *view.size))
    return (*words, *read_fields(document, page, view=view, words=words)), bars


def _pies(drawing: Drawing, view: View) -> Iterator[Box]:
    for (x, y), radius in to_pies(drawing.slices):
        yield view.box(x - radius, y - radius, x + radius, y + radius)


_MOST_LINKS = 5_000


def _links(page: Handle, view: View) -> Iterator[tuple[Box, str]]:
    position, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    for _ in range(_MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page.raw, ctypes.byref(position), ctypes.byref(link)):
            return
        action = pdfium.FPDFLink_GetAction(link)
        if not action or not pdfium.FPDFLink_GetAnnotRect(link, ctypes.byref(rect)):
            continue
        address = _address(page, action)
        if address:
            yield view.box(rect.left, rect.bottom, rect.right, rect.top), address


def _address(page: Handle, action: Handle) -> str:
    raw = page.pdf.raw
    length = pdfium.FPDFAction_GetURIPath(raw, action, None, 0)
    if length <= 1:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAction_GetURIPath(raw, action, buffer, length)
    return buffer.value.decode("utf-8", "replace")
