"""A rectangle of records -> a table, without an object for each cell: the fast path of CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from diffing.dates import find_fiscal_year, read_period
from diffing.grid_rows import choose_key, count_labels, is_total, name_rows
from diffing.values import normalise, read_value, tidy
from state.document import Column, Period, ReadingHints, Table, Value

_SAMPLE: Final = 2_000
"""Rows in which key columns are looked for before all rows are asked."""


def table_of(
    names: Sequence[str],
    columns: list[list[str]],
    *,
    hints: ReadingHints,
    title: str = "",
    paths: Sequence[tuple[str, ...]] = (),
) -> Table:
    """A table from texts by column; every column has as many texts as there are rows."""
    headed = name_columns(names, paths, fiscal_year=find_fiscal_year(title))
    values, texts = [], {}
    for index, column in enumerate(columns):
        read, differing = read_column(column)
        values.append(read)
        for row, text in differing:
            texts[row, index] = text
    rows = tuple(zip(*values, strict=True))
    key = choose_key([column.name for column in headed], rows, declared=hints.key_columns)
    year = find_fiscal_year(title)
    labels = max(count_labels(rows[:_SAMPLE]), 1)
    return Table(
        name=title,
        columns=headed,
        rows=rows,
        row_keys=name_rows(rows, key),
        key=key,
        texts=texts,
        totals=_totals(values[:labels]),
        row_periods=_periods(values[0] if values else [], year),
        fiscal_year=year,
    )


def name_columns(
    names: Sequence[str], paths: Sequence[tuple[str, ...]] = (), *, fiscal_year: int | None
) -> tuple[Column, ...]:
    """Columns under unique names: a repeated one gets " #2", a nameless one its number."""
    seen: dict[str, int] = {}
    columns = []
    for index, raw in enumerate(names):
        name = tidy(raw) or (f"column {index + 1}" if index else "")
        count = seen[normalise(name)] = seen.get(normalise(name), 0) + 1
        unique = name if count == 1 else f"{name} #{count}"
        path = paths[index] if paths else (name,) if name else ()
        columns.append(Column(unique, path, read_period(path[-1], fiscal_year=fiscal_year) if path else None))
    return tuple(columns)


def read_column(texts: list[str]) -> tuple[list[Value], list[tuple[int, str]]]:
    """The values of a column, and the rows whose published text says more than ``str(value)``.

    Columns of plain integers or decimals, which most are, are converted whole.
    """
    for convert in (int, float):
        if (numbers := _convert(texts, convert)) is not None:
            return numbers, []
    seen: dict[str, tuple[Value, str | None]] = {}
    values: list[Value] = []
    differing = []
    for row, text in enumerate(texts):
        known = seen.get(text)
        if known is None:
            value = read_value(text)
            value = tidy(value) if isinstance(value, str) else value
            clean = tidy(text)
            known = seen[text] = (value, clean if value is not None and clean != str(value) else None)
        values.append(known[0])
        if known[1] is not None:
            differing.append((row, known[1]))
    return values, differing


def _convert(texts: list[str], convert: Callable[[str], int | float]) -> list[Value] | None:
    """All texts as numbers, None where one is no plain number or would not print as it was published."""
    try:
        numbers: list[Value] = list(map(convert, texts))
    except ValueError:
        return None
    return numbers if list(map(str, numbers)) == texts else None


def _totals(labels: Sequence[Sequence[Value]]) -> frozenset[int]:
    found = {
        row
        for column in labels
        for row, value in enumerate(column)
        if isinstance(value, str) and "otal" in value.lower() and len(value) < 80 and is_total(value)
    }
    return frozenset(found)


def _periods(labels: Sequence[Value], year: int | None) -> tuple[Period | None, ...]:
    known = {
        label: read_period(str(label), fiscal_year=year) for label in set(labels[:_SAMPLE]) if label is not None
    }
    if not any(known.values()):
        return ()
    for label in set(labels):
        if label is not None and label not in known:
            known[label] = read_period(str(label), fiscal_year=year)
    return tuple(None if label is None else known[label] for label in labels)
