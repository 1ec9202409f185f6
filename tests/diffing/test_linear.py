"""Documents that ask for more work than they have bytes: read in linear time, or refused before the work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.attack.linear import NOW, SHAPES, SOURCE, Shape, measure, release
from diffing.examination import ReleaseBytes, Request
from diffing.examine import refused
from diffing.extract import extract
from diffing.outline import outline
from diffing.readers.html.excess import without_excess
from diffing.readers.spreadsheets.number_formats import GENERAL, parse_format, show
from diffing.workers.pool import Workers
from state.document import Document, ReadingHints
from state.errors import ReadingError


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(size=1) as pool:
        yield pool


@pytest.mark.parametrize(
    "name",
    [
        "number formats",
        "JSON records with distinct keys",
        "JSON records by key",
        "options",
        "attributes",
        "attributes of a cell",
        "identical rows",
        "span zigzags",
    ],
)
def test_work_that_once_grew_with_the_square_is_little(name: str, workers: Workers) -> None:
    """At 4n each of these took 2 to more than 20 seconds of CPU."""
    shape = SHAPES[name]
    assert measure(shape, 4 * shape.n, workers, first=0).seconds < 1.5


def read(inside: str) -> Document:
    body = f"<html><body><h1>Report</h1>{inside}</body></html>".encode()
    return extract(body, media_type="text/html", hints=ReadingHints())


OPTIONS = "".join(f"<option value={n}>Option {n}" for n in range(6_000))


def test_of_very_many_options_nothing_is_read_and_nothing_else_is_lost() -> None:
    document = read(f"<p>Before</p><select name=s>{OPTIONS}</select><p>After</p>")
    assert [block.text for block in document.blocks if block.kind == "paragraph"] == ["Before", "After"]


def test_an_element_keeps_its_first_attributes() -> None:
    many = " ".join(f"a{n}='>'" for n in range(9_000))
    document = read(f"<p>Before</p><a href='/f.pdf' title=\"a > b\" {many}>File</a><p>After</p>")
    assert [link.url for link in document.links] == ["/f.pdf"]
    assert [block.text for block in document.blocks if block.kind == "paragraph"] == ["Before", "File", "After"]


def test_many_frames_are_one() -> None:
    document = read("".join(f"<body a{n}=1>" for n in range(9_000)) + "<p>After</p>")
    assert [block.text for block in document.blocks if block.kind == "paragraph"] == ["After"]


@given(st.text(alphabet="<>ab= '\"/\n", max_size=60), st.integers(0, 9))
def test_nothing_is_taken_from_what_is_not_excessive(text: str, at: int) -> None:
    page = f"{'x' * 70_000}{text[:at]}<p class='a'>{text}</p>{text[at:]}"
    assert without_excess(page) == page


def test_a_sparse_table_is_refused_with_its_size_and_a_dense_one_read() -> None:
    sparse, dense = SHAPES["JSON records with distinct keys"].make(600, 0), b'[{"a":1,"b":2}]'
    hints = ReadingHints(file_name="a.json")
    with pytest.raises(ReadingError, match="600 records under 601 names make 360,600 cells; 1,200 of them say"):
        extract(sparse, media_type="", hints=hints)
    assert len(extract(dense, media_type="", hints=hints).tables) == 1


def test_cells_that_push_each_other_out_are_said_to_be_left_out() -> None:
    document = extract(SHAPES["span zigzags"].make(900, 0), media_type="text/html", hints=ReadingHints())
    assert any("columns" in remark for remark in document.remarks)


def test_a_format_code_longer_than_any_program_writes_is_none() -> None:
    assert parse_format("d.m." * 100) == GENERAL
    assert show(45_000.5, parse_format("h:mm:ss m/d"), from_1904=False)[1] == "12:00:00 3/15"


def test_a_release_over_which_the_worker_was_lost_is_outlined() -> None:
    shape = Shape(lambda n, seed: page_of_links(range(seed, n + seed)), 40)
    before, after = (release(shape, 40, seed) for seed in (0, 1))
    told = refused(Request(SOURCE, SOURCE.series[0], NOW, after=after, before=before), "it was stopped after 30 s")
    assert told.trouble == (
        f"it was stopped after 30 s; it is {len(after.body):,} bytes in 1 lines, the one before was"
        f" {len(before.body):,} bytes in 1 lines; it holds 40 links, 1 (/f0.pdf) left and 1 (/f40.pdf) came"
    )
    assert [finding.kind for finding in told.findings] == ["source-unreadable"]


def page_of_links(numbers: range) -> bytes:
    links = "".join(f"<a href='/f{n}.pdf'>{n}</a>" for n in numbers)
    return f"<html>{links}</html>".encode()


def test_hostile_links_are_outlined_in_linear_time() -> None:
    body = b"<a" + b' href="' * 400_000
    request = Request(SOURCE, SOURCE.series[0], NOW, after=ReleaseBytes(body, "0" * 64, "1", NOW))
    assert outline(request) == "it is 2.8 MB in 1 lines; it holds 1 link"
