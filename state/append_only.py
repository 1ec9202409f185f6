"""The triggers that hold what must never change."""

from __future__ import annotations

from collections.abc import Sequence

APPEND_ONLY = (
    "snapshot",
    "look",
    "origin",
    "address",
    "answer",
    "ledger",
    "release",
    "note",
    "stamp",
    "dictionary",
    "tombstone",
    "triage",
    "silence",
)
"""Tables whose rows never change and never go."""


def trigger_statements(tables: Sequence[str] = APPEND_ONLY) -> dict[str, str]:
    """The triggers that hold append-only tables, by name."""
    statements = {}
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            statements[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    return statements
