from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.making import broken_documents as making
from diffing.extract import extract
from state.document import ReadingHints
from state.errors import ReadingError
from state.formats import XLSM, XLSX, ZIP
from state.sniffing import sniff

REPO = Path(__file__).parents[2]
SEEDS = {seed.format: seed.body for seed in making.seeds()}


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("html", "text/html"),
        ("xlsx", XLSX),
        ("xls", "application/vnd.ms-excel"),
        ("pdf", "application/pdf"),
        ("json", "application/json"),
        ("zip", ZIP),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("txt", "text/plain"),
    ],
)
def test_bytes_have_precedence_over_names(form: str, media_type: str) -> None:
    assert sniff(SEEDS[form], media_type="", file_name=None) == media_type
    assert sniff(SEEDS[form], media_type="application/octet-stream", file_name=f"x.{form}") == media_type
    if form not in ("csv", "tsv", "txt"):
        assert sniff(SEEDS[form], media_type="image/png", file_name="x.docx") == media_type


def test_the_server_and_the_name_decide_among_texts() -> None:
    assert sniff(b"a b\nc d", media_type="text/csv; charset=utf-8", file_name=None) == "text/csv"
    assert sniff(b"one,two\nthree", media_type="", file_name="list.CSV") == "text/csv"
    assert sniff(b"a,b\n1,2\n", media_type="text/plain", file_name=None) == "text/csv"
    assert sniff(b"Dear reader, hello.\nNothing more.", media_type="", file_name=None) == "text/plain"
    assert (
        sniff(b"  <!-- saved --> <HTML><p>x", media_type="application/vnd.ms-excel", file_name="x.xls")
        == "text/html"
    )
    assert sniff(b"\xef\xbb\xbf<!DOCTYPE html>", media_type="text/plain", file_name=None) == "text/html"
    assert sniff("<html><p>ñ".encode("utf-16"), media_type="", file_name=None) == "text/html"


def test_office_formats_are_told_apart() -> None:
    assert (
        sniff(
            making.zipped({"[Content_Types].xml": b"x", "xl/vbaProject.bin": b"x"}), media_type="", file_name=None
        )
        == XLSM
    )
    slides = making.zipped({"[Content_Types].xml": b"x", "ppt/presentation.xml": b"x"})
    with pytest.raises(ReadingError, match=r"not a format the monitor reads: .*presentationml"):
        extract(slides, media_type="", hints=ReadingHints())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n ", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a format the monitor reads: image/png; it reads HTML, PDF"),
        (b"MZ" + bytes(100), "not a format the monitor reads: application/x-msdownload"),
        (bytes(range(256)), "unknown binary data"),
        (b"<?xml version='1.0'?><rss/>", "neither records nor texts"),
        (making._encrypted(), "protected by a password"),
    ],
)
def test_foreign_files_are_refused_in_words(body: bytes, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        extract(body, media_type="text/html", hints=ReadingHints())


@pytest.mark.parametrize("form", sorted(SEEDS))
def test_every_format_is_read(form: str) -> None:
    document = extract(SEEDS[form], media_type="", hints=ReadingHints(file_name=f"x.{form}"))
    assert document.media_type
    assert document.blocks or document.tables
    if form not in (
        "txt",
        "html",
        "atom",
        "rss",
        "sitemap.xml",
        "sdmx.xml",
        "geojson",
    ):  # they have names of their own
        names = {column.name for table in document.tables for column in table.columns}
        assert {"Facility", "Population"} <= names


@pytest.mark.parametrize("form", ["xlsx", "xls", "pdf", "zip", "json"])
def test_a_file_cut_in_half_is_refused(form: str) -> None:
    body = SEEDS[form]
    with pytest.raises(ReadingError):
        extract(body[: len(body) // 2], media_type="", hints=ReadingHints(file_name=f"x.{form}"))


def test_readers_are_imported_when_they_are_needed() -> None:
    code = (
        "import sys; from diffing.extract import extract; from state.document import ReadingHints;"
        "extract(b'just a text', media_type='', hints=ReadingHints());"
        "print(*sorted(m for m in sys.modules if m in ('selectolax', 'pypdfium2', 'python_calamine')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
