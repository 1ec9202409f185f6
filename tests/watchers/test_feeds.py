"""Lists that are no web pages, and pages that show a document inside themselves or in a viewer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.model import Series
from watchers.following.documents import find_further_pages, find_next_page, sort_by_series
from watchers.following.feeds import is_index, read_list
from watchers.following.links import find_files, find_links
from watchers.following.tucked import read_tucked

BASE = "https://agency.example.gov/list"


def urls_of(body: bytes, base: str = BASE) -> list[str]:
    return [link.url for link in find_links(body, base_url=base)]


ATOM = b"""<?xml version="1.0"?><!-- made daily --><feed xmlns="http://www.w3.org/2005/Atom">
<link rel="self" href="/self"/>
<entry><title>Removals in May</title><link href="/f/may.csv"/><link rel="enclosure" href="/f/may.xlsx"/>
<link rel="replies" href="/talk"/></entry><entry><title type="html">Removals &lt;b&gt;April</title>
<content src="/f/april.pdf" type="application/pdf"/></entry></feed>"""
RSS = b"""<rss version="2.0" xmlns:media="urn:m"><channel><link>https://agency.example.gov/</link><item>
<title>Deaths</title><link>/deaths.pdf</link><guid>https://agency.example.gov/deaths.pdf</guid></item><item>
<title>Audio</title>
<enclosure url="/a.mp3" length="1" type="audio/mpeg"/><guid isPermaLink="false">77</guid></item>
</channel></rss>"""
SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://agency.example.gov/a </loc><lastmod>2026-01-01</lastmod></url>
<url><loc>https://agency.example.gov/b</loc></url></urlset>"""
INDEX = (
    SITEMAP.replace(b"urlset", b"sitemapindex").replace(b"<url>", b"<sitemap>").replace(b"</url>", b"</sitemap>")
)


def test_an_atom_feed_lists_its_entries_and_what_they_enclose() -> None:
    links = find_links(ATOM, base_url=BASE)
    host = "https://agency.example.gov"
    assert [link.url for link in links] == [f"{host}/f/may.csv", f"{host}/f/may.xlsx", f"{host}/f/april.pdf"]
    assert links[0].text == "Removals in May"


def test_an_rss_feed_lists_its_items() -> None:
    assert urls_of(RSS) == ["https://agency.example.gov/deaths.pdf", "https://agency.example.gov/a.mp3"]


def test_a_sitemap_and_an_index_of_sitemaps() -> None:
    assert urls_of(SITEMAP) == ["https://agency.example.gov/a", "https://agency.example.gov/b"]
    assert is_index(INDEX)
    assert find_further_pages(INDEX, base_url=BASE, limit=1) == ["https://agency.example.gov/a"]


def test_a_catalogue_in_json() -> None:
    catalogue = {
        "title": "Data",
        "dataset": [
            {
                "title": "Arrests",
                "landingPage": "https://x.example/arrests",
                "distribution": [{"downloadURL": "/a.csv"}],
            },
            {"name": "Deaths", "files": [{"file": "deaths-2026.xlsx", "note": "yes/no"}]},
        ],
    }
    links = find_links(json.dumps(catalogue).encode(), base_url=BASE)
    assert [(link.url.rpartition("/")[2], link.text) for link in links] == [
        ("arrests", "Arrests"),
        ("a.csv", "Arrests"),
        ("deaths-2026.xlsx", "Deaths"),
    ]


@given(st.binary(max_size=300))
def test_rubbish_after_a_feeds_beginning_harms_nobody(rest: bytes) -> None:
    for start in (b"<feed>", b"<rss><item>", b'{"a": [', b"<urlset><url><loc>"):
        read_list(start + rest)
        find_links(start + rest, base_url=BASE)


def test_entities_of_a_feed_are_not_resolved(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://agency.example.gov/secret")
    body = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss><item><link>&x;</link></item></rss>'
    assert "secret" not in "".join(urls_of(body.encode()))


def test_what_a_page_shows_inside_itself_is_linked() -> None:
    body = (
        b"<html><body><iframe src='/a.pdf'></iframe><object data='b.pdf'></object><embed src=/c.pdf></body></html>"
    )
    assert urls_of(body) == [f"https://agency.example.gov/{name}.pdf" for name in "abc"]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/viewer.html?file=/pdfs/a.pdf", "https://agency.example.gov/pdfs/a.pdf"),
        ("/view?url=https%3A%2F%2Ffiles.example%2Fb.xlsx&zoom=1", "https://files.example/b.xlsx"),
        ("/view?src=c.docx#page=2", "https://agency.example.gov/c.docx"),
    ],
)
def test_a_viewers_link_is_that_of_what_it_shows_too(link: str, shown: str) -> None:
    assert shown in urls_of(f"<html><body><a href='{link}'>Agreement</a></body></html>".encode())


def test_a_query_that_names_no_file_is_no_viewer() -> None:
    assert len(urls_of(b"<html><body><a href='/search?q=a.pdf&url=/about'>Search</a></body></html>")) == 1


@pytest.mark.parametrize(
    "more",
    [
        "<a rel=next href='/list?cursor=xyz'>More</a>",
        "<link rel='next' href='/list?cursor=xyz'>",
        "<a rel='nofollow NEXT' href='?cursor=xyz'>More</a>",
    ],
)
def test_a_list_says_where_it_goes_on(more: str) -> None:
    body = f"<html><body><a href='/1.csv'>1</a>{more}</body></html>".encode()
    assert find_next_page(body, base_url=BASE) == f"{BASE}?cursor=xyz"


