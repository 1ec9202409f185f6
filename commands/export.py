"""``export``: the archive leaves the house, as WARC, WACZ, BagIt, an evidence package, or tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.console import DONE, complain, config_option, progress_bar, with_plain_errors
from state.errors import ConfigError, MonitorError
from state.private_files import for_owner_only

if TYPE_CHECKING:
    from archive.exports.tables import ReadAgain
    from cli.configuration.model import Configuration
    from state.model import Release
    from state.reading.captures import Holdings, Kept, Wanted

F = TypeVar("F", bound=Callable[..., Any])

_SUFFIXES = {"db": "sqlite", "sqlite3": "sqlite"}
_TITLE = "Captures by a release monitor"

_private_option = click.option(
    "--private", is_flag=True, help="Let sources leave that are not for the public (`public: false`)."
)
_output_option = click.option(
    "--to", "target", type=click.Path(path_type=Path), required=True, help="Where to write; must not exist yet."
)


def _selection(function: F) -> F:
    """The options that say which captures."""
    day = click.DateTime(["%Y-%m-%d"])
    options = (
        click.argument("sources", nargs=-1, metavar="[SOURCE…]"),
        click.option("--url", "urls", multiple=True, help="Only this address; may be repeated."),
        click.option("--since", type=day, help="Only captures from this day on, UTC."),
        click.option("--until", type=day, help="Only captures before this day, UTC."),
    )
    for option in reversed(options):
        function = option(function)
    return function


GROUP = "archive"


@click.group("export")
def command() -> None:
    """Take captures, evidence or figures out of the archive.

    Sources that are not for the public are refused unless --private is given.
    """


@command.command("warc", epilog="Example: python monitor.py export warc 'ice/*' --to ice.warc.gz")
@_selection
@_output_option
@_private_option
@config_option
@with_plain_errors
def warc(*, target: Path, config: Path | None, private: bool, **selection: Any) -> int:  # noqa: ANN401 - see _selection
    """Write captures as one WARC 1.1 file."""
    from archive.exports.warc import write_warc

    with (
        _holdings(config) as (holdings, known),
        _fresh(target, private=private) as part,
        progress_bar("captures") as progress,
    ):
        numbers = holdings.numbers(_wanted(holdings, known | holdings.private(), private=private, **selection))
        with part.open("wb") as out:
            write_warc(
                _told(holdings.kept(numbers)),
                out,
                created=_now(),
                title=_TITLE,
                progress=progress and (lambda done: progress(done, len(numbers))),
            )
    complain(f"{len(numbers):,} captures in {target}")
    return DONE


@command.command("wacz", epilog="Example: python monitor.py export wacz 'ice/*' --since 2026-01-01 --to ice.wacz")
@_selection
@_output_option
@_private_option
@config_option
@with_plain_errors
def wacz(*, target: Path, config: Path | None, private: bool, **selection: Any) -> int:  # noqa: ANN401
    """Write captures as a WACZ file, which replayweb.page and pywb open."""
    from archive.exports.wacz import write_wacz

    with (
        _holdings(config) as (holdings, known),
        _fresh(target, private=private) as part,
        progress_bar("captures") as progress,
    ):
        numbers = holdings.numbers(_wanted(holdings, known | holdings.private(), private=private, **selection))
        write_wacz(
            _told(holdings.kept(numbers)),
            part,
            created=_now(),
            title=_TITLE,
            progress=progress and (lambda done: progress(done, len(numbers))),
        )
    complain(f"{len(numbers):,} captures in {target}")
    return DONE


@command.command("bagit", epilog="Example: python monitor.py export bagit --to hand-over")
@_selection
@_output_option
@_private_option
@config_option
@with_plain_errors
def bagit(*, target: Path, config: Path | None, private: bool, **selection: Any) -> int:  # noqa: ANN401
    """Write a bag (RFC 8493) to hand over: captures, what was said of them, the whole chain and its stamps."""
    from archive.exports.bagit import write_bag

    with _holdings(config) as (holdings, known), progress_bar("captures") as progress:
        hidden = known | holdings.private()
        wanted = _wanted(holdings, hidden, private=private, **selection)
        _refuse_private_entries(holdings, hidden, since=1, private=private)
        of = len(holdings.numbers(wanted)) if progress else 0
        with for_owner_only() if private else nullcontext():
            count = write_bag(
                holdings,
                wanted,
                target,
                created=_now(),
                title=_TITLE,
                progress=progress and (lambda done: progress(done, of)),
            )
    complain(f"{count:,} captures in {target}")
    return DONE


@command.command("evidence", epilog="Example: python monitor.py export evidence 0d45da47e9c9be316e80e049")
@click.argument("finding")
@click.option("--to", "target", type=click.Path(path_type=Path), help="evidence-FINDING.zip where none is named.")
@_private_option
@config_option
@with_plain_errors
def evidence(*, finding: str, target: Path | None, private: bool, config: Path | None) -> int:
    """Write a package about one FINDING: both bodies, headers, the chain, stamps, and how to check them."""
    from archive.exports.evidence import write_evidence

    target = target or Path(f"evidence-{finding}.zip")
    with _holdings(config) as (holdings, known), _fresh(target, private=private) as part:
        hidden = known | holdings.private()
        _refuse_private([holdings.source_of_finding(finding)], hidden, private=private)
        first = holdings.rests_on(finding).captures[0][0]
        _refuse_private_entries(holdings, hidden, since=first, private=private)
        names = write_evidence(holdings, finding, part, created=_now())
    complain(f"{len(names)} files in {target}; VERIFY.txt in it says how to check them")
    return DONE


@command.command(
    "tables", epilog="Example: python monitor.py export tables ice/detention-statistics --to figures.csv"
)
@click.argument("source")
@click.option("--series", help="Only this series.")
@click.option("--table", help="Only tables whose title has these words.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "json", "parquet", "sqlite"]),
    help="By the file's suffix; csv where it has none.",
)
@_output_option
@_private_option
@config_option
@with_plain_errors
def tables(
    *,
    source: str,
    series: str | None,
    table: str | None,
    kind: str | None,
    target: Path,
    private: bool,
    config: Path | None,
) -> int:
    """Write every figure of SOURCE over all its releases, one line a cell, and a data dictionary beside it."""
    from archive.exports.tables import FORMATS, cells, dictionary_path, write_cells

    kind = kind or _kind_of(target, FORMATS)
    with (
        _holdings(config) as (holdings, known),
        _fresh(target, private=private) as part,
        _reading_again(holdings) as read_again,
    ):
        if source not in holdings.archive.sources():
            raise ConfigError(
                f"the archive has no source {source!r}; it has {', '.join(holdings.archive.sources())}"
            )
        _refuse_private([source], known | holdings.private(), private=private)
        found = cells(holdings, source, series=series, table=table, read_again=read_again)
        count = write_cells(found, part, kind=kind, named=target.name)
    dictionary_path(part).replace(dictionary_path(target))
    complain(f"{count:,} cells in {target}; what its columns mean is in {dictionary_path(target).name}")
    return DONE


def _kind_of(target: Path, formats: Sequence[str]) -> str:
    """The format that a file's suffix names; csv where it has none. Raises ConfigError for another one."""
    suffix = target.suffix[1:].lower()
    kind = _SUFFIXES.get(suffix, suffix or "csv")
    if kind not in formats:
        known = ", ".join(f".{each}" for each in formats)
        raise ConfigError(
            f"{target}: no format has this suffix, but {known} (spreadsheets open .csv); or say --format"
        )
    return kind


