"""A table element -> a ``Grid``, with its spans expanded."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from diffing.cells import Cell, Grid
from diffing.html.text import text_of
from diffing.values import read_value

MOST_SPAN: Final = 1_000
"""``colspan`` is clamped to this, as browsers do (HTML Standard, 4.9.11)."""

MOST_COLUMNS: Final = 16_384
"""Cells beyond this column are left out, as in spreadsheets."""

_BACKGROUND: Final = re.compile(
    r"background(?:-color)?\s*:\s*(?!none|transparent|inherit|#fff\b|#ffffff|white)", re.I
)
_LAYOUT_ROLES: Final = frozenset({"presentation", "none"})
_BLOCKS_INSIDE: Final = "table,h1,h2,h3,h4,section,article,form"


def is_layout(table: LexborNode, rows: list[LexborNode]) -> bool:
    """Whether a table only arranges other content, which is then read as if the table were not there."""
    if table.attributes.get("role") in _LAYOUT_ROLES:
        return True
    if table.css_first("th,caption,thead") is not None:
        return len(table.css("table")) > 1
    if len(rows) < 2 or max(sum(1 for _ in row.iter()) for row in rows) < 2:
        return True
    inside = table.css(_BLOCKS_INSIDE)
    return len(inside) > 1  # the table itself matches


def rows_of(table: LexborNode) -> list[LexborNode]:
    """The rows of a table in the order in which they are shown: head, bodies, foot."""
    heads: list[LexborNode] = []
    bodies: list[LexborNode] = []
    feet: list[LexborNode] = []
    for part in table.iter():
        tag = part.tag
        if tag == "tr":
            bodies.append(part)
        elif tag in ("thead", "tbody", "tfoot"):
            target = heads if tag == "thead" else feet if tag == "tfoot" else bodies
            target.extend(row for row in part.iter() if row.tag == "tr")
    return heads + bodies + feet


def read_table(rows: list[LexborNode], *, title: str, section: tuple[str, ...]) -> tuple[Grid, bool]:
    """The grid of a table's rows, and whether columns were left out because there were too many."""
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[tuple[int, int, int, int]] = []
    busy: dict[int, int] = {}  # column -> first row that is free again
    cut = False
    for index, row in enumerate(rows):
        in_head = row.parent is not None and row.parent.tag == "thead"
        column = 0
        elements = [element for element in row.iter() if element.tag in ("td", "th")]
        labels = any(element.tag == "td" for element in elements)
        for element in elements:
            while busy.get(column, 0) > index:
                column += 1
            attributes = element.attributes
            across, down = _spans(attributes, rows_left=len(rows) - index)
            if column + across > MOST_COLUMNS:
                cut = True
                break
            text = text_of(element)
            if text:
                is_header = in_head or (element.tag == "th" and _heads_column(attributes, labels, column))
                cells[index, column] = _cell(element, attributes, text=text, header=is_header)
            if across > 1 or down > 1:
                merges.append((index, column, index + down - 1, column + across - 1))
            if down > 1:
                for covered in range(column, column + across):
                    busy[covered] = index + down
            column += across
    return Grid(cells=cells, merges=tuple(merges), title=title, section=section), cut


_Attributes = dict[str, str | None]


def _heads_column(attributes: _Attributes, labels: bool, column: int) -> bool:
    """Whether a <th> heads its column; one that begins a row of <td> is the label of that row."""
    scope = attributes.get("scope")
    if scope in ("row", "rowgroup"):
        return False
    return scope in ("col", "colgroup") or not (labels and column == 0)


def _spans(attributes: _Attributes, *, rows_left: int) -> tuple[int, int]:
    if "colspan" not in attributes and "rowspan" not in attributes:
        return 1, 1
    down = attributes.get("rowspan")
    across = _span(attributes.get("colspan"))
    return across, rows_left if down == "0" else min(_span(down), rows_left)


def _span(written: str | None) -> int:
    match = re.match(r"\s*(\d{1,9})", written or "")
    return 1 if match is None else max(1, min(int(match.group(1)), MOST_SPAN))


def _cell(element: LexborNode, attributes: _Attributes, *, text: str, header: bool) -> Cell:
    style = attributes.get("style")
    filled = "bgcolor" in attributes or bool(style and _BACKGROUND.search(style))
    child = element.child
    bold = child is not None and child.tag in ("b", "strong") and child.next is None
    return Cell(value=read_value(text), text=text, bold=bold, filled=filled, header=header)
