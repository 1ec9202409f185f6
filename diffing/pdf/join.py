"""Pages together: running heads and feet dropped, tables that go on over pages joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from diffing.pdf.layout import PageLayout
from diffing.pdf.shapes import FoundTable, Line, PlacedCell

_MARGIN = 0.12  # of the page height: where running heads and feet stand
_SAME_EDGE = 12.0  # points that the column borders of two pages may differ
_MOST_ABOVE = 3  # lines over a table that goes on: its title again, "continued"
_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–—]?\s*(?:[a-z]{1,3}[-–.])?(?:\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)


def drop_running_lines(layouts: Sequence[PageLayout]) -> list[PageLayout]:
    """The same pages without page numbers and the lines that stand in the margin of most pages."""
    seen: Counter[str] = Counter()
    for layout in layouts:
        seen.update({_key(line) for line in layout.prose if _in_margin(line, layout)})
    often = max(2, (len(layouts) + 1) // 2)
    running = {key for key, count in seen.items() if count >= often}

    def kept(line: Line, layout: PageLayout) -> bool:
        if not _in_margin(line, layout):
            return True
        return _key(line) not in running and not _PAGE_NUMBER.match(line.text)

    return [replace(each, prose=tuple(line for line in each.prose if kept(line, each))) for each in layouts]


def _in_margin(line: Line, layout: PageLayout) -> bool:
    height = layout.page.height
    return line.box.bottom < _MARGIN * height or line.box.top > (1 - _MARGIN) * height


def _key(line: Line) -> str:
    """The text with its numbers masked, since page numbers and dates run on."""
    return re.sub(r"\d+", "0", line.text.casefold())


def join_tables(layouts: Sequence[PageLayout]) -> list[FoundTable]:
    """All tables in order; one that ends a page and goes on at the top of the next is one table."""
    chains: list[list[FoundTable]] = []
    before: PageLayout | None = None
    for layout in layouts:
        for number, table in enumerate(layout.tables):
            if number == 0 and before is not None and before.tables and _goes_on(before, layout):
                chains[-1].append(table)
            else:
                chains.append([table])
        before = layout
    return [_joined(chain) for chain in chains]


def _goes_on(before: PageLayout, layout: PageLayout) -> bool:
    """Whether the first table of a page goes on with the last of the page before."""
    last, table = before.tables[-1], layout.tables[0]
    if len(last.edges) != len(table.edges):
        return False
    if any(abs(x - y) > _SAME_EDGE for x, y in zip(last.edges[1:-1], table.edges[1:-1], strict=True)):
        return False
    below = [line for line in before.prose if line.box.top > last.box.bottom]
    above = [line for line in layout.prose if line.box.bottom < table.box.top]
    return not below and len(above) <= _MOST_ABOVE


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
    return replace(chain[0], cells=tuple(cells))


def _repeated(first: Sequence[tuple[str, ...]], rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows from the top read as those of the first part."""
    count = 0
    while count < min(len(first), len(rows)) and first[count] == rows[count]:
        count += 1
    return count


def _moved(cell: PlacedCell, shift: int) -> PlacedCell:
    return cell._replace(row=cell.row + shift, last_row=cell.last_row + shift)
