from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from state.model import Series
from watchers.following.documents import find_documents, find_further_pages, sort_by_series
from watchers.following.model import Found

BASE = "https://www.example.gov/detain/list"


def page(*links: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{''.join(links)}</body></html>".encode()


def link(href: str, text: str = "x") -> str:
    return f'<a href="{href}">{text}</a>'


@given(st.binary(max_size=300))
def test_no_page_however_odd_breaks_the_pager(body: bytes) -> None:
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


def test_a_document_is_of_the_first_series_that_it_matches() -> None:
    links = [Found(f"http://h/{name}", name) for name in ("a.pdf", "b.xls", "a.pdf")]
    series = [Series("page", "P"), Series("a", "A", pattern="a[.]"), Series("all", "All", pattern="[.]")]
    assert [(name, link.text) for name, link in sort_by_series(links, series)] == [
        ("a", "a.pdf"),
        ("all", "b.xls"),
    ]


def test_what_matches_and_is_not_meant_is_left_out() -> None:
    series = Series("f", "F", pattern=r"\.pdf$", except_="/draft")
    body = page(link("/a.pdf"), link("/draft-b.pdf"), link("/c.pdf"))
    found = find_documents(body, base_url=BASE, series=series)
    assert [item.url.rpartition("/")[2] for item in found] == ["a.pdf", "c.pdf"]


@given(st.text(alphabet="ab/.-é\udc80", max_size=40))
def test_a_nested_quantifier_finds_what_its_plain_form_finds(path: str) -> None:
    nested, plain = Series("f", "F", pattern=r"/((a+)+b?)+\.$"), Series("f", "F", pattern=r"/a[ab]*\.$")
    plain_re = re.compile(r"/(?:a+b?)+\.$")
    address = f"http://h/{path}"
    assert nested.follows(address) == (plain_re.search(address) is not None)
    assert not nested.follows(address) or plain.follows(address)


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
