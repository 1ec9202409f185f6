"""Every form that is read names a revised figure, and a record that left, with its row."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from benchmarks.making.forms import FORMS
from diffing.examination import Examination, ReleaseBytes, Request
from diffing.examine import examine
from diffing.extract import extract
from state.document import Document, ReadingHints
from state.errors import ReadingError
from state.formats import FORMATS, format_named
from state.model import Series, Source

HEADER = ("Facility", "State", "Population", "Beds")
NAMES = (
    "Ash Hill",
    "Briar Creek",
    "Cold Spring",
    "Deer Run",
    "Eagle Pass",
    "Flint Ridge",
    "Goose Bay",
    "Heron Lake",
)
ROWS = [(f"{name} Center", "TX", 411 + 97 * i, 520 + 101 * i) for i, name in enumerate(NAMES)]
REVISED = [*ROWS[:3], ("Deer Run Center", "TX", 207, 823), *ROWS[4:]]
SERIES = Series(name="files", title="Population")
SOURCE = Source(
    id="test/forms", title="Population", publisher="Agency", url="https://x.example/", series=(SERIES,)
)
MONDAY = dt.datetime(2025, 3, 3, 12, tzinfo=dt.UTC)
FEEDS = ("rss", "atom")


def edition(body: bytes, name: str, at: dt.datetime) -> ReleaseBytes:
    digest = hashlib.sha256(body).hexdigest()
    return ReleaseBytes(body=body, sha256=digest, release=digest[:8], at=at, file_name=name)


def examined(before: bytes, after: bytes, name: str) -> Examination:
    later = MONDAY + dt.timedelta(days=7)
    return examine(
        Request(
            source=SOURCE,
            series=SERIES,
            now=later,
            before=edition(before, name, MONDAY),
            after=edition(after, name, later),
        )
    )


def read(body: bytes, name: str = "") -> Document:
    return extract(body, media_type="", hints=ReadingHints(file_name=name or None))


@pytest.mark.parametrize("form", FORMS)
def test_a_revised_figure_is_named_with_its_row(form: str) -> None:
    write = FORMS[form]
    found = examined(write(HEADER, ROWS), write(HEADER, REVISED), f"population.{form}")
    assert found.trouble is None
    assert found.hindrance is None
    told = [
        f"{finding.title} {finding.reason} {finding.before} {finding.after} {finding.items}"
        for finding in found.findings
    ]
    assert any("702" in text and "207" in text for text in told), told
    place = "Deer-Run-Center" if form.startswith("sitemap") else "Deer Run Center"
    assert form in FEEDS or any(place in text and "207" in text for text in told), told


@pytest.mark.parametrize("form", FORMS)
def test_a_record_that_left_is_named(form: str) -> None:
    write = FORMS[form]
    found = examined(write(HEADER, ROWS), write(HEADER, [*ROWS[:3], *ROWS[4:]]), f"population.{form}")
    told = " ".join(f"{finding.title} {finding.items}" for finding in found.findings)
    assert "Deer" in told
    assert not {finding.kind for finding in found.findings} & {"table-vanished", "column-vanished"}


@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_show_the_format_whatever_the_name_is(form: str) -> None:
    body = FORMS[form](HEADER, ROWS)
    named = read(body, f"population.{form}")
    assert named.tables
    if not form.startswith("md"):
        assert [table.rows for table in read(body).tables] == [table.rows for table in named.tables]
    assert named.media_type


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_in_half_is_refused_or_read(form: str) -> None:
    body = FORMS[form](HEADER, ROWS)
    try:
        document = read(body[: len(body) // 2], f"population.{form}")
    except ReadingError as error:
        assert str(error)
    else:
        assert form in ("md", "rtf", "jsonl"), document


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>',
    ],
)
def test_xml_expands_no_entities(body: bytes) -> None:
    with pytest.raises(ReadingError, match="entities"):
        read(body)


@pytest.mark.parametrize("form", FEEDS)
def test_what_leaves_the_end_of_a_feed_made_room(form: str) -> None:
    write = FORMS[form]
    found = examined(write(HEADER, ROWS), write(HEADER, ROWS[1:]), f"notices.{form}")
    assert {finding.severity.value for finding in found.findings} <= {"info"}


TRIED_ELSEWHERE = {"HTML", "PDF", "XLSX", "XLSM", "XLS", "CSV", "TSV", "JSON", "plain text"}
"""Formats whose readers have tests of their own with many documents."""


def test_every_format_that_is_read_has_a_form() -> None:
    read_by = {
        read(make(HEADER, ROWS), f"a.{name}").media_type for name, make in FORMS.items() if "zip" not in name
    }
    named = {format_named(f"a.{name}") for name in FORMS}
    tried = {each.name for each in FORMATS if each.media_type in read_by or each in named} | TRIED_ELSEWHERE
    assert {each.name for each in FORMATS if each.reader} - {"ZIP", "gzip"} <= tried
