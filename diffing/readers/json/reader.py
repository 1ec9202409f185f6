"""JSON: arrays of objects, rows as lists, objects of columns, cubes; nested objects as paths."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from diffing.readers.json.catalogues import catalogue_in
from diffing.readers.json.load import load, load_lines
from diffing.readers.json.shapes import Names, cube_of, is_heading, is_part, sorted_rows, unwrapped, with_days
from diffing.readers.statements.dates import find_dates
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.cube import table_of_cube
from diffing.readers.tables.rectangles import ColumnReader, table_of
from state.document import Block, Document, ReadingHints, Table, Where
from state.errors import PartialAnswer, ReadingError
from state.formats import JSON

_PAIRS: Final = ((b"{", b"}"), (b"[", b"]"))
_LONGEST_LINE: Final = 1 << 20  # bytes of a first line of JSON Lines
_MOST_CELLS: Final = 200_000
_SPARSEST: Final = 50
"""A table of more cells, so many for each that says something, is refused: it is larger than its document."""
_DEEPEST: Final = 12
"""Levels of objects that become paths; what lies deeper is kept as its JSON text."""


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read JSON, or JSON Lines. Raises ``ReadingError`` where it is none, or says that it is only a part."""
    data = with_days(load_lines(body) if _is_lines(body) else load(body))
    if is_part(data):
        raise PartialAnswer(
            "the service says that it gave only a part (exceededTransferLimit); ask it for less at a time"
        )
    catalogue = catalogue_in(data, hints=hints)
    if catalogue is not None:
        return Document(media_type=JSON, tables=(catalogue,))
    tables = tuple(_Reading(hints, Names(data)).tables(data, ()))
    blocks = tuple(_blocks(data, ()))
    return Document(
        media_type=JSON,
        tables=tables,
        blocks=blocks,
        definitions=find_definitions(blocks=blocks, tables=tables),
        dates=tuple(date for block in blocks for date in find_dates(block.text, where=Where())),
    )


def _is_lines(body: bytes) -> bool:
    """Whether a text holds a JSON object, or list, on each of its lines."""
    first, _, second = body.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")[:_LONGEST_LINE].partition(b"\n")
    opening, closing, second = first[:1], first.rstrip()[-1:], second.lstrip(b"\x1e \t\r\n")
    return (opening, closing) in _PAIRS and second[:1] == opening


class _Reading(Struct, frozen=True):
    """Finds the tables of a document."""

    hints: ReadingHints
    names: Names

    def tables(self, data: Any, path: tuple[str, ...]) -> Iterator[Table]:  # noqa: ANN401
        """The tables of a value and of all that it holds."""
        if isinstance(data, list):
            yield from self._of_list(unwrapped(data), path)
        elif isinstance(data, Mapping):
            if (cube := cube_of(data)) is not None:
                yield table_of_cube(cube, hints=self.hints)
            elif _is_columnar(data):
                yield _table_of_columns(data, path, self.hints)
            elif _is_keyed_records(data):
                records = [{"": key, **_flat(value)} for key, value in data.items()]
                yield _table_of_records(records, path, self.hints)
            elif len(path) < _DEEPEST:
                yield from self._of_object(data, path)

    def _of_object(self, data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Table]:
        """What an object holds: rows first, since they take names of columns that stand beside them."""
        parts = {key: value for key, value in data.items() if isinstance(value, list | Mapping)}
        found = {key: list(self.tables(value, (*path, str(key)))) for key, value in sorted_rows(parts)}
        for key, value in parts.items():
            if not self.names.are_used(value):
                yield from found[key]
        figures = {str(k): v for k, v in data.items() if isinstance(v, int | float) and not isinstance(v, bool)}
        if figures:
            records = [{"name": name, "value": value} for name, value in figures.items()]
            yield _table_of_records(records, path, self.hints)

    def _of_list(self, data: list[Any], path: tuple[str, ...]) -> Iterator[Table]:
        if self.names.are_used(data):
            return
        records = [item for item in data if isinstance(item, Mapping)]
        if len(records) == len(data):
            if data or path:  # an emptied list is a table without rows
                yield _table_of_records([_flat(record) for record in records], path, self.hints)
        elif all(isinstance(item, list) for item in data):
            yield self._of_lists(data, path)
        elif not any(isinstance(item, list | Mapping) for item in data) and path:
            yield _table([path[-1]], [[_text(item) for item in data]], path, self.hints)

    def _of_lists(self, data: list[list[Any]], path: tuple[str, ...]) -> Table:
        """Rows as lists, under names that stand apart, else under their first row where it names columns."""
        width = max(map(len, data))
        rows = [[*map(_text, item), *[""] * (width - len(item))] for item in data]
        named = self.names.of(data)
        if named is None:
            named = dict(enumerate(rows.pop(0) if is_heading(data[0]) else [""] * width))
        columns = [[row[place] for row in rows] for place in named]
        return _table(list(named.values()), columns, path, self.hints)


