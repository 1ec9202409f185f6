"""Having the head of the chain stamped by the authorities that the user chose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cli.console import complain
from state.errors import ConfigError

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from state.ledger.stamps import CheckedStamp
    from state.store import Store


def read_roots(configuration: Configuration) -> bytes:
    """The certificates to verify stamps with, PEM after PEM. Raises ConfigError for a file that cannot be read."""
    found = []
    for path in configuration.stamp_roots:
        try:
            found.append(path.read_bytes())
        except OSError as error:
            raise ConfigError(f"stamp_roots: {path} cannot be read ({error.strerror})") from error
    return b"\n".join(found)


def stamp_if_due(configuration: Configuration, store: Store, *, at: dt.datetime) -> None:
    """Ask for stamps where the user turned them on and a day has passed; says aloud what did not come."""
    if configuration.stamps and store.stamp_due(at=at):
        for each in stamp_now(configuration, store, at=at):
            if not each.stamp.reply:
                complain(f"no time stamp: {each.trouble}")


def stamp_now(configuration: Configuration, store: Store, *, at: dt.datetime) -> tuple[CheckedStamp, ...]:
    """Ask each authority of the configuration for a stamp of the head."""
    from watchers.fetching.ping import post

    if not configuration.stamps:
        raise ConfigError("no time stamp authority is set: name two under `stamps:` in monitor.yaml")
    return store.stamp_head(configuration.stamps, post=post, roots=read_roots(configuration), at=at)
