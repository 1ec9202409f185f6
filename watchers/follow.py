"""From a listing page to the documents of its series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from state.model import Series

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

_READ: Final = 5_000_000  # bytes of a page that are read for links; real listings stay under 1 MB
_MOST: Final = 50_000  # links of one page; a hostile one has a million
_LONGEST: Final = 8_192  # characters of an address; servers take no longer ones
_LEADING: Final = 200  # nodes and characters of a link's words: links that hold each other are quadratic
_UNSENDABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_TAGS: Final = ("a", "area", "base")


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


def sort_by_series(links: Sequence[Found], series: Iterable[Series]) -> Iterator[tuple[str, Found]]:
    """The documents among ``links``, each address once, with the name of the first series that it matches."""
    seen: set[str] = set()
    for each in series:
        for document in documents_among(links, series=each):
            if document.url not in seen:
                seen.add(document.url)
                yield each.name, document


def find_links(body: bytes, *, base_url: str) -> list[Found]:
    """Every http link of a page in order, each address once with its first words; at most 50,000."""
    from bs4 import BeautifulSoup, SoupStrainer  # a tenth of a second that a round without a listing saves

    page = BeautifulSoup(body[:_READ], "lxml", parse_only=SoupStrainer([*_TAGS]))
    base = _base_of(page, base_url)
    found: dict[str, Found] = {}
    for tag in page.find_all(["a", "area"], href=True):
        if len(found) == _MOST:
            break
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
    if not cleaned or cleaned.startswith("#") or len(cleaned) > _LONGEST:
        return None
    try:
        url, _ = urldefrag(urljoin(base, cleaned.replace("\\", "/")))
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or len(url) > _LONGEST or _UNSENDABLE.search(url):
        return None
    return url.replace(" ", "%20")


def _base_of(page: BeautifulSoup, base_url: str) -> str:
    from bs4.element import Tag

    tag = page.find("base", href=True)
    return (absolute(str(tag["href"]), base_url) if isinstance(tag, Tag) else None) or base_url


def _words_of(tag: Tag) -> str:
    words = " ".join(" ".join(_leading_texts(tag)).split())
    return (words or str(tag.get("title") or tag.get("aria-label") or "").strip())[:_LEADING]


def _leading_texts(tag: Tag) -> Iterator[str]:
    """The first texts inside a tag, in order. Walked by hand: bs4's ``descendants`` seeks the last one first."""
    from bs4.element import NavigableString, Tag

    rest: list[PageElement] = [tag]
    for _ in range(_LEADING):
        if not rest:
            return
        node = rest.pop()
        if isinstance(node, Tag):
            rest += reversed(node.contents[:_LEADING])
        elif type(node) is NavigableString:
            yield node


def _page_number(url: str) -> str | None:
    values: Sequence[str] = parse_qs(urlsplit(url).query).get("page", ())
    return next((value for value in values if value.isascii() and value.isdigit() and len(value) < 5), None)
