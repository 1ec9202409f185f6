"""A table element -> a ``Grid``, with its spans expanded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct, field
from selectolax.lexbor import LexborNode

from diffing.readers.html.text import text_of
from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.plain import PlainTable, find_plain
from diffing.values import read_value

MOST_SPAN: Final = 1_000
"""``colspan`` is clamped to this, as browsers do (HTML Standard, 4.9.11)."""

MOST_COLUMNS: Final = 16_384
"""Cells beyond this column are left out, as in spreadsheets."""

_MOST_AREA: Final = 200_000
_SPARSEST: Final = 50
"""Cells that begin beyond this area, and so many times the cells that say something, are left out: those that
reach down over each other push them ever further to the right."""

_BACKGROUND: Final = re.compile(
    r"background(?:-color)?\s*:\s*(?!none|transparent|inherit|#fff\b|#ffffff|white)", re.I
)
_LAYOUT_ROLES: Final = frozenset({"presentation", "none"})
_BLOCKS_INSIDE: Final = "h1,h2,h3,h4,section,article,form"

_WIDEST_SIMPLE: Final = 40
"""Rows of more cells are walked through: a regular expression for each width takes its time to make."""

_ATTRIBUTES: Final = r"""(?: [a-z0-9_-]++(?<!span)="[^"]*+")*+"""
"""Any but ``colspan`` and ``rowspan``."""

_LETTERS: Final = r"[!-%'-;=-~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e]"
"""Spelled out, since a set without classes is the quicker. No blank, no soft hyphen, nothing that HTML escapes."""

_WORDS: Final = rf"{_LETTERS}*+(?: {_LETTERS}++)*+"


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


class _Reading(Struct):
    """A table half read. ``busy`` maps a column to the first row in which it is free again."""

    rows_left: int
    special: frozenset[int]  # ids of the elements with attributes that matter
    rich: frozenset[int]  # ids of the cells that hold elements
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    busy: dict[int, int] = field(default_factory=dict)
    cut: bool = False


def read_table(
    table: LexborNode, rows: list[LexborNode], *, title: str, section: tuple[str, ...]
) -> tuple[Grid | PlainTable, bool]:
    """A table's rows as a grid or as they stand, and whether columns were left out because there were too many."""
    plain = _read_plain(table, rows, title=title, section=section)
    return (plain, False) if plain is not None else _read_grid(table, rows, title=title, section=section)


def _read_plain(
    table: LexborNode, rows: list[LexborNode], *, title: str, section: tuple[str, ...]
) -> PlainTable | None:
    """The table, where it is one row of headers over rows as wide and ``find_plain`` agrees."""
    if len(rows) < 2 or not (_is_header(rows[0]) and _is_body(rows[1])):
        return None
    texts = _texts_of_rows(table, rows)
    if texts is None:
        return None
    header, *body = texts
    return find_plain(header, body, title=title, section=section)


def _is_header(row: LexborNode) -> bool:
    """Whether all cells of a table's first row are headers."""
    return _is_in_head(row) or all(
        cell.tag == "th" and _heads_column(cell.attributes, labels=False, column=0) for cell in _cells_of(row)
    )


def _is_body(row: LexborNode) -> bool:
    """Whether all cells of a row are data, a label apart."""
    return not _is_in_head(row) and sum(cell.tag == "th" for cell in _cells_of(row)) <= 1


def _is_in_head(row: LexborNode) -> bool:
    above = row.parent
    return above is not None and above.tag == "thead"


def _cells_of(row: LexborNode) -> list[LexborNode]:
    return [element for element in row.iter() if (tag := element.tag) == "td" or tag == "th"]


def _texts_of_rows(table: LexborNode, rows: list[LexborNode]) -> list[tuple[str, ...]] | None:
    """What the cells of rows say, None where a row is not as wide as the first or a cell spans others."""
    width = len(_cells_of(rows[0]))
    if width > MOST_COLUMNS:
        return None
    simple = _simple_row(min(width, _WIDEST_SIMPLE))
    matches = [simple.fullmatch(row.html or "") for row in rows]
    if None not in matches:
        return [match.groups() for match in matches if match is not None]
    if table.css_first(_SPANNING) is not None:
        return None
    rich = _ids(_parents(table.css(_INSIDE_CELLS)))
    texts = [
        match.groups() if match is not None else _texts_of(row, rich)
        for row, match in zip(rows, matches, strict=True)
    ]
    return texts if all(len(each) == width for each in texts) else None


