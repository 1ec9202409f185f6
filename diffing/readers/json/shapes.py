"""Shapes of JSON data that are no list of objects: rows as lists under names that stand apart, cubes, parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from diffing.readers.tables.cube import Cube, Dimension

_NAMES: Final = ("name", "label", "title", "header", "text", "fieldname", "columnname", "field", "id", "key")
"""What the name of a column is called where columns are objects, the most telling first."""
_HOLDERS: Final = ("column", "field", "header", "col", "schema", "name", "label", "key")
"""Beginnings of what a list of column names is called."""
_DEEPEST: Final = 12


def is_part(data: Any) -> bool:  # noqa: ANN401
    """Whether a service says that it gave only a part of what was asked for, as ArcGIS does."""
    if not isinstance(data, Mapping):
        return False
    properties = data.get("properties")
    holders = (data, properties) if isinstance(properties, Mapping) else (data,)
    return any(holder.get("exceededTransferLimit") is True for holder in holders)


def with_days(data: Any) -> Any:  # noqa: ANN401
    """An answer of ArcGIS with its dates as dates: they are milliseconds since 1970 in fields that say so."""
    if not isinstance(data, Mapping) or not isinstance(data.get("fields"), list):
        return data
    dated = {
        field.get("name")
        for field in data["fields"]
        if isinstance(field, Mapping) and field.get("type") == "esriFieldTypeDate"
    }
    features = data.get("features")
    if not dated or not isinstance(features, list):
        return data
    return {**data, "features": [_with_days(feature, dated) for feature in features]}


def _with_days(feature: Any, dated: set[Any]) -> Any:  # noqa: ANN401
    if not isinstance(feature, Mapping) or not isinstance(feature.get("attributes"), Mapping):
        return feature
    told = {name: _day(value) if name in dated else value for name, value in feature["attributes"].items()}
    return {**feature, "attributes": told}


def _day(value: Any) -> Any:  # noqa: ANN401
    """The day, with its time where that is not midnight, of so many milliseconds; what is none as it is."""
    if type(value) is not int or not abs(value) < _LATEST:
        return value
    at = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=value)  # noqa: DTZ001 - as published: without a zone
    return at.date().isoformat() if at.time() == dt.time() else at.isoformat(sep=" ", timespec="seconds")


_LATEST: Final = 7_258_118_400_000
"""Milliseconds up to the year 2200."""


class Names:
    """The names of columns that stand apart from rows of lists, anywhere in a document."""

    def __init__(self, data: Any) -> None:  # noqa: ANN401
        self._found = [(holder, value, names) for holder, value in _lists(data, 0) if (names := _names(value))]
        self._used: list[object] = []

    def of(self, rows: Sequence[Sequence[Any]]) -> dict[int, str] | None:
        """The names for rows of lists by their place, None where none stand apart: as many, in a list called so.

        What a program keeps for itself in each row (Socrata's ``:sid``, ``:position``, …) has none.
        """
        width = max(map(len, rows), default=0)
        for holder, value, names in self._found:
            if len(names) == width and holder.lower().startswith(_HOLDERS) and names != list(rows[0]):
                self._used.append(value)
                kept = [i for i, item in enumerate(value) if not _is_internal(item)]
                return {i: names[i] for i in kept or range(width)}
        return None

    def are_used(self, data: object) -> bool:
        """Whether a list was taken for the names of columns, and is nothing to be told by itself."""
        return any(data is used for used in self._used)


def _lists(data: Any, depth: int) -> Iterator[tuple[str, list[Any]]]:  # noqa: ANN401
    if not isinstance(data, Mapping) or depth > _DEEPEST:
        return
    for name, value in data.items():
        if isinstance(value, list) and value:
            yield str(name), value
        else:
            yield from _lists(value, depth + 1)


def _is_internal(column: Any) -> bool:  # noqa: ANN401
    """Whether a column is of the program that keeps the data, and is no part of them."""
    if not isinstance(column, Mapping):
        return isinstance(column, str) and column.startswith(":")
    named = str(column.get("fieldName") or column.get("name") or "")
    return named.startswith(":") or column.get("dataTypeName") == "meta_data"


def _names(value: list[Any]) -> list[str] | None:
    """The texts of a list of names, or of a list of objects that have one; None where it is none."""
    if all(isinstance(item, str) for item in value):
        return list(value)
    if not all(isinstance(item, Mapping) for item in value):
        return None
    lowered = [{str(name).lower(): part for name, part in item.items()} for item in value]
    for called in _NAMES:
        names = [item.get(called) for item in lowered]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return [str(name) for name in names]
    return None


def sorted_rows(parts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The parts of an object with those first that may be rows of lists: they take the names beside them."""
    return sorted(parts.items(), key=lambda part: not _are_rows(part[1]))


def _are_rows(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and bool(value) and isinstance(unwrapped(value[:1])[0], list)


def is_heading(row: Sequence[Any]) -> bool:
    """Whether a first row of a list of lists names its columns: texts only, all different, none a figure."""
    texts = [item for item in row if isinstance(item, str) and item.strip()]
    figures = any(text.replace(",", "").replace(".", "").strip("-+$€%").isdigit() for text in texts)
    years = all(len(text) == 4 for text in texts if text.isdigit())
    return len(texts) == len(row) > 0 and len(set(texts)) == len(texts) and (not figures or years)


def unwrapped(rows: list[Any]) -> list[Any]:
    """Rows of ``{"c": [{"v": …}]}``, as charts take them, as lists; all others as they are."""
    if not all(
        isinstance(row, Mapping) and set(row) <= {"c", "p"} and isinstance(row.get("c"), list) for row in rows
    ):
        return rows
    return [[cell.get("v") if isinstance(cell, Mapping) else cell for cell in row["c"]] for row in rows]


def cube_of(data: Any) -> Cube | None:  # noqa: ANN401
    """The cube of a JSON-stat dataset, None for anything else or where its parts do not fit."""
    if not isinstance(data, Mapping) or not isinstance(data.get("dimension"), Mapping):
        return None
    described = data["dimension"]
    ids, sizes = (data.get(part, described.get(part)) for part in ("id", "size"))
    role = data.get("role", described.get("role")) or {}
    if not isinstance(ids, list) or not isinstance(sizes, list) or len(ids) != len(sizes):
        return None
    dimensions = [_dimension(str(id), described.get(id), size) for id, size in zip(ids, sizes, strict=True)]
    values = _values(data.get("value"), sizes)
    if values is None or any(each is None for each in dimensions):
        return None
    metrics = role.get("metric") if isinstance(role, Mapping) else None
    return Cube(
        title=str(data.get("label") or ""),
        dimensions=tuple(each for each in dimensions if each is not None),
        across=tuple(str(id) in map(str, metrics or ()) for id in ids),
        values=values,
    )


def _dimension(id: str, described: Any, size: Any) -> Dimension | None:  # noqa: ANN401
    if not isinstance(described, Mapping) or not isinstance(described.get("category"), Mapping):
        return None
    index, labels = (described["category"].get(part) for part in ("index", "label"))
    labels = labels if isinstance(labels, Mapping) else {}
    if isinstance(index, Mapping):
        codes = sorted(index, key=lambda code: (not isinstance(index[code], int), str(index[code]).zfill(9)))
    else:
        codes = list(index) if isinstance(index, list) else list(labels)
    if len(codes) != size:
        return None
    return Dimension(str(described.get("label") or id), tuple(str(labels.get(code, code)) for code in codes))


def _values(value: Any, sizes: Sequence[Any]) -> list[Any] | None:  # noqa: ANN401
    """All values in their order; those that a sparse object leaves out are blank."""
    count = 1
    for size in sizes:
        if not isinstance(size, int) or size < 0:
            return None
        count *= size
    if isinstance(value, list) and len(value) == count:
        return value
    if isinstance(value, Mapping) and count <= 10_000_000:
        return [value.get(str(index)) for index in range(count)]
    return None
