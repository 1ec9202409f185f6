"""What stays unfollowed of a source is told to operators, once."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from state.model import Alert

if TYPE_CHECKING:
    from cli.configuration.model import Settings
    from state.store import Store


def tell_unfollowed(
    unfollowed: Mapping[str, Iterable[str]], settings: Settings, store: Store, *, at: dt.datetime
) -> Iterator[str]:
    """Put what operators have not been told yet into the outbox; a line for each such thing."""
    for source, lines in sorted(unfollowed.items()):
        for line in lines:
            notices = [
                Alert(
                    event=_event_of(source, line),
                    destination=destination.name,
                    subject=f"Not all of {source} is followed"[:150],
                    text=f"{source}: {line}",
                    payload={"event": _event_of(source, line), "source": source, "unfollowed": line},
                )
                for destination in settings.destinations
                if destination.operators
            ]
            if notices and store.outbox.add(notices, at=at):
                yield f"{source}: {line}"


def _event_of(source: str, line: str) -> str:
    """The same for the same thing with other figures in it."""
    return f"unfollowed-{hashlib.sha256(re.sub(r'[0-9,]+', '#', f'{source} {line}').encode()).hexdigest()[:26]}"
