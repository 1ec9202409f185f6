"""From a listing page to the documents of its series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from state.model import Series
from watchers.following.links import Found, find_links


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


def _page_number(url: str) -> str | None:
    values: Sequence[str] = parse_qs(urlsplit(url).query).get("page", ())
    return next((value for value in values if value.isascii() and value.isdigit() and len(value) < 5), None)
