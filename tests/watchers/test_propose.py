from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.errors import ConfigError
from state.model import Capture, Verdict
from watchers.sources.load import read_source
from watchers.sources.propose import propose

URL = "https://www.example.gov/detain/detention-management"
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def capture(
    body: bytes, *, url: str = URL, verdict: Verdict = Verdict.PRESENT, media_type: str = "text/html"
) -> Capture:
    return Capture(
        "", "page", url, url, AT, verdict, reason="the server answered 403", body=body, media_type=media_type
    )


def page(*hrefs: str) -> bytes:
    links = "".join(f"<a href='{href}'>{number}</a>" for number, href in enumerate(hrefs))
    return f"<html><title>T | Site</title><body><h1>Detention <b>Management</b></h1>{links}</body></html>".encode()


def test_a_page_without_files() -> None:
    proposal = propose(capture(page("/about", "mailto:x@y.z")))
    assert proposal.id == "example/detention-management"
    assert (proposal.source.title, proposal.source.publisher) == ("Detention Management", "EXAMPLE")
    assert [series.name for series in proposal.source.series] == ["page"]


def test_files_that_differ_in_dates_are_releases_of_one_document() -> None:
    body = page(
        "/doclib/detention/FY26_detentionStats02022026.xlsx",
        "/doclib/detention/FY25_detentionStats09242025.xlsx",
        "/doclib/detention/FY24_detentionStats.xlsx",
        "/doclib/participatingAgencies04212025am.xlsx",
    )
    proposal = propose(capture(body))
    assert [(series.name, series.each_file, len(series.files)) for series in proposal.series] == [
        ("participating-agencies", False, 1),
        ("detention-stats", False, 3),
    ]
    _, agencies, stats = proposal.source.series
    assert stats.pattern is not None
    assert agencies.pattern is not None
    assert re.search(stats.pattern, "https://www.example.gov/doclib/detention/FY27_detentionStats10302026.xlsx")
    assert re.search(stats.pattern, "https://www.example.gov/doclib/detention/FY22-detention-stats.XLS")
    assert not re.search(stats.pattern, "https://www.example.gov/doclib/participatingAgencies05012025.xlsx")
    assert re.search(agencies.pattern, "https://www.example.gov/doclib/participatingAgencies05012025pm.xlsx")


def test_monthly_pdfs_are_releases_and_others_are_documents_of_their_own() -> None:
    body = page(
        "/pdf/removals-by-jurisdiction-april-2010.pdf",
        "/pdf/removals-by-jurisdiction-june-2010.pdf",
        "/moa/WallerCoTx2020-02-12.pdf",
        "/moa/SuwanneeCoFl2019-10-15.pdf",
        "/moa/KansasBureau.pdf",
    )
    proposal = propose(capture(body))
    assert [(series.name, series.each_file, len(series.files)) for series in proposal.series] == [
        ("removals-by-jurisdiction", False, 2),
        ("moa-pdf", True, 3),
    ]
    assert proposal.source.series[2].recheck == dt.timedelta(days=7)


def test_a_name_that_holds_another_is_a_series_of_its_own() -> None:
    proposal = propose(capture(page("/d/stats.xlsx", "/d/detentionStats02022026.xlsx", "/d/atdstats.xlsx?v=2")))
    links = [found for series in proposal.series for found in series.files]
    assert len(links) == 3
    for series in proposal.series:
        for found in series.files:
            first = next(
                each for each in proposal.source.series if each.pattern and re.search(each.pattern, found.url)
            )
            assert first.name == series.name


def test_files_of_the_navigation_are_left_out() -> None:
    body = page("/a/one.pdf").replace(b"<body>", b"<body><nav><a href='/site/privacy.pdf'>Privacy</a></nav>")
    assert [series.name for series in propose(capture(body)).series] == ["a-pdf"]


def test_a_list_of_pages_is_proposed_in_comments_that_are_a_series_once_they_are_none() -> None:
    body = page(*(f"/detain/facilities/{name}" for name in "abcd"), "/about", "?page=1", "?page=3")
    proposal = propose(capture(body))
    assert [series.name for series in proposal.source.series] == ["page"]
    lines = [line.removeprefix("#") for line in proposal.text.splitlines()]
    source = read_source("\n".join(lines), id="x", name="x.yaml")
    assert source.pages == 4
    assert source.series[1].each_file
    assert re.search(str(source.series[1].pattern), "https://www.example.gov/detain/facilities/adelanto")


def test_a_list_over_several_pages() -> None:
    assert propose(capture(page("/a/one.pdf", "?page=1", "?page=12"))).source.pages == 13


def test_a_file_is_a_source_too() -> None:
    proposal = propose(
        capture(b"%PDF-1.4\n%%EOF", url="https://tracreports.org/x/sc-activated.pdf"), publisher="TRAC"
    )
    assert (proposal.id, proposal.source.publisher) == ("trac/sc-activated", "TRAC")
    assert proposal.series == ()


def test_an_address_that_shows_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="the server answered 403; it refuses this program"):
        propose(capture(b"", verdict=Verdict.BLOCKED))


NAMES = st.text(alphabet="abcXYZ019-_ %.()é", min_size=1, max_size=20)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from((".pdf", ".xlsx", ".csv", ".PDF?v=2"))), max_size=8),
    st.sampled_from(["files", "a b", "a%20b", "é(1)"]),
)
def test_every_pattern_proposed_finds_the_files_that_it_was_made_from(
    names: list[tuple[str, str]], folder: str
) -> None:
    proposal = propose(capture(page(*(f"/{folder}/{name}{suffix}" for name, suffix in names))))
    for series in proposal.series:
        for found in series.files:
            assert re.search(series.pattern, found.url), (series.pattern, found.url)
