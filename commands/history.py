"""``history SOURCE``: the releases of a source and what was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.console import DONE, config_option, json_option, print_json, with_plain_errors
from state.errors import StoreError

if TYPE_CHECKING:
    from state.reading.disagreements import Disagreement
    from state.reading.timeline import Browser, TimelineEntry

_DATES: Final = {"as_of": "as of", "modified": "Last-Modified", "named": "in its name"}

GROUP = "judge"


@click.command("history", epilog="Example: python monitor.py history ice/detention-statistics --series statistics")
@click.argument("source")
@click.option("--series", help="Only this series.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Releases of each series.")
@config_option
@json_option
@with_plain_errors
def command(*, source: str, series: str | None, limit: int, config: Path | None, as_json: bool) -> int:
    """Show the releases of SOURCE, newest first, with what was found above info and the conditions that stand.

    They stand in the order in which they are compared. A release whose own dates would put it before the one that
    it follows is shown with these dates.
    `show RELEASE` tells more of one, and the ids of its findings.
    """
    from cli.configuration.settings import read_configuration
    from state.reading.timeline import Browser

    with Browser(read_configuration(config).database) as browser:
        lines = [line for line in browser.timeline(source) if series in (None, line.name)]
        if not lines:
            raise StoreError(_nothing(browser, source, series))
        against = browser.disagreements(source)
        if as_json:
            for line in lines:
                for entry in line.entries[:limit]:
                    print_json(_as_json(entry, against.get(entry.release.id, ())))
            return DONE
        _tell_conditions(browser, source, series)
        for line in lines:
            click.echo(click.style(line.name, bold=True))
            for entry in line.entries[:limit]:
                _tell(entry, against.get(entry.release.id, ()))
            if len(line.entries) > limit:
                click.echo(f"  … {len(line.entries) - limit:,} earlier ones (--limit shows more)")
    return DONE


def _nothing(browser: Browser, source: str, series: str | None) -> str:
    """What to say where the archive has no such release: what it has instead."""
    serieses = [line.name for line in browser.timeline(source)]
    known = serieses or [line.source for line in browser.sources() if line.releases]
    what = f"{source}, series {series}" if serieses else source
    return f"the archive has no release of {what}" + (f"; it has {', '.join(known)}" if known else "")


def _tell_conditions(browser: Browser, source: str, series: str | None) -> None:
    for past in browser.open_conditions():
        finding = past.finding
        if finding.source == source and series in (None, finding.series):
            click.echo(f"open since {past.first_at:%Y-%m-%d}: {finding.kind}: {finding.title}")


def _tell(entry: TimelineEntry, against: Sequence[Disagreement]) -> None:
    release = entry.release
    name = release.file_name or release.url
    again = f", then {entry.again} more with nothing else to see" if entry.again else ""
    between = ", put in later" if release.technical else ""
    click.echo(f"  {release.at:%Y-%m-%d %H:%M}  {release.id}  {name}{between}{again}")
    if against:
        told = "; ".join(f"{_DATES[each.date]} {each.own}, of the one before {each.before}" for each in against)
        click.echo(f"      dates that disagree with its place: {told}")
    for past in entry.findings:
        click.echo(f"      {past.finding.severity.value:>8}  {past.finding.kind}: {past.finding.title}")


def _as_json(entry: TimelineEntry, against: Sequence[Disagreement]) -> dict[str, object]:
    from state.contract import finding_to_json

    release = entry.release
    return {
        "release": release.id,
        "source": release.source,
        "series": release.series,
        "document": release.document or None,
        "at": release.at.isoformat(),
        "url": release.url,
        "file_name": release.file_name,
        "sha256": release.sha256,
        "size": release.size,
        "put_in_later": release.technical,
        "again": entry.again,
        "dates_against": [{"date": each.date, "own": each.own, "before": each.before} for each in against],
        "findings": [finding_to_json(past.finding) for past in entry.findings],
    }
