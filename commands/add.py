"""``add URL``: look at an address, propose a source file, show what it would read, and write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, config_option, json_option, print_json, with_plain_errors
from state.errors import ConfigError, ReadingError
from state.model import Capture, Series, Source

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from diffing.workers.pool import Workers
    from watchers.fetch import Fetcher
    from watchers.fetching.browser import Loaded
    from watchers.sources.propose import Proposal, ProposedSeries

_ID = re.compile(r"[A-Za-z0-9][\w-]*(/[A-Za-z0-9][\w-]*)*")
_SERIES_READ = 4
_TABLES_SHOWN = 4

GROUP = "look"


@click.command("add", epilog="Example: python monitor.py add https://www.ice.gov/detain/detention-management")
@click.argument("url")
@click.option("--id", "id", help="The name of the source: publisher/page; proposed where none is given.")
@click.option("--publisher", help="Who publishes it; the name of the site where none is given.")
@click.option("--browser", is_flag=True, help="Have a browser show the page: for one that scripts put together.")
@click.option("--yes", is_flag=True, help="Write the file without asking.")
@click.option("--replace", is_flag=True, help="Also where there is such a file already.")
@config_option
@json_option
@with_plain_errors
def command(
    *,
    url: str,
    id: str | None,
    publisher: str | None,
    browser: bool,
    yes: bool,
    replace: bool,
    config: Path | None,
    as_json: bool,
) -> int:
    """Look at URL, show what would be watched and read there, and write a source file for it.

    Where the page links files whose names differ by their dates, they become a series of releases. The
    file goes into your own folder of sources; edit it as you like.
    """
    from cli.configuration.settings import folders_of, read_configuration
    from cli.rounds import make_fetcher
    from diffing.workers.pool import Workers
    from watchers.sources.load import load_sources
    from watchers.sources.propose import propose

    if not url.startswith(("http://", "https://")):
        raise ConfigError(f"{url}: write the whole address, with https:// before it")
    configuration = read_configuration(config)
    with make_fetcher(configuration) as fetcher, Workers(size=1) as workers:
        page = fetcher.fetch_one(_looked_at(url, browser=browser), url, series="page")
        proposal = propose(page, publisher=publisher, render="browser" if browser else "http")
        name = id or proposal.id
        path = _path_of(name, configuration)
        reading = list(_readings(proposal, page, fetcher, workers))
        loaded = fetcher.loaded_by(url)
    if as_json:
        print_json(_as_json(proposal, name=name, path=path, reading=reading, loaded=loaded))
    else:
        if proposal.source.url != url:
            click.echo(f"{url} leads to {proposal.source.url}, which would be watched.")
        _tell(proposal, name=name, reading=reading)
        _tell_data(loaded)
        _tell_watched_already(load_sources(folders_of(configuration)), proposal.source.url)
    return _write(proposal, path, name=name, yes=yes, replace=replace, quiet=as_json)


def _looked_at(url: str, *, browser: bool) -> Source:
    """A source that stands for an address nobody watches yet."""
    render = "browser" if browser else "http"
    return Source(id="", title="", publisher="", url=url, series=(Series(name="page", title=""),), render=render)


def _path_of(name: str, configuration: Configuration) -> Path:
    """Where the source file belongs. Raises ConfigError for a name that is none, or without a folder for it."""
    if not _ID.fullmatch(name):
        raise ConfigError(f"{name!r} is no name for a source; write it as publisher/page")
    if not configuration.source_folders:
        raise ConfigError("the configuration names no folder for your own sources; add source_folders: [sources]")
    return configuration.source_folders[0] / f"{name}.yaml"


def _readings(
    proposal: Proposal, page: Capture, fetcher: Fetcher, workers: Workers
) -> Iterator[tuple[str, list[str]]]:
    """Series by series what the monitor reads there today: in the page, and in the first file that it links."""
    yield "page", _read(page, proposal.source, workers)
    for series in proposal.series[:_SERIES_READ]:
        capture = fetcher.fetch_one(proposal.source, series.files[0].url, series=series.name)
        yield series.name, _read(capture, proposal.source, workers)


def _read(capture: Capture, source: Source, workers: Workers) -> list[str]:
    from cli.preview import read_capture, summary, table_lines, why_unread

    if not capture.verdict.good:
        return [f"could not be had: {capture.reason}"]
    try:
        document = read_capture(capture, source, workers=workers)
    except ReadingError as error:
        return [f"cannot be read: {why_unread(error)}"]
    if not document.tables and not document.blocks:
        return ["no text and no table; where scripts put the page together, say render: browser in its file"]
    return [summary(document), *table_lines(document, most=_TABLES_SHOWN)]


def _tell(proposal: Proposal, *, name: str, reading: list[tuple[str, list[str]]]) -> None:
    said = dict(reading)
    click.echo(f"{click.style(name, bold=True)}  {proposal.source.title}")
    click.echo(f"The page itself would be looked at every 6 hours. It holds {said['page'][0]}.")
    for line in said["page"][1:]:
        click.echo(f"    {line}")
    if proposal.source.pages > 1:
        click.echo(f"The list goes on over {proposal.source.pages} pages, which would all be followed.")
    for series in proposal.series:
        click.echo(_series_line(series))
        for line in said.get(series.name, ()):
            click.echo(f"    {line}")
    if not proposal.series:
        click.echo("It links no files that could be followed.")
    click.echo("\nThe source file:\n")
    click.echo("\n".join(f"    {line}" for line in proposal.text.splitlines()))


def _series_line(series: ProposedSeries) -> str:
    count = len(series.files)
    files = f"{count} file{'' if count == 1 else 's'}"
    what = "each a document of its own" if series.each_file else "taken for releases of one document"
    return f"Series “{series.name}”: {files}, {what}. The first on the page, {series.files[0].url}:"


def _tell_data(loaded: tuple[Loaded, ...]) -> None:
    """The data that the page's scripts loaded: the same figures, without a browser."""
    for data in loaded:
        click.echo(f"\nIts scripts load {data.url} ({data.media_type}, {data.size:,} bytes).")
        click.echo(f"`monitor.py add {data.url}` watches that without a browser.")


def _tell_watched_already(sources: tuple[Source, ...], url: str) -> None:
    for source in sources:
        if source.url.rstrip("/") == url.rstrip("/"):
            click.echo(f"\nThis address is watched already, by {source.id}.")


def _write(proposal: Proposal, path: Path, *, name: str, yes: bool, replace: bool, quiet: bool) -> int:
    """Write the file, with consent. Raises ConfigError where one is there that nobody said to replace."""
    there = path.exists()
    if there and yes and not replace:
        raise ConfigError(f"{path} is there already; say --replace, or give the source another name with --id")
    question = f"{path} is there already. Replace it?" if there and not replace else f"Write {path}?"
    if not yes and not click.confirm(question, default=not there, err=True):
        return DONE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(proposal.text, encoding="utf-8")
    if not quiet:
        click.echo(f"Written to {path}. `monitor.py check {name}` or the next round begins to watch it.")
    return DONE


def _as_json(
    proposal: Proposal, *, name: str, path: Path, reading: list[tuple[str, list[str]]], loaded: tuple[Loaded, ...]
) -> dict[str, object]:
    return {
        "source": name,
        "path": str(path),
        "url": proposal.source.url,
        "title": proposal.source.title,
        "series": [
            {
                "name": series.name,
                "pattern": series.pattern,
                "each_file": series.each_file,
                "files": [found.url for found in series.files],
            }
            for series in proposal.series
        ],
        "reads": dict(reading),
        "loads": [data.url for data in loaded],
        "text": proposal.text,
    }
