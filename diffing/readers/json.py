"""JSON: arrays of objects, objects of columns, nested objects as paths."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from diffing.readers.statements.dates import find_dates
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.rectangles import ColumnReader, table_of
from diffing.values import is_figure
from state.document import Block, Document, ReadingHints, Table, Where
from state.errors import ReadingError
from state.formats import JSON

_DEEPEST: Final = 12
"""Levels of objects that become paths; what lies deeper is kept as its JSON text."""
_LONGEST: Final = 100
"""Digits of a whole number; more are a text as published."""


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read JSON. Raises ``ReadingError`` where it is none."""
    try:
        text = body.decode(json.detect_encoding(body)).removeprefix("\ufeff")
        data = json.loads(text, parse_int=_integer, parse_float=_decimal, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise ReadingError(f"the JSON cannot be parsed: {error}") from error
    tables = tuple(_tables(data, (), hints))
    blocks = tuple(_blocks(data, ()))
    return Document(
        media_type=JSON,
        tables=tables,
        blocks=blocks,
        definitions=find_definitions(blocks=blocks, tables=tables),
        dates=tuple(date for block in blocks for date in find_dates(block.text, where=Where())),
    )


def _integer(text: str) -> int | str:
    return int(text) if len(text) < _LONGEST else text


def _decimal(text: str) -> float | str:
    number = float(text)
    return number if is_figure(number) else text


def _tables(data: Any, path: tuple[str, ...], hints: ReadingHints) -> Iterator[Table]:  # noqa: ANN401
    if isinstance(data, list):
        yield from _table_of_list(data, path, hints)
    elif isinstance(data, Mapping):
        if _is_columnar(data):
            yield _table_of_columns(data, path, hints)
        elif _is_keyed_records(data):
            records = [{"": key, **_flat(value)} for key, value in data.items()]
            yield _table_of_records(records, path, hints)
        elif len(path) < _DEEPEST:
            for key, value in data.items():
                if isinstance(value, list | Mapping):
                    yield from _tables(value, (*path, str(key)), hints)
            if figures := {
                str(k): v for k, v in data.items() if isinstance(v, int | float) and not isinstance(v, bool)
            }:
                records = [{"name": name, "value": value} for name, value in figures.items()]
                yield _table_of_records(records, path, hints)


def _table_of_list(data: list[Any], path: tuple[str, ...], hints: ReadingHints) -> Iterator[Table]:
    records = [item for item in data if isinstance(item, Mapping)]
    if records and len(records) == len(data):
        yield _table_of_records([_flat(record) for record in records], path, hints)
    elif data and all(isinstance(item, list) for item in data):
        width = max(map(len, data))
        header, *rows = [[*map(_text, item), *[""] * (width - len(item))] for item in data]
        columns = list(zip(*rows, strict=True)) if rows else [() for _name in header]
        yield _table(header, columns, path, hints)
    elif data and not any(isinstance(item, list | Mapping) for item in data) and path:
        yield _table([path[-1]], [[_text(item) for item in data]], path, hints)


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
