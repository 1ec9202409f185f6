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
import msgspec

from cli.console import (
    DONE,
    FOUND,
    TROUBLE,
    complain,
    json_option,
    print_finding,
    print_json,
    source_options,
    with_plain_errors,
)
from state.kinds import Severity
from state.model import Finding, Source

if TYPE_CHECKING:
    from diffing.why import Why
    from diffing.workers.pool import Workers
    from pipeline.judging import JudgedRelease
    from state.contract import Side
    from state.model import Capture
    from state.store import Store

GROUP = "judge"


@click.command("replay", epilog="Example: python monitor.py replay detention/2023-*.xlsx --json")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@json_option
@click.option("--all", "show_all", is_flag=True, help="In words: also what is only info.")
@click.option(
    "--why",
    "wanted",
    metavar="FINDING",
    help="Say why: cause, facts, what is usual, rules that stood back. An id or event of --json, or a kind.",
)
@source_options
@with_plain_errors
def command(
    *,
    files: tuple[Path, ...],
    as_json: bool,
    show_all: bool,
    wanted: str | None,
    source_name: str | None,
    series_name: str | None,
    config: Path | None,
) -> int:
    """Judge FILEs in the order given, each by all that came before it, as the monitor would have.

    Dates come from an ISO date in the file's name, else from the as-of date inside. With --json, one
    object a line for every release; the first is the baseline. With --source they are judged by what that source
    file declares, so that it can be tried on releases of the past. With --why nothing else is printed, and with
    --json one object a line for every finding it names. Exit status as diff(1).
    """
    from cli.source_rules import source_for

    source = source_for(source_name, files[0], series=series_name, config=config)
    if wanted is not None:
        return _say_why(files, source, wanted=wanted, as_json=as_json)
    graver = False
    for number, (path, side, before, findings, _) in enumerate(_replay(files, source), start=1):
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


def _say_why(files: tuple[Path, ...], source: Source, *, wanted: str, as_json: bool) -> int:
    """Print the reasons of the findings that ``wanted`` names, in all releases."""
    from cli.reasons import print_why

    found = False
    for path, _, _, findings, reasons in _replay(files, source, wanted=wanted):
        named = {finding.id: finding for finding in findings}
        for why in reasons:
            found = True
            if as_json:
                print_json({"file": str(path), **msgspec.to_builtins(why)})
            else:
                click.echo(click.style(path.name, bold=True))
                print_why(why, named[why.finding])
    if not found:
        complain(f"no release has a finding “{wanted}”")
        return TROUBLE
    return FOUND


def _is_wanted(finding: Finding, wanted: str) -> bool:
    return finding.kind == wanted or any(
        name.startswith(wanted) for name in (finding.id, finding.event or "") if name
    )


_Judged = tuple[Path, "Side", "Side | None", tuple[Finding, ...], "tuple[Why, ...]"]


def _replay(files: tuple[Path, ...], source: Source, *, wanted: str | None = None) -> Iterator[_Judged]:
    """Each file with what it is, what the one before was, what was found, and why the ``wanted`` findings."""
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
            ids = [each.id for each in outcome.findings if wanted and _is_wanted(each, wanted)]
            reasons = _reasons(judged, ids, source, (capture,), store=store, workers=workers, at=at)
            yield path, side, before, (*waited.news, *outcome.findings), reasons
            before = side


def _reasons(
    judged: JudgedRelease | None,
    ids: list[str],
    source: Source,
    captures: tuple[Capture, ...],
    *,
    store: Store,
    workers: Workers,
    at: dt.datetime,
) -> tuple[Why, ...]:
    """Why these findings are said of a release that was judged."""
    from diffing.why import why
    from pipeline.jobs import gather_request

    if judged is None or judged.release is None or not ids:
        return ()
    series = next(each for each in source.series if each.name == judged.series)
    request = gather_request(source, series, judged.release, captures=captures, store=store, now=at, own_day=True)
    return workers.run(why, request, ids)


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
