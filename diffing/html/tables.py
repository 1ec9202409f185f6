"""A table element -> a ``Grid``, with its spans expanded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
_BLOCKS_INSIDE: Final = "h1,h2,h3,h4,section,article,form"


def is_layout(table: LexborNode, rows: list[LexborNode]) -> bool:
    """Whether a table that holds no other only arranges content, to be read as if it were not there."""
    if table.attributes.get("role") in _LAYOUT_ROLES:
        return True
    if table.css_first("th,caption,thead") is not None:
        return False
    if len(rows) < 2 or max(sum(1 for _ in row.iter()) for row in rows) < 2:
        return True
    return table.css_first(_BLOCKS_INSIDE) is not None


def tables_around_tables(root: LexborNode) -> frozenset[int]:
    """The ids of the tables below ``root`` that hold other tables."""
    around = set()
    for table in root.css("table"):
        above = table.parent
        while above is not None and above.tag != "table":
            above = above.parent
        if above is not None:
            around.add(above.mem_id)
    return frozenset(around)


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


@dataclass(slots=True)
class _Reading:
    """A table half read. ``busy`` maps a column to the first row in which it is free again."""

    rows_left: int
    special: frozenset[int]  # ids of the elements with attributes that matter
    rich: frozenset[int]  # ids of the cells that hold elements
    rows_apart: frozenset[int]  # ids of the rows of either
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    busy: dict[int, int] = field(default_factory=dict)
    cut: bool = False


def read_table(
    table: LexborNode, rows: list[LexborNode], *, title: str, section: tuple[str, ...]
) -> tuple[Grid, bool]:
    """The grid of a table's rows, and whether columns were left out because there were too many."""
    special, rich = table.css(_SPECIAL), _parents(table.css(_INSIDE_CELLS))
    reading = _Reading(
        rows_left=len(rows),
        special=_ids(special),
        rich=_ids(rich),
        rows_apart=_ids(_parents([*special, *rich])),
    )
    for index, row in enumerate(rows):
        above = row.parent
        _read_row(row, index, reading, in_head=above is not None and above.tag == "thead")
        reading.rows_left -= 1
    grid = Grid(cells=reading.cells, merges=tuple(reading.merges), title=title, section=section)
    return grid, reading.cut


def _parents(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    return [node.parent for node in nodes if node.parent is not None]


def _ids(nodes: Iterable[LexborNode]) -> frozenset[int]:
    return frozenset(node.mem_id for node in nodes)


def _read_row(row: LexborNode, index: int, reading: _Reading, *, in_head: bool) -> None:
    column = 0
    busy, apart = reading.busy, row.mem_id in reading.rows_apart
    elements = [(element, tag) for element in row.iter() if (tag := element.tag) == "td" or tag == "th"]
    labels = not in_head and any(tag == "td" for _, tag in elements)
    for element, tag in elements:
        while busy and busy.get(column, 0) > index:
            column += 1
        attributes = element.attributes if apart and element.mem_id in reading.special else _NO_ATTRIBUTES
        across, down = _spans(attributes, rows_left=reading.rows_left) if attributes else (1, 1)
        if column + across > MOST_COLUMNS:
            reading.cut = True
            return
        header = in_head or (tag == "th" and _heads_column(attributes, labels, column))
        if apart and (attributes or element.mem_id in reading.rich):
            cell = _read_cell(element, attributes, header=header)
        else:
            cell = _read_plain_cell(element, header=header)
        if cell is not None:
            reading.cells[index, column] = cell
        if across > 1 or down > 1:
            reading.merges.append((index, column, index + down - 1, column + across - 1))
        if down > 1:
            busy.update(dict.fromkeys(range(column, column + across), index + down))
        column += across


_Attributes = Mapping[str, str | None]
_NO_ATTRIBUTES: Final[_Attributes] = {}
_SPECIAL: Final = "[colspan],[rowspan],[scope],[style],[bgcolor]"
_INSIDE_CELLS: Final = "td > *,th > *"


def _heads_column(attributes: _Attributes, labels: bool, column: int) -> bool:
    """Whether a <th> heads its column; one that begins a row of <td> is the label of that row."""
    scope = attributes.get("scope")
    if scope in ("row", "rowgroup"):
        return False
    return scope in ("col", "colgroup") or not (labels and column == 0)


def _read_plain_cell(element: LexborNode, *, header: bool) -> Cell | None:
    """What a cell holds in which no element stands, None where it is blank. Nearly all cells are such."""
    text = element.text(deep=False)
    if "\xad" in text:
        text = text_of(element)
    text = " ".join(text.split())
    return Cell(read_value(text), text, False, False, False, False, header) if text else None


def _read_cell(element: LexborNode, attributes: _Attributes, *, header: bool) -> Cell | None:
    """What a cell holds, None where it is blank."""
    child = element.child
    text = text_of(element)
    if child is None or not text:
        return None
    bold = child.next is None and child.tag in ("b", "strong")
    filled = bool(attributes) and _is_filled(attributes)
    return Cell(read_value(text), text, bold, filled, False, False, header)


def _is_filled(attributes: _Attributes) -> bool:
    style = attributes.get("style")
    return "bgcolor" in attributes or bool(style and _BACKGROUND.search(style))


def _spans(attributes: _Attributes, *, rows_left: int) -> tuple[int, int]:
    down = attributes.get("rowspan")
    across = _span(attributes.get("colspan"))
    return across, rows_left if down == "0" else min(_span(down), rows_left)


def _span(written: str | None) -> int:
    match = re.match(r"\s*(\d{1,9})", written or "")
    return 1 if match is None else max(1, min(int(match.group(1)), MOST_SPAN))
