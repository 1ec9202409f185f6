"""HTML -> Document: the main content of a page as a reader sees it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from diffing.readers.html.chrome import find_content
from diffing.readers.html.excess import without_excess
from diffing.readers.html.head import head_dates, read_base, read_metadata
from diffing.readers.html.roles import build_tables
from diffing.readers.html.walk import Page, Time, walk
from diffing.readers.statements.dates import find_dates, mark_flaws, may_state_date, read_date
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.grid import read_grid
from state.document import Block, DateRole, Document, ReadingHints, StatedDate, Table, Where
from state.errors import ReadingError
from state.formats import HTML

_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LARGEST: Final = 64 << 20
_TAIL: Final = 4_096
_DEEPEST: Final = 15_000
"""Elements inside one another: this deep, the parser needs about half a second."""

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_CLOSED_BY_OTHERS: Final = frozenset(
    {
        "p", "li", "td", "th", "tr", "dt", "dd", "option", "optgroup", "tbody", "thead", "tfoot", "col",
        "colgroup", "br", "hr", "img", "input", "meta", "link", "area", "base", "embed", "param", "source",
        "track", "wbr",
    }
)  # fmt: skip
"""Elements that have no end tag, or may leave it out."""

_MUST_CLOSE: Final = ("table", "script", "style", "main", "article")
_DATELINE_BLOCKS: Final = 4
_DATELINE_LENGTH: Final = 120
_DATELINE: Final = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(\w+\.?\s+\d{1,2},\s+\d{4})", re.IGNORECASE
)


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a page. Raises ``ReadingError`` where the bytes are no text or a selector of the hints is none."""
    if len(body) > _LARGEST:
        raise ReadingError(f"the page is larger than {_LARGEST >> 20} MB")
    text = decode(body)
    if _is_too_deep(text):
        raise ReadingError(f"the page nests its elements more than {_DEEPEST:,} deep")
    if _is_cut(text):
        raise ReadingError("the page is cut off in the middle")
    text = without_excess(text)
    tree = LexborHTMLParser(text)
    build_tables(tree, text)
    metadata = read_metadata(tree)
    title = tree.css_first("title")
    try:
        roots = find_content(tree, include=hints.include)
        excluded = frozenset(node.mem_id for selector in hints.exclude for node in tree.css(selector))
    except SelectolaxError as error:
        raise ReadingError(f"a CSS selector of the source file cannot be read: {error}") from error
    in_article = bool(hints.include) or (bool(roots) and roots[0].tag != "body")
    page = walk(roots, excluded=excluded, in_article=in_article)
    headline = page.headline or _headline_outside(tree)
    tables, blocks = _read_tables(page, hints=hints)
    return Document(
        media_type=HTML,
        title=" ".join(title.text().split()) if title is not None else "",
        headline=headline,
        blocks=blocks,
        tables=tables,
        definitions=find_definitions(blocks=blocks, tables=tables),
        links=tuple(page.links),
        dates=tuple(mark_flaws([*_visible_dates(blocks, page.times), *head_dates(tree, metadata)])),
        metadata=metadata,
        base_url=read_base(tree),
        remarks=tuple(_remarks(page, blocks, tables, hints)),
    )


def decode(body: bytes) -> str:
    """The text of a page: by byte order mark, else as its <meta> says, else UTF-8, else Windows-1252."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = _CHARSET.search(body[:4096])
    names = ([declared.group(1).decode("ascii")] if declared else []) + ["utf-8"]
    for name in names:
        try:
            return body.decode("windows-1252" if name.lower() in ("iso-8859-1", "latin1", "ascii") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", "replace")


def _is_too_deep(text: str) -> bool:
    """Whether elements that need an end tag are nested deeper than the parser, whose time is quadratic, bears."""
    begun = text.count("<")
    if begun <= _DEEPEST or begun - 2 * text.count("</") <= _DEEPEST:
        return False
    depth = 0
    for match in _TAG.finditer(text):
        if match.group(2).lower() not in _CLOSED_BY_OTHERS:
            depth += -1 if match.group(1) else 1
            if depth > _DEEPEST:
                return True
    return False


def _is_cut(text: str) -> bool:
    """Whether a page ends in the middle of a tag or of a part that must be closed. Fragments are not judged."""
    lower = text[-_TAIL:].lower()
    if "</html" in lower or "</body" in lower or "<html" not in text[:_TAIL].lower():
        return False
    whole = text.lower()
    return lower.rfind("<") > lower.rfind(">") or any(
        whole.count(f"<{name}") > whole.count(f"</{name}") for name in _MUST_CLOSE
    )


def _headline_outside(tree: LexborHTMLParser) -> str:
    """The first <h1> of the whole page, for pages that keep it outside their main content."""
    heading = tree.css_first("h1")
    return "" if heading is None else " ".join(heading.text().split())


def _read_tables(page: Page, *, hints: ReadingHints) -> tuple[tuple[Table, ...], tuple[Block, ...]]:
    """The tables of the page's grids; what their grids hold besides goes among the blocks in its place."""
    tables: list[Table] = []
    blocks: list[Block] = []
    done = 0
    for grid, position in page.grids:
        blocks.extend(page.blocks[done:position])
        done = position
        reading = read_grid(grid, hints=hints)
        found = [replace(table, section=table.section or grid.section) for table in reading.tables]
        below = _notes_below(page.blocks, position) if found else ()
        if below:
            found[-1] = replace(found[-1], notes=(*found[-1].notes, *below))
        tables.extend(found)
        blocks.extend(replace(block, heading=block.heading or grid.section) for block in reading.blocks)
    blocks.extend(page.blocks[done:])
    return tuple(tables), tuple(blocks)


def _notes_below(blocks: Sequence[Block], position: int) -> tuple[str, ...]:
    """The notes that follow a table without anything between."""
    notes = []
    for block in blocks[position:]:
        if block.kind != "note":
            break
        notes.append(block.text)
    return tuple(notes)


def _visible_dates(blocks: Sequence[Block], times: Sequence[Time]) -> Iterator[StatedDate]:
    """Dates that the text states, the date line of an article, and <time> elements that say what they are."""
    seen = set()
    for block in blocks:
        if not may_state_date(block.text):
            continue  # nearly all state none: the place of theirs need not be made
        for stated in find_dates(block.text, where=Where(section=" / ".join(block.heading) or None)):
            seen.add(stated.date)
            yield stated
    for block in blocks[:_DATELINE_BLOCKS]:
        match = _DATELINE.match(block.text) if len(block.text) <= _DATELINE_LENGTH else None
        date = read_date(match.group(1)) if match else None
        if match and date is not None and date not in seen:
            seen.add(date)
            yield StatedDate(match.group(1), date, DateRole.PUBLISHED)
    for time in times:
        date = read_date(time.value) or read_date(time.text)
        role = _role_of_time(time)
        if date is not None and role is not None and date not in seen:
            seen.add(date)
            yield StatedDate(time.text or time.value, date, role)


def _role_of_time(time: Time) -> DateRole | None:
    names = time.names.lower()
    if "updated" in names or "modified" in names or "changed" in names:
        return DateRole.LAST_UPDATED
    if any(word in names for word in ("publish", "posted", "entry-date", "pubdate", "created")):
        return DateRole.PUBLISHED
    return None


def _remarks(page: Page, blocks: Sequence[Block], tables: Sequence[Table], hints: ReadingHints) -> Iterator[str]:
    yield from page.remarks
    if not blocks and not tables:
        yield "no part of the page matches the selectors" if hints.include else "the page shows no text"
