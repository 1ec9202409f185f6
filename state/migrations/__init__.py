"""The archive's tables, as numbered migrations that are applied in order and never changed afterwards.

A new one goes to the end of the newest file, or into a file of its own that is imported here: the order of
the imports is the order of the migrations. ``NEWEST`` in ``state/database.py`` names the last one.
"""

from __future__ import annotations

from state.migrations import from_0001, from_0008, from_0015
from state.migrations.registry import migrations

__all__ = [
    "from_0001",
    "from_0008",
    "from_0015",
    "migrations",
]
