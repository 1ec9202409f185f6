"""Which hosts a page may lead to."""

from __future__ import annotations

import pytest

from state.model import Series, Source
from tests.watchers.loopback import loopback, reply
from watchers.fetch import Fetcher
from watchers.following.documents import find_further_pages
from watchers.following.hosts import followed, names_host, site_of
from watchers.visit import Known

SOURCE = Source(
    "county/x",
    "X",
    "County",
    "https://www.example.gov/list",
    (
        Series("page", "The page"),
        Series("any", "Any", pattern=r"\.pdf$"),
        Series("named", "Named", pattern=r"//files\.example\.org/.*\.xlsx$"),
        Series("states", "States", pattern=r"//[^/]+\.us/"),
    ),
)


def kept(*documents: tuple[str, str], here: str = SOURCE.url) -> list[str]:
    return [each.url for each in followed([Known(*document, "") for document in documents], SOURCE, here=here)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.ice.gov/a", "http://ice.gov:8080/b", True),
        ("https://www.ice.gov/", "https://ICE.gov./", True),
        ("https://www.ice.gov/", "https://www.dhs.gov/", False),
        ("https://www.gov.uk/", "https://assets.publishing.service.gov.uk/", True),
        ("https://a.example.co.uk/", "https://b.example.co.uk/", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("http://10.0.0.1/", "http://10.0.0.2/", False),
        ("http://localhost/", "http://127.0.0.1/", False),
        ("http://[::1]/", "http://[::1]:81/", True),
    ],
)
def test_sites(one: str, other: str, same: bool) -> None:
    assert (site_of(one) == site_of(other)) is same


def test_a_pattern_names_a_host_where_it_would_not_match_another() -> None:
    address = "https://files.example.org/a.xlsx"
    assert names_host(r"//files\.example\.org/", address)
    assert names_host(r"\.org/.*\.xlsx$", address)
    assert not names_host(r"\.xlsx$", address)
    assert not names_host(r"https://[^/]+/.*\.xlsx$", address)
    assert not names_host(r"//other\.example\.org/", address)


def test_documents_of_others_are_followed_only_where_they_are_named() -> None:
    own, moved, other = (
        "https://docs.example.gov/a.pdf",
        "https://new.example.net/a.pdf",
        "https://else.org/a.pdf",
    )
    assert kept(("any", own), ("any", other), ("any", moved)) == [own]
    assert kept(("any", own), ("any", moved), here="https://www.example.net/list") == [own, moved]
    named = "https://files.example.org/a.xlsx"
    assert kept(("named", named)) == [named]


def test_of_very_many_hosts_the_first_are_followed() -> None:
    many = [("states", f"https://county{n}.state{n % 50}.us/{n}") for n in range(100)]
    assert kept(*many) == [url for _, url in many[:8]]


def test_an_index_of_sitemaps_leads_to_its_own_site() -> None:
    index = b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>%s</sitemapindex>" % b"".join(
        b"<sitemap><loc>https://%s/s.xml</loc></sitemap>" % host for host in (b"a.example.gov", b"else.org")
    )
    assert find_further_pages(index, base_url=SOURCE.url, limit=9) == ["https://a.example.gov/s.xml"]


def test_a_stranger_is_not_asked_and_operators_are_told() -> None:
    allowed = frozenset(("127.0.0.1", "localhost"))
    with loopback() as server, Fetcher(contact="t", allow_hosts=allowed) as fetcher:
        theirs = f"{server.url.replace('127.0.0.1', 'localhost')}/theirs.csv"
        body = f"<html><title>T</title><h1>T</h1><a href='/own.csv'>a</a><a href='{theirs}'>b</a></html>".encode()
        page = server.says("/list", reply(body))
        server.says("/own.csv", reply(b"a,b\n1,2\n", content_type="text/csv"))
        server.says("/theirs.csv", reply(b"a,b\n1,2\n", content_type="text/csv"))
        series = (Series("page", "P"), Series("files", "F", pattern=r"\.csv$", each_file=True))
        captures = fetcher.fetch(Source("a/b", "A", "B", page, series, obey_robots=False))
        told = fetcher.unfollowed["a/b"]
    assert server.paths() == ["/list", "/own.csv"]
    assert [url for _, url, _ in captures[0].links] == [f"{server.url}/own.csv", theirs]  # it is still linked
    assert [line for line in told if line.startswith("its page links 1 documents on hosts of others")]
