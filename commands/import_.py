"""``import SOURCE FILE…``: files that somebody saved earlier, as releases of a source with their dates."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from msgspec import Struct
from msgspec.structs import replace

from cli.console import DONE, complain, config_option, json_option, with_plain_errors
from state.errors import ConfigError
from state.model import Capture, Series, Source, Verdict
from state.reading.visibility import HANDED_IN

if TYPE_CHECKING:
    from diffing.workers.pool import Workers

GROUP = "look"


@click.command(
    "import", epilog="Example: python monitor.py import ice/detention-statistics saved/ --series statistics"
)
@click.argument("name", metavar="SOURCE")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE…]")
@click.option(
    "--warc",
    "warcs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A WARC file, a WACZ or a bag (BagIt) with WARC files; may be repeated.",
)
@click.option("--series", "series_name", help="The series that the files are releases of.")
@click.option("--url", help="The address that the files came from.")
@click.option(
    "--at", help="When the file was published: 2023-04-21. For one file; others carry it in their names."
)
@config_option
@json_option
@with_plain_errors
def command(
    *,
    name: str,
    files: tuple[Path, ...],
    warcs: tuple[Path, ...],
    series_name: str | None,
    url: str | None,
    at: str | None,
    config: Path | None,
    as_json: bool,
) -> int:
    """Take FILEs, folders of files, WARC files, WACZ or bags into the archive as releases of SOURCE.

    A file's date is --at, else the ISO date in its name (2025-04-21.xlsx), else the as-of date that it states.
    From a WARC comes what was captured at the source's own address or at one of its documents; what it only names
    as seen before may stand in another of those named. No date may be to come. What changed between them stands in
    the history and alerts nobody.
    """
    from cli.configuration.settings import read_settings
    from cli.report import only_source, read_day, tell_past, tell_unread_before
    from cli.rounds import teller
    from diffing.workers.pool import Workers
    from pipeline.backfill import take_in_past
    from state.store import Store

    settings = read_settings(config, only=(name,))
    source = only_source(settings)
    day = None if at is None else read_day(at)
    found = _listed(files)
    if not found and not warcs:
        raise ConfigError("name files, a folder of files, or --warc FILE")
    if day is not None and len(found) != 1:
        raise ConfigError("--at dates one file; put an ISO date into the names of several: 2025-04-21.xlsx")
    with (
        Store(settings.configuration.database) as store,
        Workers() as workers,
        tempfile.TemporaryDirectory() as folder,
    ):
        captures = [_from_file(path, source, _Said(series_name, url, day), workers=workers) for path in found]
        captures += _from_warcs(warcs, source, Path(folder))
        captures.sort(key=lambda capture: capture.at)
        came = tell_past(
            take_in_past(source, captures, store=store, workers=workers, tell=teller(settings, store)),
            as_json=as_json,
        )
    tell_unread_before(settings.configuration.database, source.id, but=came.ids)
    if not as_json:
        same = len(captures) - came.releases
        known = f"; {same} brought nothing new" if same else ""
        click.echo(f"{came.came_in}, {came.findings} findings above info{known}")
    return DONE


_CLOCKS = dt.timedelta(days=1)  # by which another clock, or another day's midnight, may be ahead


class _Said(Struct, frozen=True):
    """What the command line says of all files."""

    series: str | None
    url: str | None
    at: dt.datetime | None


def _listed(files: Sequence[Path]) -> list[Path]:
    """The files named, and those in folders named; hidden ones left out."""
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            found += sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
        else:
            found.append(path)
    return found


def _from_file(path: Path, source: Source, said: _Said, *, workers: Workers) -> Capture:
    """The file as a capture of its day. Raises ConfigError where series, address or date cannot be told."""
    from cli.inputs import PAGES, capture_of, date_in_name, series_of, stated_date

    at = said.at or date_in_name(path) or stated_date(path, workers=workers)
    if at is None:
        raise ConfigError(
            f"{path}: says nowhere when it was published; put the date into its name (2025-04-21 {path.name})"
            " or say --at 2025-04-21"
        )
    if at > dt.datetime.now(dt.UTC) + _CLOCKS:
        raise ConfigError(f"{path}: {at:%Y-%m-%d} is to come; say with --at when it was published")
    capture = capture_of(path, at=at)
    series = series_of(source, said.series, page=capture.media_type in PAGES, path=path)
    if series.each_file and said.url is None:
        raise ConfigError(
            f"{path}: each file of “{series.name}” is a document of its own; say --url ADDRESS, one file at a time"
        )
    url = said.url or (source.url if series.pattern is None else "")
    return replace(
        capture,
        source=source.id,
        series=series.name,
        url=url,
        final_url=url,
        reason=f"{HANDED_IN}{path.name}, on {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC by {_who()}",
        memento=True,
    )


def _who() -> str:
    """The name of whoever runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return f"user {os.getuid()}"


def _from_warcs(named: Sequence[Path], source: Source, folder: Path) -> Iterator[Capture]:
    """What WARC files hold of a source; says how many answers were of other addresses.

    ``folder``: where packages are unpacked.
    """
    from archive.exports.packages import warcs_of
    from archive.exports.warc_reading import Places, find_answers, read_captures

    paths = [warc for path in named for warc in warcs_of(path, folder=folder)]
    places: Places = {}
    if len(paths) > 1:  # what one of them has seen before may stand in any other
        for path in paths:
            find_answers(path, places)
    for path in paths:
        passed_over: Counter[str] = Counter()
        for capture in read_captures(path, source=source.id, places=places):
            series = _followed(source, capture.url)
            if series is None or capture.verdict is not Verdict.PRESENT:
                passed_over["other address" if series is None else capture.verdict.value] += 1
                continue
            url = source.url if series.pattern is None else capture.url
            yield replace(
                capture, series=series.name, url=url, reason=f"{capture.reason}; imported from {path.name}"
            )
        if passed_over:
            told = ", ".join(f"{count} × {what}" for what, count in passed_over.most_common())
            complain(f"{path}: passed over {told}")


def _followed(source: Source, url: str) -> Series | None:
    """The series that an address belongs to, None for one that the source does not follow."""
    for series in source.series:
        if series.pattern is None and _same_page(url, source.url):
            return series
        if series.follows(url):
            return series
    return None


def _same_page(url: str, other: str) -> bool:
    """Whether two addresses are of one page: scheme, www and a slash at the end make no difference."""
    one, two = urlsplit(url), urlsplit(other)
    hosts = {(part.hostname or "").removeprefix("www.") for part in (one, two)}
    return len(hosts) == 1 and (one.path.rstrip("/"), one.query) == (two.path.rstrip("/"), two.query)
