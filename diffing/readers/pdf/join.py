"""Pages together: running heads and feet dropped, tables that go on over pages joined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from diffing.readers.pdf.layout import PageLayout
from diffing.readers.pdf.shapes import FoundTable, Line, PlacedCell

_MARGIN = 0.12  # of the page height: where running heads and feet stand
_SAME_EDGE = 12.0  # points that the column borders of two pages may differ
_CONTINUED = re.compile(r"\bcont(?:inued|['’]?d|\.)", re.IGNORECASE)
_RUNNING_NUMBER = re.compile(r"\b(?!(?:19|20)\d\d\b)\d+|(?<=[^\W\d])\d+|\d+(?=[^\W\d])")
_ONGOING = re.compile(
    r"[(\[]?\b(?:cont(?:inued|['’]?d|\.)?\b\.?|\d+\s*(?:of|/)\s*\d+"
    r"|(?:page|p\.|part|sheet|seite|página|pagina|strona)\s*\d+(?:\s*(?:of|/)\s*\d+)?)\s*[)\]]?"
)
_TITLE_REACH = 3.0  # heights of its own type that a title may stand above its table
_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–—]?\s*(?:[a-z]{1,3}[-–.])?(?:\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)


def drop_running_lines(layouts: Sequence[PageLayout], *, keep_first: bool = False) -> list[PageLayout]:
    """The same pages without page numbers and the lines that stand in the margin of most pages.

    With ``keep_first`` a running line stays where it comes first: a title or a date may stand in it.
    """
    often = max(2, (len(layouts) + 1) // 2)
    running = _running(layouts, often)
    spared: set[str] = set() if keep_first else set(running)
    dropped = []
    for layout in layouts:
        kept = []
        for line in layout.prose:
            key = _key(line)
            if not _in_margin(line, layout) or (key not in running and not _is_page_number(line)):
                kept.append(line)
            elif key not in spared and not _is_page_number(line):
                spared.add(key)
                kept.append(line)
        dropped.append(replace(layout, prose=tuple(kept)))
    return dropped


def _running(layouts: Sequence[PageLayout], often: int) -> set[str]:
    """The keys of lines that stand in the margin of ``often`` pages and say the same on all, page numbers apart.

    What differs in a figure right above a table is its title: "Deaths, week 14", "Deaths, week 15".
    """
    seen: Counter[str] = Counter()
    titles: dict[str, set[str]] = defaultdict(set)
    for layout in layouts:
        lines = [line for line in layout.prose if _in_margin(line, layout)]
        seen.update({_key(line) for line in lines})
        for line in lines:
            if _heads_table(line, layout):
                titles[_key(line)].add(title_key(line.text))
    return {key for key, count in seen.items() if count >= often and len(titles[key]) < 2}


def _heads_table(line: Line, layout: PageLayout) -> bool:
    """Whether a line stands right above a table, as a title does."""
    return any(
        0 <= table.box.top - line.box.bottom <= _TITLE_REACH * line.box.height
        and table.box.overlap_x(line.box) > 0
        for table in layout.tables
    )


def _is_page_number(line: Line) -> bool:
    """A line of a number alone, with what publishers put around it."""
    return bool(_PAGE_NUMBER.match(line.text))


def _in_margin(line: Line, layout: PageLayout) -> bool:
    height = layout.page.height
    return line.box.bottom < _MARGIN * height or line.box.top > (1 - _MARGIN) * height


def _key(line: Line) -> str:
    """The text with its numbers masked, since page numbers and dates run on; years stay."""
    return _RUNNING_NUMBER.sub("0", line.text.casefold())


def title_key(text: str) -> str:
    """A title without what only says that it goes on: "(continued)", "page 2 of 3"."""
    return " ".join(_ONGOING.sub(" ", text.casefold()).split())


def join_tables(layouts: Sequence[PageLayout]) -> list[FoundTable]:
    """All tables in order; one that ends a page and goes on at the top of the next is one table.

    Running heads and feet must have been dropped from ``layouts``.
    """
    chains: list[list[FoundTable]] = []
    before: PageLayout | None = None
    over: list[str] = []  # what stands over the first table of a chain
    for layout in layouts:
        for number, table in enumerate(layout.tables):
            above = _texts_above(table, layout)
            if number == 0 and before is not None and before.tables and _goes_on(before, layout, above, over):
                chains[-1].append(table)
            else:
                chains.append([table])
                over = above
        before = layout
    return [_joined(chain) for chain in chains]


def _texts_above(table: FoundTable, layout: PageLayout) -> list[str]:
    """The lines of prose over a table of its page, back to the table before it."""
    others = [other.box.bottom for other in layout.tables if other.box.bottom <= table.box.top]
    start = max(others, default=0.0)
    return [line.text for line in layout.prose if start <= line.box.centre < table.box.top]


def _goes_on(before: PageLayout, layout: PageLayout, above: Sequence[str], over: Sequence[str]) -> bool:
    """Whether the first table of a page goes on with the last of the page before."""
    last, table = before.tables[-1], layout.tables[0]
    if len(last.edges) != len(table.edges):
        return False
    if any(abs(x - y) > _SAME_EDGE for x, y in zip(last.edges[1:-1], table.edges[1:-1], strict=True)):
        return False
    if _titled_anew(last.row_texts(), table.row_texts()):
        return False
    here = {_key(line) for line in layout.prose}
    if any(line.box.centre > last.box.bottom and _key(line) not in here for line in before.prose):
        return False
    titles = {title_key(text) for text in over}
    return all(title_key(text) in titles or _CONTINUED.search(text) for text in above)


def _titled_anew(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> bool:
    """Whether a title of its own stands in the first row of the second part, over the same header."""
    if len(before) < 2 or len(after) < 2 or len(after[0]) != 1 or len(before[0]) != 1:
        return False
    return title_key(before[0][0]) != title_key(after[0][0]) and before[1] == after[1]


def _joined(chain: Sequence[FoundTable]) -> FoundTable:
    """The parts under each other, without the header rows that later ones repeat."""
    if len(chain) == 1:
        return chain[0]
    first = chain[0].row_texts()
    cells = list(chain[0].cells)
    rows = chain[0].row_count
    for table in chain[1:]:
        repeated = _repeated(first, table.row_texts())
        shift = rows - repeated
        cells.extend(_moved(cell, shift) for cell in table.cells if cell.row >= repeated)
        rows += table.row_count - repeated
    return replace(chain[0], cells=tuple(cells), last_page=chain[-1].page, last_box=chain[-1].box)


def _repeated(first: Sequence[tuple[str, ...]], rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows from the top read as those of the first part."""
    count = 0
    while count < min(len(first), len(rows)) and first[count] == rows[count]:
        count += 1
    return count


def _moved(cell: PlacedCell, shift: int) -> PlacedCell:
    return cell._replace(row=cell.row + shift, last_row=cell.last_row + shift)
