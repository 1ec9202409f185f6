"""``status``: when each source was last looked at and is next due, what stands open, what waits to be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from cli.clock import AHEAD
from cli.console import DONE, FOUND, complain, config_option, json_option, print_json, with_plain_errors
from state.model import Source

if TYPE_CHECKING:
    from state.model import PastFinding
    from state.reading.timeline import Browser, SourceLine

GROUP = "run"


@click.command("status", epilog="Example: python monitor.py status 'ice/*'")
@click.argument("only", nargs=-1, metavar="[SOURCE…]")
@config_option
@json_option
@with_plain_errors
def command(*, only: tuple[str, ...], config: Path | None, as_json: bool) -> int:
    """Show how the watch stands: the last look at each source, what is due, open conditions, the outbox.

    Exit status 1: sources were not looked at for twice their interval, an hour at the least; is the watch running?
    """
    from cli.configuration.settings import read_settings
    from cli.lateness import lines_on
    from cli.timestamps import stamp_lines, stamps_as_json
    from state.lateness import late
    from state.reading.timeline import Browser
    from state.times import now

    settings = read_settings(config, only=only)
    with Browser(settings.configuration.database) as browser:
        looks = tuple(_looks(settings.sources, browser.sources()))
        wanted = {source.id for source in settings.sources}
        standing = [past for past in browser.open_conditions() if past.finding.source in wanted]
        if as_json:
            stamped = stamps_as_json(settings.configuration, browser.stamp_standings, at=now())
            print_json({**_as_json(browser, looks, standing, now=now()), "stamps": stamped})
        else:
            _tell(browser, looks, standing, now=now())
        stamping = stamp_lines(settings.configuration, browser.stamp_standings, at=now())
    for line in stamping:
        complain(line)
    behind = late(settings.sources, _times(looks), at=now())
    for line in lines_on(behind):
        complain(f"{line}; is the watch running?")
    return FOUND if behind else DONE


def _times(looks: Sequence[_Look]) -> dict[str, dt.datetime]:
    return {look.source: look.line.last_at for look in looks if look.line is not None and look.line.last_at}


class _Look(Struct, frozen=True):
    """A source with its last look, None where it was never looked at."""

    source: str
    line: SourceLine | None
    due_at: dt.datetime | None  # None: at once

    def overdue(self, now: dt.datetime) -> bool:
        """Whether a round that looks for what is due would look at it."""
        at = self.line.last_at if self.line else None
        return self.due_at is None or self.due_at <= now or at is None or at - now > AHEAD


def _looks(sources: Sequence[Source], lines: Sequence[SourceLine]) -> Iterator[_Look]:
    known = {line.source: line for line in lines}
    for source in sources:
        line = known.get(source.id)
        yield _Look(source.id, line, line.last_at + source.every if line and line.last_at else None)


def _tell(browser: Browser, looks: Sequence[_Look], standing: Sequence[PastFinding], *, now: dt.datetime) -> None:
    for look in looks:
        if look.line is None or look.line.last_at is None:
            click.echo(f"{look.source}: never looked at")
            continue
        due = "due" if look.overdue(now) else f"next {look.due_at:%Y-%m-%d %H:%M}"
        newest = f", the newest of {look.line.newest_at:%Y-%m-%d}" if look.line.newest_at else ""
        click.echo(
            f"{look.source}: {look.line.last_verdict} at {look.line.last_at:%Y-%m-%d %H:%M}, {due};"
            f" {look.line.releases} releases{newest}"
        )
    for past in standing:
        click.echo(f"open since {past.first_at:%Y-%m-%d}: {past.finding.source}: {past.finding.title}")
    for each in browser.triage.silences(at=now):
        end = f"until {each.until:%Y-%m-%d %H:%M}" if each.until else "until it is resumed"
        click.echo(f"{each.how.value}: {each.subject}, {end}, by {each.author}")
    counts = browser.outbox.counts()
    told = ", ".join(f"{count} {state.value}" for state, count in sorted(counts.items())) or "empty"
    click.echo(f"outbox: {told}")


def _as_json(
    browser: Browser, looks: Sequence[_Look], standing: Sequence[PastFinding], *, now: dt.datetime
) -> dict[str, object]:
    from state.contract import finding_to_json

    counts = browser.counts()
    return {
        "at": now.isoformat(),
        "releases": counts.releases,
        "captures": counts.captures,
        "sources": [
            {
                "source": look.source,
                "last_at": look.line.last_at.isoformat() if look.line and look.line.last_at else None,
                "verdict": look.line.last_verdict if look.line else None,
                "releases": look.line.releases if look.line else 0,
                "due": look.overdue(now),
                "due_at": look.due_at.isoformat() if look.due_at else None,
            }
            for look in looks
        ],
        "open": [{**finding_to_json(past.finding), "since": past.first_at.isoformat()} for past in standing],
        "silences": [
            {
                "subject": each.subject,
                "how": each.how.value,
                "until": each.until.isoformat() if each.until else None,
                "author": each.author,
                "note": each.note,
                "at": each.at.isoformat(),
            }
            for each in browser.triage.silences(at=now)
        ],
        "outbox": {state.value: count for state, count in sorted(browser.outbox.counts().items())},
    }
