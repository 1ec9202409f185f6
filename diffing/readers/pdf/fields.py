"""What is filled into the fields of a form: words at the place of the field, as they are displayed."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

from diffing.readers.pdf.attachments import each_annotation, read_text
from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.pdfium import raw as pdfium
from diffing.readers.pdf.shapes import Box, Word
from diffing.readers.pdf.words import View

_WRITTEN = frozenset(
    {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
)
_TICKED = frozenset({pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON})
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_TALLEST = 12.0  # points: of a line of text in a field that stands by itself
_WIDTH = 0.5  # of the height, a character
_INDENT = 2.0  # points between the border of a field and its text
_SHARED = 0.5  # of a word's height that lies beside a field: both are on one line


def read_fields(document: Handle, page: Handle, *, view: View, words: Sequence[Word]) -> tuple[Word, ...]:
    """The values of the fields of ``page`` as words; on the line of the ``words`` that stand beside a field."""
    if document.formenv is None:
        return ()
    form = document.formenv.raw
    found: list[Word] = []
    for annotation in each_annotation(page):
        value = _value(form, annotation)
        rect = pdfium.FS_RECTF()
        if value and pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
            box = view.box(rect.left, rect.bottom, rect.right, rect.top)
            found.extend(_place(value.splitlines(), box, words))
    return tuple(found)


def _value(form: Handle, annotation: Handle) -> str:
    if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_WIDGET:
        return ""
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return ""
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _TICKED:
        return "☑" if pdfium.FPDFAnnot_IsChecked(form, annotation) else "☐"
    if kind not in _WRITTEN:
        return ""
    return read_text(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _place(lines: Sequence[str], box: Box, words: Sequence[Word]) -> Iterator[Word]:
    height = min(_TALLEST, box.height / max(1, len(lines)))
    for number, line in enumerate(lines):
        top = box.centre - height * (len(lines) / 2 - number)
        beside = _beside(words, box) if len(lines) == 1 else None
        upper, lower, base = (beside.box.top, beside.box.bottom, beside.base) if beside else (0.0, 0.0, 0.0)
        if beside is None:
            upper, lower, base = top, top + height, top + 0.8 * height
        left = box.left + _INDENT
        if beside is not None and beside.text.endswith(":") and beside.box.right < left:
            left = beside.box.right + _WIDTH * (lower - upper)  # the value of a label is read after it
        for text in line.split():
            right = left + _WIDTH * (lower - upper) * len(text)
            yield Word(text, Box(left, upper, right, lower), base=base)
            left = right + _WIDTH * (lower - upper)


def _beside(words: Sequence[Word], box: Box) -> Word | None:
    """The nearest word on the line of a field."""
    level = [word for word in words if word.box.overlap_y(box) >= _SHARED * word.box.height and not word.turned]
    return min(level, key=lambda word: -word.box.overlap_x(box), default=None)
