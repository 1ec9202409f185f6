"""A round: every source that is wanted, one after the other, then what is pending is sent. Not a command."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from state.errors import MonitorError
from state.model import Alert, Capture, Finding, Release, Source

if TYPE_CHECKING:
    from commands.configuration import Settings
    from diffing.workers import Workers
    from state.store import Store
    from watchers.fetch import Fetcher, Validators

Clock = Callable[[], dt.datetime]


def now() -> dt.datetime:
    """The time, aware and in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Result:
    """What a round came to for one source: what is new to say, and a line for each address not to be had."""

    source: str
    findings: tuple[Finding, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """What a round came to."""

    results: tuple[Result, ...]
    dead: tuple[str, ...] = ()  # messages that were given up, a line each


def run_round(
    settings: Settings,
    *,
    due_only: bool = False,
    stop: threading.Event | None = None,
    past: Clock | None = None,
) -> RoundOutcome:
    """One round under the lock. Raises LockHeld, ConfigError, and StoreError where the archive cannot open.

    ``stop`` ends it after the source in hand; ``past`` stands for the time in a replayed past. What a
    round leaves unsent stays in the outbox.
    """
    from diffing.workers import Workers
    from state.lock import round_lock
    from state.store import Store

    clock = past or now
    configuration = settings.configuration
    configuration.data.mkdir(parents=True, exist_ok=True)
    with (
        round_lock(configuration.database),
        Store(configuration.database) as store,
        Workers() as workers,
        make_fetcher(settings, store, clock=past) as fetcher,
    ):
        results = []
        for source in settings.sources:
            if stop is not None and stop.is_set():
                break
            if due_only and not _due(source, store, at=clock()):
                continue
            results.append(
                check_source(source, settings, fetcher=fetcher, store=store, workers=workers, clock=clock)
            )
        dead = send_pending(settings, store, clock=clock)
    return RoundOutcome(results=tuple(results), dead=dead)


def _due(source: Source, store: Store, *, at: dt.datetime) -> bool:
    """Whether the interval of a source has passed; half a minute of grace keeps a ticker from skipping."""
    looks = store.archive.captures_of(source.url, limit=1)
    return not looks or at - looks[-1].at >= source.every - dt.timedelta(seconds=30)


def make_fetcher(settings: Settings, store: Store, *, clock: Clock | None = None) -> Fetcher:
    """The fetcher that the configuration asks for; ``clock`` is for a replayed past."""
    from watchers.fetch import Fetcher, Retries
    from watchers.politeness import Politeness
    from watchers.receive import Limits

    polite = settings.configuration.politeness
    return Fetcher(
        contact=settings.configuration.contact,
        allow_hosts=frozenset(settings.configuration.allow_hosts),
        validators=_validators_of(store),
        limits=Limits(total=polite.timeout),
        politeness=Politeness(delay=polite.seconds_between_requests),
        retries=Retries(attempts=polite.retries),
        clock=clock,
    )


def _validators_of(store: Store) -> Callable[[str], Validators | None]:
    """What the archive knows of an address, in the form that the fetcher asks for."""
    from watchers.fetch import Validators

    def known(url: str) -> Validators | None:
        etag, last_modified = store.validators(url)
        body = store.archive.last_body(url)
        if body is None or not (etag or last_modified):
            return None
        return Validators(etag=etag, last_modified=last_modified, read=lambda: store.body(body))

    return known


def check_source(
    source: Source,
    settings: Settings,
    *,
    fetcher: Fetcher,
    store: Store,
    workers: Workers,
    clock: Clock,
) -> Result:
    """One source of a round. Whatever goes wrong with it is told in its result and costs no other source."""
    from monitor import check

    def tell(findings: Sequence[Finding], release: Release | None) -> Sequence[Alert]:
        from alerts.route import route

        return route(
            findings,
            settings.destinations,
            release=release,
            archive=settings.configuration.archive.address,
            at=clock(),
        )

    try:
        outcome = check(source, fetcher=fetcher, store=store, workers=workers, now=clock(), tell=tell)
    except MonitorError as error:
        return Result(source=source.id, troubles=(str(error),))
    except Exception as error:  # noqa: BLE001 - the round's boundary: a bug costs this source, not the rest
        return Result(source=source.id, troubles=(f"failed, please report: {type(error).__name__}: {error}",))
    unread = tuple(f"{judged.series}: {judged.trouble}" for judged in outcome.judged if judged.trouble)
    return Result(source=source.id, findings=outcome.news, troubles=(*_troubles(outcome.captures), *unread))


def _troubles(captures: Sequence[Capture]) -> tuple[str, ...]:
    """A line for each address at which we could not look. What is gone or moved was looked at."""
    from state.model import Verdict

    looked = (Verdict.PRESENT, Verdict.UNCHANGED, Verdict.GONE, Verdict.MOVED)
    return tuple(
        f"{capture.verdict.value}: {capture.reason} ({capture.url})"
        for capture in captures
        if capture.verdict not in looked
    )


def send_pending(settings: Settings, store: Store, *, clock: Clock = now) -> tuple[str, ...]:
    """Send what is due in the outbox; a line for each message that is given up."""
    from alerts.deliver import deliver_pending

    return deliver_pending(store.outbox, settings.destinations, clock=clock)
