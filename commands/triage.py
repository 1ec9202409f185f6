"""``triage``: what became of a finding."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Final

import click

from cli.console import DONE, config_option, json_option, print_json, with_plain_errors
from state.errors import ConfigError

_STANDINGS: Final = ("confirmed", "explained", "false-alarm", "published")

GROUP = "judge"


@click.command(
    "triage", epilog="Example: python monitor.py triage 6yhj2… explained --note 'They moved the county, said so.'"
)
@click.argument("event", metavar="EVENT")
@click.argument("standing", type=click.Choice(_STANDINGS), required=False)
@click.option("--note", default="", help="Why, in your words.")
@click.option("--author", help="Who says it; your login name where nobody is named.")
@click.option("--quieten", is_flag=True, help="Of a false alarm: propose a tolerance for its source file.")
@click.option("--write", is_flag=True, help="With --quieten: write it there.")
@config_option
@json_option
@with_plain_errors
def command(
    *,
    event: str,
    standing: str | None,
    note: str,
    author: str | None,
    quieten: bool,
    write: bool,
    config: Path | None,
    as_json: bool,
) -> int:
    """Say what became of the finding that a message or a page names as its EVENT; without a word, show it.

    Decisions are added and never changed: the newest holds. `show`, the pages of `browse` and their JSON have it.
    `false-alarm --quieten` says which tolerance of the source file would have kept it quiet, and what else of the
    archive that would have silenced.
    """
    from cli.configuration.settings import read_configuration
    from state.reading.timeline import Browser
    from state.store import Store
    from state.times import now
    from state.triage import Standing, decision_to_json

    if (quieten or write) and (not quieten or standing != Standing.FALSE_ALARM):
        raise ConfigError("--quieten goes with false-alarm, and --write with --quieten")
    database = read_configuration(config).database
    if standing is not None and database.exists():
        with Store(database) as store:
            store.triage.decide(event, Standing(standing), author=author or getpass.getuser(), note=note, at=now())
    with Browser(database) as browser:
        decisions = browser.triage.of(event)
    for each in decisions:
        if as_json:
            print_json({"event": event, **decision_to_json(each)})
        else:
            words = f": {each.note}" if each.note else ""
            click.echo(f"{each.at:%Y-%m-%d %H:%M}  {each.standing.value}, by {each.author}{words}")
    if quieten:
        from cli.quieten import quieten as propose

        propose(config, event, write=write)
    return DONE
