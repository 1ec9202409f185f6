"""Rows in a SQLite file of their own, for Datasette, sqlite-utils and whatever else opens one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from state.errors import StoreError

TABLE: Final = "figure"
"""The name of the table."""


def write_figures(rows: Iterable[Mapping[str, Any]], target: Path, *, types: Mapping[str, type]) -> int:
    """Write rows as the table ``figure`` of a new file, indexed by what people look for; returns how many.

    ``types`` are the columns in order, ``str`` or ``float``. Raises StoreError where the file cannot be written.
    """
    from sqlite_utils import Database  # a tenth of a second that no other command pays

    try:
        database = Database(target)
        table = database.table(TABLE)
        table.create(dict(types))
        with database.conn:
            table.insert_all((dict(row) for row in rows), batch_size=1_000)
        for columns in (["table", "row", "column"], ["release"], ["as_of"]):
            table.create_index(columns)
        count = int(table.count)
        database.close()
    except sqlite3.Error as error:
        raise StoreError(f"{target} cannot be written: {error}") from error
    return count
