"""Statistical cubes (JSON-stat, PC-Axis) as tables: a row for each combination, measures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any, Final

from msgspec import Struct

from diffing.readers.tables.rectangles import ColumnReader, table_of
from state.document import ReadingHints, Table
from state.errors import ReadingError

MAX_VALUES: Final = 10_000_000


class Dimension(Struct, frozen=True):
    """What a cube is broken down by, with the labels of its categories in their order."""

    name: str
    labels: tuple[str, ...]


class Cube(Struct, frozen=True):
    """``values`` go with the last dimension the fastest; ``across`` says which dimensions stand in the header."""

    title: str
    dimensions: tuple[Dimension, ...]
    across: tuple[bool, ...]
    values: Sequence[Any]


def table_of_cube(cube: Cube, *, hints: ReadingHints) -> Table:
    """The cube as a table. Raises ``ReadingError`` where values and categories do not fit, or are too many."""
    sizes = [len(each.labels) for each in cube.dimensions]
    if prod(sizes) != len(cube.values) or len(cube.values) > MAX_VALUES:
        raise ReadingError(f"the cube has {len(cube.values):,} values for {prod(sizes):,} combinations")
    down = [i for i, across in enumerate(cube.across) if not across]
    over = [i for i, across in enumerate(cube.across) if across]
    strides = [prod(sizes[i + 1 :]) for i in range(len(sizes))]
    places = [sum(at * strides[i] for at, i in zip(ats, down, strict=True)) for ats in _places(sizes, down)]
    names = [cube.dimensions[i].name for i in down]
    columns = [list(column) for column in zip(*_labels(cube, down), strict=True)] or [[] for _ in down]
    paths: list[tuple[str, ...]] = [(name,) for name in names]
    for ats, labels in zip(_places(sizes, over), _labels(cube, over), strict=True):
        shift = sum(at * strides[i] for at, i in zip(ats, over, strict=True))
        names.append(" / ".join(labels) or "value")
        paths.append(labels or ("value",))
        columns.append([_text(cube.values[place + shift]) for place in places])
    readers = [ColumnReader() for _name in names]
    for reader, column in zip(readers, columns, strict=True):
        reader.add(column)
    return table_of(names, readers, hints=hints, title=cube.title, paths=paths)


def _places(sizes: Sequence[int], of: Sequence[int]) -> list[tuple[int, ...]]:
    return list(product(*(range(sizes[i]) for i in of)))


def _labels(cube: Cube, of: Sequence[int]) -> list[tuple[str, ...]]:
    return list(product(*(cube.dimensions[i].labels for i in of)))


def _text(value: Any) -> str:  # noqa: ANN401
    return "" if value is None else str(value)
