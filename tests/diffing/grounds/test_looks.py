import pytest

from diffing.grounds.looks import (
    addresses,
    captures_of,
    carries_date,
    file_name,
    is_document,
    name_shape,
    same_address,
    speaks_for_page,
)
from state.model import Verdict
from tests.diffing.rounds import FILES, LETTERS, PAGE, THE_PAGE, looked, round_of, source_of


@pytest.mark.parametrize(
    "name",
    [
        "FY26_detentionStats02022026.xlsx",
        "stats_2024-03-03.csv",
        "20240303-list.pdf",
        "participatingAgencies04212025am.xlsx",
        "report_03-03-2024.pdf",
    ],
)
def test_names_that_carry_a_date(name):
    assert carries_date(name)


@pytest.mark.parametrize(
    "name", ["FY24_detentionStats.xlsx", "report696.pdf", "page.html", "form-i-862.pdf", "99999999.pdf"]
)
def test_names_that_carry_none(name):
    assert not carries_date(name)


def test_releases_of_a_series_share_a_shape():
    assert name_shape("https://x/FY26_stats01222026.xlsx") == name_shape("https://x/FY26_stats02022026.xlsx")
    assert name_shape("https://x/pending04292025pm.xlsx") == name_shape("https://x/pending05122025amB.xlsx")
    assert name_shape("https://x/pending04292025pm.xlsx") != name_shape("https://x/participating04292025pm.xlsx")


@pytest.mark.parametrize("url", ["/doclib/a.pdf", "https://x.gov/a.XLSX?download=1", "b.zip"])
def test_documents(url):
    assert is_document(url)


@pytest.mark.parametrize("url", ["/about", "https://x.gov/", "https://x.gov/page.html", "mailto:a@b.gov", "#top"])
def test_pages_are_no_documents(url):
    assert not is_document(url)


def test_the_pattern_of_a_series_makes_a_document():
    assert is_document("/files/stats.xlsx", series=FILES, base="https://x.gov")


@pytest.mark.parametrize(
    "other",
    ["http://publisher.example/statistics", "https://www.publisher.example/statistics/", f"{PAGE}#top"],
)
def test_one_address_written_otherwise(other):
    assert same_address(PAGE, other)


def test_other_addresses():
    assert not same_address(PAGE, f"{PAGE}?page=2")
    assert not same_address("mailto:a@b", "http://a@b")


def test_file_name_is_readable():
    assert file_name("https://x.gov/a/My%20file.pdf?x=1") == "My file.pdf"


def test_one_series_speaks_for_the_page():
    now = [looked(Verdict.PRESENT, 1)]
    assert speaks_for_page(round_of(now, series=THE_PAGE))
    assert not speaks_for_page(round_of(now, series=FILES))
    assert speaks_for_page(round_of(now, series=FILES, source=source_of(FILES)))


def test_looks_are_joined_over_rounds_each_once():
    first, second = looked(Verdict.PRESENT, 0), looked(Verdict.GONE, 1)
    evidence = round_of([second], before=[first, second])
    assert captures_of(evidence, url=PAGE) == [first, second]


def test_addresses_of_a_series_are_those_captured_for_it():
    file = looked(Verdict.PRESENT, 1, url="https://publisher.example/letters/a.pdf", series="letters")
    evidence = round_of([looked(Verdict.PRESENT, 1), file], series=LETTERS)
    assert addresses(evidence) == [file.url]