@contextmanager
def _holdings(config: Path | None) -> Iterator[tuple[Holdings, frozenset[str]]]:
    """The archive, and the sources that source files call private."""
    from cli.configuration.settings import read_configuration
    from state.reading.captures import Holdings

    configuration = read_configuration(config)
    with Holdings(configuration.database) as holdings:
        yield holdings, _private_by_file(configuration)


def _private_by_file(configuration: Configuration) -> frozenset[str]:
    from cli.configuration.settings import SHIPPED
    from watchers.sources.load import load_sources

    folders = [SHIPPED] if configuration.shipped_sources else []
    folders += [folder for folder in configuration.source_folders if folder.is_dir()]
    return frozenset(source.id for source in load_sources(folders) if not source.public)


def _wanted(
    holdings: Holdings,
    hidden: frozenset[str],
    *,
    private: bool,
    sources: tuple[str, ...],
    urls: tuple[str, ...],
    since: dt.datetime | None,
    until: dt.datetime | None,
) -> Wanted:
    """The captures that the options name; what is private is refused where it is named, else left out."""
    from state.reading.captures import Wanted

    there = holdings.archive.sources()
    for pattern in sources:
        if not any(fnmatchcase(source, pattern) for source in there):
            raise ConfigError(f"the archive has no source {pattern!r}; it has {', '.join(there) or 'none'}")
    chosen = [source for source in there if not sources or any(fnmatchcase(source, each) for each in sources)]
    _refuse_private(chosen, hidden, private=private)
    return Wanted(
        sources=tuple(chosen),
        urls=urls,
        since=since and since.replace(tzinfo=dt.UTC),
        until=until and until.replace(tzinfo=dt.UTC),
    )


