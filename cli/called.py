"""What the program is called: ``python monitor.py`` in its folder, ``monitor`` where it is installed."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Final

_NAMED: Final = re.compile(r"(?:python )?\bmonitor\.py\b")


def as_called(text: str) -> str:
    """``text``, written for ``python monitor.py``, with the name by which the program was called."""
    return _NAMED.sub("monitor", text) if _is_installed() else text


@cache
def _is_installed() -> bool:
    program = Path(sys.argv[0])
    return program.stem == "monitor" and program.suffix in ("", ".exe")