@lru_cache(maxsize=_WIDEST_SIMPLE)
def _simple_row(width: int) -> re.Pattern[str]:
    """What a row as HTML looks like whose cells hold a tidy text each and nothing else; its groups are the texts.

    The parser writes attributes in one form only and no bare "<" into texts, so that nothing else looks so.
    A match costs a third of a walk from cell to cell.
    """
    return re.compile(
        f"<tr{_ATTRIBUTES}>" + rf"\s*+<t[dh]{_ATTRIBUTES}>\s*+({_WORDS})\s*+</t[dh]>" * width + r"\s*+</tr>"
    )


def _texts_of(row: LexborNode, rich: frozenset[int]) -> tuple[str, ...]:
    """What the cells of a row say."""
    return tuple([_text_of_cell(cell, rich) for cell in _cells_of(row)])


def _text_of_cell(cell: LexborNode, rich: frozenset[int]) -> str:
    """What a cell says; in nearly all cells no element stands, and there is nothing to walk through."""
    if rich and cell.mem_id in rich:
        return text_of(cell)
    text = cell.text(deep=False)
    return text_of(cell) if "\xad" in text else " ".join(text.split())


def _read_grid(
    table: LexborNode, rows: list[LexborNode], *, title: str, section: tuple[str, ...]
) -> tuple[Grid, bool]:
    reading = _Reading(
        rows_left=len(rows),
        special=_ids(table.css(_SPECIAL)),
        rich=_ids(_parents(table.css(_INSIDE_CELLS))),
    )
    for index, row in enumerate(rows):
        _read_row(row, index, reading, in_head=_is_in_head(row))
        reading.rows_left -= 1
    grid = Grid(cells=reading.cells, merges=tuple(reading.merges), title=title, section=section)
    return grid, reading.cut


def _parents(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    return [node.parent for node in nodes if node.parent is not None]


def _ids(nodes: Iterable[LexborNode]) -> frozenset[int]:
    return frozenset(node.mem_id for node in nodes)


def _read_row(row: LexborNode, index: int, reading: _Reading, *, in_head: bool) -> None:
    column = 0
    busy, special = reading.busy, reading.special
    cells = _cells_of(row)
    labels = not in_head and any(cell.tag == "td" for cell in cells)
    widest = max(_MOST_AREA, _SPARSEST * len(reading.cells)) // (index + 1)
    for element in cells:
        while busy and busy.get(column, 0) > index and column <= widest:
            column += 1
        if column > widest:
            reading.cut = True
            return
        attributes = element.attributes if special and element.mem_id in special else _NO_ATTRIBUTES
        across, down = _spans(attributes, rows_left=reading.rows_left) if attributes else (1, 1)
        if column + across > MOST_COLUMNS:
            reading.cut = True
            return
        header = in_head or (element.tag == "th" and _heads_column(attributes, labels, column))
        cell = _read_cell(element, attributes, reading.rich, header=header)
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
_SPANNING: Final = "[colspan],[rowspan]"
_INSIDE_CELLS: Final = "td > *,th > *"


def _heads_column(attributes: _Attributes, labels: bool, column: int) -> bool:
    """Whether a <th> heads its column; one that begins a row of <td> is the label of that row."""
    scope = attributes.get("scope")
    if scope in ("row", "rowgroup"):
        return False
    return scope in ("col", "colgroup") or not (labels and column == 0)


def _read_cell(element: LexborNode, attributes: _Attributes, rich: frozenset[int], *, header: bool) -> Cell | None:
    """What a cell holds, None where it is blank."""
    text = _text_of_cell(element, rich)
    if not text:
        return None
    child = element.child
    bold = child is not None and child.next is None and child.tag in ("b", "strong")
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
