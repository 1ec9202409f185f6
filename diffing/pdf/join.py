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
    joined: list[FoundTable] = []
    before: PageLayout | None = None
    for layout in layouts:
        for number, table in enumerate(layout.tables):
            last = joined[-1] if joined else None
            if number == 0 and last is not None and before is not None and _goes_on(last, table, before, layout):
                joined[-1] = _append(last, table)
            else:
                joined.append(table)
        before = layout
    return joined


def _goes_on(last: FoundTable, table: FoundTable, before: PageLayout, layout: PageLayout) -> bool:
    if not before.tables or before.tables[-1].box is not last.box:
        return False
    if len(last.edges) != len(table.edges):
        return False
    if any(abs(x - y) > _SAME_EDGE for x, y in zip(last.edges[1:-1], table.edges[1:-1], strict=True)):
        return False
    below = [line for line in before.prose if line.box.top > before.tables[-1].box.bottom]
    above = [line for line in layout.prose if line.box.bottom < table.box.top]
    return not below and len(above) <= 3


def _append(last: FoundTable, table: FoundTable) -> FoundTable:
    """``table`` under ``last``, without the header rows that it repeats."""
    first, second = last.row_texts(), table.row_texts()
    repeated = 0
    while repeated < min(len(first), len(second)) and first[repeated] == second[repeated]:
        repeated += 1
    shift = last.row_count - repeated
    moved = [_moved(cell, shift) for cell in table.cells if cell.row >= repeated]
    return replace(last, page=last.page, cells=(*last.cells, *moved), box=table.box)


def _moved(cell: PlacedCell, shift: int) -> PlacedCell:
    return replace(cell, row=cell.row + shift, last_row=cell.last_row + shift)
