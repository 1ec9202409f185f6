"""``compare BEFORE AFTER``: two files, no database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cli.console import DONE, FOUND, json_option, print_finding, print_json, source_options, with_plain_errors
from state.kinds import Severity
from state.model import Finding, Source

GROUP = "judge"


@click.command("compare", epilog="Example: python monitor.py compare june.pdf july.pdf --json")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@json_option
@click.option("--all", "show_all", is_flag=True, help="In words: also what is only info.")
@source_options
@with_plain_errors
def command(
    *,
    before: Path,
    after: Path,
    as_json: bool,
    show_all: bool,
    source_name: str | None,
    series_name: str | None,
    config: Path | None,
) -> int:
    """Say what AFTER changed in BEFORE: two editions of one document.

    With --source they are judged by what that source file declares: its keys, what can only grow, its terms.
    Exit status as diff(1): 0 nothing above info, 1 findings, 2 trouble.
    """
    from cli.source_rules import source_for

    source = source_for(source_name, after, series=series_name, config=config)
    findings, body = _compare(before, after, source)
    graver = [finding for finding in findings if finding.severity.rank > Severity.INFO.rank]
    if as_json:
        print_json(body)
        return FOUND if graver else DONE
    for finding in findings if show_all else graver:
        print_finding(finding)
    quiet = len(findings) - len(graver)
    if quiet and not show_all:
        click.echo(f"{quiet} ordinary change{'s' if quiet > 1 else ''} not shown; --all shows them.", err=True)
    return FOUND if graver else DONE


def _compare(before: Path, after: Path, source: Source) -> tuple[tuple[Finding, ...], dict[str, object]]:
    """The findings between two files, and the object of the JSON contract."""
    import datetime as dt

    from cli.inputs import edition_of
    from diffing.examination import Request
    from diffing.examine import examine
    from diffing.outline import outline
    from diffing.workers.pool import Workers
    from state.contract import Side, release_to_json
    from state.errors import ReadingError

    now = dt.datetime.now(dt.UTC)
    editions = [edition_of(path, release=str(n), at=now) for n, path in enumerate((before, after), 1)]
    request = Request(
        source=source, series=source.series[0], now=now, before=editions[0], after=editions[1], remember=False
    )
    with Workers(size=1, readable=(before.resolve(), after.resolve())) as workers:
        try:
            examined = workers.run(examine, request, in_files=request.bytes_in_files)
        except ReadingError as error:
            raise ReadingError(f"{after}: {error}; {outline(request)}") from error
    for path, trouble in ((before, examined.hindrance), (after, examined.trouble)):
        if trouble and not (examined.partial and path == after):
            raise ReadingError(f"{path}: {trouble}")
    as_of = (examined.as_of_before, examined.as_of)
    sides = [
        Side(path=str(path), sha256=edition.sha256, media_type=edition.media_type, as_of=stated)
        for path, edition, stated in zip((before, after), editions, as_of, strict=True)
    ]
    findings = _named(examined.findings, before=sides[0].sha256, after=sides[1].sha256)
    return findings, release_to_json(before=sides[0], after=sides[1], findings=findings)


def _named(findings: Sequence[Finding], *, before: str, after: str) -> tuple[Finding, ...]:
    """Findings of two releases that no archive is behind, named as of the first appearance of the later one."""
    from msgspec.structs import replace

    from state.events import event_of_release

    named = {
        each.id: event_of_release(each.id, after=after, appearance=1, before=before, n=0) for each in findings
    }
    return tuple(
        replace(each, event=named[each.id], cause=named.get(each.cause or "", each.cause)) for each in findings
    )
