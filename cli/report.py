"""What came in from the past, in words or JSON, and a bar while it comes."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.console import complain, print_json
from state.contract import finding_to_json
from state.errors import ConfigError
from state.kinds import Severity
from state.model import Source

if TYPE_CHECKING:
    from cli.configuration.model import Settings
    from pipeline.judging import JudgedRelease

_NAMED: Final = 5


class Came(Struct, frozen=True):
    """How much came in."""

    releases: int = 0
    findings: int = 0  # above info
    judged_again: int = 0  # releases that follow another one now
    ids: frozenset[str] = frozenset()  # of all of them

    @property
    def came_in(self) -> str:
        """How many releases, in words."""
        return f"{self.releases} {'release' if self.releases == 1 else 'releases'} came in"


def only_source(settings: Settings) -> Source:
    """The one source that was named. Raises ConfigError where the name fits several."""
    if len(settings.sources) != 1:
        names = ", ".join(source.id for source in settings.sources[:5])
        raise ConfigError(f"name one source, not a pattern; this one fits {names}")
    return settings.sources[0]


def read_day(text: str) -> dt.datetime:
    """An ISO date, or date and time, in UTC where it names no zone. Raises ConfigError."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{text!r} is no date; write it as 2023-04-21 or 2023-04-21T15:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def tell_past(judged: Iterable[JudgedRelease], *, as_json: bool) -> Came:
    """Print each release as it comes, and count."""
    came = Came()
    for each in judged:
        release = each.release
        assert release is not None  # what is judged of the past are releases
        graver = [finding for finding in each.findings if finding.severity is not Severity.INFO]
        came = replace(
            came,
            releases=came.releases + (not each.again),
            judged_again=came.judged_again + each.again,
            findings=came.findings + len(graver),
            ids=came.ids | {release.id},
        )
        if as_json:
            print_json(
                {
                    "release": release.id,
                    "source": release.source,
                    "series": release.series,
                    "at": release.at.isoformat(),
                    "url": release.url,
                    "sha256": release.sha256,
                    "between_others": release.technical,
                    "judged_again": each.again,
                    "trouble": each.trouble,
                    "findings": [finding_to_json(finding) for finding in each.findings],
                }
            )
        else:
            _tell(each, graver=[finding.title for finding in graver])
    return came


def tell_unread_before(database: Path, source: str, *, but: frozenset[str]) -> None:
    """A line of trouble for each release that came earlier and could not be read then, ``but`` for these."""
    from state.reading.timeline import Browser

    with Browser(database) as browser:
        releases = [each for each in reversed(browser.archive.releases(source)) if each.id not in but]
        unread = [each for each in releases if browser.archive.facts(each, tables=False) is None]
        for release in unread[:_NAMED]:
            reasons = [
                f": {past.finding.reason or past.finding.title}"
                for past in browser.findings_of(release.id)
                if past.finding.kind == "source-unreadable"
            ]
            name = release.file_name or release.url or release.id
            complain(f"{name} came earlier and could not be read{(*reasons, '')[0]}")
    if unread:
        more = f"{len(unread) - _NAMED} more like these; " if len(unread) > _NAMED else ""
        complain(f"{more}`monitor.py reanalyse {source}` reads them again")


def _tell(judged: JudgedRelease, *, graver: Sequence[str]) -> None:
    release = judged.release
    assert release is not None
    again = "  (judged again: it follows another release now)" if judged.again else ""
    name = release.file_name or release.url
    click.echo(f"{release.at:%Y-%m-%d %H:%M}  {release.id}  {judged.series}  {name}{again}")
    for title in graver:
        click.echo(f"    {title}")
    if judged.trouble:
        click.echo(f"    cannot be read: {judged.trouble}")


@contextmanager
def bar() -> Iterator[Progress]:
    """A progress bar on a terminal; nothing where nobody looks."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, disable=not sys.stderr.isatty()) as progress:
        yield progress
