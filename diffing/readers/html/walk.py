"""One walk over the content of a page: blocks under their headings, tables as grids, links, times.

The walk goes along sibling and parent links and keeps its own stacks, so that no depth of nesting can
exhaust Python's.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from diffing.readers.html.chrome import NEVER_READ, is_frame
from diffing.readers.html.tables import MOST_COLUMNS, is_layout, read_table, rows_of, tables_around_tables
from diffing.readers.html.text import BREAKING, collapse, flat, mark_of, text_of
from diffing.readers.tables.cells import Grid
from diffing.readers.tables.plain import PlainTable
from diffing.readers.tables.typed import find_typed, title_over
from state.document import Block, Link

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_NOTE: Final = re.compile(r"[*†‡§]+|\[\w{1,3}\]|notes?\s*:|sources?\s*:|footnotes?\b", re.IGNORECASE)
_NOTE_PLACE: Final = re.compile(
    r"(?:^|\s)(?:foot-?notes?|end-?notes?|table-?notes?|notes?)(?:\s|$|-|_)", re.IGNORECASE
)
_TITLE: Final = re.compile(r"(?:table|exhibit|chart|figure|appendix)\s+[\dA-Z]", re.IGNORECASE)
_SCOPE_NAMES: Final = re.compile(r"(?:^|[\s_-])(?:alert|callout|card|accordion|notice|panel)(?:[\s_-]|$)")
_LONGEST_TITLE: Final = 160
_SCOPES: Final = frozenset({"article", "section", "aside", "details"})
"""What stands after the end of one of these is not under the headings inside it."""

_NO_TARGET: Final = ("#", "javascript:", "tel:", "data:", "about:")


class Time(Struct):
    """A <time> element: its text, its machine-readable value, and the words that its element is called by."""

    text: str
    value: str
    names: str


class Page(Struct):
    """What the walk gathers; blocks are in the order of the page."""

    headline: str = ""
    blocks: list[Block] = field(default_factory=list)
    grids: list[tuple[Grid | PlainTable, int]] = field(default_factory=list)  # with the number of blocks before
    links: list[Link] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class _State(Struct):
    """Where the walk stands."""

    page: Page
    excluded: frozenset[int]  # ids of elements that the source file excludes
    around: frozenset[int] = frozenset()  # ids of tables that hold tables
    parts: list[str] = field(default_factory=list)  # text of the block in hand
    headings: list[tuple[int, str]] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)  # <dt> whose <dd> has not come
    articles: int = 0
    notes: int = 0
    items: int = 0
    outer: list[list[tuple[int, str]]] = field(default_factory=list)  # headings around open sections

    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    def flush(self, kind: str | None = None) -> None:
        """End the block in hand."""
        if not self.parts:
            return
        text = collapse("".join(self.parts))
        self.parts.clear()
        if text:
            self.page.blocks.append(Block(text=text, heading=self.path(), kind=kind or self._kind(text)))

    def _kind(self, text: str) -> str:
        if self.notes or (_NOTE.match(text) and not self.items):
            return "note"
        return "item" if self.items else "paragraph"

    def head(self, text: str, level: int) -> None:
        """A heading: what follows stands under it. The page's main heading is its headline instead."""
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.page.blocks.append(Block(text=text, heading=self.path(), kind="heading"))
        if level == 1 and not self.page.headline:
            self.page.headline = text
        else:
            self.headings.append((level, text))


def walk(roots: list[LexborNode], *, excluded: frozenset[int], in_article: bool) -> Page:
    """Read the elements ``roots`` in turn."""
    state = _State(page=Page(), excluded=excluded, articles=int(in_article))
    for root in roots:
        state.around = tables_around_tables(root)
        _walk_root(root, state)
        state.flush()
        state.headings.clear()
    return state.page


def _walk_root(root: LexborNode, state: _State) -> None:
    node: LexborNode | None = root
    while node is not None:
        inside = _enter(node, state)
        following = node.child if inside else None
        while following is None:
            if inside:
                _leave(node, state)
            if node.mem_id == root.mem_id:
                return
            following = node.next
            if following is None:
                node, inside = node.parent, True
                if node is None:
                    return
        node = following


def _enter(node: LexborNode, state: _State) -> bool:
    """Take what a node says; whether to go inside it."""
    tag = node.tag
    if tag == "-text":
        text = node.text_content or ""
        if state.parts or not text.isspace():
            state.parts.append(flat(text))
        return False
    if tag in NEVER_READ or (state.excluded and node.mem_id in state.excluded):
        return False
    attributes = node.attributes
    if is_frame(node, attributes, in_article=state.articles > 0):
        return False
    return _enter_element(node, tag or "", attributes, state)


def _enter_element(node: LexborNode, tag: str, attributes: dict[str, str | None], state: _State) -> bool:
    if tag in _HEADINGS or tag == "summary":
        return _take_heading(node, tag, state)
    if tag == "table":
        return not _take_table(node, state)
    if tag == "pre":
        return not _take_typed(node, state)
    if tag == "dl":
        return not _take_definitions(node, state)
    if tag == "a":
        _take_link(node, attributes, state.path(), state.page)
    elif tag == "time":
        _take_time(node, attributes, state.page)
    elif tag == "sup":
        mark = mark_of(node)
        if mark is not None:
            state.parts.append(mark)
            for anchor in node.css("a[href]"):
                _take_link(anchor, anchor.attributes, state.path(), state.page)
            return False
    elif tag == "br":
        state.parts.append("\n")
    elif tag == "img" or (tag == "i" and node.child is None):
        state.parts.append(" ")
    elif tag in BREAKING:
        state.flush()
        _count(tag, attributes, state, by=1)
    elif tag == "button":
        return attributes.get("aria-controls") is not None
    return True


