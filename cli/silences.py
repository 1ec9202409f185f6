"""What ``snooze``, ``pause`` and ``resume`` share: one line in the archive's list of silences."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from state.errors import StoreError

if TYPE_CHECKING:
    from state.triage import How, Silence


def silence(
    config: Path | None,
    subject: str,
    how: How,
    *,
    until: dt.datetime | None = None,
    author: str | None,
    note: str,
    at: dt.datetime,
) -> tuple[Silence, int]:
    """Write it down; with it, how many findings above info were said of the subject since it became silent.

    Raises StoreError where there is no archive, or no such subject in it.
    """
    from cli.configuration.settings import read_configuration
    from state.store import Store

    database = read_configuration(config).database
    if not database.exists():
        raise StoreError(f"{database}: there is no archive yet; `monitor.py check` makes it")
    with Store(database) as store:
        silent = {each.subject: each for each in store.triage.silences(at=at)}
        made = store.triage.silence(
            subject, how, until=until, author=author or getpass.getuser(), note=note, at=at
        )
        since = silent.get(made.subject)
        return made, store.triage.said_since(made.subject, since.at) if since else 0
