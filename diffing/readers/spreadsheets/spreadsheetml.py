"""Workbooks in the XML of Excel 2003, which are often called .xls."""

from __future__ import annotations

from typing import Any, Final

from diffing.readers.safe_xml import local, parse_xml
from diffing.readers.spreadsheets.reader import document_of
from diffing.readers.spreadsheets.sheet import MAX_CELLS
from diffing.readers.tables.cells import Cell, Grid
from diffing.values import read_value
from state.document import Document, ReadingHints
from state.errors import ReadingError

_FARTHEST: Final = 1_048_576


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a workbook. Raises ``ReadingError`` where it is damaged or has too many cells."""
    root = parse_xml(body)
    grids = [_grid(sheet, limit=MAX_CELLS) for sheet in root.iterchildren("{*}Worksheet")]
    if sum(len(grid.cells) for grid in grids) > MAX_CELLS:
        raise ReadingError(f"the workbook has more than {MAX_CELLS:,} cells")
    said = {local(each.tag): (each.text or "").strip() for each in root.iterfind("{*}DocumentProperties/*")}
    metadata = {name: text for name, text in said.items() if text and name in ("Author", "Created", "LastSaved")}
    return document_of("", grids, hints=hints, title=said.get("Title", ""), metadata=metadata)


def _grid(sheet: Any, *, limit: int) -> Grid:  # noqa: ANN401
    cells: dict[tuple[int, int], Cell] = {}
    merges = []
    at = -1
    for row in sheet.iterfind("{*}Table/{*}Row"):
        at = _index(row, at)
        column = -1
        for each in row.iterchildren("{*}Cell"):
            column = _index(each, column)
            right, down = _number(each, "MergeAcross"), _number(each, "MergeDown")
            if right or down:
                merges.append((at, column, min(at + down, _FARTHEST), min(column + right, _FARTHEST)))
            cell = _cell(each)
            if cell.value is not None:
                cells[at, column] = cell
            column += right
        if len(cells) > limit:
            raise ReadingError(f"the workbook has more than {limit:,} cells")
    hidden = any((each.text or "") != "SheetVisible" for each in sheet.iterfind("{*}WorksheetOptions/{*}Visible"))
    return Grid(cells, tuple(merges), sheet=_attribute(sheet, "Name").strip(), hidden=hidden, spreadsheet=True)


def _cell(element: Any) -> Cell:  # noqa: ANN401
    for data in element.iterchildren("{*}Data"):
        text = "".join(data.itertext()).strip()
        kind = _attribute(data, "Type")
        if kind == "DateTime":
            text = text.partition(".")[0].removesuffix("T00:00:00")
            return Cell(text or None, text)
        if kind == "Boolean":
            text = "TRUE" if text == "1" else "FALSE"
        value = read_value(text)
        if kind == "Number" and isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return Cell(int(value), str(int(value)))
        return Cell(value, text)
    return Cell(None, "")


def _index(element: Any, before: int) -> int:  # noqa: ANN401
    """Where a row or cell stands, from 0: after the one before it, or where it says."""
    said = _number(element, "Index")
    return min(said - 1 if said > 0 else before + 1, _FARTHEST)


def _number(element: Any, name: str) -> int:  # noqa: ANN401
    said = _attribute(element, name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0


def _attribute(element: Any, name: str) -> str:  # noqa: ANN401
    return next((str(value) for key, value in element.attrib.items() if local(key) == name), "")
