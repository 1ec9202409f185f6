"""Pages whose text is only a picture: recognised by tesseract where it is installed, else digested.

Recognition is all or nothing for a document, so that the same file reads the same way every time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from diffing.readers.pdf.garbled import is_garbled
from diffing.readers.pdf.pages import load_page
from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.shapes import Box, PageContent, Word

PAGE_SECONDS = 30.0
TOTAL_SECONDS = 90.0
MOST_PAGES = 40
_OCR_DPI = 300
_OCR_LONGEST = 5_000  # pixels: bounds the memory that an absurd page may take
_PICTURE_LONGEST = 1_000  # pixels
_FEW_WORDS = 20  # a page of fewer words that is mostly image is a scan with a stamp on it
_MOSTLY = 0.6  # of the page
_WORD_LEVEL = "5"  # in tesseract's TSV
_LEAST_CONFIDENCE = 0.0  # tesseract marks what is no word with -1


class Recovered(Struct, frozen=True):
    """Pages after what could be done for those without text."""

    pages: tuple[PageContent, ...]
    ocr: bool = False
    pictures: tuple[str, ...] = ()
    textless: tuple[int, ...] = ()  # numbers of the pages without text of their own
    remarks: tuple[str, ...] = ()


def is_scanned(page: PageContent) -> bool:
    """Whether a reader sees something on the page that its text does not hold."""
    if not page.words:
        return page.drawn
    if is_garbled(page.words):
        return True
    return len(page.words) < _FEW_WORDS and page.image_share >= _MOSTLY


def recover(document: Handle, pages: Sequence[PageContent]) -> Recovered:
    """Recognise the scanned pages, or digest their pictures where that cannot be done."""
    scanned = [page for page in pages if is_scanned(page)]
    if not scanned:
        return Recovered(tuple(pages))
    textless = tuple(page.number for page in scanned)
    binary = shutil.which("tesseract")
    reason = "tesseract is not installed"
    if binary is not None and len(scanned) > MOST_PAGES:
        reason = f"more than {MOST_PAGES} pages are pictures"
    elif binary is not None:
        read = _recognise(document, scanned, binary)
        if read is not None:
            by_number = {page.number: page for page in read}
            remark = f"text of {_pages(scanned)} was recognised from a picture and may be wrong"
            told = tuple(by_number.get(p.number, p) for p in pages)
            return Recovered(told, ocr=True, textless=textless, remarks=(remark,))
        reason = "recognition failed or took too long"
    pictures = tuple(_digest(document, page) for page in scanned)
    remark = f"only the picture of {_pages(scanned)} was compared: no text that can be read, and {reason}"
    sound = tuple(replace(page, words=()) if is_garbled(page.words) else page for page in pages)
    return Recovered(sound, pictures=pictures, textless=textless, remarks=(remark,))


def _pages(scanned: Sequence[PageContent]) -> str:
    numbers = ", ".join(str(page.number) for page in scanned[:10])
    more = f" and {len(scanned) - 10} more" if len(scanned) > 10 else ""
    return f"page {numbers}{more}" if len(scanned) == 1 else f"pages {numbers}{more}"


def _digest(document: Handle, page: PageContent) -> str:
    """SHA-256 of the page rendered in grey."""
    loaded = load_page(document, page.number - 1)
    try:
        scale = _PICTURE_LONGEST / max(loaded.get_size())
        bitmap = loaded.render(scale=scale, grayscale=True)
        digest = hashlib.sha256(f"{bitmap.width}x{bitmap.height}:".encode())
        digest.update(bytes(bitmap.buffer))
        bitmap.close()
        return digest.hexdigest()
    finally:
        loaded.close()


def _recognise(document: Handle, scanned: Sequence[PageContent], binary: str) -> list[PageContent] | None:
    """The pages with recognised words, or None where one could not be recognised in time."""
    deadline = time.monotonic() + TOTAL_SECONDS
    read: list[PageContent] = []
    with tempfile.TemporaryDirectory(prefix="ocr-") as folder:
        for page in scanned:
            left = min(PAGE_SECONDS, deadline - time.monotonic())
            picture = Path(folder) / "page.png"
            scale = _save(document, page, picture)
            table = _run(binary, picture, seconds=left) if left > 0 else None
            if table is None:
                return None
            words = tuple(_words(table, scale))
            height = max(page.height, max((word.box.bottom for word in words), default=0.0))
            read.append(replace(page, words=words, height=height))
    return read


def _save(document: Handle, page: PageContent, path: Path) -> float:
    """Write the picture of a page; pixels a point."""
    loaded = load_page(document, page.number - 1)
    try:
        scale = min(_OCR_DPI / 72, _OCR_LONGEST / max(loaded.get_size()))
        bitmap = loaded.render(scale=scale, grayscale=True)
        bitmap.to_pil().save(path)
        bitmap.close()
        return float(scale)
    finally:
        loaded.close()


def _run(binary: str, picture: Path, *, seconds: float) -> str | None:
    """Tesseract's table of words, or None where it failed or took longer than ``seconds``."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = [binary, str(picture), "stdout", "--dpi", str(_OCR_DPI), "--psm", "6", "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command on a file of our own
            command, capture_output=True, timeout=seconds, check=True, env=environment
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout.decode("utf-8", "replace")


def _words(table: str, scale: float) -> list[Word]:
    """Words with the height of their line, in points; the layout of the columns is that of tesseract's TSV."""
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    found = [row for row in rows if len(row) == 12 and row[0] == _WORD_LEVEL and row[11].strip()]
    lines: dict[tuple[str, ...], list[list[str]]] = {}
    for row in found:
        if float(row[10]) >= _LEAST_CONFIDENCE:
            lines.setdefault(tuple(row[1:5]), []).append(row)
    words = []
    for members in lines.values():
        top = min(int(row[7]) for row in members) / scale
        bottom = max(int(row[7]) + int(row[9]) for row in members) / scale
        for row in members:
            left, width = int(row[6]) / scale, int(row[8]) / scale
            words.append(Word(row[11].strip(), Box(left, top, left + width, bottom), base=bottom))
    return words
