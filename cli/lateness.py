"""Sources that nobody has looked at for too long: a watch that stood still looks like one that found nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from state.lateness import late
from state.model import Alert, Destination, Source

if TYPE_CHECKING:
    from state.store import Store

_NAMED: Final = 3


def remarks_on_gap(
    store: Store,
    destinations: Sequence[Destination],
    sources: Collection[Source],
    looked: Mapping[str, dt.datetime],
    *,
    at: dt.datetime,
) -> tuple[str, ...]:
    """A line where the watch stood still: all that were ever looked at are late. Operators are sent it too."""
    behind = late(sources, looked, at=at)
    known = [source for source in sources if source.id in looked]
    if not known or len(behind) < len(known):
        return ()
    newest = max(looked[source.id] for source in known)
    line = (
        f"the watch stood still from {newest:%Y-%m-%d %H:%M} to {at:%Y-%m-%d %H:%M} UTC, {in_words(at - newest)}:"
        f" nothing was looked at; what came and went meanwhile is not known"
    )
    event = f"stood-still {newest.isoformat()}"
    store.outbox.add((_alert(line, event, each) for each in destinations if each.operators), at=at)
    return (line,)


def _alert(line: str, event: str, destination: Destination) -> Alert:
    return Alert(
        event=event,
        destination=destination.name,
        subject=f"The watch: {line}"[:150],
        text=line,
        payload={"event": event, "stood_still": line},
    )


def in_words(span: dt.timedelta) -> str:
    """A length of time as people say it: "90 minutes", "30 hours", "12 days"."""
    if span < dt.timedelta(hours=2):
        return f"{span.total_seconds() / 60:.0f} minutes"
    if span < dt.timedelta(days=2):
        return f"{span.total_seconds() / 3600:.0f} hours"
    return f"{span.total_seconds() / 86_400:,.0f} days"


def lines_on(behind: Mapping[str, dt.timedelta]) -> Iterator[str]:
    """What there is to say of sources that are late, worst first, a few by name."""
    if behind:
        worst = sorted(behind, key=lambda source: behind[source], reverse=True)
        named = ", ".join(f"{source} for {in_words(behind[source])}" for source in worst[:_NAMED])
        more = f" and {len(worst) - _NAMED:,} more" if len(worst) > _NAMED else ""
        yield f"not looked at for too long: {named}{more}"
