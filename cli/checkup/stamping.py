"""What ``doctor`` says of time stamps, and of who can read the archive's files on this machine."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.checkup.machine import Check, fail, ok, warn
from state.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from cli.configuration.model import Configuration


def check_stamps(configuration: Configuration) -> Iterator[Check]:
    """Whether the authorities that the user chose give stamps that count."""
    from cli.timestamps import read_trust
    from state.reading.timeline import Browser

    if not configuration.stamps or not configuration.database.exists():
        return
    try:
        trust = read_trust(configuration)
        with Browser(configuration.database) as browser:
            found = browser.stamp_standings(configuration.stamps, trust=trust, at=dt.datetime.now(dt.UTC))
    except ConfigError as error:
        yield fail(f"time stamps: {error}", "name the authority's root certificate, in PEM form")
        return
    except StoreError:
        return  # told of the archive
    for each in found:
        if each.trouble:
            yield warn(
                f"time stamps by {each.authority}: {each.trouble}",
                "ask the authority, name its root under stamp_roots, or choose another; verify --stamp asks now",
            )
        elif each.good is not None:
            yield ok(
                f"time stamps by {each.authority}: the newest that counts is of {each.good.time:%Y-%m-%d %H:%M}"
            )


def check_modes(configuration: Configuration) -> Iterator[Check]:
    """Whether others on this machine can read the archive, where it holds what is not for the public."""
    from state.private_files import files_beside, open_to_others
    from state.reading.captures import Holdings

    database = configuration.database
    try:
        with Holdings(database) as holdings:
            private = holdings.private()
    except StoreError:
        return  # none yet, or told of the archive
    for path in files_beside(database):
        others = open_to_others(path)
        if others and (private or others & stat.S_IWOTH):
            yield _told(path, others, private)
    if private and not any(map(open_to_others, files_beside(database))):
        yield ok(f"files: the archive holds private sources ({len(private)}), and nobody else can read it")


def _told(path: Path, others: int, private: frozenset[str]) -> Check:
    what = "changed" if others & stat.S_IWOTH else "read"
    holds = f", and holds {', '.join(sorted(private)[:3])} (`public: false`)" if private else ""
    return warn(f"files: {path} can be {what} by others on this machine{holds}", f"chmod 600 {path}")
