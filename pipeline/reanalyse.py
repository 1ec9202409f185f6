"""Releases of the past through today's reader and rules, many series side by side.

Each judgement needs the history of the releases before it, so the releases of one series go one after the other;
where every file is a document of its own, those that one round brought go side by side. One process writes the
archive; reading, comparing and judging happen in a pool.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import count, groupby
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from state.errors import BytesPruned, ReadingError, StoreError
from state.model import Finding, Reading, Release, Series, Source
from state.reanalysis import THE_SAME, Difference, TellBack
from state.times import stamp

if TYPE_CHECKING:
    from diffing.examination import Examination, Request
    from pipeline.executors import Pool
    from state.store import Store

AHEAD = 2
"""Requests made ready beyond those that run, so that no worker waits for the archive."""


class Reread(Struct, frozen=True):
    """What became of one release; ``release`` is None for what several documents of a round share."""

    source: str
    series: str
    at: dt.datetime
    release: Release | None
    difference: Difference = THE_SAME
    trouble: str | None = None  # why it could not be read; what was read of it before stays
    passed_over: str | None = None  # why nobody tried


class _Job(Struct, frozen=True):
    release: Release
    request: Request


class Lane:
    """One series through its past."""

    def __init__(
        self,
        source: Source,
        series: Series,
        *,
        store: Store,
        since: dt.datetime | None,
        clock: Callable[[], dt.datetime],
        tell: TellBack,
    ) -> None:
        self._source = source
        self._series = series
        self._store = store
        self._since = "" if since is None else stamp(since)
        self._clock = clock
        self._tell = tell
        self._steps = self._in_steps()
        self._step: tuple[Release, ...] = ()
        self._ready: deque[Release] = deque()
        self._out = 0  # jobs taken and not yet given back
        self._found: dict[str, tuple[Finding, ...]] = {}  # release -> findings of this step
        self._newest: tuple[str, Reading | None] = ("", None)  # what was just read, and need not be read again
        self.ended = False
        self.releases = store.reanalyses.past.count(source.id, series.name, since=self._since)

    def begin(self) -> None:
        """Make ready; once, before the first ``take``."""
        self._store.reanalyses.begin(self._source.id, self._series.name, since=self._since)

    def take(self) -> _Job | Reread | None:
        """The next release to examine, one that need not be, or None: nothing before the jobs that are out."""
        if not self._ready and not self._out and not self.ended:
            self._next_step()
        if not self._ready:
            return None
        release = self._ready.popleft()
        try:
            return _Job(release, self._request(release))
        except BytesPruned as error:
            self._store.reanalyses.pass_over(release)
            return self._reread(release, passed_over=self._why(release, error))
        except StoreError as error:  # damaged bytes cost their release, not the run
            self._store.reanalyses.pass_over(release)
            return self._reread(release, trouble=str(error))
        finally:
            self._out += 1

    def _why(self, release: Release, error: BytesPruned) -> str:
        """Whose bytes are gone: the release's own, or those of the one that it is to be compared with."""
        try:
            self._store.body(release.sha256)
        except BytesPruned:
            return str(error)
        return f"of the release before {error}"

    def give(self, release: Release, examined: Examination | None) -> Iterator[Reread]:
        """What became of a release that was taken; None for one that was passed over."""
        self._out -= 1
        if examined is not None and examined.facts is not None:
            yield from self._keep(release, examined)
        elif examined is not None:
            self._store.reanalyses.pass_over(release)
            yield self._reread(release, trouble=examined.trouble)
        if not self._out and not self._ready and self._together:
            yield from self._say_together()

    @property
    def _together(self) -> bool:
        """Whether the findings of this step are said when all its releases have been read."""
        return len(self._step) > 1

    def _next_step(self) -> None:
        self._step = next(self._steps, ())
        self._ready.extend(self._step)
        self._found.clear()
        if not self._step:
            self.ended = True
            self._store.reanalyses.finish(self._source.id, self._series.name, since=self._since)

    def _in_steps(self) -> Iterator[tuple[Release, ...]]:
        """What may be examined side by side: a release, or all documents that one round brought."""
        found = self._store.reanalyses.past.releases(self._source.id, self._series.name, since=self._since)
        alone = count(-1, -1)
        for _, step in groupby(
            found, key=lambda each: each[0] if self._series.each_file and each[0] else next(alone)
        ):
            yield tuple(release for _, release in step)

    def _request(self, release: Release) -> Request:
        from pipeline.backfill import request_of_past

        looks = self._store.reanalyses.past.looks(release, page="page")
        request = request_of_past(self._source, release, captures=looks, store=self._store)
        before, (newest, reading) = request.before, self._newest
        if before is None or before.release != newest:
            return request
        return replace(request, before=replace(before, reading=reading))

    def _keep(self, release: Release, examined: Examination) -> Iterator[Reread]:
        assert examined.facts is not None
        difference = self._store.reanalyses.keep(
            release,
            facts=examined.facts,
            view=examined.view,
            texts=examined.texts,
            findings=None if self._together else examined.findings,
            reading=examined.reading,
            at=self._clock(),
            tell=self._tell,
        )
        self._newest = (release.id, examined.reading)
        if self._together:
            self._found[release.id] = examined.findings
        else:
            yield self._reread(release, difference=difference)

    def _say_together(self) -> Iterator[Reread]:
        """Say what was found on the documents of a round; an edit that several share is said once."""
        from diffing.same_edit import PageFindings, group_same_edits

        read = [release for release in self._step if release.id in self._found]
        pages = [PageFindings(url=release.url, findings=self._found[release.id]) for release in read]
        alone, shared = group_same_edits(pages)
        for release, page in zip(read, alone, strict=True):
            yield self._reread(
                release,
                difference=self._store.reanalyses.say(release, page.findings, at=self._clock(), tell=self._tell),
            )
        difference = self._store.reanalyses.say_together(self._step, shared, at=self._clock(), tell=self._tell)
        if difference != THE_SAME:
            yield Reread(self._source.id, self._series.name, self._step[-1].at, None, difference)

    def _reread(
        self,
        release: Release,
        *,
        difference: Difference = THE_SAME,
        trouble: str | None = None,
        passed_over: str | None = None,
    ) -> Reread:
        return Reread(self._source.id, self._series.name, release.at, release, difference, trouble, passed_over)


