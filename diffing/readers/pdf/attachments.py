"""Files that travel inside a PDF: those of its list of attachments, and those pinned to a place of a page."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable, Iterator

from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.pdfium import raw as pdfium

_MOST_FILES = 1_000
_MOST_ANNOTATIONS = 5_000  # of a page
_LONGEST_NAME = 4_096  # bytes
_LARGEST = 64_000_000  # bytes: what is larger is named by its size


def read_attachments(document: Handle) -> dict[str, str]:
    """What is embedded in the whole document: the name of each file, and the SHA-256 of its bytes."""
    found: dict[str, str] = {}
    count = min(pdfium.FPDFDoc_GetAttachmentCount(document.raw), _MOST_FILES)
    for index in range(count):
        _add(pdfium.FPDFDoc_GetAttachment(document.raw, index), found)
    return found


def read_pinned(page: Handle) -> dict[str, str]:
    """The same for the files that annotations of ``page`` hold."""
    found: dict[str, str] = {}
    for annotation in each_annotation(page):
        if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_FILEATTACHMENT:
            _add(pdfium.FPDFAnnot_GetFileAttachment(annotation), found)
    return found


def each_annotation(page: Handle) -> Iterator[Handle]:
    """The annotations of ``page``, each closed after use."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MOST_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            yield annotation
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _add(attachment: Handle, found: dict[str, str]) -> None:
    """Another file of the same name gets a number."""
    if not attachment:
        return
    name = read_text(lambda buffer, size: pdfium.FPDFAttachment_GetName(attachment, buffer, size)) or "unnamed"
    free, ordinal = name, 2
    while free in found:
        free, ordinal = f"{name} #{ordinal}", ordinal + 1
    found[free] = _digest(attachment)


def _digest(attachment: Handle) -> str:
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(attachment, None, 0, ctypes.byref(size))
    if size.value > _LARGEST:
        return f"{size.value} bytes"
    buffer = ctypes.create_string_buffer(max(1, size.value))
    pdfium.FPDFAttachment_GetFile(attachment, buffer, size.value, ctypes.byref(size))
    return hashlib.sha256(buffer.raw[: size.value]).hexdigest()


def read_text(ask: Callable[[Handle, int], int]) -> str:
    """UTF-16 text from a function of pdfium that is asked for its length first; "" where there is none."""
    length = min(ask(None, 0), _LONGEST_NAME)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[:length].decode("utf-16-le", "replace").rstrip("\x00").strip()
