"""Having the head of the chain stamped by the authorities that the user chose, and telling what did not come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from state.errors import ConfigError
from state.model import Alert, Destination

if TYPE_CHECKING:
    from cli.configuration.model import Configuration, Settings
    from state.ledger.stamp_checks import CheckedStamp
    from state.ledger.stamp_roots import Trust
    from state.ledger.stamps import Standing
    from state.store import Store


class Standings(Protocol):
    """How it stands with authorities, as the archive knows it."""

    def __call__(self, authorities: Sequence[str], *, trust: Trust, at: dt.datetime) -> Sequence[Standing]:
        """One each, in their order."""
        ...


def read_trust(configuration: Configuration) -> Trust:
    """The roots that ship and those that the user named. Raises ConfigError for a file that holds none."""
    from state.ledger.stamp_roots import Trust, read_root, shipped_roots

    roots = [shipped_roots(), *map(read_root, configuration.stamp_roots)]
    return Trust(b"\n".join(roots), configuration.stamp_policies)


def stamp_if_due(settings: Settings, store: Store, *, at: dt.datetime) -> tuple[str, ...]:
    """Ask for stamps where the user turned them on and a day has passed.

    Returns a line for each authority that gave none that counts; operators are sent it too, once a day.
    """
    configuration = settings.configuration
    due = store.stamps_due(configuration.stamps, at=at)
    if not due:
        return ()
    try:
        trust = read_trust(configuration)
    except ConfigError as error:
        return (f"no time stamp was asked for: {error}",)
    answered = _ask(store, due, trust=trust, at=at)
    lines = {each.stamp.authority: f"no time stamp by {_said(each)}" for each in answered if each.trouble}
    for authority, line in lines.items():
        event = f"stamp {authority} {at:%Y-%m-%d}"
        store.outbox.add((_alert(line, event, each) for each in settings.destinations if each.operators), at=at)
    return tuple(lines.values())


def stamp_now(configuration: Configuration, store: Store, *, at: dt.datetime) -> tuple[CheckedStamp, ...]:
    """Ask each authority of the configuration for a stamp of the head."""
    if not configuration.stamps:
        raise ConfigError("no time stamp authority is set: name two under `stamps:` in monitor.yaml")
    return _ask(store, configuration.stamps, trust=read_trust(configuration), at=at)


def stamp_lines(configuration: Configuration, standings: Standings, *, at: dt.datetime) -> tuple[str, ...]:
    """A line for each authority of the configuration with which something is wrong."""
    if not configuration.stamps:
        return ()
    try:
        found = standings(configuration.stamps, trust=read_trust(configuration), at=at)
    except ConfigError as error:
        return (f"time stamps: {error}",)
    return tuple(f"time stamps by {each.authority}: {each.trouble}" for each in found if each.trouble)


def stamps_as_json(
    configuration: Configuration, standings: Standings, *, at: dt.datetime
) -> list[dict[str, str | None]]:
    """Each authority of the configuration with the time of its newest stamp that counts, and what is wrong."""
    if not configuration.stamps:
        return []
    try:
        found = standings(configuration.stamps, trust=read_trust(configuration), at=at)
    except ConfigError as error:
        return [{"authority": each, "newest": None, "trouble": str(error)} for each in configuration.stamps]
    return [
        {
            "authority": each.authority,
            "newest": each.good.time.isoformat() if each.good and each.good.time else None,
            "trouble": each.trouble or None,
        }
        for each in found
    ]


def _ask(store: Store, authorities: Sequence[str], *, trust: Trust, at: dt.datetime) -> tuple[CheckedStamp, ...]:
    from watchers.fetching.ping import post

    return store.stamp_head(authorities, post=post, trust=trust, at=at)


def _said(checked: CheckedStamp) -> str:
    authority = checked.stamp.authority
    return checked.trouble if checked.trouble.startswith(authority) else f"{authority}: {checked.trouble}"


def _alert(line: str, event: str, destination: Destination) -> Alert:
    return Alert(
        event=event,
        destination=destination.name,
        subject=f"The archive: {line}"[:150],
        text=line,
        payload={"event": event, "no_stamp": line},
    )
