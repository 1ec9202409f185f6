"""``backfill SOURCE``: what a web archive kept of a source before it was watched."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click
from msgspec import Struct

from cli.console import DONE, FAILED, complain, config_option, json_option, with_plain_errors
from state.errors import ConfigError
from state.model import Source

if TYPE_CHECKING:
    from rich.progress import Progress

    from cli.configuration.model import Configuration
    from cli.listings import Listings
    from state.model import Capture
    from state.reading.query_results import Seen
    from state.store import Store
    from watchers.web_archive.mementos import Version, Wayback

GROUP = "look"


@click.command(
    "backfill", epilog="Example: python monitor.py backfill ice/detention-statistics --since 2019-10-01"
)
@click.argument("name", metavar="SOURCE")
@click.option("--since", required=True, help="The first day to look at: 2019-10-01.")
@click.option("--until", help="The day to stop before; today where none is named.")
@click.option("--series", "only", multiple=True, help="Of the documents only this series; may be repeated.")
@config_option
@json_option
@with_plain_errors
def command(
    *, name: str, since: str, until: str | None, only: tuple[str, ...], config: Path | None, as_json: bool
) -> int:
    """Fill in what the Wayback Machine kept of SOURCE: its page, the further pages of a listing that runs over
    several, and the documents that they linked then.

    Every capture keeps its original date, and says from which web archive it came and when. What changed
    between them stands in the history and alerts nobody. The web archive's limits are kept, so this takes its
    time; a run that was ended goes on where it stopped, and lists nothing anew. Which days were seen is told at
    the end: of the days between nothing is known. Exit status: 0 done, 1 the web archive asked to be left alone
    or did not list an address, 2 usage or configuration.
    """
    from cli.configuration.settings import read_settings
    from cli.listings import Listings
    from cli.report import bar, only_source, read_day, tell_past, tell_unread_before
    from cli.rounds import teller
    from diffing.workers.pool import Workers
    from pipeline.backfill import take_in_past
    from state.store import Store

    settings = read_settings(config, only=(name,))
    source = only_source(settings)
    span = _Span(read_day(since), None if until is None else read_day(until))
    if span.since > dt.datetime.now(dt.UTC):
        raise ConfigError(f"--since {since} is to come")
    configuration = settings.configuration
    with (
        Store(configuration.database) as store,
        Workers() as workers,
        bar() as progress,
        _web(configuration) as web,
    ):
        listings = Listings.of(source.id, beside=configuration.database)
        run = _Run(
            source,
            span=span,
            only=only,
            store=store,
            web=web,
            progress=progress,
            listings=listings,
            patience=_PATIENCE,
        )
        came = tell_past(
            take_in_past(source, run.captures(), store=store, workers=workers, tell=teller(settings, store)),
            as_json=as_json,
        )
    for trouble in run.troubles:
        complain(trouble)
    tell_unread_before(configuration.database, source.id, but=came.ids)
    if not run.ended_early:
        listings.end()
    if not as_json:
        for line in run.coverage():
            click.echo(line)
        click.echo(
            f"{came.came_in}, {came.judged_again} were judged again, {came.findings} findings"
            f" above info; `monitor.py history {source.id}` shows them"
        )
    return FAILED if run.ended_early else DONE


def _web(configuration: Configuration) -> Wayback:
    from watchers.fetching.exchange import Limits
    from watchers.web_archive.mementos import Wayback

    return Wayback(
        contact=configuration.contact,
        service=configuration.web_archive,
        allow_hosts=frozenset(configuration.allow_hosts),
        limits=Limits(total=max(60.0, configuration.politeness.timeout)),
        retries=configuration.politeness.retries,
        pace=configuration.politeness.seconds_between_requests,
    )


_T = TypeVar("_T")
_PATIENCE: Final = 120.0  # seconds that a run waits for the web archive; for more it ends
_NOTHING: Final = "nothing is known"
_MOST_WAITS: Final = 5  # one after the other, for one thing


class _Span(Struct, frozen=True):
    since: dt.datetime
    until: dt.datetime | None


class _Wanted(Struct, frozen=True):
    """A version that is to be fetched, and what it is a version of."""

    version: Version
    series: str
    url: str


class _Run:
    """One run: the captures to take in, oldest first within a series, and what could not be had."""

    def __init__(
        self,
        source: Source,
        *,
        span: _Span,
        only: Sequence[str],
        store: Store,
        web: Wayback,
        progress: Progress,
        listings: Listings,
        patience: float,
    ) -> None:
        self._source = source
        self._span = span
        self._only = _checked(source, only)
        self._store = store
        self._web = web
        self._progress = progress
        self._listings = listings
        self._patience = patience  # seconds that the web archive is waited for
        self._days: dict[str, set[dt.date]] = {}  # by address those on which the web archive looked
        self.troubles: list[str] = []
        self.ended_early = False

    def captures(self) -> Iterator[Capture]:
        """The page through time, its further pages, then the documents they linked; ends where it is asked to."""
        from state.model import LISTING, PAGE
        from watchers.web_archive.mementos import LeftAlone

        if self._is_to_wait():
            return
        try:
            pages = self._versions(PAGE, self._source.url)
            yield from self._fetched(pages, "page")
            further = self._listed([(LISTING, url) for url in self._further(pages)], "listing further pages")
            yield from self._fetched(further, "further pages")
            documents = self._listed(self._documents([*pages, *further]), "listing files")
            yield from self._fetched(documents, "files")
        except LeftAlone as error:
            self.troubles.append(str(error))
            self.ended_early = True
            self._listings.wait(until=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=error.seconds))

    def coverage(self) -> Iterator[str]:
        """On which days the web archive saw each address, a line each; nothing is known of the days between."""
        for url, seen in self._days.items():
            days = sorted(seen)
            gaps = [(after - before).days for before, after in itertools.pairwise(days)]
            between = f", {max(gaps)} days apart at the most" if gaps else ""
            if days:
                count = f"{len(days)} day{'' if len(days) == 1 else 's'}"
                span = f"{count} from {days[0]} to {days[-1]}{between}"
                yield f"{url}: seen on {span}; of the days between {_NOTHING}"

    def _is_to_wait(self) -> bool:
        """Whether the web archive still wants to be left alone, as it said to an earlier run."""
        until = self._listings.not_before
        if until is None or until <= dt.datetime.now(dt.UTC):
            return False
        self.troubles.append(f"the web archive asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.ended_early = True
        return True

    def _patiently(self, ask: Callable[[], _T]) -> _T:
        """What is asked for, after the wait that the web archive asks for where that is short."""
        from watchers.web_archive.mementos import LeftAlone

        for _ in range(_MOST_WAITS):
            try:
                return ask()
            except LeftAlone as error:
                if error.seconds > self._patience:
                    raise
                threading.Event().wait(error.seconds)
        return ask()

    def _listed(self, addresses: Sequence[tuple[str, str]], what: str) -> list[_Wanted]:
        """The versions of all those addresses, each with its series, oldest first."""
        tracked = self._progress.track(addresses, description=what)
        versions = [wanted for series, url in tracked for wanted in self._versions(series, url)]
        return sorted(versions, key=lambda wanted: wanted.version.at)

    def _versions(self, series: str, url: str) -> list[_Wanted]:
        from watchers.web_archive.mementos import NotReplayed

        try:
            found = self._list(url)
        except NotReplayed as error:
            self.troubles.append(str(error))
            self.ended_early = True
            return []
        self._days.setdefault(url, set()).update(version.at.date() for version in found)
        return [_Wanted(version, series, url) for version in found]

    def _list(self, url: str) -> tuple[Version, ...]:
        """The versions of an address: what an earlier run listed, and what is listed from there on."""
        from cli.listings import Listing
        from watchers.web_archive.mementos import LeftAlone

        since, until = self._span.since, self._span.until
        known = self._listings.of_address(url, since=since, until=until)
        if known is not None and known.whole:
            return known.versions
        found = list(known.versions) if known else []
        more: list[Version] = []
        whole = False
        try:
            start = found[-1].at if found else since
            more = self._patiently(lambda: self._web.versions(url, since=start, until=until))
            whole = True
        except LeftAlone as error:
            more = list(error.listed)
            raise
        finally:
            have = {version.at for version in found}
            found += [version for version in more if version.at not in have]
            self._listings.note(url, Listing(since, until, tuple(found), whole))
        return tuple(found)

    def _fetched(self, versions: Sequence[_Wanted], what: str) -> Iterator[Capture]:
        """The captures of those versions that the archive has not yet."""
        from watchers.web_archive.mementos import NotReplayed

        have = {wanted.url: _times(self._store, wanted.url) for wanted in versions}
        missing = [wanted for wanted in versions if wanted.version.at not in have[wanted.url]]
        for wanted in self._progress.track(missing, description=what):
            try:
                yield self._patiently(partial(self._replayed, wanted))
            except NotReplayed as error:
                self.troubles.append(str(error))

    def _replayed(self, wanted: _Wanted) -> Capture:
        return self._web.capture(wanted.version, source=self._source, series=wanted.series, url=wanted.url)

    def _further(self, pages: Sequence[_Wanted]) -> list[str]:
        """Addresses of the further pages that the page names now or ever named, as many as a round may follow.

        Those that it names today come first; http and https are one address to a web archive.
        """
        from watchers.following.documents import find_further_pages

        most = self._source.pages - 1
        if most < 1:
            return []
        today = self._store.looks.seen(self._source.url, at=dt.datetime.now(dt.UTC))
        found: dict[str, str] = {}
        for seen in (*([today] if today else []), *reversed(self._seen(pages))):
            for url in find_further_pages(self._body(seen), base_url=seen.capture.final_url, limit=most):
                found.setdefault(url.partition("://")[2], url)
        if len(found) > most:
            self.troubles.append(
                f"{self._source.id}: further pages of the listing left out: {len(found) - most};"
                f" `pages: {self._source.pages}` in its source file allows no more"
            )
        return list(found.values())[:most]

    def _documents(self, pages: Sequence[_Wanted]) -> list[tuple[str, str]]:
        """Series and address of every document that the pages link or ever linked, as far as is known."""
        from watchers.following.documents import sort_by_series
        from watchers.following.links import find_links

        found = {(series, url): None for series, url, _ in self._store.looks.linked_documents(self._source.id)}
        for seen in self._seen(pages):
            links = find_links(self._body(seen), base_url=seen.capture.final_url)
            found |= {(name, each.url): None for name, each in sort_by_series(links, self._source.series)}
        return [(series, url) for series, url in found if not self._only or series in self._only]

    def _seen(self, pages: Sequence[_Wanted]) -> list[Seen]:
        """What the archive has of those versions, in their order; what two have alike is there once."""
        looks = (self._store.looks.seen(page.url, at=page.version.at) for page in pages)
        return list(
            {(seen.sha256, seen.capture.final_url): seen for seen in looks if seen and seen.sha256}.values()
        )

    def _body(self, seen: Seen) -> bytes:
        return b"" if seen.sha256 is None else self._store.body(seen.sha256)


def _checked(source: Source, only: Sequence[str]) -> frozenset[str]:
    """The names of series. Raises ConfigError for one that the source has not."""
    names = [series.name for series in source.series]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise ConfigError(f"{source.id} has no series {unknown[0]!r}; it has {', '.join(names)}")
    return frozenset(only)


def _times(store: Store, url: str) -> frozenset[dt.datetime]:
    """The original dates of what was taken from a web archive before."""
    return frozenset(each.at for each in store.looks.captures_of(url, limit=1_000_000) if each.memento)
