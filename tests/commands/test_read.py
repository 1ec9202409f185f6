from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from benchmarks.making import broken_documents as making
from cli.render import draw_document, pages_of_columns, plain
from commands.read import command
from state.document import Block, Column, Document, Table


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