def _refuse_private(chosen: Iterable[str], hidden: frozenset[str], *, private: bool) -> None:
    """Raises ConfigError where something private would leave unasked."""
    refused = sorted(set(chosen) & hidden)
    if refused and not private:
        raise ConfigError(
            f"{', '.join(refused)} must not be published (`public: false`); name other sources, or give --private"
        )


def _refuse_private_entries(holdings: Holdings, hidden: frozenset[str], *, since: int, private: bool) -> None:
    """The chain names the addresses of all captures, so a private one in it counts."""
    refused = sorted(holdings.sources_since(since) & hidden)
    if refused and not private:
        raise ConfigError(
            f"the chain that goes with it names addresses of {', '.join(refused)}, which must not be published "
            "(`public: false`); give --private to let them leave"
        )


def _told(captures: Iterable[Kept]) -> Iterator[Kept]:
    """The captures as they are; says at the end how many miss bytes."""
    missing = 0
    for kept in captures:
        missing += bool(kept.missing)
        yield kept
    if missing:
        complain(f"{missing:,} captures miss bytes, pruned or damaged (`monitor.py verify` tells which)")


@contextmanager
def _fresh(target: Path, *, private: bool) -> Iterator[Path]:
    """A file beside ``target`` that takes its name once it is whole; its owner's alone where it is ``private``.

    Raises MonitorError where there is one.
    """
    if target.exists():
        raise MonitorError(f"{target} exists already; name a file that does not")
    part = target.with_name(f"{target.name}.part")
    try:
        with for_owner_only() if private else nullcontext():
            yield part
        part.replace(target)
    except OSError as error:
        raise MonitorError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _reading_again(holdings: Holdings) -> Iterator[ReadAgain]:
    """Reads releases anew for tables that were too large to be kept; starts a worker only if there is one."""
    from diffing.workers.pool import Workers

    with Workers(size=1) as workers:

        def read_again(release: Release) -> dict[str, Sequence[Sequence[Any]]]:
            from state.errors import ReadingError

            try:
                return workers.run(_rows_by_table, holdings.archive.body(release.sha256), release)
            except ReadingError as error:
                complain(f"release {release.id}: {error}; its largest tables are left out")
                return {}

        yield read_again


def _rows_by_table(body: bytes, release: Release) -> dict[str, Sequence[Sequence[Any]]]:
    """The rows of a release's tables by key; runs in a worker."""
    from diffing.extract import extract
    from diffing.identity import table_key
    from state.document import ReadingHints

    hints = ReadingHints(url=release.url, file_name=release.file_name)
    document = extract(body, media_type=release.media_type, hints=hints)
    return {table_key(table): table.rows for table in document.tables}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
