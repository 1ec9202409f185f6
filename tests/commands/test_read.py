from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from rich.console import Console

from benchmarks.making import broken_documents as making
from cli.render import draw_document, pages_of_columns, plain
from commands.read import command
from state.document import Block, Column, Document, Table
from tests.diffing.readers.pdf.made import counties, county_pdf


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(arguments))
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "facilities.xlsx"
    path.write_bytes(making.xlsx())
    return path


def test_shows_tables_and_says_what_it_left_out(workbook: Path) -> None:
    status, out, _ = run(str(workbook), "--rows", "3")
    assert status == 0
    assert "Population by facility, FY2023" in out
    assert "Facility 2" in out
    assert "Facility 3" not in out
    assert "… 37 more rows (--all shows all)" in out
    assert "Facility 39" in run(str(workbook), "--all")[1]


def test_shows_a_page_with_its_dates_definitions_text_and_links(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(making.html(inside='<p>See <a href="/files/x.pdf">the file</a>.</p>'))
    status, out, _ = run(str(path))
    assert status == 0
    for words in ("Detention statistics", "2023-05-06", "last updated", "ADP", "/files/x.pdf"):
        assert words in out


def test_json_is_the_contract(workbook: Path) -> None:
    status, out, _ = run(str(workbook), "--json")
    assert status == 0
    body = json.loads(out)
    assert body["path"] == str(workbook)
    assert len(body["sha256"]) == 64
    assert len(body["tables"][0]["rows"]) == 40


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("missing.xlsx", None, "there is no such file"),
        ("empty.html", b"", "the file is empty"),
        ("cut.xlsx", making.xlsx()[:2_000], "cut short"),
        ("cut.pdf", making.pdf()[:1_000], "truncated"),
        ("cut.html", b"<html><body><table><tr><td>1", "cut off"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "not a format the monitor reads: image/png"),
    ],
)
def test_trouble_is_one_line_and_status_2(tmp_path: Path, name: str, body: bytes | None, reason: str) -> None:
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    status, out, err = run(str(path))
    assert status == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert name in err
    assert reason in err


def test_help_has_an_example() -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert "Example: python monitor.py read" in out


def test_a_document_cannot_command_the_terminal() -> None:
    assert plain("\x1b[2J red\x07 \u202egnol\n\nend") == "�[2J red� �gnol end"
    hostile = Document(
        media_type="text/html", headline="\x1b]0;title\x07", blocks=(Block("[bold]x[/bold] \x1b[31m"),)
    )
    buffer = io.StringIO()
    draw_document(hostile, rows=5, console=Console(file=buffer, width=60))
    assert "\x1b" not in buffer.getvalue()
    assert "[bold]x[/bold]" in buffer.getvalue()


def test_wide_tables_are_folded_with_their_key_repeated() -> None:
    names = ["Facility", *(f"Month number {number}" for number in range(20))]
    table = Table(
        name="Wide",
        columns=tuple(Column(name, (name,)) for name in names),
        rows=(("Stewart Detention Center", *range(20)),),
        row_keys=("Stewart Detention Center",),
        key=(0,),
    )
    pages = list(pages_of_columns(table, range(1), width=80))
    assert len(pages) > 1
    assert all(page[0] == 0 for page in pages)
    assert sorted({column for page in pages for column in page}) == list(range(21))
    buffer = io.StringIO()
    draw_document(Document(media_type="x", tables=(table,)), rows=None, console=Console(file=buffer, width=80))
    assert max(len(line) for line in buffer.getvalue().splitlines()) <= 80


def test_says_how_it_understands_a_table_and_what_is_not_sure(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    rows = [
        f"{harbour},2031-0{month}-01,{len(harbour) + 10 * month},2031-05-01"
        for harbour in ("Anker", "Brae")
        for month in (1, 2, 3)
    ]
    path.write_text("\n".join(["Harbour,,Calls,Printed", *rows]))
    table = json.loads(run(str(path), "--json")[1])["tables"][0]["understood"]
    assert table["key"] == ["Harbour", "column 2"]
    assert table["why"] == "tells all 6 rows apart"
    assert (table["periods"], table["measures"], table["stamps"]) == (["column 2"], ["Calls"], ["Printed"])
    assert "no header stands over column 2" in table["unsure"]
    out = run(str(path))[1]
    assert "the same in every row: Printed" in out
    assert "Not sure: no header stands over column 2" in out


def test_draws_a_page_with_its_cells(tmp_path: Path) -> None:
    body, picture = tmp_path / "counties.pdf", tmp_path / "page.png"
    body.write_bytes(county_pdf(counties(5)))
    status, out, _ = run(str(body), "--page-image", "1", "--to", str(picture))
    assert (status, out.strip()) == (0, str(picture))
    with Image.open(picture) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or []}
    assert {(30, 90, 200), (200, 40, 40)} <= colours
    status, _, trouble = run(str(body), "--page-image", "9")
    assert status == 2
    assert "not a page 9" in trouble
