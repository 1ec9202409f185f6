from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.model import Series
from watchers.follow import absolute, find_documents, find_further_pages, find_links

BASE = "https://www.example.gov/detain/list"


def page(*links: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{''.join(links)}</body></html>".encode()


def link(href: str, text: str = "x") -> str:
    return f'<a href="{href}">{text}</a>'


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


@settings(deadline=None)  # a loaded machine is no failure
@given(st.text(max_size=60))
def test_no_link_however_odd_breaks_the_reading(href: str) -> None:
    found = absolute(href, BASE)
    assert found is None or found.startswith(("http://", "https://", "HTTP"))


@settings(deadline=None)  # a loaded machine is no failure
@given(st.binary(max_size=300))
def test_no_page_however_odd_breaks_the_reading(body: bytes) -> None:
    find_links(body, base_url=BASE)
    find_further_pages(body, base_url=BASE, limit=5)


def test_documents_of_a_series_each_once_with_their_words() -> None:
    body = page(
        link("/b.pdf", "<b>Second</b>\n report"),
        link("/a.pdf", "<img src='i.png'>"),
        link("/a.pdf#x", "First report"),
        link("/c.xlsx", "No"),
        "<map><area href='/d.PDF' alt='map'></map>",
    )
    found = find_documents(body, base_url=BASE, series=Series("f", "F", pattern=r"(?i)\.pdf$"))
    assert [(item.url.removeprefix("https://www.example.gov"), item.text) for item in found] == [
        ("/b.pdf", "Second report"),
        ("/a.pdf", "First report"),
        ("/d.PDF", ""),
    ]


def test_the_page_itself_has_no_documents() -> None:
    assert find_documents(page(link("/a.pdf")), base_url=BASE, series=Series("page", "P")) == []


def test_a_base_element_is_respected() -> None:
    found = find_links(page(link("a.pdf"), head='<base href="/files/">'), base_url=BASE)
    assert [item.url for item in found] == ["https://www.example.gov/files/a.pdf"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_words_in_other_encodings(encoding: str) -> None:
    declared = f"<meta charset='{encoding}'>" if encoding != "utf-16" else ""
    body = page(link("/a.pdf", "Café"), head=declared).decode().encode(encoding)
    assert [item.text for item in find_links(body, base_url=BASE)] == ["Café"]


class TestFurtherPages:
    def test_a_pager_that_shows_all(self) -> None:
        body = page(link("?page=0", "1"), link("?page=1", "2"), link("?page=2", "3"))
        assert find_further_pages(body, base_url=BASE, limit=10) == [f"{BASE}?page=1", f"{BASE}?page=2"]

    def test_a_pager_that_shows_some_is_filled_in(self) -> None:
        body = page(link("?sort=a&amp;page=1", "2"), link("?sort=a&amp;page=5", "Last »"))
        assert find_further_pages(body, base_url=BASE, limit=10) == [
            f"{BASE}?sort=a&page={n}" for n in range(1, 6)
        ]

    def test_the_limit(self) -> None:
        body = page(link("?page=1"), link("?page=900"))
        assert find_further_pages(body, base_url=BASE, limit=3) == [f"{BASE}?page={n}" for n in (1, 2, 3)]
        assert find_further_pages(body, base_url=BASE, limit=0) == []

    def test_pagers_of_other_lists_do_not_count(self) -> None:
        body = page(link("/news?page=4"), link("https://other.gov/detain/list?page=3"), link("?page=x"))
        assert find_further_pages(body, base_url=BASE, limit=10) == []
