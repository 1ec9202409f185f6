from __future__ import annotations

import io

import openpyxl
import pypdfium2
import pytest

from demo.jurisdictions import FALLS, JURISDICTIONS, LEAVER, activations, editions, fall_of
from demo.make_documents import SITE, documents, web_pages
from demo.pages import RECREATION


def test_the_committed_site_is_what_the_script_writes() -> None:
    made = {name: text.encode() for name, text in web_pages().items()} | documents()
    assert {path.name for path in SITE.iterdir()} == set(made)
    for name, body in made.items():
        assert (SITE / name).read_bytes() == body, name


@pytest.mark.parametrize(
    ("jurisdiction", "before", "after"),
    [
        ("Maricopa, AZ", 4328, 2597),
        ("San Diego, CA", 2411, 1037),
        ("Travis, TX", 594, 315),
        ("Dallas, TX", 1116, 759),
        ("Los Angeles, CA", 1910, 1509),
    ],
)
def test_the_five_fall_by_what_the_source_says(jurisdiction: str, before: int, after: int) -> None:
    difference, share = FALLS[jurisdiction]
    assert fall_of(jurisdiction) == (before, after)
    assert before - after == difference
    assert round(difference / before, 2) == share


def test_nothing_else_falls_and_no_total() -> None:
    april, june, july = editions()
    assert len({row.jurisdiction for row in july}) == len(JURISDICTIONS) > 150
    for before, after in ((april, june), (june, july)):
        for early, late in zip(before, after, strict=True):
            assert late.criminal >= early.criminal
            assert late.total >= early.total
            if late.noncriminal < early.noncriminal:
                assert (after is july, late.jurisdiction in FALLS) == (True, True)
        assert sum(row.noncriminal for row in after) > sum(row.noncriminal for row in before)
    five = [row.jurisdiction for early, row in zip(june, july, strict=True) if row.noncriminal < early.noncriminal]
    assert set(five) == set(FALLS)


def test_one_row_leaves_the_list_of_activated_jurisdictions() -> None:
    texts = {name: _text_of(SITE / f"activated.{name}.pdf") for name in ("may", "may-resaved", "july", "august")}
    assert texts["may"] == texts["may-resaved"]
    assert (SITE / "activated.may.pdf").read_bytes() != (SITE / "activated.may-resaved.pdf").read_bytes()
    listed = {name: {entry for entry, _ in activations() if entry in text} for name, text in texts.items()}
    assert listed["may"] < listed["july"]
    assert listed["july"] - listed["august"] == {LEAVER}
    assert listed["august"] - listed["july"]


def test_every_document_says_that_it_is_a_recreation() -> None:
    for path in SITE.iterdir():
        if path.suffix == ".html":
            assert path.read_text(encoding="utf-8").count(RECREATION) == 2
        elif path.suffix == ".pdf":
            pdf = pypdfium2.PdfDocument(path)
            assert pdf.get_metadata_dict()["Subject"] == RECREATION
            assert all(
                "Re-creation for the demonstration" in page.get_textpage().get_text_bounded() for page in pdf
            )
            pdf.close()
        else:
            rows = openpyxl.load_workbook(path)["Removals"].iter_rows(values_only=True)
            assert any(row[0] == RECREATION for row in rows)


def test_the_workbook_for_trac() -> None:
    before, reordered, october = (_rows_of(f"offices.{name}.xlsx") for name in ("before", "reordered", "october"))
    assert before[0] == reordered[0]
    assert sorted(before[1:]) == sorted(reordered[1:])
    assert before[1:] != reordered[1:]
    assert set(before[0]) - set(october[0]) == {"Detainers issued"}
    assert {row[2] for row in october[1:]} == {"unavailable"}
    assert [(row[0], row[1], row[4]) for row in before[1:]] == [(row[0], row[1], row[3]) for row in october[1:]]


def _rows_of(name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO((SITE / name).read_bytes()))
    rows = [
        tuple(cell for cell in row if cell is not None) for row in book["Removals"].iter_rows(values_only=True)
    ]
    return [row for row in rows if len(row) > 1]


def _text_of(path: object) -> str:
    pdf = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    pdf.close()
    return text
