"""The reading of a release that is kept for the next one."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from diffing.examination import Examination, ReleaseBytes, Request
from diffing.examine import examine
from diffing.extract import extract
from diffing.workers.readings import READS, keep_reading, kept_document, reader_version
from state.code_digest import code_of
from state.document import Document, ReadingHints
from state.model import Reading
from tests.commands.running import ROOT
from tests.diffing.test_examine import SERIES, edition, kinds, request
from tests.diffing.workbooks import make_workbook, put

RELEASES = ROOT.parent / "shared" / "releases"
HINTS = ReadingHints()


def workbook(maricopa: int) -> bytes:
    rows = [["County", "Removals"], ["Maricopa", maricopa], ["Travis", 593], ["Dallas", 1115]]
    return make_workbook(lambda sheet: put(sheet, "A1", rows))


def released(maricopa: int, number: int) -> ReleaseBytes:
    return replace(edition(workbook(maricopa), number, media_type=""), file_name="removals.xlsx")


def examined(before: ReleaseBytes, after: ReleaseBytes) -> Examination:
    return examine(request(before, after))


@pytest.fixture(scope="module")
def read_before() -> tuple[ReleaseBytes, ReleaseBytes]:
    """Two releases; of the first one the reading was kept when it was compared with the one before it."""
    first, second, third = released(4328, 1), released(4400, 2), released(2597, 3)
    reading = examined(first, second).reading
    assert reading is not None
    return replace(second, reading=reading), third


def test_what_is_found_is_the_same_with_and_without(read_before: tuple[ReleaseBytes, ReleaseBytes]) -> None:
    before, after = read_before
    with_reading = examined(before, after)
    assert "cumulative-decreased" in kinds(with_reading)
    assert with_reading == examined(replace(before, reading=None), after)


def with_figure(document: Document, figure: int) -> Document:
    """The document with another figure in its first row: no reading of the bytes would give it."""
    table = document.tables[0]
    (label, _), *rest = table.rows
    return replace(document, tables=(replace(table, rows=((label, figure), *rest)),))


def forged(before: ReleaseBytes, *, extractor: str | None = None) -> ReleaseBytes:
    """The edition with a reading that says 9,000."""
    assert isinstance(before.body, bytes)
    hints = hints_of(before)
    document = with_figure(extract(before.body, media_type="", hints=hints), 9_000)
    reading = keep_reading(document, body=before.body, hints=hints)
    assert reading is not None
    return replace(before, reading=replace(reading, extractor=extractor or reading.extractor))


def hints_of(each: ReleaseBytes) -> ReadingHints:
    return ReadingHints(key_columns=SERIES.rules.keys, url=each.url, file_name=each.file_name)


def figures_before(found: Examination) -> set[object]:
    return {item.before for finding in found.findings for item in finding.items}


def test_the_reading_is_used_and_the_bytes_are_not_read_again(
    read_before: tuple[ReleaseBytes, ReleaseBytes],
) -> None:
    before, after = read_before
    assert 9_000 in figures_before(examined(forged(before), after))


def test_the_reading_of_another_reader_is_ignored(read_before: tuple[ReleaseBytes, ReleaseBytes]) -> None:
    before, after = read_before
    assert 9_000 not in figures_before(examined(forged(before, extractor="yesterday's"), after))


def test_a_damaged_reading_is_ignored(read_before: tuple[ReleaseBytes, ReleaseBytes]) -> None:
    before, after = read_before
    whole = forged(before).reading
    assert whole is not None
    expected = examined(replace(before, reading=None), after)
    damaged = [b"", b"rubbish", whole.data[:-1], whole.data[: len(whole.data) // 2]]
    for place in range(0, len(whole.data), 11):
        damaged.append(whole.data[:place] + bytes([whole.data[place] ^ 0x10]) + whole.data[place + 1 :])
    assert isinstance(before.body, bytes)
    right = kept_document(whole, body=before.body, hints=hints_of(before))
    for data in damaged:
        broken = Reading(whole.extractor, data)
        assert kept_document(broken, body=before.body, hints=hints_of(before)) in (None, right)
    assert examined(replace(before, reading=Reading(whole.extractor, b"rubbish")), after) == expected


def test_the_reading_of_other_bytes_is_ignored() -> None:
    page = b"<p>" + b"Removals by county, and what they mean. " * 6_000
    document = extract(page, media_type="text/html", hints=HINTS)
    reading = keep_reading(document, body=page, hints=HINTS)
    assert reading is not None
    assert kept_document(reading, body=page, hints=HINTS) == document
    assert kept_document(reading, body=page.replace(b"county", b"office"), hints=HINTS) is None


def test_a_first_release_keeps_none() -> None:
    assert examine(request(None, released(4328, 1))).reading is None


def test_what_no_later_release_is_judged_by_keeps_none() -> None:
    asked: Request = request(released(4328, 1), released(4400, 2), remember=False)
    assert examine(asked).reading is None


def test_a_page_that_is_read_in_no_time_keeps_none() -> None:
    small = b"<html><body><h1>Figures</h1><p>Participation is mandatory.</p></body></html>"
    document = extract(small, media_type="text/html", hints=HINTS)
    assert keep_reading(document, body=small, hints=HINTS) is None


def test_what_was_recognised_from_a_picture_is_not_kept() -> None:
    document = extract(workbook(1), media_type="", hints=HINTS)
    assert keep_reading(document, body=b"", hints=HINTS) is not None
    assert keep_reading(replace(document, ocr=True), body=b"", hints=HINTS) is None
    assert keep_reading(replace(document, pictures=("digest",)), body=b"", hints=HINTS) is None


def test_other_hints_make_another_reader() -> None:
    hints = [
        ReadingHints(),
        ReadingHints(key_columns=("County",)),
        ReadingHints(include=("County",)),
        ReadingHints(exclude=("County",)),
        ReadingHints(exclude=("Coun", "ty")),
    ]
    assert len(set(map(reader_version, hints))) == len(hints)
    assert reader_version(ReadingHints(url="https://x.example/")) == reader_version(ReadingHints())


def test_the_version_covers_all_code_that_a_reading_depends_on() -> None:
    covered = set(code_of(*READS))
    assert imported_by_readers() - covered == set()
    assert (ROOT / "diffing" / "readers" / "html" / "reader.py") in covered


def imported_by_readers() -> set[Path]:
    """The files of this program that reading imports, wherever in a file the import stands."""
    left = [ROOT / "diffing" / "extract.py", *(ROOT / "diffing" / "readers").rglob("*.py")]
    found: set[Path] = set()
    while left:
        file = left.pop()
        if file not in found:
            found.add(file)
            left += [path for name in imports_of(file) for path in files_of(name)]
    return found


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def files_of(module: str) -> list[Path]:
    place = ROOT / module.replace(".", "/")
    return [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()]


@pytest.mark.skipif(not RELEASES.is_dir(), reason="the real releases are not beside the project")
@pytest.mark.parametrize(
    "name",
    [
        "ice-detention-stats-fy23/2023-03-16.xlsx",
        "ice-detention-stats-fy23/2023-10-31.xlsx",
        "ice-287g-participating-2025-03-to-06/2025-03-06am.xlsx",
        "pdf-single/ice_foia_detaineepop.pdf",
        "ice-html-pages-single-capture/62249.html",
    ],
)
def test_real_documents_come_back_exactly(name: str) -> None:
    body = (RELEASES / name).read_bytes()
    hints = ReadingHints(file_name=Path(name).name)
    document = extract(body, media_type="", hints=hints)
    reading = keep_reading(document, body=body, hints=hints)
    if reading is not None:
        assert kept_document(reading, body=body, hints=hints) == document
        assert sys.getsizeof(reading.data) < len(body)
    else:
        assert document.media_type == "text/html"
