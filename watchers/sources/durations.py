"""Spans of time as people write them in files and on command lines."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")


def read_duration(text: object) -> dt.timedelta:
    """A span such as "30m", "1h", "14d" or "2w"; ValueError for anything else."""
    found = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or not float(found[1]):
        raise ValueError('write a duration such as "30m", "1h", "14d" or "2w"')
    return dt.timedelta(seconds=float(found[1]) * _UNITS[found[2]])
