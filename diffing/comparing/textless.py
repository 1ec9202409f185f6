"""Pages that could be read in one release and show only a picture in the other: nothing on them came or left.

A document that was scanned, or whose fonts lost the map from shapes to characters, looks as it did. Its tables
and sentences have not vanished; that they can no longer be read is one fact. All other pages are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from msgspec.structs import replace

from state.document import Block, Definition, Document, StatedDate, Table

_Part = TypeVar("_Part", Block, Table)


def pages_lost(before: Document, after: Document) -> tuple[int, ...]:
    """The pages of ``after`` that cannot be read as text while those of ``before`` could."""
    if before.textless == after.textless:
        return ()
    whole = not any(block.page not in after.textless for block in after.blocks)
    readable = set(_pages(before)) - set(before.textless)
    return tuple(page for page in after.textless if page in readable or (whole and readable))


def comparable(before: Document, after: Document) -> tuple[Document, Document]:
    """Both documents without what stands on pages that only one of them lets us read."""
    apart = {*pages_lost(before, after), *pages_lost(after, before)}
    if not apart:
        return before, after
    if _unread(before, apart) or _unread(after, apart):
        apart |= {*_pages(before), *_pages(after)}
    links = {link.url for link in before.links} & {link.url for link in after.links}
    left, right = (_without(document, apart, links) for document in (before, after))
    return left, right


def _unread(document: Document, apart: Collection[int]) -> bool:
    """Whether nothing of a document is left beside pages without text, so that its pages need not correspond."""
    return bool(document.textless) and not set(_pages(document)) - set(apart)


def _pages(document: Document) -> list[int]:
    pages = [*(block.page for block in document.blocks), *(table.page for table in document.tables)]
    return [page for page in pages if page is not None]


def _without(document: Document, pages: Collection[int], links: Collection[str]) -> Document:
    blocks = _elsewhere(document.blocks, pages)
    return replace(
        document,
        title="" if document.title == document.headline else document.title,
        headline=document.headline if any(block.text == document.headline for block in blocks) else "",
        blocks=blocks,
        tables=_elsewhere(document.tables, pages),
        definitions=tuple(d for d in document.definitions if not _is_on(d, pages)),
        links=tuple(link for link in document.links if link.url in links),
        dates=tuple(date for date in document.dates if not _is_on(date, pages)),
    )


def _elsewhere(parts: Sequence[_Part], pages: Collection[int]) -> tuple[_Part, ...]:
    return tuple(part for part in parts if part.page not in pages)


def _is_on(part: Definition | StatedDate, pages: Collection[int]) -> bool:
    return part.where.page in pages
