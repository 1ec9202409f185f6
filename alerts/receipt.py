"""The weekly receipt: what a destination had and what was looked at, so that silence can be told from failure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.route import DIGEST_HOUR
from alerts.words import shorten
from state.model import Alert, Destination, Source
from state.outbox_rows import Had

SPAN: Final = dt.timedelta(days=7)
_NAMED: Final = 10


class Week(Struct, frozen=True):
    """What a week came to, as one destination is told of it."""

    had: Had
    looked: int  # sources whose page was seen
    late: Sequence[str]  # ids of those that were not seen for twice their interval, a day at the least
    overdue: Sequence[str]  # titles of releases that have not come
    undelivered: int  # alerts that have not arrived, or were given up
    trouble: Sequence[str] = ()  # why, a line each
    silent: Sequence[str] = ()  # sources and statements that are snoozed or paused


def receipt_key(destination: Destination, *, at: dt.datetime) -> str:
    """Under which event the receipt of ``at`` is sent once: weeks begin on Monday morning, as digests do."""
    local = at.astimezone(ZoneInfo(destination.zone)) - dt.timedelta(hours=DIGEST_HOUR)
    year, week, _ = local.isocalendar()
    return f"receipt-{year}-W{week:02}"


def heard_sources(destination: Destination, sources: Sequence[Source]) -> list[Source]:
    """The sources of which a destination hears."""
    patterns = destination.sources
    return [source for source in sources if not patterns or any(fnmatchcase(source.id, each) for each in patterns)]


def late_sources(sources: Collection[Source], seen: dict[str, dt.datetime], *, at: dt.datetime) -> tuple[str, ...]:
    """Those whose page was not seen for twice their interval, a day at the least, or never."""
    return tuple(
        source.id
        for source in sources
        if source.id not in seen or at - seen[source.id] > max(2 * source.every, dt.timedelta(days=1))
    )


def compose_receipt(week: Week, destination: Destination, *, at: dt.datetime) -> Alert:
    """The receipt as a message: its subject says all of it."""
    key = receipt_key(destination, at=at)
    return Alert(
        event=key,
        destination=destination.name,
        subject=shorten(_subject(week), 150),
        text="\n".join(_lines(week)),
        payload={"event": key, "receipt": _as_json(week, at=at)},
    )


def _subject(week: Week) -> str:
    late = f"{len(week.late):,} late" if week.late else "none late"
    lost = f"{week.undelivered:,} UNDELIVERED" if week.undelivered else "nothing undelivered"
    return (
        f"Weekly receipt: {_count(week.had.count, 'alert')}, {_count(week.looked, 'source')} seen, {late}, {lost}"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _lines(week: Week) -> list[str]:
    had = week.had
    last = (
        f"The last event is {had.event}, which arrived on {had.at:%-d %B %Y, %H:%M} UTC: {had.subject}"
        if had.at is not None
        else "No finding was ever sent to you."
    )
    trouble = "; ".join(shorten(line, 300) for line in week.trouble)
    lost = (
        f"{_count(week.undelivered, 'alert')} undelivered: {trouble}"
        if week.undelivered
        else "Nothing is undelivered."
    )
    return [
        f"{_count(had.count, 'alert')} came to you in the last seven days. {last}",
        f"{_count(week.looked, 'source')} of yours looked at and seen in these days.",
        f"Not seen for too long: {_named(week.late)}." if week.late else "No source is late.",
        *([f"Releases that have not come: {_named(week.overdue)}."] if week.overdue else []),
        lost,
        *([f"Snoozed or paused: {_named(week.silent)}."] if week.silent else []),
        "A week without this message means that the monitor does not run, or cannot reach you.",
    ]


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return "; ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _as_json(week: Week, *, at: dt.datetime) -> dict[str, object]:
    return {
        "from": (at - SPAN).isoformat(),
        "to": at.isoformat(),
        "alerts": week.had.count,
        "last": week.had.event or None,
        "looked": week.looked,
        "late": [*week.late],
        "overdue": [*week.overdue],
        "undelivered": week.undelivered,
        "silent": [*week.silent],
    }
