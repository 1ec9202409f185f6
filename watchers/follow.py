"""From a listing page to the documents of its series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from state.model import Series

_READ: Final = 5_000_000  # bytes of a page that are read for links; real listings stay under 1 MB


@dataclass(frozen=True, slots=True)
class Found:
    """A document that a page links: its absolute address without fragment, and the words of the link."""

    url: str
    text: str


def find_documents(body: bytes, *, base_url: str, series: Series) -> list[Found]:
    """The documents of ``series`` that the page links, in order, each address once."""
    return documents_among(find_links(body, base_url=base_url), series=series)


def documents_among(links: Iterable[Found], *, series: Series) -> list[Found]:
    """Those of ``links`` that are documents of ``series``."""
    if series.pattern is None:
        return []
    pattern = re.compile(series.pattern)
    return [link for link in links if pattern.search(link.url)]


def find_links(body: bytes, *, base_url: str) -> list[Found]:
    """Every http link of a page in order, each address once with its first words."""
    page = BeautifulSoup(body[:_READ], "lxml")
    base = _base_of(page, base_url)
    found: dict[str, Found] = {}
    for tag in page.find_all(["a", "area"], href=True):
        url = absolute(str(tag["href"]), base)
        if url is not None and (url not in found or not found[url].text):
            found[url] = Found(url, _words_of(tag))
    return list(found.values())


def find_further_pages(body: bytes, *, base_url: str, limit: int) -> list[str]:
    """Addresses of the further pages of a listing (``?page=N``), in order, at most ``limit``.

    A pager that shows only some of its pages ("1 2 3 … last") is filled in up to the highest that it names.
    """
    here = urlsplit(base_url)
    numbers = {
        int(value): link.url
        for link in find_links(body, base_url=base_url)
        if urlsplit(link.url)[:3] == here[:3] and (value := _page_number(link.url)) is not None
    }
    if not numbers or limit < 1:
        return []
    highest = max(numbers)
    sample = numbers[highest]
    current = int(_page_number(base_url) or 0)
    wanted = [number for number in range(min(numbers), highest + 1) if number > current][:limit]
    return [numbers.get(number) or re.sub(r"([?&]page=)\d+", rf"\g<1>{number}", sample) for number in wanted]


def absolute(href: str, base: str) -> str | None:
    """The address a link leads to, or None where it leads to no web page (mailto:, javascript:, #)."""
    cleaned = re.sub(r"[\t\r\n]", "", href).strip()
    if not cleaned or cleaned.startswith("#"):
        return None
    try:
        url, _ = urldefrag(urljoin(base, cleaned.replace("\\", "/")))
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return url.replace(" ", "%20")


def _base_of(page: BeautifulSoup, base_url: str) -> str:
    tag = page.find("base", href=True)
    return (absolute(str(tag["href"]), base_url) if isinstance(tag, Tag) else None) or base_url


def _words_of(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split()) or str(tag.get("title") or tag.get("aria-label") or "").strip()


def _page_number(url: str) -> str | None:
    values: Sequence[str] = parse_qs(urlsplit(url).query).get("page", ())
    return next((value for value in values if value.isdigit() and len(value) < 5), None)
