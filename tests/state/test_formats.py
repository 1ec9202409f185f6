"""The list of formats is complete, and the only one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from diffing.readers import load_reader
from state.formats import FORMATS, HTML, READ, Stands, format_at, format_called, format_named, names_file
from state.sniffing import sniff

ROOT = Path(__file__).parents[2]
READERS = ROOT / "diffing" / "readers"
PACKAGES = ("state", "diffing", "watchers", "alerts", "archive", "pipeline", "cli", "commands")
WRITES = ("archive/exports/tables.py", "commands/export.py")  # what is written is another matter
LITERALS = (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Constant)
PAGE = b"<!doctype html><html><head><title>Figures</title></head><body><p>Nothing here</p></body></html>"


def modules_that_read() -> set[str]:
    """The modules below ``diffing.readers`` that are readers: what they have is ``read(body, *, hints)``."""
    found = set()
    for file in READERS.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == "read":
                found.add(".".join(file.relative_to(READERS).with_suffix("").parts))
    return found


def test_each_reader_is_in_the_list_and_all_of_the_list_are_there() -> None:
    listed = [each for each in FORMATS if each.reader]
    assert {each.reader for each in listed} == modules_that_read()
    assert all(callable(load_reader(each)) for each in listed)
    assert tuple(each.name for each in listed) == READ


def test_no_format_is_listed_twice() -> None:
    for parts in (
        [each.name for each in FORMATS],
        [called.lower() for each in FORMATS for called in each.media_types],
        [suffix for each in FORMATS for suffix in each.suffixes],
    ):
        assert len(set(parts)) == len(parts)
    assert all(format_called(each.media_type) is each for each in FORMATS)
    assert all(
        format_named(f"Some file #3{suffix.upper()}") is each for each in FORMATS for suffix in each.suffixes
    )


def test_there_is_no_second_list() -> None:
    """No other module names four formats of documents by media type or suffix in one literal."""
    documents = [each for each in FORMATS if each.stands is not Stands.PART]
    known = {part for each in documents for part in (*each.media_types, *each.suffixes)}
    known |= {suffix.removeprefix(".") for suffix in known if suffix.startswith(".") and len(suffix) > 3}
    second = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if file.name != "formats.py" and file.relative_to(ROOT).as_posix() not in WRITES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, LITERALS) and len(parts_of(node) & known) > 3
    ]
    assert not second, second


def parts_of(node: ast.AST) -> set[str]:
    """The strings of a literal; the words of one long string are a list, too."""
    if isinstance(node, ast.Constant):
        words = node.value.replace("|", " ").split() if isinstance(node.value, str) else []
        return set(words) if len(words) < 40 and "." not in words else set()
    return {
        each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


@pytest.mark.parametrize("suffix", sorted(suffix for each in FORMATS for suffix in each.suffixes))
def test_a_page_is_known_for_one_whatever_it_is_called(suffix: str) -> None:
    named = format_named(f"x{suffix}")
    assert named is not None
    for called in (HTML, "", *named.media_types):
        assert sniff(PAGE, media_type=called, file_name=f"x{suffix}") == HTML
    assert names_file(f"https://data.example/x{suffix}?v=2#a") == (named.stands is Stands.FILE)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://data.example/a/List%20of%20jails.CSV?download=1", "CSV"),
        ("files/beds.geojson#map", "JSON"),
        ("https://data.example/a.xlsx/", "XLSX"),
        ("https://data.example/view?file=a.csv", None),
        ("https://data.zip", None),
        ("https://[broken/a.csv", None),
        ("https://data.example/reports", None),
    ],
)
def test_addresses_say_their_format_by_their_path(address: str, name: str | None) -> None:
    found = format_at(address)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("body", "named", "true_type"),
    [
        (b"county,beds\nAlder,12\n", "beds.csv", "text/csv"),
        (b"The file was taken down.", "beds.csv", HTML),
        (b"The file was taken down.", "beds.tsv", HTML),
        (b"Dear reader,\nall is well.", "note.txt", "text/plain"),
        (b"<!-- " + b"-" * 9_000 + b" --><html><p>x", "beds.csv", HTML),
    ],
)
def test_what_a_server_calls_a_page_is_one_unless_it_looks_like_the_file(
    body: bytes, named: str, true_type: str
) -> None:
    assert sniff(body, media_type=HTML, file_name=named) == true_type
