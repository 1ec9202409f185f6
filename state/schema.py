"""The archive's tables, from ``schema.sql``: made in a new file, completed in one that has some of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from state.append_only import APPEND_ONLY, trigger_statements
from state.blobs.compression import MARK, SKELETON

VERSION: Final = 6
"""The number of the schema, SQLite's ``user_version``; archives of 0.1 have 0. A later one is one higher."""

_STEPS: Final = {
    3: ("DROP INDEX IF EXISTS judged_again",),
    4: ("DROP INDEX IF EXISTS look_of_origin",),
    6: (
        "DROP VIEW IF EXISTS capture",
        "DROP VIEW IF EXISTS release_order",  # views are made again as they are now
        "ALTER TABLE look ADD COLUMN request INTEGER REFERENCES snapshot (id)",
    ),
}
"""By version: what must go before ``schema.sql`` can complete an archive of the version before."""

_FILE: Final = Path(__file__).with_name("schema.sql")


def lay_out(db: Connection) -> None:
    """Make the tables, views, indexes and triggers that are not there yet, inside the caller's transaction."""
    for statement in _statements():
        db.execute(statement)
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for name, statement in trigger_statements(APPEND_ONLY).items():
        if name not in there:
            db.execute(statement)
    db.execute("INSERT OR IGNORE INTO dictionary (mark, data) VALUES (?, ?)", [MARK, SKELETON])
    db.execute(f"PRAGMA user_version = {VERSION}")


def bring_on(db: Connection, version: int) -> None:
    """Complete the tables of an earlier ``version`` of the schema, inside the caller's transaction."""
    for later in range(version + 1, VERSION + 1):
        for statement in _STEPS.get(later, ()):
            db.execute(statement)
    lay_out(db)


def views() -> dict[str, str]:
    """The statements that make the views, by name."""
    return {
        words[words.index("EXISTS") + 1]: statement[statement.index("CREATE VIEW") :]
        for statement in _statements()
        if "CREATE VIEW" in statement and (words := statement.split())
    }


def _statements() -> Iterator[str]:
    """The statements of the file, one by one: a script would end the transaction."""
    statement = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
