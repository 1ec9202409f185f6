"""Which code made this: a digest over whole packages, so that no file can be forgotten."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_HOME: Final = Path(__file__).resolve().parents[1]


@cache
def code_digest(*packages: str) -> str:
    """SHA-256, in hex, over the names and the text of every module of ``packages``, folders of this program.

    The same on every machine that has the same version of them.
    """
    digest = hashlib.sha256()
    for file in code_of(*packages):
        digest.update(f"{file.relative_to(_HOME).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def code_of(*packages: str) -> list[Path]:
    """The modules of ``packages`` and of the packages inside them, in order."""
    return sorted(file for package in packages for file in (_HOME / package).rglob("*.py"))
