"""The archive's tables, as numbered migrations that are applied in order and never changed afterwards.

A new one goes to the end of the newest file, or into a file of its own that is imported here: the order of
the imports is the order of the migrations.
"""

from __future__ import annotations

from state.migrations import from_0001, from_0008, from_0015
from state.migrations.registry import APPEND_ONLY, APPEND_ONLY_BEFORE, migrations, trigger_statements

__all__ = [
    "APPEND_ONLY",
    "APPEND_ONLY_BEFORE",
    "from_0001",
    "from_0008",
    "from_0015",
    "migrations",
    "trigger_statements",
]
