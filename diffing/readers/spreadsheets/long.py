"""Sheets of millions of cells: a header over records, by their values alone."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final, TypeAlias

from msgspec.structs import replace
from python_calamine import CalamineError, CalamineWorkbook

from diffing.readers.tables.rectangles import ColumnReader, table_over
from diffing.values import is_figure
from state.document import ReadingHints, Table, Value
from state.errors import ReadingError

LONG_XML: Final = 100_000_000
"""Bytes of XML from which a sheet is read so: about three million cells."""

MAX_CELLS: Final = 40_000_000
_CHUNK: Final = 20_000  # rows

Native: TypeAlias = str | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta


def read_long_sheet(body: bytes, name: str, *, hints: ReadingHints) -> Table | None:
    """The records of a sheet under the first row that names several columns; lines above it are its title.

    None for a sheet without such a row. Raises ``ReadingError``.
    """
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise ReadingError(f"the sheet {name!r} cannot be read: {error}") from error
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise ReadingError(f"the sheet {name!r} has more than {MAX_CELLS:,} cells")
    rows = iter(sheet.iter_rows())
    title, header = _head(rows)
    if header is None:
        return None
    return _table(header, rows, title=title, sheet=name, hints=hints)


def _head(rows: Iterator[list[Native]]) -> tuple[str, list[Native] | None]:
    title = ""
    for row in rows:
        texts = [value for value in row if value != ""]
        if len(texts) > 1:
            return title, row
        if texts and not title:
            title = str(texts[0]).strip()
    return title, None


def _table(
    header: list[Native], rows: Iterator[list[Native]], *, title: str, sheet: str, hints: ReadingHints
) -> Table:
    names = [str(_plain(value) or "") for value in header]
    if not all(isinstance(value, str) for value in header):
        rows, names = chain([header], rows), [""] * len(header)
    columns = [_Column() for _name in names]
    while chunk := list(islice(rows, _CHUNK)):
        filled = [row for row in chunk if any(value != "" for value in row)]
        for column, values in zip(columns, zip(*filled, strict=True), strict=False):
            column.add(values)
    held = tuple(zip(*[column.finish() for column in columns], strict=True))
    table = table_over(names, held, [column.reader for column in columns], hints=hints, title=title)
    return replace(table, sheet=sheet.strip())


class _Column:
    """The values of one column as a reader of texts would have them."""

    def __init__(self) -> None:
        self.reader = ColumnReader()

    def add(self, values: Sequence[Native]) -> None:
        """Read the next values."""
        if set(map(type, values)) == {float}:
            self.reader.values += map(_plain, values)
        elif any(type(value) is str for value in values) and all(type(value) is str for value in values):
            self.reader.add([value for value in values if isinstance(value, str)])
        else:
            for value in values:
                self._add_one(value)

    def _add_one(self, value: Native) -> None:
        if isinstance(value, str):
            self.reader.add([value])
        else:
            self.reader.values.append(_plain(value))

    def finish(self) -> list[Value]:
        """All values."""
        return self.reader.finish()


def _plain(value: Native) -> Value:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if not is_figure(value):
            return str(value)
        return int(value) if float(value).is_integer() and abs(value) < 1e15 else value
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, dt.timedelta) else value.isoformat().removesuffix("T00:00:00")
