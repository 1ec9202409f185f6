"""A clock that is or was wrong: said aloud, and to operators. What it dated is looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cli.lateness import in_words
from state.clock import running_time
from state.model import Alert, Destination

if TYPE_CHECKING:
    from state.store import Store

AHEAD: Final = dt.timedelta(minutes=5)
"""A look that is later than now by less than this was made just now: a time service set the clock right."""


def to_come(looked: Mapping[str, dt.datetime], *, at: dt.datetime) -> dict[str, dt.datetime]:
    """The sources whose last look has a time that is still to come: it counts as none."""
    return {source: time for source, time in looked.items() if time - at > AHEAD}


def remarks_on_clock(
    store: Store, destinations: Sequence[Destination], looked: Mapping[str, dt.datetime], *, at: dt.datetime
) -> tuple[str, ...]:
    """What there is to say of the clock, a line each; operators are sent it too. ``looked`` are the last looks."""
    lines = (*_on_jump(store, at), *_on_looks_to_come(to_come(looked, at=at), at))
    store.outbox.add((_alert(line, each, at) for line in lines for each in destinations if each.operators), at=at)
    return lines


def _on_jump(store: Store, at: dt.datetime) -> Iterator[str]:
    machine = running_time()
    by = None if machine is None else store.clock.jump(now=at, running=machine[0], boot=machine[1])
    if by is not None:
        way = "forward" if by > dt.timedelta() else "back"
        yield (
            f"the system's clock was set {way} by {in_words(abs(by))} since the last round;"
            f" it says {at:%Y-%m-%d %H:%M} UTC now: is that right, and is it kept right by a time service?"
        )


def _on_looks_to_come(future: Mapping[str, dt.datetime], at: dt.datetime) -> Iterator[str]:
    if future:
        named = ", ".join(sorted(future)[:3]) + (f" and {len(future) - 3:,} more" if len(future) > 3 else "")
        yield (
            f"looks that are still to come: {named}, up to {max(future.values()):%Y-%m-%d %H:%M} UTC, and it is"
            f" {at:%Y-%m-%d %H:%M} now: the system's clock was ahead then, or is behind now;"
            " these looks count as none"
        )


def _alert(line: str, destination: Destination, at: dt.datetime) -> Alert:
    event = f"clock {at.date().isoformat()} {line.partition(' ')[0]}"
    return Alert(
        event=event,
        destination=destination.name,
        subject=f"Clock: {line}"[:150],
        text=line,
        payload={"event": event, "clock": line, "at": at.isoformat()},
    )
