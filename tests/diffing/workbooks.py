"""Workbooks made by the tests: rows typed in by hand, saved by openpyxl, edited as XML where openpyxl cannot."""

import io
import zipfile

import openpyxl
from openpyxl.styles import Alignment, PatternFill

from diffing.readers.spreadsheets import reader
from state.document import ReadingHints

GREY = PatternFill("solid", fgColor="FFCCCCCC")


def make_workbook(fill, *, title="Data"):
    """The bytes of a workbook whose first sheet ``fill(sheet)`` filled."""
    book = openpyxl.Workbook()
    book.active.title = title
    fill(book.active)
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(sheet, place, rows, *, merges=(), formats=None):
    """Write ``rows`` from ``place`` on; None leaves a cell blank. ``formats`` are number formats of cells."""
    top = sheet[place]
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            if value is not None:
                sheet.cell(top.row + down, top.column + right, value)
    for merge in merges:
        sheet.merge_cells(merge)
    for name, code in (formats or {}).items():
        sheet[name].number_format = code


def read_filled(fill, **hints):
    """What is read of a workbook with one sheet that ``fill(sheet)`` filled."""
    return reader.read(make_workbook(fill), hints=ReadingHints(**hints))


def read_rows(rows, **hints):
    """What is read of a sheet that holds ``rows`` from A1 on."""
    return read_filled(lambda sheet: put(sheet, "A1", rows), **hints)


def edited(body, edit):
    """A workbook with every part passed through ``edit(name, content)``."""
    source, stream = zipfile.ZipFile(io.BytesIO(body)), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = edit(info.filename, source.read(info))
            if content is not None:
                target.writestr(info.filename, content)
    return stream.getvalue()


def indent(sheet, name, steps):
    sheet[name].alignment = Alignment(indent=steps)


def only(document):
    """The one table of a document."""
    (table,) = document.tables
    return table


def names(table):
    """The names of a table's columns."""
    return [column.name for column in table.columns]
