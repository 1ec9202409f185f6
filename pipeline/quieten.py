"""Which tolerance of its source file would have quietened a finding, and what else it would have quietened.

Both are found by judging releases of the archive again, by what was known on their own day; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor, log10
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from pipeline.backfill import request_of_past
from pipeline.jobs import examine_in_worker
from state.errors import MonitorError, StoreError
from state.kinds import Severity
from state.model import Finding, Release, Source
from state.vocabulary import TOLERANCES

if TYPE_CHECKING:
    from diffing.workers.pool import Workers
    from state.store import Store

MOST: Final = 100
"""Releases that are judged again, the newest that the same kind was said of."""

_COUNTED: Final = ("rows", "figures", "fewest", "releases")
_PER_CENT: Final = (5.0, 10.0, 20.0, 50.0, 100.0)
_TIMES: Final = (5.0, 10.0, 20.0, 50.0, 100.0, 1_000.0)
_SHARES: Final = (0.5, 0.75, 0.9, 1.0)
_LADDERS: Final[Mapping[str, tuple[float, ...]]] = {
    "beyond": _TIMES,
    "times": _TIMES,
    "stays": _TIMES,
    "swap": _SHARES,
    "average-impossible.share": _PER_CENT,
    "share": _SHARES,
}


class Quietened(Struct, frozen=True):
    """A finding above info of one release."""

    release: Release
    finding: Finding


class Proposal(Struct, frozen=True):
    """Tolerances that quieten a finding; ``also`` would not have been said either, ``instead`` would."""

    series: str
    tolerances: Mapping[str, float]
    also: tuple[Quietened, ...]
    instead: tuple[Quietened, ...]
    judged: int  # releases that were judged again
    unread: int  # of those that the kind was said of: not judged again, for they cannot be read or are too many


def propose(source: Source, finding: Finding, release: Release, *, store: Store, workers: Workers) -> Proposal:
    """The least tolerance that quietens ``finding``, said of ``release``.

    Raises StoreError where no tolerance of its kind does, or today's rules do not say it any more.
    """
    judge = _Judge(source, store=store, workers=workers)
    if finding.id not in judge.said(release, {}):
        raise StoreError("today's rules do not say this any more: there is nothing to quieten")
    for tolerances in _candidates(finding):
        if finding.id not in judge.said(release, tolerances):
            return _weigh(finding, release, tolerances, judge, store)
    raise StoreError(
        f"no tolerance of a source file quietens this {finding.kind}; `monitor.py snooze` or `pause` do"
    )


class _Judge:
    """Judges releases of one source with other tolerances than its file has."""

    def __init__(self, source: Source, *, store: Store, workers: Workers) -> None:
        self._source = source
        self._store = store
        self._workers = workers

    def said(self, release: Release, tolerances: Mapping[str, float]) -> dict[str, Finding]:
        """What would be said of a release above info, by id."""
        source = _tolerating(self._source, release.series, tolerances)
        looks = self._store.reanalyses.past.looks(release, page="page")
        request = request_of_past(source, release, captures=looks, store=self._store)
        examined = examine_in_worker(request, self._workers)
        if examined.facts is None:
            raise StoreError(f"release {release.id} cannot be read: {examined.trouble}")
        return {found.id: found for found in examined.findings if found.severity is not Severity.INFO}


def _tolerating(source: Source, series: str, tolerances: Mapping[str, float]) -> Source:
    return replace(
        source,
        series=tuple(
            replace(each, rules=replace(each.rules, tolerances={**each.rules.tolerances, **tolerances}))
            if each.name == series
            else each
            for each in source.series
        ),
    )


def _weigh(
    finding: Finding, release: Release, tolerances: Mapping[str, float], judge: _Judge, store: Store
) -> Proposal:
    """What else the tolerances change in the releases of which the same kind was said."""
    told = store.archive.releases_of_kind(release.source, release.series, finding.kind)
    also: list[Quietened] = []
    instead: list[Quietened] = []
    judged = 0
    for each in told[-MOST:]:
        try:
            before, after = judge.said(each, {}), judge.said(each, tolerances)
        except MonitorError:  # pruned, damaged or unreadable: counted, and said
            continue
        judged += 1
        mine = finding.id if each.id == release.id else None
        also += [Quietened(each, before[id]) for id in before if id not in after and id != mine]
        instead += [Quietened(each, after[id]) for id in after if id not in before]
    return Proposal(release.series, tolerances, tuple(also), tuple(instead), judged, len(told) - judged)


def _candidates(finding: Finding) -> Iterator[dict[str, float]]:
    """Tolerances to try: what the finding measures, then steps, one name before all of them together."""
    names = [name for name in TOLERANCES if name.startswith(f"{finding.kind}.")]
    steps = {name: tuple(_steps(name, finding)) for name in names}
    for name, values in steps.items():
        yield from ({name: value} for value in values)
    longest = max(map(len, steps.values()), default=0)
    if len(names) > 1:
        for step in range(longest):
            yield {name: values[min(step, len(values) - 1)] for name, values in steps.items() if values}


def _steps(name: str, finding: Finding) -> Iterator[float]:
    short = name.partition(".")[2]
    if short == "size":
        yield _above(max((abs(item.difference or 0) for item in finding.items), default=0))
    elif short == "percent":
        yield _above(max((abs(item.percent or 0) for item in finding.items), default=0))
    elif short == "figure":
        yield _above(max((abs(side) for item in finding.items for side in _figures(item)), default=0))
    elif short in _COUNTED:
        yield float(finding.count + 1)
    else:
        yield from _LADDERS.get(name, _LADDERS.get(short, _PER_CENT))


def _figures(item: object) -> Iterator[float]:
    for side in (getattr(item, "before", None), getattr(item, "after", None)):
        if isinstance(side, int | float) and not isinstance(side, bool):
            yield side


def _above(size: float) -> float:
    """The next number of two digits that count above ``size``."""
    if size <= 0:
        return 1.0
    step = 10.0 ** (floor(log10(size)) - 1)
    return round((floor(size / step) + 1) * step, 6)
