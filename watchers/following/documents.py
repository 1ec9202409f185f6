"""From a listing page to the documents of its series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

from state.model import Series
from watchers.following.feeds import is_index
from watchers.following.hosts import site_of
from watchers.following.links import absolute, find_links, read_links, resolve_links, viewed_in
from watchers.following.model import Found

_OFFSETS: Final = (
    "offset",
    "start",
    "startindex",
    "start_index",
    "skip",
    "from",
    "first",
    "b_start",
    "pagenum",
    "pg",
    "p",
)
"""Names under which lists say where a page of theirs begins."""
WAY_ON: Final = re.compile(
    r"next|older|next page|older (?:posts|entries)|weiter|nächste(?: seite)?|suivante?|page suivante|siguiente"
    r"|avanti|successiva|volgende|seguinte|próxima|następna|nästa|næste|další",
    re.IGNORECASE,
)
"""What a link is called that leads on in a list, in the languages of most publishers."""
_LINK_VALUE: Final = re.compile(r"<([^<>]{1,4000})>([^<]{0,2000})")
_RELATION: Final = re.compile(r';\s{0,9}rel\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s",;]*))', re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?:/(?:page|seite|pagina|p))?(?:/\d{1,5})?/?(?:index\.\w+)?$", re.IGNORECASE)
"""What stands behind the address of a list for a page of it."""


def find_documents(body: bytes, *, base_url: str, series: Series) -> list[Found]:
    """The documents of ``series`` that the page links, in order, each address once."""
    return documents_among(find_links(body, base_url=base_url), series=series)


def documents_among(links: Iterable[Found], *, series: Series) -> list[Found]:
    """Those of ``links`` that are documents of ``series``."""
    return [link for link in links if series.follows(link.url)] if series.pattern else []


def sort_by_series(links: Sequence[Found], series: Iterable[Series]) -> Iterator[tuple[str, Found]]:
    """The documents among ``links``, each address once, with the name of the first series that it matches.

    A viewer whose query names a document of a series is the way to it, and none itself.
    """
    seen: set[str] = set()
    for each in series:
        for document in documents_among(links, series=each):
            if document.url not in seen and not any(map(each.follows, viewed_in(document.url))):
                seen.add(document.url)
                yield each.name, document


def find_further_pages(body: bytes, *, base_url: str, limit: int) -> list[str]:
    """Addresses of the further pages of a listing (``?page=N``), in order, at most ``limit``.

    A pager that shows only some of its pages ("1 2 3 … last") is filled in up to the highest that it names. Those
    of an index of sitemaps are its sitemaps.
    """
    if is_index(body):
        links = find_links(body, base_url=base_url)
        return [link.url for link in links if site_of(link.url) == site_of(base_url)][:limit]
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


def find_next_page(body: bytes, *, base_url: str, header: str = "") -> str | None:
    """The address on the same host under which a listing goes on, None where it says of none.

    It says so with ``rel=next``, also in ``header``, the "Link" that was sent with it (RFC 8288), with a link to
    itself whose query differs only by a higher offset, or with one that is called "Next" and leads to the same
    list.
    """
    page = read_links(body)
    following = page.following or next_in_header(header)
    said = absolute(following, base_url) if following else None
    if said is not None:
        return said if _is_elsewhere_here(said, base_url) else None
    links = resolve_links(page, base_url=base_url)
    offsets = {_offset_of(link.url): link.url for link in links if _is_same_list(link.url, base_url)}
    current = _offset_of(base_url) or 0
    higher = sorted(offset for offset in offsets if offset is not None and offset > current)
    if higher:
        return offsets[higher[0]]
    return next((link.url for link in links if _is_called_next(link) and _is_further(link.url, base_url)), None)


def next_in_header(header: str) -> str:
    """The address of relation "next" in the value of a "Link" header, "" where there is none."""
    for target, parameters in _LINK_VALUE.findall(header):
        relations = (quoted or bare for quoted, bare in _RELATION.findall(parameters))
        if "next" in next(relations, "").lower().split():
            return str(target).strip()
    return ""


def _is_called_next(link: Found) -> bool:
    return WAY_ON.fullmatch(link.text.strip(" ›»>→…\xa0")) is not None


def _is_further(url: str, base_url: str) -> bool:
    """Whether an address may be of the same list: the same but for a query or a number behind it."""
    there, here = urlsplit(url), urlsplit(base_url)
    same = _NUMBERED.sub("", there.path) == _NUMBERED.sub("", here.path)
    return _is_elsewhere_here(url, base_url) and same


def _is_elsewhere_here(url: str, base_url: str) -> bool:
    return urlsplit(url).netloc == urlsplit(base_url).netloc and url != base_url


def _is_same_list(url: str, base_url: str) -> bool:
    """Whether two addresses are of one list: alike but for where they begin."""
    there, here = urlsplit(url), urlsplit(base_url)
    return there[:3] == here[:3] and _without_offset(there.query) == _without_offset(here.query)


def _without_offset(query: str) -> dict[str, list[str]]:
    return {key: value for key, value in parse_qs(query).items() if key.lower() not in _OFFSETS}


def _offset_of(url: str) -> int | None:
    entries = {key.lower(): value[0] for key, value in parse_qs(urlsplit(url).query).items()}
    value = next((entries[name] for name in _OFFSETS if name in entries), "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None


def _page_number(url: str) -> str | None:
    values: Sequence[str] = parse_qs(urlsplit(url).query).get("page", ())
    return next((value for value in values if value.isascii() and value.isdigit() and len(value) < 5), None)
