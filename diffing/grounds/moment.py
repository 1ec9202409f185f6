"""Lists of what is going on now: outages, fires, alerts. What ended leaves them, as a matter of course."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from diffing.grounds.cumulative import spoken
from state.document import Table

_BEGAN: Final = re.compile(
    r"\b(?:start(?:s|ed|ing)?|began|begin|begun|onset|occurred|created|detected|discovered|reported|opened|issued)\b"
)
"""Headers of the time at which something began."""

_GOING_ON: Final = re.compile(
    r"\bactive\b|\bongoing\b|\bin progress\b|\bend(?:s|ed)?\b|\bexpires?\b|\brestor\w*|\betr\b"
)
"""Headers beside it that say that it is not over, or when it will be."""

_EVENT: Final = re.compile(
    r"\b(?:outages?|incidents?|alerts?|warnings?|advisor(?:y|ies)|fires?|storms?|floods?|earthquakes?|disruptions?"
    r"|emergenc(?:y|ies)|calls for service|closures?)\b"
)
"""What a list of events calls its rows."""

_TIME: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")

LONGEST = dt.timedelta(days=400)
"""How long before the newest row the oldest may have begun: what is older is a register, not the news."""

SAMPLE = 500
"""Rows whose times are looked at."""


def is_of_the_moment(table: Table) -> bool:
    """Whether the rows of ``table`` are what is going on now: each began at a time, none long ago.

    A register (of agreements, facilities) has days of signing, too, but reaches far back, and its rows have no
    hour and no word for what is not over yet.
    """
    headers = [spoken(column.name) for column in table.columns]
    named = _EVENT.search(" | ".join((spoken(table.name), spoken(table.sheet or ""), *headers)))
    for place, header in enumerate(headers):
        times = list(_times(table, place)) if _BEGAN.search(header) else []
        if not times or 2 * len(times) < min(len(table.rows), SAMPLE):
            continue
        recent = max(at for at, _ in times) - min(at for at, _ in times) <= LONGEST
        told = named or any(hour for _, hour in times) or any(_GOING_ON.search(each) for each in headers)
        if recent and told:
            return True
    return False


def _times(table: Table, column: int) -> Iterator[tuple[dt.date, bool]]:
    """The times of a column, each with whether it has an hour."""
    for row in table.rows[:SAMPLE]:
        value = row[column]
        found = _TIME.match(value) if isinstance(value, str) else None
        if found is None:
            continue
        year, month, day = (int(part) for part in found.groups()[:3])
        try:
            yield dt.date(year, month, day), (found[4] or "00", found[5] or "00") != ("00", "00")
        except ValueError:
            continue
