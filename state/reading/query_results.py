"""What the archive answers about figures, wordings and addresses; all frozen, times aware and in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from state.document import Value
from state.model import Capture, Verdict


class Figure(Struct, frozen=True):
    """A cell in one release; ``interval`` is the average since the one before, if both are averages to date."""

    release: str
    at: dt.datetime
    as_of: dt.date | None
    value: Value
    interval: float | None = None


class Wording(Struct, frozen=True):
    """The words that defined a term from one release to another; ``last_at`` is when they were seen last."""

    term: str
    wording: str
    series: str
    first_release: str
    first_at: dt.datetime
    last_release: str
    last_at: dt.datetime


class Seen(Struct, frozen=True):
    """What a look at an address showed. ``sha256`` is the body that it showed or confirmed, None for none."""

    capture: Capture
    sha256: str | None


class KnownAddress(Struct, frozen=True):
    """The newest good body of an address, by its digest, and what the publisher sent with it.

    ``looked`` is when the address was asked last, whatever came of it; ``answered`` when that body came, and
    ``since`` how often the address was asked since.
    """

    sha256: str
    etag: str | None
    last_modified: str | None
    link: str
    looked: dt.datetime
    answered: dt.datetime
    since: int


class Standing(Struct, frozen=True):
    """How things stand with a series: what a round in which nothing came must know before it may pass over it."""

    open: bool  # whether a condition stands open
    linked: bool  # whether the source ever linked a document
    releases: int  # how many there are
    looks: tuple[Verdict, ...] = ()  # what the newest looks at the page came to, at most two, the newest first


def with_intervals(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures with what each says of the time since the one before, if they are averages to date."""
    told = list(figures[:1])
    for before, after in pairwise(figures):
        told.append(replace(after, interval=interval_average(before, after)))
    return tuple(told)


def interval_average(before: Figure, after: Figure) -> float | None:
    """The average between two averages to date: (after × days - before × days) / days between.

    Days are counted from the start of the federal fiscal year, 1 October, both ends included. None where the
    two are not numbers of one fiscal year with as-of dates in order.
    """
    if before.as_of is None or after.as_of is None or before.as_of >= after.as_of:
        return None
    if isinstance(before.value, str) or isinstance(after.value, str):
        return None
    start = _fiscal_start(after.as_of)
    if before.value is None or after.value is None or _fiscal_start(before.as_of) != start:
        return None
    first, second = (before.as_of - start).days + 1, (after.as_of - start).days + 1
    return (after.value * second - before.value * first) / (second - first)


def _fiscal_start(day: dt.date) -> dt.date:
    return dt.date(day.year if day.month >= 10 else day.year - 1, 10, 1)
