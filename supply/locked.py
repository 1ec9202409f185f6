"""The packages that are installed with the program, as ``requirements.lock`` has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from msgspec import Struct

ROOT: Final = Path(__file__).resolve().parents[1]
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))? \\$")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")

_BY_HAND: Final = {
    "colorama": "BSD-3-Clause",  # Windows only
    "soupsieve": "MIT",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # it and PDFium; what it states ends in "dependency licenses"
}
"""Licences of what some systems only install, and of what states its own in no known form."""


class Package(Struct, frozen=True):
    """One pinned package; ``hashes`` are SHA-256 of the files that may be installed for it."""

    name: str
    version: str
    condition: str  # a marker of PEP 508, empty where it is always installed
    hashes: tuple[str, ...]

    @property
    def licence(self) -> str | None:
        """Its licence as it states it itself, None where it is not installed here and stands nowhere."""
        if self.name in _BY_HAND:
            return _BY_HAND[self.name]
        try:
            stated = distribution(self.name).metadata
        except PackageNotFoundError:
            return None
        if expression := _first(stated.get_all("License-Expression")):
            return expression
        lines = [line for line in stated.get_all("Classifier") or () if line.startswith("License ::")]
        named = [name for line in lines if (name := line.rpartition(" :: ")[2]) != "OSI Approved"]
        return " AND ".join(named) or _first(stated.get_all("License")).partition("\n")[0] or None


def _first(values: Sequence[str] | None) -> str:
    return values[0].strip() if values else ""


def locked(name: str = "requirements.lock") -> tuple[Package, ...]:
    """All packages of a lock file, in its order."""
    found: list[Package] = []
    for line in (ROOT / name).read_text().splitlines():
        pin = _PIN.match(line)
        if pin is not None:
            found.append(Package(pin[1].lower(), pin[2], pin[3] or "", ()))
        elif hash := _HASH.search(line):
            last = found[-1]
            found[-1] = Package(last.name, last.version, last.condition, (*last.hashes, hash[1]))
    return tuple(found)
