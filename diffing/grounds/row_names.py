"""What a row is called for a reader where its key is a number, "1003 (Polk County)", and what it holds."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.grounds.wording import number
from diffing.readers.tables.rectangles import LARGE
from diffing.readers.tables.roles import LONG, Role, roles_of
from diffing.values import is_suppressed
from state.document import Table, Value
from state.model import Item

MOST_HELD, MOST_FIGURES = 100, 4
"""Rows of which is named what they hold, and how many figures of each."""


def called(table: Table, row: int) -> str:
    """The key of a row; where that is digits alone, with the name that stands beside it; a dataset's title."""
    key = table.row_keys[row]
    if table.catalogue:
        return title_of(table, row) or key
    name = name_beside(table, row)
    return f"{key} ({name})" if name else key


def title_of(table: Table, row: int) -> str | None:
    """What an entry of a catalogue is called."""
    place = next((index for index, column in enumerate(table.columns) if column.name == "Title"), None)
    value = None if place is None else table.rows[row][place]
    return None if value is None else str(value)


def items_of_rows(table: Table, rows: Sequence[int]) -> tuple[Item, ...]:
    """Rows that came or went as items: each with the name beside its key, the first ones with their figures."""
    roles = roles_of(table.rows, len(table.columns)) if rows else []
    figures = [j for j, role in enumerate(roles) if role is Role.FIGURE and j not in table.key]
    return tuple(
        Item(row=table.row_keys[row], note=_note(table, row, figures if place < MOST_HELD else ()))
        for place, row in enumerate(rows)
    )


def _note(table: Table, row: int, columns: Sequence[int]) -> str | None:
    name = title_of(table, row) if table.catalogue else name_beside(table, row)
    return "; ".join(filter(None, (name, _holdings(table, row, columns)))) or None


def _holdings(table: Table, row: int, columns: Sequence[int]) -> str | None:
    """The first figures of a row under their headers: "Arrived 250, Boats 3"."""
    cells = [(table.columns[column].name, table.rows[row][column]) for column in columns]
    figures = [f"{name} {number(value)}" for name, value in cells if name and isinstance(value, int | float)]
    more = f" and {len(figures) - MOST_FIGURES} more" if len(figures) > MOST_FIGURES else ""
    return ", ".join(figures[:MOST_FIGURES]) + more if figures else None


def name_beside(table: Table, row: int) -> str | None:
    """The name beside a key that is a number; None where there is none, or the key says who the row is.

    It stands in the first column that holds names, and not the same one, in the first, middle and last row.
    """
    key, rows = table.row_keys[row], table.rows
    if len(rows) > LARGE or any(map(str.isalpha, key)) or (table.row_periods and table.row_periods[row]):
        return None
    probes = rows[0], rows[len(rows) // 2], rows[-1]
    for column, value in enumerate(rows[row]):
        if column in table.key or not _is_name(value):
            continue
        shown = [probe[column] for probe in probes]
        if all(map(_is_name, shown)) and (len(set(shown)) > 1 or len(rows) < 2):
            return str(value)
    return None


def _is_name(value: Value) -> bool:
    if not isinstance(value, str) or not 2 < len(value) <= LONG or is_suppressed(value):
        return False
    return sum(map(str.isalpha, value)) * 2 > len(value)
