"""The notation of a table's columns as history keeps it: among its measures, where it may be read in two ways."""

from __future__ import annotations

from collections.abc import Mapping

from diffing.values import normalise
from state.document import Notation, Role, Table

_POINT = "thousands.point:"
"""1 where a point parts thousands in the column that is named behind it."""

_DAY = "day.first:"
"""1 where the day stands first in the dates of the column, 0 where the month does."""


def note_notation(table: Table) -> dict[str, float]:
    """What is to be noted of the columns whose notation is sure, and would not be in every release."""
    noted: dict[str, float] = {}
    for column in table.columns:
        notation = column.notation
        if notation is None or notation.ambiguous:
            continue
        if notation.role is Role.FIGURE and notation.thousands == ".":
            noted[f"{_POINT}{normalise(column.name)}"] = 1.0
        elif notation.role is Role.DATE and notation.day_first is not None:
            noted[f"{_DAY}{normalise(column.name)}"] = float(notation.day_first)
    return noted


def notation_noted(measures: Mapping[str, float]) -> dict[str, Notation]:
    """The notation of columns by their normalised names, from the measures of a table's newest release."""
    found: dict[str, Notation] = {}
    for name, value in measures.items():
        if name.startswith(_POINT):
            found[name.removeprefix(_POINT)] = Notation(Role.FIGURE, thousands=".")
        elif name.startswith(_DAY):
            found[name.removeprefix(_DAY)] = Notation(Role.DATE, day_first=bool(value))
    return found
