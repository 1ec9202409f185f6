"""What ``doctor`` looks at on this machine."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cli.lateness import lines_on
from state.errors import ConfigError, StoreError
from state.lateness import late
from state.model import Source
from state.outbox_rows import OutboxState

if TYPE_CHECKING:
    from cli.configuration.model import Configuration

_TIGHT = 2_000_000_000  # bytes free
_FULL = 200_000_000
_SOONEST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the program is younger than this


class Level(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(Struct, frozen=True):
    """One thing looked at; ``remedy`` is what to do about it."""

    level: Level
    what: str
    remedy: str = ""


def ok(what: str) -> Check:
    """In order."""
    return Check(Level.OK, what)


def warn(what: str, remedy: str) -> Check:
    """Works, and should be looked at."""
    return Check(Level.WARN, what, remedy)


def fail(what: str, remedy: str) -> Check:
    """Does not work."""
    return Check(Level.FAIL, what, remedy)


def check_configuration(path: Path | None) -> tuple[Configuration | None, list[Check]]:
    """The configuration, None where it cannot be read, and what there is to say of it."""
    from cli.configuration.settings import DEFAULT_NAME, read_configuration

    file = path or Path(DEFAULT_NAME)
    try:
        configuration = read_configuration(path)
    except ConfigError as error:
        return None, [fail(f"configuration: {error}", "correct that line")]
    said = f"configuration: {file}" if file.exists() else "configuration: no file, the defaults hold"
    checks = [ok(said)]
    if file.exists() and file.stat().st_mode & stat.S_IWOTH:
        checks.append(warn(f"{file} can be changed by everybody on this machine", f"chmod o-w {file}"))
    if not configuration.contact:
        checks.append(
            warn("contact: nobody is named whom publishers could turn to", "set contact: to an address or a page")
        )
    return configuration, checks


def check_sources(
    configuration: Configuration, *, only: tuple[str, ...]
) -> tuple[tuple[Source, ...], list[Check]]:
    """The sources that are wanted and what there is to say of their files."""
    from cli.configuration.settings import folders_of, select
    from watchers.sources.load import read_sources

    sources, mistakes = read_sources(folders_of(configuration))
    wrong = [fail(f"sources: {error}", "correct that file") for error in mistakes.values()]
    try:
        sources = select(select(sources, configuration.sources), only)
    except ConfigError as error:
        return (), wrong or [fail(f"sources: {error}", "correct the pattern")]
    if not sources:
        return (), wrong or [
            fail("sources: there is nothing to watch", "monitor.py add URL, or shipped_sources: true")
        ]
    in_order = ok(f"sources: {len(sources)} source {'file is' if len(sources) == 1 else 'files are'} in order")
    checks = [*wrong, in_order]
    rendered = [source.id for source in sources if source.render == "browser"]
    if rendered and not _has_browser():
        checks.append(
            fail(
                f"sources: {', '.join(rendered)} want a browser, and there is none",
                "pip install -r requirements-browser.txt, and apt install chromium",
            )
        )
    return sources, checks


def _has_browser() -> bool:
    from watchers.fetching.browser_child import BROWSERS

    return importlib.util.find_spec("playwright") is not None and any(map(shutil.which, BROWSERS))


def check_machine(configuration: Configuration, sources: Sequence[Source]) -> Iterator[Check]:
    """The data folder, the archive, how late the looks at the sources are, the disk and the clock."""
    yield from _check_folder(configuration.data)
    newest = None
    if configuration.database.exists():
        looked, checks = _check_archive(configuration.database)
        newest = max(looked.values(), default=None)
        yield from checks
        yield from _check_lateness(sources, looked)
    else:
        yield ok("archive: none yet, the first check makes it")
    yield _check_disk(configuration.data)
    yield _check_clock(newest)


def _check_folder(data: Path) -> Iterator[Check]:
    there = next(each for each in (data, *data.absolute().parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield fail(f"data folder: {there} cannot be written to", f"give {_user()} the right to, or set data:")
        return
    yield ok(f"data folder: {data} can be written to")
    if data.exists() and data.stat().st_mode & stat.S_IWOTH:
        yield warn(f"data folder: {data} can be changed by everybody on this machine", f"chmod o-w {data}")


def _user() -> str:
    return os.environ.get("USER") or f"user {os.geteuid()}"


def _check_lateness(sources: Sequence[Source], looked: Mapping[str, dt.datetime]) -> Iterator[Check]:
    behind = late(sources, looked, at=dt.datetime.now(dt.UTC))
    for line in lines_on(behind):
        yield warn(f"looks: {line}", "see that `watch`, or cron's `check`, is running")
    never = [source.id for source in sources if source.id not in looked]
    if looked and never:
        named = ", ".join(never[:3]) + (f" and {len(never) - 3:,} more" if len(never) > 3 else "")
        yield warn(f"looks: never looked at {named}", "monitor.py check looks at them")
    if looked and not behind and not never:
        yield ok(f"looks: none of {len(sources)} sources is late")


def _check_archive(database: Path) -> tuple[dict[str, dt.datetime], list[Check]]:
    """When each source was looked at last, and how the archive is."""
    from state.reading.timeline import Browser
    from state.restoring import refuse_unsound

    try:
        refuse_unsound(database)
        with Browser(database) as browser:
            counts = browser.counts()
            dead = browser.outbox.counts().get(OutboxState.DEAD, 0)
            looked = {line.source: line.last_at for line in browser.sources() if line.last_at}
    except StoreError as error:
        return {}, [fail(f"archive: {error}", "monitor.py restore BACKUP, or recover")]
    checks = [ok(f"archive: {counts.releases:,} releases, {counts.captures:,} captures; verify proves them")]
    if dead:
        checks.append(
            warn(f"outbox: {dead} alerts were given up", "monitor.py outbox list --state dead tells why")
        )
    return looked, checks


def _check_disk(data: Path) -> Check:
    there = next(each for each in (data, *data.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    said = f"disk: {free / 1e9:,.1f} GB free"
    if free < _FULL:
        return fail(said, "make room: the archive cannot grow")
    return warn(said, "make room soon") if free < _TIGHT else ok(said)


def _check_clock(newest: dt.datetime | None) -> Check:
    """A clock that runs behind would put new releases before old ones."""
    now = dt.datetime.now(dt.UTC)
    remedy = "set the clock, and let a time service keep it"
    if now < _SOONEST:
        return fail(f"clock: it says {now:%Y-%m-%d}, which cannot be", remedy)
    if newest is not None and newest > now + dt.timedelta(minutes=5):
        return fail(
            f"clock: it says {now:%Y-%m-%d %H:%M}, the newest capture is of {newest:%Y-%m-%d %H:%M}", remedy
        )
    return ok(f"clock: {now:%Y-%m-%d %H:%M} UTC")