def _leave(node: LexborNode, state: _State) -> None:
    tag = node.tag
    if tag in BREAKING and tag not in ("br", "table", "dl"):
        state.flush("caption" if tag == "figcaption" else None)
        _count(tag, node.attributes, state, by=-1)


def _count(tag: str, attributes: dict[str, str | None], state: _State, *, by: int) -> None:
    """Keep track of the articles, lists and footnotes that the walk is inside of."""
    if tag in ("article", "main"):
        state.articles += by
    elif tag == "li":
        state.items += by
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else ""
    if tag in _SCOPES or _SCOPE_NAMES.search(names):
        if by > 0:
            state.outer.append(list(state.headings))
        elif state.outer:
            state.headings = state.outer.pop()
    if tag == "footnote" or _NOTE_PLACE.search(names):
        state.notes += by


def _take_heading(node: LexborNode, tag: str, state: _State) -> bool:
    state.flush()
    text = text_of(node).replace("\n", " ")
    for anchor in node.css("a[href]"):
        _take_link(anchor, anchor.attributes, state.path(), state.page)
    if text:
        level = _HEADINGS.get(tag) or (state.headings[-1][0] + 1 if state.headings else 7)
        state.head(text, level)
    return False


def _take_table(table: LexborNode, state: _State) -> bool:
    """Read a table of data as a grid; False for one that only arranges other content."""
    state.flush()
    rows = rows_of(table)
    if not rows or table.mem_id in state.around or is_layout(table, rows):
        return False
    caption = table.css_first("caption")
    title = text_of(caption).replace("\n", " ") if caption is not None else ""
    above = _title_above(state)
    if not title or above.lower().startswith(title.lower()):
        title = above or title  # "Table 1" as caption under "Table 1. Population by facility"
    grid, cut = read_table(table, rows, title=title, section=state.path())
    if cut:
        state.page.remarks.append(f"a table was cut at {MOST_COLUMNS:,} columns")
    if isinstance(grid, PlainTable) or grid.cells:
        state.page.grids.append((grid, len(state.page.blocks)))
    for anchor in table.css("a[href]"):
        _take_link(anchor, anchor.attributes, state.path(), state.page)
    return True


def _take_typed(pre: LexborNode, state: _State) -> bool:
    """Read the tables of text that is shown as it was typed, and what stands around them; False for none."""
    lines = (pre.text() or "").split("\n")
    tables = find_typed(lines)
    if not tables:
        return False
    state.flush()
    at = 0
    for typed in tables:
        _take_lines(lines[at : typed.first], state)
        title = title_over(lines, typed.first) or _title_above(state)
        state.page.grids.append((replace(typed.grid, title=title, section=state.path()), len(state.page.blocks)))
        at = typed.last + 1
    _take_lines(lines[at:], state)
    for anchor in pre.css("a[href]"):
        _take_link(anchor, anchor.attributes, state.path(), state.page)
    return True


def _take_lines(lines: list[str], state: _State) -> None:
    """Paragraphs of typed text, parted by blank lines."""
    for paragraph in re.split(r"\n\s*\n", "\n".join(lines)):
        state.parts.append(paragraph.strip("\n=-_ "))
        state.flush()


def _title_above(state: _State) -> str:
    """The heading or title line right above a table without a caption, else ""."""
    if not state.page.blocks:
        return ""
    above = state.page.blocks[-1]
    if state.page.grids and state.page.grids[-1][1] == len(state.page.blocks):
        return ""
    is_title = above.kind == "heading" or (len(above.text) <= _LONGEST_TITLE and _TITLE.match(above.text))
    return above.text if is_title else ""


def _take_definitions(group: LexborNode, state: _State) -> bool:
    """Read a definition list: one block a term, the term on its first line. False where it holds tables."""
    if group.css_first("table,dl dl") is not None:
        return False
    state.flush()
    terms: list[str] = []
    wordings: list[str] = []
    for node in group.css("dt,dd"):
        if node.tag == "dt":
            if wordings:
                _emit_definition(terms, wordings, state)
                terms, wordings = [], []
            terms.append(text_of(node).replace("\n", " "))
        else:
            wordings.append(text_of(node))
    _emit_definition(terms, wordings, state)
    for anchor in group.css("a[href]"):
        _take_link(anchor, anchor.attributes, state.path(), state.page)
    return True


def _emit_definition(terms: list[str], wordings: list[str], state: _State) -> None:
    term, wording = ", ".join(filter(None, terms)), "\n".join(filter(None, wordings))
    if term and wording:
        state.page.blocks.append(Block(f"{term}\n{wording}", state.path(), kind="definition"))
    elif term or wording:
        state.page.blocks.append(Block(term or wording, state.path(), kind="item"))


def _take_link(node: LexborNode, attributes: dict[str, str | None], path: tuple[str, ...], page: Page) -> None:
    url = (attributes.get("href") or "").strip()
    if not url or url.lower().startswith(_NO_TARGET):
        return
    text = text_of(node).replace("\n", " ")
    if not text:
        picture = node.css_first("img[alt]")
        text = (picture.attributes.get("alt") or "") if picture is not None else ""
    page.links.append(Link(text or attributes.get("aria-label") or attributes.get("title") or "", url, path))


def _take_time(node: LexborNode, attributes: dict[str, str | None], page: Page) -> None:
    above = node.parent
    around = above.attributes if above is not None else {}
    names = " ".join(
        source.get(name) or ""
        for source in (attributes, around)
        for name in ("class", "itemprop", "property", "pubdate")
    )
    page.times.append(Time(node.text().strip(), attributes.get("datetime") or "", names))
