"""A false alarm's tolerance: proposed with what else it would have silenced, and written only when told to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from state.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from pipeline.quieten import Proposal, Quietened
    from state.model import Source

_SHOWN: Final = 20


def quieten(config: Path | None, event: str, *, write: bool) -> None:
    """Say which tolerance would have quietened an event, and write it into its source file where told to.

    Raises StoreError where there is none, ConfigError where the source is no longer watched.
    """
    from cli.configuration.settings import read_settings
    from diffing.workers.pool import Workers
    from pipeline.quieten import propose
    from state.reading.timeline import Browser
    from state.store import Store

    settings = read_settings(config)
    database = settings.configuration.database
    with Browser(database) as browser:
        told = browser.finding(event)
    if told is None:
        raise StoreError(f"the archive has no event {event}")
    finding, release = told.past.finding, told.after
    if release is None:
        raise StoreError("this rests on looks alone, no tolerance quietens it; `monitor.py snooze` or `pause` do")
    source = next((each for each in settings.sources if each.id == finding.source), None)
    if source is None:
        raise ConfigError(f"{finding.source} is not among the sources that are watched")
    with Store(database) as store, Workers(size=1) as workers:
        proposal = propose(source, finding, release, store=store, workers=workers)
    _tell(proposal, source)
    if write:
        click.echo(_write(settings.configuration, source, proposal))
    else:
        click.echo("Nothing is written; with --write it is.")


def _tell(proposal: Proposal, source: Source) -> None:
    click.echo(f"In the source file of {source.id}, series {proposal.series}:")
    for name, value in proposal.tolerances.items():
        click.echo(f"    {name}: {value:.10g}")
    many = f"{proposal.judged:,} {'release' if proposal.judged == 1 else 'releases'} judged again"
    left = f", {proposal.unread:,} that could not be" if proposal.unread else ""
    click.echo(f"It would also have silenced, of {many}{left}:")
    _list(proposal.also)
    if proposal.instead:
        click.echo("Instead it would have been said:")
        _list(proposal.instead)


def _list(found: Sequence[Quietened]) -> None:
    for each in found[:_SHOWN]:
        click.echo(f"    {each.release.at:%Y-%m-%d}  {each.finding.severity.value}: {each.finding.title}")
    if len(found) > _SHOWN:
        click.echo(f"    … and {len(found) - _SHOWN:,} more")
    if not found:
        click.echo("    nothing")


def _write(configuration: Configuration, source: Source, proposal: Proposal) -> str:
    """Write the tolerances into the user's own file of the source; the shipped one is copied there first."""
    from cli.configuration.settings import SHIPPED
    from watchers.sources.tolerate import with_tolerances

    own = [folder / f"{source.id}.yaml" for folder in configuration.source_folders]
    target = next((path for path in reversed(own) if path.is_file()), None)
    origin = target or SHIPPED / f"{source.id}.yaml"
    if not own or not origin.is_file():
        raise ConfigError(f"there is no file {source.id}.yaml that could be written; write the lines by hand")
    text = with_tolerances(
        origin.read_text(encoding="utf-8"),
        proposal.tolerances,
        series=proposal.series,
        id=source.id,
        name=str(origin),
    )
    target = target or own[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    copied = "; it stands for the shipped file from now on" if origin != target else ""
    return f"{target} is written{copied}"
