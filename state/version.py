"""The version of this program: its one place."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.2.0"