@pytest.mark.parametrize(
    "header",
    [
        '</list?cursor=xyz>; rel="next"',
        '<https://agency.example.gov/list>; rel=first, </list?cursor=xyz>; title="a, b"; rel=next',
        '<?cursor=xyz>;rel="prefetch NEXT"',
    ],
)
def test_a_list_says_in_its_header_where_it_goes_on(header: str) -> None:
    assert find_next_page(b'["/1.csv"]', base_url=BASE, header=header) == f"{BASE}?cursor=xyz"


@pytest.mark.parametrize(
    "header",
    ['</list?cursor=xyz>; rel="prev"', "<https://elsewhere.example/>; rel=next", "next", '</a>; title="rel=next"'],
)
def test_a_header_without_a_way_on_leads_nowhere(header: str) -> None:
    assert find_next_page(b'["/1.csv"]', base_url=BASE, header=header) is None


def test_offsets_lead_from_page_to_page() -> None:
    body = (
        b"<html><body><a href='?offset=0'>1</a><a href='?offset=20'>2</a><a href='?offset=40'>3</a></body></html>"
    )
    assert find_next_page(body, base_url=f"{BASE}?offset=20") == f"{BASE}?offset=40"
    assert find_next_page(body, base_url=f"{BASE}?offset=40") is None
    assert find_next_page(b"<html><body><a href='/else?offset=9'>x</a></body></html>", base_url=BASE) is None


def test_a_list_never_goes_on_on_another_host() -> None:
    body = b"<html><body><a rel=next href='https://elsewhere.example/list?offset=2'>More</a></body></html>"
    assert find_next_page(body, base_url=BASE) is None


@pytest.mark.parametrize("link", ["/download.php?file=a.pdf", "/get?doc=/files/a.pdf&id=3", "/reviews?file=a.pdf"])
def test_a_program_that_hands_out_what_its_query_names_is_no_viewer(link: str) -> None:
    found = find_links(f"<a href='{link}'>A</a>".encode(), base_url=BASE)
    (only,) = sort_by_series(found, [Series("files", "F", pattern=r"\.pdf", each_file=True)])
    assert only[1].url == f"https://agency.example.gov{link}"


def test_a_viewer_is_the_way_to_a_document_and_none_itself() -> None:
    found = find_links(b"<a href='/viewer.html?file=/files/a.pdf'>A</a>", base_url=BASE)
    (only,) = sort_by_series(found, [Series("files", "F", pattern=r"/files/", each_file=True)])
    assert only[1].url == "https://agency.example.gov/files/a.pdf"


@pytest.mark.parametrize(
    "tucked",
    [
        "<button data-href='/f/a.csv'>Download</button>",
        "<a href='#' onclick=\"window.open('/f/a.csv', '_blank')\">Download</a>",
        "<form action='/f/a.csv'><button>Download</button></form>",
        "<select><option value='/f/a.csv'>May</option></select>",
        '<script type="application/ld+json">{"distribution": [{"contentUrl": "\\/f\\/a.csv"}]}</script>',
        '<script id=state type=\'application/json\'>{"files": ["/f/a.csv", "no.csv here"]}</script>',
    ],
)
def test_a_file_that_no_link_names(tucked: str) -> None:
    page = f"<html><body><p>Removals by county.</p>{tucked}</body></html>".encode()
    files = [each.url for each in find_files(page, base_url=BASE) if each.url.endswith(".csv")]
    assert files == ["https://agency.example.gov/f/a.csv"]


def test_what_is_no_file_is_not_found_outside_of_links() -> None:
    page = b"<form action='/search'><input value='a.b'><button data-href='/about'>About</button></form>"
    assert find_files(b"<html><body>" + page + b"</body></html>", base_url=BASE) == []


@pytest.mark.parametrize("way", ["Next", "Next page ›", "Weiter", "Siguiente »", "Older posts"])
@pytest.mark.parametrize("href", ["/list/page/2", "/list/2/", "/list?start=x", "/list/page/2?year=2026"])
def test_a_link_called_next_leads_on_in_its_own_list(way: str, href: str) -> None:
    body = f"<html><body><a href='/1.csv'>1</a><a href='{href}'><span>{way}</span></a></body></html>".encode()
    assert find_next_page(body, base_url=BASE) == f"https://agency.example.gov{href}"


@pytest.mark.parametrize("href", ["/news/next-of-kin", "https://other.example/list/2", "#", "/list", "/lists/2"])
def test_a_link_called_next_that_leads_elsewhere_is_not_followed(href: str) -> None:
    body = f"<html><body><a href='/1.csv'>1</a><a href='{href}'>Next</a></body></html>".encode()
    assert find_next_page(body, base_url=BASE) is None


@pytest.mark.parametrize(
    "piece", [b"<script type=application/json>", b"<x data-a='", b"<x onclick=\"'a", b'"/a.csv']
)
def test_a_page_of_beginnings_without_ends_costs_no_more_than_its_length(piece: bytes) -> None:
    assert list(read_tucked(piece * 100_000)) == []
