"""Delimited text: CSV, TSV and their kin, with the encoding and the delimiter found out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice
from typing import Final

from diffing.cells import Cell, Grid
from diffing.dates import find_dates
from diffing.definitions import find_definitions
from diffing.grid import read_grid
from diffing.rectangles import table_of
from diffing.values import read_value
from state.document import Block, Document, ReadingHints, Table, Where
from state.errors import ReadingError

MEDIA_TYPES: Final = ("text/csv", "text/tab-separated-values", "application/csv")
SUFFIXES: Final = (".csv", ".tsv", ".tab")
_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64 * 1024
_FIELD: Final = 4 * 1024 * 1024  # characters that a single field may have


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read delimited text. Raises ``ReadingError`` where it is binary or cannot be parsed."""
    text = decode(body)
    delimiter = sniff_delimiter(text[:_SAMPLE])
    csv.field_size_limit(_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ReadingError(f"the delimited text cannot be parsed: {error}") from error
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    if _is_clean(rows):
        tables: tuple[Table, ...] = (_read_clean(rows, hints),)
        blocks: tuple[Block, ...] = ()
    else:
        reading = read_grid(_grid(rows), hints=hints)
        tables, blocks = reading.tables, reading.blocks
    return Document(
        media_type=MEDIA_TYPES[1] if delimiter == "\t" else MEDIA_TYPES[0],
        tables=tables,
        blocks=blocks,
        definitions=find_definitions(blocks=blocks, tables=tables),
        dates=tuple(date for block in blocks for date in find_dates(block.text, where=Where())),
    )


def decode(body: bytes) -> str:
    """Text in the encoding that its byte order mark, else its bytes, show.

    Raises ``ReadingError`` for bytes that are no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return _decoded(body, encoding)
    sample = body[:4096]
    if b"\x00" in sample:
        zeros = (sample[0::2].count(0), sample[1::2].count(0))
        if max(zeros) > 0.4 * len(sample) / 2:
            return _decoded(body, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
        raise ReadingError("the file is binary, not delimited text")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        if any(byte in sample for byte in (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0E, 0x0F)):
            raise ReadingError("the file is binary, not delimited text") from None
        return body.decode("cp1252", errors="replace")


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(f"the text is damaged: {error}") from error


def sniff_delimiter(sample: str) -> str:
    """The delimiter that splits most lines of a sample into the same number of fields; a comma where none does."""
    best, score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 200))[:-1] or list(
            csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        )
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda pair: (pair[1] if pair[0] > 1 else 0, pair[0]))
        rated = (count / sum(widths.values()) if width > 1 else 0.0, width)
        if rated > score:
            best, score = delimiter, rated
    return best


def _is_clean(rows: list[list[str]]) -> bool:
    """Whether the first row heads every column and all rows are as long, so that no layout need be found."""
    if len(rows) < 2:
        return False
    header = [text.strip() for text in rows[0]]
    width = len(header)
    if width < 2 or not all(header) or any(isinstance(read_value(text), int | float) for text in header):
        return False
    return all(map(width.__eq__, map(len, rows)))


def _read_clean(rows: list[list[str]], hints: ReadingHints) -> Table:
    columns = [list(column) for column in zip(*islice(rows, 1, None), strict=True)]
    return table_of(rows[0], columns, hints=hints)


def _grid(rows: list[list[str]]) -> Grid:
    """Ragged text as a grid of cells."""
    cells: dict[tuple[int, int], Cell] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            value = read_value(text)
            if value is not None:
                cells[row, column] = Cell(value, text)
    return Grid(cells, spreadsheet=True)
