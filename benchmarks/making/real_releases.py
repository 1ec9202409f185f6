"""Real releases that may lie beside the project, taken in as if each had been fetched on its day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from alerts.context import Context, DatedRelease
from alerts.route import route
from cli.charts import charts_for
from diffing.workers.pool import Workers
from pipeline.round import take_in
from state.document import StatedDate
from state.kinds import Severity
from state.model import Alert, Capture, Destination, Finding, Release, Series, Source, Verdict
from state.store import Store
from watchers.sources.load import SHIPPED, load_sources

RELEASES = Path(__file__).resolve().parents[3] / "shared" / "releases"
"""Where they are looked for; what needs them says so where they are not there."""

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(am|pm)?")
_ADDRESS = "https://archive.example.org"


def alerts_of(source_id: str, folder: str, archive: Path, *, most: int | None = None) -> list[Alert]:
    """What a desk that hears of all from medium on is told of the releases of a folder, in their order.

    They are judged by the source of that id as it ships, as releases of its first series of files.
    """
    source = next(each for each in load_sources([SHIPPED]) if each.id == source_id)
    series = next(each for each in source.series if each.pattern)
    desk = Destination(name="desk", url="json://127.0.0.1:9/", least=Severity.MEDIUM)
    with Store(archive) as store, Workers(size=1) as workers:
        for path, at in list(dated(RELEASES / folder))[:most]:
            tell = partial(_tell, store=store, source=source, desk=desk, at=at)
            captures = [_capture(source, series, path, at)]
            take_in(source, captures, store=store, workers=workers, now=at, tell=tell)
        return [each.alert for each in store.outbox.list()]


def dated(folder: Path) -> Iterator[tuple[Path, dt.datetime]]:
    """The files of a folder with the day in their names, some hours apart where they are of one day."""
    taken: set[dt.datetime] = set()
    for path in sorted(folder.iterdir()):
        found = _DAY.match(path.name)
        if found is None:
            continue
        at = dt.datetime(
            int(found[1]), int(found[2]), int(found[3]), 18 if found[4] == "pm" else 12, tzinfo=dt.UTC
        )
        while at in taken:
            at += dt.timedelta(hours=1)
        taken.add(at)
        yield path, at


def _capture(source: Source, series: Series, path: Path, at: dt.datetime) -> Capture:
    address = f"{source.url.rstrip('/')}/files/{path.name}"
    return Capture(
        source=source.id,
        series=series.name,
        url=address,
        final_url=address,
        at=at,
        verdict=Verdict.PRESENT,
        status=200,
        body=path.read_bytes(),
        file_name=path.name,
    )


def _tell(
    findings: Sequence[Finding],
    release: Release | None,
    as_of: StatedDate | None,
    *,
    store: Store,
    source: Source,
    desk: Destination,
    at: dt.datetime,
) -> Sequence[Alert]:
    before = None if release is None else store.previous(release)
    context = Context(
        source=source,
        after=None if release is None else DatedRelease(release, as_of),
        before=None if before is None else DatedRelease(before),
        chart=charts_for(store, release, as_of),
    )
    return route(findings, [desk], release=release, archive=_ADDRESS, at=at, context=context)
