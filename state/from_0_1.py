"""An archive of version 0.1 as this version has it, once, when it is opened for writing.

Nothing that was received, entered into the chain or said is touched: rows stay where they are, and the chain's
head is the same before and after.
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import Final

from state.errors import StoreError
from state.schema import lay_out

_LAST: Final = "0019-entries-as-bytes"
"""The last step that an archive of 0.1 has seen; those without it were made before there was any version."""


def is_from_0_1(db: Connection) -> bool:
    """Whether a file was laid out by version 0.1 of this program."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone() is not None


def convert(db: Connection) -> None:
    """Bring an archive of 0.1 to the schema of today, inside the caller's transaction.

    Raises StoreError for one that a development version left half way.
    """
    seen = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'archive'").fetchall()
    if (_LAST,) not in seen:
        raise StoreError("it was made before version 0.1; export its captures with the program that made it")
    _drop_indexes(db)  # they had names made by a library; ``lay_out`` makes them anew
    db.execute("DROP VIEW capture")
    db.execute("DROP TABLE _sqlite_migrations")
    lay_out(db)


def _drop_indexes(db: Connection) -> None:
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for (name,) in rows:
        db.execute(f'DROP INDEX "{name}"')
