"""Delimited text: CSV, TSV and their kin, with the encoding and the delimiter found out."""

from __future__ import annotations

import csv
import gc
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice, repeat
from typing import Final, TypeAlias

from msgspec import Struct

from diffing.columnar.engine import NotPlain
from diffing.columnar.read import read_records
from diffing.readers.characters import decode
from diffing.readers.statements.dates import find_dates
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.grid import read_grid
from diffing.readers.tables.rectangles import LARGE, ColumnReader, table_of, table_over
from diffing.values import read_value
from state.document import Block, Document, ReadingHints, Table, Where
from state.errors import ReadingError
from state.formats import CSV, TSV

_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64 * 1024
_FIELD: Final = 4 * 1024 * 1024  # characters that a single field may have
_CHUNK: Final = 20_000  # rows
_PIECE: Final = 1 << 20  # characters
Columns: TypeAlias = Sequence[Sequence[str]]
MAX_COLUMNS: Final = 50_000
"""Columns that a file may have: one of more is no table, and would take minutes."""
MAX_FIELDS: Final = 40_000_000
"""Fields that a file may have."""


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read delimited text. Raises ``ReadingError`` where it is binary or cannot be parsed."""
    text = decode(body).replace("\r\n", "\n")
    delimiter = sniff_delimiter(text[:_SAMPLE])
    csv.field_size_limit(_FIELD)
    blocks: tuple[Block, ...] = ()
    remarks: tuple[str, ...] = ()
    try:
        small = _read_small(text, delimiter)
        if small is None:
            with _uncollected():
                table, remarks = read_large(text, delimiter, hints)
            tables: tuple[Table, ...] = (table,)
        elif _is_clean(small):
            tables = (_read_clean(small, hints),)
        else:
            reading = read_grid(_grid(small), hints=hints)
            tables, blocks = reading.tables, reading.blocks
    except csv.Error as error:
        raise ReadingError(f"the delimited text cannot be parsed: {error}") from error
    return Document(
        media_type=TSV if delimiter == "\t" else CSV,
        tables=tables,
        blocks=blocks,
        definitions=find_definitions(blocks=blocks, tables=tables) if small is not None else (),
        dates=tuple(date for block in blocks for date in find_dates(block.text, where=Where())),
        remarks=remarks,
    )


def sniff_delimiter(sample: str) -> str:
    """The delimiter that splits most lines of a sample into the same number of fields; a comma where none does."""
    best, score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 200))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in (rows[:-1] if len(rows) > 2 else rows) if row)
        split = {width: count for width, count in widths.items() if width > 1}
        if not split:
            continue
        width, count = max(split.items(), key=lambda pair: (pair[1], pair[0]))
        rated = (round(count / sum(widths.values()), 1), width)
        if rated > score:
            best, score = delimiter, rated
    return best


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector: millions of rows hold no cycles, and it would walk them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _read_small(text: str, delimiter: str) -> list[list[str]] | None:
    """All rows; None where there are more than need, or bear, a search for their layout."""
    if _is_plain(text) and text.count("\n") > LARGE:
        return None
    rows = list(islice(_rows(text, delimiter), LARGE + 1))
    if len(rows) > LARGE:
        return None
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    _refuse_columns(max(map(len, rows), default=0))
    return rows


def _refuse_columns(count: int) -> None:
    if count > MAX_COLUMNS:
        raise ReadingError(f"the file has {count:,} columns; {MAX_COLUMNS:,} are read at the most")


def _is_clean(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row heads every column and all rows are as long, so that no layout need be found."""
    if not rows:
        return False
    header = [text.strip() for text in rows[0]]
    if len(header) < 2 or not all(header) or len(set(header)) < len(header) or not _names_columns(header):
        return False
    return all(map(len(header).__eq__, map(len, rows))) and all(any(row) for row in rows[1:])


def _names_columns(header: Sequence[str]) -> bool:
    """Whether no text is a figure, years apart."""
    for text in header:
        value = read_value(text)
        if isinstance(value, float) or (isinstance(value, int) and not 1900 <= value <= 2100):
            return False
    return isinstance(read_value(header[0]), str)


def _read_clean(rows: Sequence[Sequence[str]], hints: ReadingHints) -> Table:
    readers = [ColumnReader() for _name in rows[0]]
    if len(rows) > 1:
        for reader, column in zip(readers, zip(*rows[1:], strict=True), strict=True):
            reader.add(column)
    return table_of(rows[0], readers, hints=hints)


def read_large(
    text: str, delimiter: str, hints: ReadingHints, *, columnar: bool = True
) -> tuple[Table, tuple[str, ...]]:
    """A long file as one table under its first row; rows that are too short or too long are fitted and counted.

    Where all rows are of one length the engine of ``diffing/columnar`` holds them, unless ``columnar`` is False;
    both ways say the same of a file.
    """
    skipped, header = _first_row(text[:_FIELD], delimiter) or _first_row(text, delimiter) or (0, [""])
    _refuse_columns(len(header))
    if _names_columns([name for name in header if name.strip()] or [""]):
        skipped += 1
    else:
        header = [""] * len(header)
    if columnar and len(header) > 1 and "\r" not in text:
        with suppress(NotPlain):
            return _read_columnar(text, delimiter, hints, header=header, skipped=skipped), ()
    return _read_pieces(text, delimiter, hints, header=header, skipped=skipped)


