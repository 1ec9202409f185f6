"""Every figure of a source over all its releases, in long form: one line a cell, in four formats."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from state.document import Value
from state.errors import MonitorError
from state.figures_file import write_figures
from state.model import Release, TableFacts
from state.reading.captures import Holdings

MEANINGS: Final = {
    "source": "Which source, by its id.",
    "series": "Which series of the source.",
    "document": "Which document of the series, where every file is one of its own; else empty.",
    "release": "Which release, by the id that the archive gave it.",
    "at": "When the release was first captured (for mementos and imports: their own date). ISO 8601, UTC.",
    "as_of": "As of which day the table, or else its document, says that it speaks. ISO 8601; empty for none.",
    "table": "The table's key: sheet, title and fiscal year in comparison form (lower case, spaces collapsed).",
    "row": "The row's key: its label and the labels of the groups above it, in comparison form.",
    "column": "The column's name: its header texts from the top, in comparison form.",
    "value": "The value as text: a number in plain digits (a percentage as a fraction), a mark of suppression "
    "such as * as published, a date as ISO 8601. Empty for a blank cell.",
    "number": "The value where it is a number; empty otherwise.",
}
"""What each column of the long form means; the data dictionary."""

FORMATS: Final = ("csv", "json", "parquet", "sqlite")
_BATCH: Final = 50_000  # cells written at once

ReadAgain = Callable[[Release], dict[str, Sequence[Sequence[Value]]]]
"""Reads a release anew: the cells of its tables by table key, for tables too large to be kept in the archive."""


class Cell(Struct, frozen=True):
    """One cell of one release."""

    source: str
    series: str
    document: str
    release: str
    at: str
    as_of: str | None
    table: str
    row: str
    column: str
    value: str | None
    number: float | int | None


def cells(
    holdings: Holdings,
    source: str,
    *,
    series: str | None = None,
    table: str | None = None,
    read_again: ReadAgain = lambda _release: {},
) -> Iterator[Cell]:
    """The cells of a source, release by release, oldest first; ``table`` is a part of a table's key or name."""
    for release in holdings.archive.releases(source, series=series):
        facts = holdings.archive.facts(release)
        if facts is None:
            continue
        wanted = [each for each in facts.tables if table is None or _named(each, table)]
        too_large = any(each.rows and not each.values for each in wanted)
        again = read_again(release) if too_large else {}
        stated = None if facts.as_of is None else facts.as_of.date
        for each in wanted:
            as_of = each.as_of or stated
            rows = each.values or again.get(each.key, ())
            if len(rows) == len(each.rows):
                yield from _cells(release, each, rows, as_of=None if as_of is None else as_of.isoformat())


def write_cells(found: Iterable[Cell], target: Path, *, kind: str, named: str = "") -> int:
    """Write cells as ``kind`` (see ``FORMATS``), with the data dictionary beside; returns how many.

    ``named`` is what the dictionary calls the file, where it gets another name than ``target`` afterwards.

    Raises MonitorError where Parquet is wanted and pyarrow is not installed.
    """
    write = {"csv": _write_csv, "json": _write_json, "parquet": _write_parquet, "sqlite": _write_sqlite}[kind]
    count = write(found, target)
    dictionary_path(target).write_text(
        json.dumps(_dictionary(named or target.name, count), indent=2) + "\n", encoding="utf-8"
    )
    return count


def dictionary_path(target: Path) -> Path:
    """Where the data dictionary of an export stands."""
    return target.with_name(f"{target.name}.dictionary.json")


def _named(table: TableFacts, part: str) -> bool:
    return part.casefold() in table.key.casefold() or part.casefold() in table.name.casefold()


def _cells(
    release: Release, table: TableFacts, rows: Sequence[Sequence[Value]], *, as_of: str | None
) -> Iterator[Cell]:
    for name, row in zip(table.rows, rows, strict=True):
        for column, value in zip(table.columns, row, strict=False):
            yield Cell(
                source=release.source,
                series=release.series,
                document=release.document,
                release=release.id,
                at=release.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                as_of=as_of,
                table=table.key,
                row=name,
                column=column,
                value=None if value is None else str(value),
                number=value if isinstance(value, int | float) else None,
            )


def _write_csv(found: Iterable[Cell], target: Path) -> int:
    """RFC 4180; text that a spreadsheet would run as a formula is written as it is: the bytes are evidence."""
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MEANINGS)
        for cell in found:
            writer.writerow([getattr(cell, name) for name in MEANINGS])
            count += 1
    return count


def _write_json(found: Iterable[Cell], target: Path) -> int:
    count = 0
    with target.open("w", encoding="utf-8") as file:
        file.write("[")
        for count, cell in enumerate(found, start=1):
            file.write(("\n" if count == 1 else ",\n") + json.dumps(asdict(cell), ensure_ascii=False))
        file.write("\n]\n")
    return count


def _write_parquet(found: Iterable[Cell], target: Path) -> int:
    if importlib.util.find_spec("pyarrow") is None:
        raise MonitorError("Parquet needs pyarrow, which is not installed: run `pip install pyarrow`, or take csv")
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    types = dict.fromkeys(MEANINGS, arrow.string()) | {"number": arrow.float64()}
    schema = arrow.schema(
        [arrow.field(name, types[name], metadata={"meaning": meaning}) for name, meaning in MEANINGS.items()]
    )
    count = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        rest = iter(found)
        while batch := list(islice(rest, _BATCH)):
            count += len(batch)
            writer.write_table(arrow.Table.from_pydict(_columns(batch), schema=schema))
    return count


def _write_sqlite(found: Iterable[Cell], target: Path) -> int:
    types = dict.fromkeys(MEANINGS, str) | {"number": float}
    return write_figures((asdict(cell) for cell in found), target, types=types)


def _columns(batch: Sequence[Cell]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [getattr(cell, name) for cell in batch] for name in Cell.__struct_fields__
    }
    columns["number"] = [None if number is None else float(number) for number in columns["number"]]
    return columns


def _dictionary(name: str, count: int) -> dict[str, object]:
    return {
        "file": name,
        "rows": count,
        "a_row_is": "one cell of one table of one release",
        "columns": [
            {"name": name, "type": "number" if name == "number" else "text", "meaning": meaning}
            for name, meaning in MEANINGS.items()
        ],
    }
