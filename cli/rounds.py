"""A round over the sources that are wanted, then what is pending is sent."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cli.round_report import RoundReport, SourceNews, news_of
from state.errors import ConfigError, LockHeld
from state.model import Alert, Finding, Release, Source
from state.times import now

if TYPE_CHECKING:
    from alerts.context import Context
    from cli.configuration.model import Configuration, Settings
    from cli.sender import Sender
    from pipeline.judging import SourceOutcome, Tell
    from state.document import StatedDate
    from state.store import Store
    from watchers.fetch import Fetcher, Validators
    from watchers.visit import Known

    Heard = Callable[[SourceOutcome, int], None]

Clock = Callable[[], dt.datetime]


def run_round(
    settings: Settings,
    *,
    due_only: bool = False,
    stop: threading.Event | None = None,
    past: Clock | None = None,
    heard: Heard | None = None,
) -> RoundReport:
    """One round under the lock. Raises LockHeld, ConfigError, and StoreError where the archive cannot open.

    ``stop`` ends it after the source in hand; ``past`` stands for the time in a replayed past; ``heard`` is told
    of each outcome as it comes, and how many sources are looked at. What a round leaves unsent stays in the
    outbox. Operators hear of a round that broke, and of what stays undelivered,
    by ways that need neither archive nor outbox.
    """
    from cli.health import conclude
    from cli.last_resort import cry

    try:
        report = _round(settings, due_only=due_only, stop=stop, clock=past or now, past=past, heard=heard)
    except (LockHeld, ConfigError):
        raise
    except Exception as error:
        cry(settings.configuration, [f"a round broke: {type(error).__name__}: {error}"], at=now())
        raise
    if stop is not None and stop.is_set():
        return report
    return replace(report, remarks=(*report.remarks, *conclude(settings, report)))


def _round(
    settings: Settings,
    *,
    due_only: bool,
    stop: threading.Event | None,
    clock: Clock,
    past: Clock | None,
    heard: Heard | None,
) -> RoundReport:
    from cli.clock import remarks_on_clock
    from cli.health import begin
    from cli.lateness import remarks_on_gap
    from cli.receipts import add_receipts
    from cli.sender import Sender
    from cli.unfollowed import tell_unfollowed
    from diffing.workers.pool import Workers
    from pipeline.round import check
    from state.lock import round_lock
    from state.store import Store

    configuration = settings.configuration
    configuration.data.mkdir(parents=True, exist_ok=True)
    with Sender(settings, clock=clock) as sender:
        with (
            round_lock(configuration.database),
            Store(configuration.database) as store,
            Workers() as workers,
            _known(configuration.database) as known,
            make_fetcher(configuration, known, clock=past) as fetcher,
        ):
            begin(settings)
            looked = store.looks.last_looks("page")
            ours = {source.id: looked[source.id] for source in settings.sources if source.id in looked}
            remarks = () if past else remarks_on_clock(store, settings.destinations, ours, at=clock())
            if not remarks and not past:  # a clock that was wrong tells nothing of how long nobody looked
                remarks = remarks_on_gap(store, settings.destinations, settings.sources, ours, at=clock())
            wanted = _wanted(settings.sources, looked, at=clock(), due_only=due_only)
            outcomes = check(
                wanted,
                fetcher=fetcher,
                store=store,
                workers=workers,
                clock=clock,
                teller=lambda judging: teller(settings, judging, clock),
                stop=stop,
            )
            with closing(outcomes):
                came = outcomes if heard is None else _overheard(outcomes, heard, len(wanted))
                told = _results(came, store, clock, sent_by=None if past else sender)
                results = sorted(filter(_says_anything, told), key=lambda each: each.source)
            remarks = (*remarks, *tell_unfollowed(fetcher.unfollowed, settings, store, at=clock()))
            add_receipts(settings, store, at=clock())
            blind = _is_blind(settings.sources, store)
        unsent = sender.finish()
    remarks = (*remarks, *_afterwards(settings, clock=clock, stop=stop))
    return RoundReport(results=tuple(results), unsent=unsent, remarks=remarks, blind=blind)


def _afterwards(settings: Settings, *, clock: Clock, stop: threading.Event | None) -> tuple[str, ...]:
    """What others are asked for, when the lock is free again: time stamps, and copies, which take their time."""
    from cli.archive_copies import ask_for_copies
    from cli.timestamps import stamp_if_due
    from state.store import Store

    with Store(settings.configuration.database) as store:
        stamped = stamp_if_due(settings, store, at=clock())
        wanted = bool(store.copies.due(at=clock(), limit=1))
        return (*stamped, *(ask_for_copies(settings, store, clock=clock, stop=stop) if wanted else ()))


def _results(
    outcomes: Iterable[SourceOutcome], store: Store, clock: Clock, *, sent_by: Sender | None
) -> Iterator[SourceNews]:
    """What each source came to; its alerts leave at once."""
    from cli.archive_copies import want_copies

    for outcome in outcomes:
        want_copies(outcome, store, at=clock())
        if sent_by is not None:
            sent_by.look(store)
        yield news_of(outcome, store)


def _says_anything(result: SourceNews) -> bool:
    return bool(result.findings or result.troubles)


def _overheard(outcomes: Iterable[SourceOutcome], heard: Heard, count: int) -> Iterator[SourceOutcome]:
    for outcome in outcomes:
        heard(outcome, count)
        yield outcome


def _is_blind(sources: Sequence[Source], store: Store) -> bool:
    """Whether of all sources that were ever looked at none answered when it was looked at last."""
    last = store.looks.last_verdicts("page")
    verdicts = [last[source.id] for source in sources if source.id in last]
    return bool(verdicts) and not any(verdict.answers for verdict in verdicts)


def _wanted(
    sources: Sequence[Source], last: Mapping[str, dt.datetime], *, at: dt.datetime, due_only: bool
) -> list[Source]:
    """The sources to look at, those not looked at for longest first: a round may have to leave some for the next.

    ``last`` says when a source was looked at last. It is due when its interval has passed; half a minute of grace
    keeps a ticker from skipping. A look that is still to come counts as none.
    """
    from cli.clock import to_come

    future = to_come(last, at=at)
    looked = {source: time for source, time in last.items() if source not in future}
    due = [
        source
        for source in sources
        if not due_only
        or source.id not in looked
        or at - looked[source.id] >= source.every - dt.timedelta(seconds=30)
    ]
    return sorted(due, key=lambda source: (source.id in looked, looked.get(source.id, at)))


def teller(settings: Settings, store: Store, clock: Clock = now) -> Tell:
    """Says who is to be told of findings, by the destinations of the configuration."""
    return partial(_tell, settings, store, clock)


def _tell(
    settings: Settings,
    store: Store,
    clock: Clock,
    findings: Sequence[Finding],
    release: Release | None,
    as_of: StatedDate | None,
) -> Sequence[Alert]:
    """The alerts that findings mean for the destinations of the configuration."""
    from alerts.route import route

    if not findings:
        return ()
    return route(
        findings,
        settings.destinations,
        release=release,
        archive=settings.configuration.archive.address,
        at=clock(),
        context=_context(settings, store, findings[0], release, as_of),
        silences=store.triage.silences(at=clock()),
    )


def _context(
    settings: Settings, store: Store, finding: Finding, release: Release | None, as_of: StatedDate | None
) -> Context:
    """Whose findings these are, with the release judged and the one before; without one, the last copy."""
    from alerts.context import Context, DatedRelease
    from cli.charts import charts_for

    source = next((each for each in settings.sources if each.id == finding.source), None)
    if release is None:
        before = store.last_release(finding.source or "", finding.series or "")
    else:
        before = store.previous(release)
    facts = None if before is None else store.archive.facts(before, tables=False)
    return Context(
        source=source,
        after=None if release is None else DatedRelease(release, as_of),
        before=None if before is None else DatedRelease(before, facts.as_of if facts else None),
        chart=charts_for(store, release, as_of),
    )


class _Known:
    """What the archive knows of addresses, for threads that fetch: a connection of its own, one at a time."""

    def __init__(self, database: Path) -> None:
        from state.database import open_archive
        from state.reading.history import Archive
        from state.reading.looks import Looks

        self._connection = open_archive(database, read_only=True)
        self._archive = Archive(self._connection)
        self._looks = Looks(self._connection)
        self._lock = threading.Lock()
        self._liars: frozenset[str] | None = (
            None  # hosts whose tags were caught lying; looked for when first asked
        )

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def validators(self, url: str) -> Validators | None:
        """ETag, date and body of the newest good capture of an address."""
        from watchers.fetching.freshness import LYING_TAG, Validators
        from watchers.fetching.response import origin_of

        with self._lock:
            known = self._looks.known_address(url)
            if self._liars is None:
                self._liars = frozenset(map(origin_of, self._looks.captured_for(LYING_TAG)))
        if known is None:
            return None
        return Validators(
            etag=known.etag,
            last_modified=known.last_modified,
            read=partial(self._read, known.sha256),
            checked=known.looked,
            answered=known.answered,
            believed=known.since,
            trusted=origin_of(url) not in self._liars,
            link=known.link,
        )

    def remembered(self, source: Source) -> Iterable[Known]:
        """Documents that a source linked at some time."""
        from watchers.visit import Known

        with self._lock:
            return [Known(*linked) for linked in self._looks.linked_documents(source.id)]

    def _read(self, sha256: str) -> bytes:
        with self._lock:
            return self._archive.body(sha256)


def _known(database: Path) -> closing[_Known]:
    return closing(_Known(database))


def make_fetcher(
    configuration: Configuration, known: _Known | None = None, *, clock: Clock | None = None
) -> Fetcher:
    """The fetcher that the configuration asks for, without memory unless ``known`` is given.

    ``clock`` is for a replayed past.
    """
    from watchers.fetch import Fetcher, Retries
    from watchers.fetching.exchange import Limits
    from watchers.fetching.politeness import Politeness

    polite = configuration.politeness
    return Fetcher(
        contact=configuration.contact,
        allow_hosts=frozenset(configuration.allow_hosts),
        validators=known.validators if known else None,
        remembered=known.remembered if known else None,
        limits=Limits(total=polite.timeout),
        politeness=Politeness(delay=polite.seconds_between_requests),
        retries=Retries(attempts=polite.retries),
        proxy=polite.proxy,
        clock=clock,
    )
