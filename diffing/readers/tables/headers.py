"""Columns of a table: which there are, and their header paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from diffing.readers.statements.dates import read_period
from diffing.readers.statements.periods import last_day
from diffing.readers.tables.canvas import Canvas
from diffing.readers.tables.parts import Part, header_prose
from diffing.values import normalise, tidy
from state.document import Column, Period, Span

Path: TypeAlias = tuple[str, ...]
"""The header texts of a column, from the top."""


def find_columns(canvas: Canvas, part: Part) -> list[int]:
    """Positions of the columns that hold something of their own, in the body or in the lowest header row."""
    used = set[int]().union(*(canvas.in_row(row, part.region) for row in part.body))
    if not part.header:
        return sorted(used)
    for row in part.header:
        for column in canvas.in_row(row, part.region):
            if canvas.end_of(row, column)[1] == column or row == part.header[-1]:
                used.add(column)
    return sorted(used)


def name_columns(paths: Sequence[Path], *, fiscal_year: int | None) -> tuple[Column, ...]:
    """Columns with their header paths; a repeated name gets " #2", a nameless column but the first its number."""
    seen: dict[str, int] = {}
    columns = []
    for index, path in enumerate(paths):
        if not path and index:
            path = (f"column {index + 1}",)
        name = " / ".join(path)
        count = seen[normalise(name)] = seen.get(normalise(name), 0) + 1
        if count > 1:
            name = f"{name} #{count}"
        period = _period(path, fiscal_year)
        columns.append(Column(name, path, _a_year_later(period, count - 1) if period else None))
    return tuple(columns)


def _a_year_later(period: Period, years: int) -> Period:
    """The period of a month that comes again under one heading: the publisher forgot to name the next year."""
    if not years or period.span is not Span.MONTH or period.start is None or period.end is None:
        return period
    start = period.start.replace(year=period.start.year + years)
    return Period(period.span, start, last_day(start.year, start.month))


def find_paths(canvas: Canvas, part: Part, positions: Sequence[int]) -> list[Path]:
    """The header texts over each column, from the top."""
    levels = [_level(canvas, part, row, positions, lowest=row == part.header[-1]) for row in part.header]
    paths = []
    for index in range(len(positions)):
        path: list[str] = []
        for level in levels:
            text = level[index]
            if text and (not path or path[-1] != text):
                path.append(text)
        paths.append(tuple(path))
    return paths


def _level(canvas: Canvas, part: Part, row: int, positions: Sequence[int], *, lowest: bool) -> list[str]:
    """The header text over each column in one header row, filled in where a text heads several columns."""
    cells = canvas.in_row(row, part.region)
    prose = {line.column for line in header_prose(canvas, part) if line.row == row}
    texts = {column: "" if column in prose else tidy(cell.text) for column, cell in cells.items()}
    for column in cells:
        for covered in range(column + 1, canvas.end_of(row, column)[1] + 1):
            texts.setdefault(covered, texts[column])
    if not lowest:
        merged = {column for column in cells if canvas.end_of(row, column)[1] > column}
        _spread(texts, positions, _named_below(canvas, part, row) - merged)
    return [texts.get(position, "") for position in positions]


def _named_below(canvas: Canvas, part: Part, row: int) -> set[int]:
    """Columns that a lower header row names too, by themselves or by a merged cell."""
    named: set[int] = set()
    for lower in part.header[part.header.index(row) + 1 :]:
        for column in canvas.in_row(lower, part.region):
            named.update(range(column, canvas.end_of(lower, column)[1] + 1))
    return named


def _spread(texts: dict[int, str], positions: Sequence[int], below: set[int]) -> None:
    """Spread each text that heads others, and is not merged itself, to the right up to the next."""
    current = ""
    for position in positions:
        if position in texts:
            current = texts[position] if position in below else ""
        elif current and position in below:
            texts[position] = current


def _period(path: tuple[str, ...], fiscal_year: int | None) -> Period | None:
    """The period that the lowest header names, else the levels read together ("2020" over "July": July 2020)."""
    if not path:
        return None
    readings = [" ".join(reversed(path)), " ".join(path), " ".join(reversed(path[-2:])), path[-1]]
    if len(path) > 2:
        readings.append(" ".join(reversed(path[:-1])))
    periods = (read_period(text, fiscal_year=fiscal_year) for text in dict.fromkeys(readings))
    return next((period for period in periods if period is not None), None)