def _first_row(text: str, delimiter: str) -> tuple[int, list[str]] | None:
    """The first row that holds something, and how many rows stand above it."""
    rows = enumerate(_rows(text, delimiter))
    return next(((index, row) for index, row in rows if any(map(str.strip, row))), None)


def _read_columnar(text: str, delimiter: str, hints: ReadingHints, *, header: list[str], skipped: int) -> Table:
    readers = [ColumnReader() for _name in header]
    start = _start_of(text, delimiter, skipped)
    rows = read_records(text, start=start, delimiter=delimiter, readers=readers, texts_kept=LARGE)
    if len(rows) * len(header) > MAX_FIELDS:
        raise ReadingError(f"the file has more than {MAX_FIELDS:,} fields")
    return table_over(header, rows, readers, hints=hints)


def _start_of(text: str, delimiter: str, skipped: int) -> int:
    """Where the records begin after so many rows, which may run over several lines."""
    rows = csv.reader(io.StringIO(text[:_FIELD], newline=""), delimiter=delimiter)
    for _row in islice(rows, skipped):
        pass
    start = 0
    for _line in range(rows.line_num):
        start = text.find("\n", start) + 1 or len(text)
    return start


def _read_pieces(
    text: str, delimiter: str, hints: ReadingHints, *, header: list[str], skipped: int
) -> tuple[Table, tuple[str, ...]]:
    """What the engine does not take, piece by piece."""
    fitting = _Fitting(width=len(header))
    readers = [ColumnReader() for _name in header]
    cut = _cut_plain if _is_plain(text) else _cut_quoted
    for columns in cut(text, delimiter, skipped=skipped, fitting=fitting):
        if fitting.rows * fitting.width > MAX_FIELDS:
            raise ReadingError(f"the file has more than {MAX_FIELDS:,} fields")
        for reader, column in zip(readers, columns, strict=True):
            reader.add(column)
    remark = f"{fitting.odd:,} rows have more or fewer fields than the header; they were cut or filled."
    return table_of(header, readers, hints=hints), (remark,) if fitting.odd else ()


class _Fitting(Struct):
    """Turns rows into ``width`` columns and counts them."""

    width: int
    rows: int = 0
    odd: int = 0  # rows that had more or fewer fields

    def columns(self, rows: Sequence[list[str]]) -> Columns:
        """The rows as columns; blank ones are dropped where not all are of one length."""
        if not all(map(self.width.__eq__, map(len, rows))):
            self.odd += sum(len(row) not in (0, self.width) for row in rows)
            rows = [[*row[: self.width], *[""] * (self.width - len(row))] for row in rows if row]
        self.rows += len(rows)
        return list(zip(*rows, strict=True)) or [()] * self.width


def _is_plain(text: str) -> bool:
    """Whether every delimiter and line break parts fields: nothing is quoted."""
    return '"' not in text and "\r" not in text


def _cut_quoted(
    text: str, delimiter: str, *, skipped: int, fitting: _Fitting
) -> Iterator[Sequence[Sequence[str]]]:
    """The columns of so many rows at a time."""
    rows = islice(_rows(text, delimiter), skipped, None)
    while chunk := list(islice(rows, _CHUNK)):
        yield fitting.columns(chunk)


def _cut_plain(text: str, delimiter: str, *, skipped: int, fitting: _Fitting) -> Iterator[Columns]:
    """The columns of so many lines at a time, cut all at once where all have as many fields."""
    start, width = 0, fitting.width
    for _line in range(skipped):
        start = text.find("\n", start) + 1 or len(text)
    while start < len(text):
        end = text.find("\n", start + _PIECE)
        piece = text[start : end if end >= 0 else len(text)].removesuffix("\n")
        if len(piece) > _PIECE + _FIELD:
            raise csv.Error(f"field larger than field limit ({_FIELD})")
        lines = piece.split("\n")
        if set(map(str.count, lines, repeat(delimiter))) == {width - 1} and (width > 1 or all(lines)):
            fields = piece.replace("\n", delimiter).split(delimiter)
            fitting.rows += len(lines)
            yield [fields[column::width] for column in range(width)]
        else:
            yield fitting.columns([line.split(delimiter) if line else [] for line in lines])
        start += len(piece) + 1


def _grid(rows: Sequence[Sequence[str]]) -> Grid:
    """Text in an unknown layout as a grid of cells."""
    cells: dict[tuple[int, int], Cell] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            value = read_value(text)
            if value is not None:
                cells[row, column] = Cell(value, text)
    return Grid(cells, spreadsheet=True)