def _is_columnar(data: Mapping[str, Any]) -> bool:
    """Whether an object holds columns: at least two lists of plain values, all of one length."""
    lists = list(data.values())
    if len(lists) < 2 or not all(isinstance(column, list) and column for column in lists):
        return False
    plain = all(not isinstance(value, list | Mapping) for column in lists for value in column)
    return plain and len({len(column) for column in lists}) == 1


def _is_keyed_records(data: Mapping[str, Any]) -> bool:
    """Whether an object is a list of records by key: at least two flat objects that share their names."""
    records = list(data.values())
    if len(records) < 2 or not all(isinstance(record, Mapping) and record for record in records):
        return False
    if any(isinstance(value, list | Mapping) for record in records for value in record.values()):
        return False
    first = set(records[0])
    return all(len(first & set(record)) * 2 >= len(first | set(record)) for record in records)


def _table_of_columns(data: Mapping[str, Any], path: tuple[str, ...], hints: ReadingHints) -> Table:
    columns = [[_text(value) for value in column] for column in data.values()]
    return _table([str(name) for name in data], columns, path, hints)


def _table_of_records(records: list[dict[str, Any]], path: tuple[str, ...], hints: ReadingHints) -> Table:
    names = dict.fromkeys(name for record in records for name in record)
    cells, said = len(names) * len(records), sum(map(len, records))
    if cells > _MOST_CELLS and cells > _SPARSEST * said:
        raise ReadingError(
            f"{len(records):,} records under {len(names):,} names make {cells:,} cells;"
            f" {said:,} of them say something"
        )
    columns = [[_text(record.get(name)) for record in records] for name in names]
    paths = [tuple(name.split(" / ")) if name else () for name in names]
    return _table(list(names), columns, path, hints, paths)


def _table(
    names: Sequence[str],
    columns: Sequence[Sequence[str]],
    path: tuple[str, ...],
    hints: ReadingHints,
    paths: Sequence[tuple[str, ...]] = (),
) -> Table:
    readers = [ColumnReader() for _name in names]
    for reader, column in zip(readers, columns, strict=True):
        reader.add(column)
    return table_of(names, readers, hints=hints, title=" / ".join(path), paths=paths)


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """A record with the names of nested objects joined by " / "."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and depth < _DEEPEST:
            flat.update(_flat(value, f"{prefix}{name} / ", depth + 1))
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def _text(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _blocks(data: Any, path: tuple[str, ...]) -> Iterator[Block]:  # noqa: ANN401
    """Texts that stand beside tables: titles, notes, dates of the data."""
    if isinstance(data, Mapping) and len(path) < _DEEPEST and not _is_keyed_records(data):
        for key, value in data.items():
            if isinstance(value, str) and value.strip():
                yield Block(f"{key}: {value.strip()}", path)
            elif isinstance(value, Mapping):
                yield from _blocks(value, (*path, str(key)))
