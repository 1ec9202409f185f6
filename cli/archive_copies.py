"""Independent copies of new releases, asked of a web archive at the end of a round."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from state.archive_copies import ATTEMPTS, ArchiveCopy
from state.model import Alert

if TYPE_CHECKING:
    from cli.configuration.model import Settings
    from pipeline.judging import SourceOutcome
    from state.store import Store
    from watchers.web_archive.save import Keys, Progress, SavePageNow

Clock = Callable[[], dt.datetime]


def want_copies(outcome: SourceOutcome, store: Store, *, at: dt.datetime) -> None:
    """Note that a copy is wanted of each new release of a source that says so."""
    if outcome.source.save:
        releases = [judged.release for judged in outcome.judged if judged.release]
        store.copies.want([release for release in releases if not release.technical], at=at)


def ask_for_copies(
    settings: Settings, store: Store, *, clock: Clock, stop: threading.Event | None = None
) -> tuple[str, ...]:
    """Ask for what is wanted, as many as the web archive takes in a minute; the rest waits for later rounds.

    Returns a line where copies were not to be had. What was given up is told to the operators.
    """
    if not store.copies.due(at=clock(), limit=1):
        return ()
    with _saver(settings) as saver:
        due = store.copies.due(at=clock(), limit=saver.per_minute)
        troubles = _ask_each(due, saver, store, settings, clock=clock, stop=stop or threading.Event())
    if not troubles:
        return ()
    return (f"{len(troubles)} of {len(due)} copies at the web archive were not to be had: {troubles[0]}",)


def _ask_each(
    due: tuple[ArchiveCopy, ...],
    saver: SavePageNow,
    store: Store,
    settings: Settings,
    *,
    clock: Clock,
    stop: threading.Event,
) -> list[str]:
    troubles = []
    for number, copy in enumerate(due):
        if number and copy.job is None and stop.wait(60 / saver.per_minute):
            break
        if not store.copies.claim(copy, at=clock()):
            continue
        progress = saver.ask(copy.url) if copy.job is None else saver.look(copy.job)
        if progress.address:
            progress = _compared(copy, progress.address, saver, store, settings)
        if _note(copy, progress, store, at=clock()):
            store.outbox.add(_notices(copy, progress, settings), at=clock())
        if progress.trouble:
            troubles.append(f"{progress.trouble} ({copy.url})")
        if progress.left_alone:
            break
    return troubles


def _note(copy: ArchiveCopy, progress: Progress, store: Store, *, at: dt.datetime) -> bool:
    """Keep how far a copy is; whether it was given up."""
    if progress.address:
        store.copies.saved(copy, address=progress.address, remark=progress.remark)
    elif progress.trouble:
        return store.copies.failed(copy, trouble=progress.trouble, at=at)
    elif progress.job:
        store.copies.started(copy, job=progress.job)
        store.copies.waiting(copy, at=at)
    return False


def _compared(copy: ArchiveCopy, address: str, saver: SavePageNow, store: Store, settings: Settings) -> Progress:
    """The copy that the web archive names, once it was fetched and is what was captured."""
    release = store.archive.release(copy.release)
    shown = {source.id for source in settings.sources if source.render == "browser"}
    return saver.compare(
        address,
        url=copy.url,
        body=store.body(release.sha256),
        since=release.at,
        alike=release.source not in shown or release.series != "page",
    )


def _notices(copy: ArchiveCopy, progress: Progress, settings: Settings) -> list[Alert]:
    text = (
        f"No independent copy of release {copy.release} could be had after {ATTEMPTS} tries.\n"
        f"Address: {copy.url}\nWhy: {progress.trouble}"
    )
    return [
        Alert(
            event=f"no-copy-{copy.release}",
            destination=destination.name,
            subject=f"No copy at the web archive of {copy.url}"[:150],
            text=text,
            payload={"release": copy.release, "url": copy.url, "trouble": progress.trouble},
        )
        for destination in settings.destinations
        if destination.operators
    ]


def _saver(settings: Settings) -> SavePageNow:
    from watchers.web_archive.save import SavePageNow

    configuration = settings.configuration
    return SavePageNow(
        contact=configuration.contact,
        service=configuration.web_archive,
        allow_hosts=frozenset(configuration.allow_hosts),
        keys=_keys(),
    )


def _keys() -> Keys | None:
    """The keys of an account, where the environment has both."""
    from watchers.web_archive.save import Keys

    access, secret = os.environ.get("ARCHIVE_ORG_ACCESS_KEY"), os.environ.get("ARCHIVE_ORG_SECRET_KEY")
    return Keys(access, secret) if access and secret else None
