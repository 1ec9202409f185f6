"""By what a table is known again: digests of its figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from diffing.identity import column_key, row_key
from diffing.values import normalise
from state.document import Table, Value

CELLS_DIGESTED = 400_000
"""Tables with more cells get a quicker, coarser fingerprint."""


def table_fingerprint(table: Table) -> str:
    """Two digests joined by a dash: over row keys, columns and values, and over row keys and values alone.

    The order of rows and columns does not matter. The second shows old figures under new headers. A table
    of more than ``CELLS_DIGESTED`` cells is digested as it stands but for the order of its rows.
    """
    names = [column_key(column.name) for column in table.columns]
    if len(table.rows) * len(names) > CELLS_DIGESTED:
        lines = sorted([f"{label}\x1f{row!r}" for label, row in zip(table.row_keys, table.rows, strict=True)])
        bare_digest = _digest(lines)
        return f"{_digest([*names, bare_digest])[:32]}-{bare_digest[:32]}"
    order = sorted(range(len(names)), key=lambda place: (names[place], place))
    labels = map(row_key, table.row_keys)
    values = list(zip(*table.rows, strict=True)) or [()] * len(order)
    columns = [_canonical_column(values[place]) for place in order]
    rows = list(zip(labels, *columns, strict=True))
    full = map("\x1f".join, rows)
    bare = ["\x1f".join([row[0], *sorted(row[1:])]) for row in rows]
    header = "\x1f".join(names[place] for place in order)
    return f"{_digest([header, *sorted(full)])[:32]}-{_digest(sorted(bare))[:32]}"


def figures_alone(fingerprint: str) -> str:
    """The part of a fingerprint that headers have no part in."""
    return fingerprint.split("-")[-1]


def _canonical_column(values: Sequence[Value]) -> list[str]:
    types = set(map(type, values))
    if types == {int}:
        return list(map(str, values))
    return list(map(normalise if types == {str} else _canonical, values))


def _canonical(value: Value) -> str:
    if isinstance(value, str):
        return normalise(value)
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return str(int(value)) if float(value).is_integer() else repr(round(value, 9))


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()
