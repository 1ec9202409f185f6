from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.watchers.test_follow import BASE, link, page
from watchers.following.links import absolute, find_links, read_as_it_goes, read_with_soup

WORDS = st.text(st.sampled_from("ab \n\u00e9&;"), max_size=8)
HREFS = st.sampled_from(["/a.pdf", "b.xlsx?x=1&amp;y=2", "#top", "", "mailto:a@b.gov", "http://h/\u00e9"])


AROUND = (
    *(f"<{name}>{{0}}</{name}>" for name in ("b", "p", "div", "li", "td", "table", "ruby", "rt")),
    *(f"<{name}>{{1}}</{name}>{{0}}" for name in ("script", "style", "template")),
    "<a href='{2}'>{0}</a>",
    "<a href='{2}' title='{1}'>{0}",
    "<a name='n'>{0}</a>",
    "<map><area href='{2}' aria-label='{1}'></map>{0}",
    "{1}<!-- <a href='/c'>{1}</a> -->{0}",
    "<base href='{2}'>{0}",
)
"""What may stand around a part of a page, as publishers write it: links in links, left open, with comments."""


@st.composite
def pages(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(st.sampled_from(AROUND), WORDS, HREFS, st.booleans()), max_size=12))
    page = draw(WORDS)
    for form, words, href, beside in parts:
        part = form.format(words if beside else page, words, href)
        page = page + part if beside else part
    return page


@settings(max_examples=examples(400))
@given(pages())
def test_both_ways_read_the_same_of_a_page(body: str) -> None:
    markup = f"<html><body>{body}</body></html>".encode()
    soup, going = read_with_soup(markup), read_as_it_goes(markup)
    assert soup.base == going.base
    assert [(each.href, each.text) for each in soup.links] == [(each.href, each.text) for each in going.links]


@pytest.mark.parametrize("filler", ["", "<i>x</i>" * 20_000], ids=["ordinary", "large"])
@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("Caf&eacute; &amp; <b>more</b>", "Caf\u00e9 & more"),
        (" \n " * 100 + "far " + " " * 300 + "apart", "far apart"),
        ("outer <span>and <a href='/inner'>inner</a> after</span> all", "outer and"),
        ("<i>" * 30 + "deep", "deep"),
        ("x<script>y</script><!-- z -->", "x"),
        ("w" * 70_000, "w" * 200),
    ],
)
def test_the_words_of_a_link(inside: str, words: str, filler: str) -> None:
    body = f"<html><body><a href='/a.pdf'>{inside}</a>{filler}<a href='/last.pdf'>Last</a></body></html>".encode()
    found = find_links(body, base_url=BASE)
    assert (found[0].text, found[-1].text) == (words, "Last")


def test_a_large_page_loses_no_link() -> None:
    rows = "".join(
        f"<tr><td><a href='/doc/{number}.pdf'>Report {number}</a></td></tr>" for number in range(12_000)
    )
    found = find_links(f"<html><body><table>{rows}</table></body></html>".encode(), base_url="http://h/")
    assert [(each.url, each.text) for each in found] == [
        (f"http://h/doc/{number}.pdf", f"Report {number}") for number in range(12_000)
    ]


def test_links_behind_thousands_of_elements_that_nobody_closed() -> None:
    body = b"<html><body>" + b"<font><div>" * 12_000 + b"<a href='/a.pdf'>A</a>"
    assert [each.url for each in find_links(body, base_url="http://h/")] == ["http://h/a.pdf"]


@pytest.mark.parametrize("odd", ["utf-16", "utf-7", "punycode", "idna", "base64", "no-such", "raw_unicode_escape"])
def test_an_encoding_in_which_no_page_can_say_so(odd: str) -> None:
    body = page(link("/a.pdf", "A \\ud800"), head=f"<meta charset='{odd}'>")
    assert [each.url for each in find_links(body, base_url="http://h/")] == ["http://h/a.pdf"]


@pytest.mark.parametrize("body", ["a/b.html", "http://h/a", "<?xml version='1.0'?><rss><link>x</link></rss>"])
def test_nothing_is_printed_of_a_page_that_is_none(body: str) -> None:
    code = f"from watchers.following.links import find_links; print(find_links({body.encode()!r}, base_url='http://h/'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a.pdf", "https://www.example.gov/detain/a.pdf"),
        ("/a.pdf", "https://www.example.gov/a.pdf"),
        ("//cdn.example.gov/a.pdf", "https://cdn.example.gov/a.pdf"),
        ("  /a.pdf\n", "https://www.example.gov/a.pdf"),
        ("/do\nclib/a.pdf", "https://www.example.gov/doclib/a.pdf"),
        ("/a b.pdf", "https://www.example.gov/a%20b.pdf"),
        ("/a.pdf#page=3", "https://www.example.gov/a.pdf"),
        ("?page=2", "https://www.example.gov/detain/list?page=2"),
        ("\\files\\a.pdf", "https://www.example.gov/files/a.pdf"),
        ("HTTPS://WWW.example.gov/a.pdf", "https://WWW.example.gov/a.pdf"),
        ("/caf\u00e9.pdf", "https://www.example.gov/caf\u00e9.pdf"),
        ("", None),
        ("#top", None),
        ("mailto:a@example.gov", None),
        ("tel:+1", None),
        ("javascript:void(0)", None),
        ("data:text/html,x", None),
        ("ftp://example.gov/a.pdf", None),
        ("http://[bad/a.pdf", None),
        ("http:///a.pdf", None),
    ],
)
def test_addresses(href: str, url: str | None) -> None:
    assert absolute(href, BASE) == url


@given(st.text(max_size=60))
def test_no_link_however_odd_breaks_the_reading(href: str) -> None:
    found = absolute(href, BASE)
    assert found is None or found.startswith(("http://", "https://", "HTTP"))


@given(st.binary(max_size=300))
def test_no_page_however_odd_breaks_the_reading(body: bytes) -> None:
    find_links(body, base_url=BASE)


def test_a_base_element_is_respected() -> None:
    found = find_links(page(link("a.pdf"), head='<base href="/files/">'), base_url=BASE)
    assert [item.url for item in found] == ["https://www.example.gov/files/a.pdf"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_words_in_other_encodings(encoding: str) -> None:
    declared = f"<meta charset='{encoding}'>" if encoding != "utf-16" else ""
    body = page(link("/a.pdf", "Café"), head=declared).decode().encode(encoding)
    assert [item.text for item in find_links(body, base_url=BASE)] == ["Café"]
