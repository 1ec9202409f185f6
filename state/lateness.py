"""Which sources nobody has looked at for too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from state.model import Source

INTERVALS: Final = 2
"""A source is late when so many of its intervals have passed since the last look."""

GRACE: Final = dt.timedelta(hours=1)
"""A source that is looked at more often than this is late after it: rounds take their time."""


def late(
    sources: Collection[Source], looked: Mapping[str, dt.datetime], *, at: dt.datetime
) -> dict[str, dt.timedelta]:
    """By source, for how long those that are late were not looked at; those never looked at are not among them."""
    return {
        source.id: at - looked[source.id]
        for source in sources
        if source.id in looked and at - looked[source.id] > max(INTERVALS * source.every, GRACE)
    }
