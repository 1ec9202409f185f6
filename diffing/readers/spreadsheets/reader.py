"""Workbooks: Office Open XML (xlsx, xlsm); by their values alone the older BIFF (xls), xlsb and OpenDocument."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from diffing.readers.spreadsheets.long import LONG_XML, read_long_sheet
from diffing.readers.spreadsheets.ooxml import MAX_XML, Package, SheetPart, open_package
from diffing.readers.spreadsheets.sheet import MAX_CELLS, Sheet, read_sheet
from diffing.readers.statements.dates import dates_in_cells, find_dates, mark_flaws
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.grid import read_grid
from diffing.values import is_figure, read_value
from state.document import Block, Document, ReadingHints, StatedDate, Table, Where
from state.errors import ReadingError
from state.formats import ODS, XLS, XLSB, XLSM, XLSX
from state.sniffing import sniff

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a workbook. Raises ``ReadingError`` where it is encrypted, damaged, or no workbook."""
    if body.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in body:
            raise ReadingError("the workbook is protected by a password; nothing in it can be read without it")
        return _read_values(body, XLS, hints=hints)
    if not body.startswith(b"PK"):
        raise ReadingError("the file is no workbook")
    true_type = sniff(body, media_type="", file_name=None)
    if true_type in (ODS, XLSB):
        return _read_values(body, true_type, hints=hints)
    package = open_package(body)
    sheets: list[Sheet] = []
    long = [part for part in package.sheets if package.size_of(part.path) > LONG_XML]
    left = MAX_CELLS
    for part in package.sheets:
        if part in long:
            continue
        sheets.append(read_sheet(package, part, limit=left))
        left -= len(sheets[-1].cells)
    document = document_of(
        XLSM if package.macros else XLSX,
        [sheet.grid() for sheet in sheets],
        hints=hints,
        title=package.properties.get("title", ""),
        comments=tuple(block for sheet in sheets for block in _comment_blocks(sheet)),
        metadata=_metadata(package, sheets),
        remarks=tuple(_remarks(package, sheets)),
    )
    return _with_long_sheets(document, body, long, hints=hints) if long else document


def _with_long_sheets(
    document: Document, body: bytes, parts: Sequence[SheetPart], *, hints: ReadingHints
) -> Document:
    """The document with the sheets that are too long for their layout and dress to be looked at."""
    if sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(body)).infolist()) > MAX_XML:
        raise ReadingError(f"the workbook unpacks to more than {MAX_XML // 1_000_000} MB")
    tables = [
        replace(table, hidden=part.state != "visible") for part in parts if (table := _long(body, part, hints))
    ]
    return replace(
        document,
        tables=(*document.tables, *tables),
        remarks=(
            *document.remarks,
            *(f"The sheet {part.name!r} is long: read by its values alone." for part in parts),
        ),
    )


def _long(body: bytes, part: SheetPart, hints: ReadingHints) -> Table | None:
    try:
        return read_long_sheet(body, part.name, hints=hints)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # see _read_values
            raise
        raise ReadingError(f"the workbook is damaged: {error}") from error


def document_of(
    media_type: str,
    grids: list[Grid],
    *,
    hints: ReadingHints,
    title: str = "",
    comments: tuple[Block, ...] = (),
    metadata: dict[str, str] | None = None,
    remarks: tuple[str, ...] = (),
) -> Document:
    """What the sheets of a workbook say, whatever its format is."""
    tables: list[Table] = []
    blocks: list[Block] = []
    for grid in grids:
        reading = read_grid(grid, hints=hints)
        tables += reading.tables
        blocks += reading.blocks
    blocks += comments
    visible = {grid.sheet for grid in grids if not grid.hidden}
    return Document(
        media_type=media_type,
        title=title,
        headline=next((block.text for block in blocks if block.sheet in visible and block.kind == "heading"), ""),
        blocks=tuple(blocks),
        tables=tuple(tables),
        definitions=find_definitions(blocks=blocks, tables=tables),
        dates=tuple(mark_flaws(list(_dates(blocks, tables)))),
        metadata=metadata or {},
        remarks=remarks,
    )


