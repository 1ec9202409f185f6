"""Each shipped source against a listing in its publisher's manner, and against real pages where they are at hand.

A link of a listing names in ``data-series`` the series that has to find it; every other link is navigation.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from state.model import Source
from watchers.following.documents import documents_among
from watchers.following.links import absolute, find_links
from watchers.sources.load import SHIPPED, load_sources

LISTINGS = Path(__file__).parent / "listings"
REAL = Path(__file__).parents[3] / "shared" / "releases" / "ice-html-pages-single-capture"
SOURCES = {source.id: source for source in load_sources([SHIPPED])}
FOLLOWING = sorted(id for id, source in SOURCES.items() if any(series.pattern for series in source.series))


def found_in(body: bytes, source: Source, *, base_url: str) -> dict[str, str]:
    """Each document that the source finds, with the first series that it matches."""
    links = find_links(body, base_url=base_url)
    found: dict[str, str] = {}
    for series in source.series:
        for document in documents_among(links, series=series):
            found.setdefault(document.url, series.name)
    return found


def wanted_in(body: bytes, source: Source) -> dict[str, str]:
    """What the marks of a listing say that the source has to find."""
    marked = LexborHTMLParser(body).css("a[data-series]")
    urls = (
        (absolute(str(link.attributes["href"]), source.url), link.attributes["data-series"]) for link in marked
    )
    return {url: str(series) for url, series in urls if url}


FEEDS = {
    "oversight/gao-reports": ("reports", 2),
    "oversight/federal-register-ice": ("documents", 2),
    "oversight/federal-register-eoir": ("documents", 2),
}


@pytest.mark.parametrize("id", FEEDS)
def test_a_feed_yields_its_documents_and_rolls(id: str) -> None:
    source, (series, count) = SOURCES[id], FEEDS[id]
    found = found_in((LISTINGS / f"{id}.xml").read_bytes(), source, base_url=source.url)
    assert list(found.values()) == [series] * count
    assert all(each.rolling for each in source.series if each.pattern)  # a feed holds the newest only


@pytest.mark.parametrize("id", [id for id in FOLLOWING if id not in FEEDS])
def test_a_listing_yields_its_documents_and_no_navigation(id: str) -> None:
    source, body = SOURCES[id], (LISTINGS / f"{id}.html").read_bytes()
    wanted = wanted_in(body, source)
    assert found_in(body, source, base_url=source.url) == wanted
    assert set(wanted.values()) == {series.name for series in source.series if series.pattern}


@pytest.mark.skipif(not REAL.is_dir(), reason="no real pages of ice.gov beside the checkout")
@pytest.mark.parametrize("id", [id for id in FOLLOWING if id.startswith("ice/")])
def test_the_navigation_of_real_pages_is_no_document(id: str) -> None:
    """What remains are files and releases that the page itself tells of."""
    for path in sorted(REAL.glob("*.html")):
        for url in found_in(path.read_bytes(), SOURCES[id], base_url="https://www.ice.gov/node/1"):
            assert re.search(r"/doclib/.*\.pdf$|/news/releases/[\w-]{20,}$", url), (path.name, url)