def read_again(lanes: Sequence[Lane], pool: Pool) -> Iterator[Reread]:
    """All releases of all lanes, each told as it is done; lanes with most to read begin first."""
    left = iter(sorted(lanes, key=lambda lane: -lane.releases))
    active: list[Lane] = []
    waiting: dict[Future[Examination], tuple[Lane, _Job]] = {}
    while True:
        yield from _fill(waiting, active, left, pool)
        if not waiting:
            return
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            lane, job = waiting.pop(future)
            yield from lane.give(job.release, _outcome(future, job.request))


def _fill(
    waiting: dict[Future[Examination], tuple[Lane, _Job]], active: list[Lane], left: Iterator[Lane], pool: Pool
) -> Iterator[Reread]:
    """Hand out as much as the pool can take."""
    from diffing.examine import examine

    while len(waiting) < pool.size + AHEAD:
        lane, found = _take(active, left)
        if lane is None:
            return
        if isinstance(found, Reread):
            yield found
            assert found.release is not None
            yield from lane.give(found.release, None)
        elif found is not None:
            waiting[pool.submit(examine, found.request)] = (lane, found)


def _take(active: list[Lane], left: Iterator[Lane]) -> tuple[Lane | None, _Job | Reread | None]:
    """Something to do from the lanes under way, else from a new one."""
    for lane in tuple(active):
        found = lane.take()
        if lane.ended:
            active.remove(lane)
        if found is not None:
            return lane, found
    fresh = next(left, None)
    if fresh is not None:
        fresh.begin()
        active.append(fresh)
    return fresh, None


def _outcome(future: Future[Examination], request: Request) -> Examination:
    from diffing.examine import refused

    try:
        return future.result()
    except ReadingError as error:
        return refused(request, str(error))


def lanes_of(
    sources: Iterable[Source],
    *,
    store: Store,
    since: dt.datetime | None,
    clock: Callable[[], dt.datetime],
    tell: TellBack,
) -> list[Lane]:
    """A lane for each series of these sources that has something to read again."""
    lanes = [
        Lane(source, series, store=store, since=since, clock=clock, tell=tell)
        for source in sources
        for series in source.series
    ]
    return [lane for lane in lanes if lane.releases]
