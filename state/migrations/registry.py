"""The list of migrations."""

from __future__ import annotations

from sqlite_utils.migrations import Migrations

migrations = Migrations("archive")
