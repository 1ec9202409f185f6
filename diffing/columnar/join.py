"""Two long tables joined by the engine: rows of one key, and those of them that differ in some cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from diffing.columnar.engine import ask
from diffing.columnar.rows import ColumnarRows, Kind
from state.document import Value

Pairs: TypeAlias = list[tuple[int, int]]
Rows: TypeAlias = Sequence[Sequence[Value]]


def rows_of_one_key(before: Rows, after: Rows, key: Sequence[tuple[int, int]]) -> Pairs | None:
    """Rows (before, after) whose key cells are equal, ascending; None where the engine cannot say.

    Every key must stand once on each side: it is asked of such tables only.
    """
    if not isinstance(before, ColumnarRows) or not isinstance(after, ColumnarRows):
        return None
    if not _names(before, after, key):
        return None
    return _pairs(f"SELECT b.rowid, a.rowid {_joined(before, after, key)} ORDER BY b.rowid")


def rows_that_differ(
    before: Rows, after: Rows, key: Sequence[tuple[int, int]], columns: Sequence[tuple[int, int]]
) -> Pairs | None:
    """Of the rows of one key those that may differ in one of ``columns``, ascending; None where it cannot be said.

    What is written otherwise ("1.0", "1.00") is among them: values are compared by who asks.
    """
    if not isinstance(before, ColumnarRows) or not isinstance(after, ColumnarRows):
        return None
    comparable = all(_notation(before, i) == _notation(after, j) is not None for i, j in columns)
    if not comparable or not _names(before, after, key):
        return None
    differ = " OR ".join(f"b.c{i} <> a.c{j}" for i, j in columns)
    return _pairs(f"SELECT b.rowid, a.rowid {_joined(before, after, key)} WHERE {differ} ORDER BY b.rowid")


def _pairs(statement: str) -> Pairs:
    return cast("Pairs", ask(statement))


def _joined(before: ColumnarRows, after: ColumnarRows, key: Sequence[tuple[int, int]]) -> str:
    equal = " AND ".join(f"b.c{i} = a.c{j}" for i, j in key)
    return f"FROM {before.columns.table} b JOIN {after.columns.table} a ON {equal}"


def _names(before: ColumnarRows, after: ColumnarRows, key: Sequence[tuple[int, int]]) -> bool:
    """Whether equal texts in these columns are equal names of rows, and others other names.

    Parts of a name that hold its separator, or blanks, which are left out of it, could add up to the same.
    """
    if not key:
        return False
    for rows, places in ((before, [i for i, _ in key]), (after, [j for _, j in key])):
        if not all(rows.columns.kinds[place] in (Kind.WORDS, Kind.WHOLE) for place in places):
            return False
        odd = " OR ".join(f"c{place} = '' OR contains(c{place}, ' / ')" for place in places)
        [(found,)] = ask(f"SELECT count(*) FROM {rows.columns.table} WHERE {odd}")
        if found:
            return False
    return True


def _notation(rows: ColumnarRows, place: int) -> str | None:
    """In which notation a column is read; None where equal texts of it may mean different things."""
    return rows.columns.notations.get(place) if rows.columns.kinds[place] is Kind.READ else ""
