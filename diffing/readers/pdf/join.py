"""Pages together: running heads and feet dropped, tables that go on over pages joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from diffing.readers.pdf.layout import PageLayout
from diffing.readers.pdf.shapes import FoundTable, Line, PlacedCell

_MARGIN = 0.12  # of the page height: where running heads and feet stand
_SAME_EDGE = 12.0  # points that the column borders of two pages may differ
_CONTINUED = re.compile(r"\bcont(?:inued|['’]?d|\.)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–—]?\s*(?:[a-z]{1,3}[-–.])?(?:\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)


def drop_running_lines(layouts: Sequence[PageLayout], *, keep_first: bool = False) -> list[PageLayout]:
    """The same pages without page numbers and the lines that stand in the margin of most pages.

    With ``keep_first`` a running line stays where it comes first: a title or a date may stand in it.
    """
    seen: Counter[str] = Counter()
    for layout in layouts:
        seen.update({_key(line) for line in layout.prose if _in_margin(line, layout)})
    often = max(2, (len(layouts) + 1) // 2)
    running = {key for key, count in seen.items() if count >= often}
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


def _is_page_number(line: Line) -> bool:
    """A line of a number alone, with what publishers put around it."""
    return bool(_PAGE_NUMBER.match(line.text))


def _in_margin(line: Line, layout: PageLayout) -> bool:
    height = layout.page.height
    return line.box.bottom < _MARGIN * height or line.box.top > (1 - _MARGIN) * height


def _key(line: Line) -> str:
    """The text with its numbers masked, since page numbers and dates run on."""
    return re.sub(r"\d+", "0", line.text.casefold())


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
    """The lines of prose over a table of its page, masked, back to the table before it."""
    others = [other.box.bottom for other in layout.tables if other.box.bottom <= table.box.top]
    start = max(others, default=0.0)
    return [_key(line) for line in layout.prose if start <= line.box.centre < table.box.top]


def _goes_on(before: PageLayout, layout: PageLayout, above: Sequence[str], over: Sequence[str]) -> bool:
    """Whether the first table of a page goes on with the last of the page before."""
    last, table = before.tables[-1], layout.tables[0]
    if len(last.edges) != len(table.edges):
        return False
    if any(abs(x - y) > _SAME_EDGE for x, y in zip(last.edges[1:-1], table.edges[1:-1], strict=True)):
        return False
    here = {_key(line) for line in layout.prose}
    if any(line.box.centre > last.box.bottom and _key(line) not in here for line in before.prose):
        return False
    return all(text in over or _CONTINUED.search(text) for text in above)


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