def _dates(blocks: list[Block], tables: list[Table]) -> Iterator[StatedDate]:
    """Dates that titles and text state, tables first; what notes of tables say is not told twice."""
    told: set[tuple[str | None, str]] = set()
    for table in tables:
        for text in (table.name, *table.notes):
            yield from find_dates(text, where=Where(sheet=table.sheet, table=table.name or None))
            told.add((table.sheet, text))
        yield from dates_in_cells(table)
    for block in blocks:
        if (block.sheet, block.text) not in told:
            yield from find_dates(
                block.text, where=Where(sheet=block.sheet, section=" / ".join(block.heading) or None)
            )


def _comment_blocks(sheet: Sheet) -> Iterator[Block]:
    for reference, text in sheet.comments.items():
        yield Block(text, (f"Comment on {reference}",), sheet.part.name.strip(), None, "note")


def _metadata(package: Package, sheets: list[Sheet]) -> dict[str, str]:
    metadata = dict(package.properties)
    metadata["sheets"] = ", ".join(sheet.part.name.strip() for sheet in sheets)
    hidden = [sheet.part.name.strip() for sheet in sheets if sheet.hidden]
    protected = [sheet.part.name.strip() for sheet in sheets if sheet.protected]
    if hidden:
        metadata["hidden sheets"] = ", ".join(hidden)
    if protected or package.protected:
        metadata["protected"] = ", ".join(protected) or "workbook"
    return metadata


def _remarks(package: Package, sheets: list[Sheet]) -> Iterator[str]:
    if package.macros:
        yield "The workbook carries macros; they were not run."
    for name in package.other_sheets:
        yield f"The sheet {name!r} is a chart or dialog and was not read."
    for sheet in sheets:
        name = sheet.part.name.strip()
        if sheet.hidden:
            how = "deeply hidden" if sheet.part.state == "veryHidden" else "hidden"
            yield f"The sheet {name!r} is {how}; it was read."
        rows = sheet.hidden_rows & {row for row, _column in sheet.cells} if sheet.hidden_rows else set()
        columns = (
            sheet.hidden_columns & {column for _row, column in sheet.cells} if sheet.hidden_columns else set()
        )
        for count, what in ((len(rows), "row"), (len(columns), "column")):
            if count:
                yield f"The sheet {name!r} has {count} hidden {what}{'s' if count > 1 else ''} with content; read."


def _read_values(body: bytes, media_type: str, *, hints: ReadingHints) -> Document:
    """Read a workbook by calamine; damaged ones make it fail in many ways, among them a panic."""
    try:
        _assert_size(body, media_type)
        grids = list(_value_grids(body))
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise ReadingError(f"the workbook cannot be read: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the Rust runtime, importable from nowhere
            raise
        raise ReadingError(f"the workbook is damaged: {error}") from error
    return document_of(media_type, grids, hints=hints)


def _assert_size(body: bytes, media_type: str) -> None:
    """Raises ``ReadingError`` for a packed workbook that says it unpacks to more than memory is meant for."""
    if media_type == XLS:
        return
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_XML:
            raise ReadingError(f"the workbook unpacks to more than {MAX_XML // 1_000_000} MB")


def _value_grids(body: bytes) -> Iterator[Grid]:
    """The worksheets: values and merged cells, without dress and number formats, which calamine does not tell."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
    for meta in workbook.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        top, left = sheet.start or (0, 0)
        cells: dict[tuple[int, int], Cell] = {}
        for row, values in enumerate(sheet.to_python(skip_empty_area=True), start=top):
            for column, value in enumerate(values, start=left):
                if value != "" and (cell := _value_cell(value)).value is not None:
                    cells[row, column] = cell
        merges = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
        hidden = meta.visible is not SheetVisibleEnum.Visible
        yield Grid(cells, merges, sheet=meta.name.strip(), hidden=hidden, spreadsheet=True)


def _value_cell(value: str | float | dt.date | dt.time | dt.timedelta) -> Cell:
    if isinstance(value, bool):
        return Cell(str(value).upper(), str(value).upper())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return Cell(int(value), str(int(value)))
    if isinstance(value, int | float):
        return Cell(value if is_figure(value) else str(value), str(value))
    if isinstance(value, str):
        return Cell(read_value(value), value)
    text = str(value) if isinstance(value, dt.timedelta) else value.isoformat().removesuffix("T00:00:00")
    return Cell(text, text)
