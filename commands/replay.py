"""``replay FILE…``: files in order, as the releases of one series, in a throwaway archive."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, FOUND, json_option, print_finding, print_json, source_options, with_plain_errors
from state.kinds import Severity
from state.model import Finding, Source

if TYPE_CHECKING:
    from diffing.workers.pool import Workers
    from state.contract import Side
    from state.store import Store


@click.command("replay", epilog="Example: python monitor.py replay detention/2023-*.xlsx --json")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@json_option
@click.option("--all", "show_all", is_flag=True, help="In words: also what is only info.")
@source_options
@with_plain_errors
def command(
    *,
    files: tuple[Path, ...],
    as_json: bool,
    show_all: bool,
    source_name: str | None,
    series_name: str | None,
    config: Path | None,
) -> int:
    """Judge FILEs in the order given, each by all that came before it, as the monitor would have.

    Dates come from an ISO date in the file's name, else from the as-of date inside. With --json, one
    object a line for every release; the first is the baseline. With --source they are judged by what that source
    file declares, so that it can be tried on releases of the past. Exit status as diff(1).
    """
    from cli.source_rules import source_for

    source = source_for(source_name, files[0], series=series_name, config=config)
    graver = False
    for number, (path, side, before, findings) in enumerate(_replay(files, source), start=1):
        shown = [each for each in findings if show_all or each.severity.rank > Severity.INFO.rank]
        graver = graver or any(each.severity.rank > Severity.INFO.rank for each in findings)
        if as_json:
            from state.contract import release_to_json

            print_json(release_to_json(before=before, after=side, findings=findings, release=number))
            continue
        click.echo(click.style(f"{number:>3}  {path.name}", bold=True))
        for finding in shown:
            print_finding(finding)
    return FOUND if graver else DONE


_Judged = tuple[Path, "Side", "Side | None", tuple[Finding, ...]]


def _replay(files: tuple[Path, ...], source: Source) -> Iterator[_Judged]:
    """Each file with what it is, what the one before was, and what was found."""
    from cli.inputs import capture_of
    from pipeline.round import take_in
    from state.contract import Side

    before: Side | None = None
    with _throwaway() as (store, workers):
        at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        for path in files:
            at = _date_of(path, workers=workers, after=at)
            capture = capture_of(path, at=at, source=source)
            waited = take_in(source, (), store=store, workers=workers, now=at)  # the last look before it came
            outcome = take_in(source, (capture,), store=store, workers=workers, now=at)
            judged = next((each for each in outcome.judged if each.release), None)
            side = Side(
                path=str(path),
                sha256=hashlib.sha256(capture.body).hexdigest(),
                media_type=capture.media_type,
                as_of=judged.as_of if judged else None,
                at=at,
            )
            yield path, side, before, (*waited.news, *outcome.findings)
            before = side


def _date_of(path: Path, *, workers: Workers, after: dt.datetime) -> dt.datetime:
    """When the file counts as published: by its name, else by its as-of date, always later than ``after``."""
    from cli.inputs import date_in_name, stated_date

    at = date_in_name(path) or stated_date(path, workers=workers)
    earliest = after + dt.timedelta(seconds=1)
    return earliest if at is None else max(at, earliest)


@contextmanager
def _throwaway() -> Iterator[tuple[Store, Workers]]:
    from diffing.workers.pool import Workers
    from state.store import Store

    with (
        tempfile.TemporaryDirectory(prefix="release-monitor-") as folder,
        Store(Path(folder) / "archive.db") as store,
        Workers(size=1) as workers,
    ):
        yield store, workers
