"""Tables made of other elements, by the roles that ARIA gives their parts, put as tables into the tree.

Roles as in WAI-ARIA 1.2: table, grid, treegrid; row; columnheader, rowheader; cell, gridcell.
"""

from __future__ import annotations

from html import escape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_TABLES: Final = ("table", "grid", "treegrid")
_CELLS: Final = {"columnheader": "th", "rowheader": "th", "cell": "td", "gridcell": "td"}
_LARGEST_SPAN: Final = 1_000
"""As a browser clamps it."""


def build_tables(tree: LexborHTMLParser, text: str) -> None:
    """Put a table in place of what every element with the role of one holds; ``text`` is the page's source.

    The element itself stays, so that selectors find it. A real table keeps its own parts.
    """
    if "role=" not in text or not any(role in text for role in _CELLS):
        return
    for role in _TABLES:
        for element in tree.css(f"[role={role}]"):
            rows = element.css("[role=row]")
            if element.tag != "table" and element.css_first("table") is None and len(rows) > 1:
                _fill(element, rows)


def _fill(element: LexborNode, rows: list[LexborNode]) -> None:
    lines = [line for row in rows if (line := _row(row))]
    if not lines:
        return
    caption = _caption(element)
    made = LexborHTMLParser(f"<table>{caption}{''.join(lines)}</table>").css_first("table")
    if made is None:
        return
    for child in list(element.iter(include_text=True)):
        child.decompose()
    element.insert_child(made)


def _row(row: LexborNode) -> str:
    cells = "".join(_cell(cell) for cell in row.css("[role]") if cell.attributes.get("role") in _CELLS)
    return f"<tr>{cells}</tr>" if cells else ""


def _cell(cell: LexborNode) -> str:
    role = cell.attributes.get("role") or ""
    tag = _CELLS[role]
    scope = ' scope="row"' if role == "rowheader" else ""
    spans = "".join(f' {name}="{count}"' for name in ("colspan", "rowspan") if (count := _span(cell, name)) > 1)
    return f"<{tag}{scope}{spans}>{cell.inner_html or ''}</{tag}>"


def _span(cell: LexborNode, name: str) -> int:
    text = cell.attributes.get(f"aria-{name}") or ""
    return min(int(text), _LARGEST_SPAN) if text.isdecimal() and text.isascii() and len(text) < 6 else 1


def _caption(element: LexborNode) -> str:
    """The name of the table by its own caption or label; a heading that labels it is found where it stands."""
    own = element.css_first("[role=caption]")
    label = own.text() if own is not None else element.attributes.get("aria-label") or ""
    return f"<caption>{escape(' '.join(label.split()))}</caption>" if label.strip() else ""
