"""``pause``: nobody is told of a source or a finding until it is resumed."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, config_option, with_plain_errors

GROUP = "judge"


@click.command("pause", epilog="Example: python monitor.py pause trac/quick-facts --note 'Nobody reads these.'")
@click.argument("subject", metavar="SOURCE|FINDING|EVENT")
@click.option("--note", default="", help="Why, in your words.")
@click.option("--author", help="Who says it; your login name where nobody is named.")
@config_option
@with_plain_errors
def command(*, subject: str, note: str, author: str | None, config: Path | None) -> int:
    """Tell nobody of a source or a finding, operators neither, until `resume`; the archive has what is said.

    It is fetched, judged and kept as before. `status` and weekly receipts name it.
    """
    from cli.silences import silence
    from state.times import now
    from state.triage import How

    made, _ = silence(config, subject, How.PAUSED, author=author, note=note, at=now())
    click.echo(f"{made.subject} is paused; `monitor.py resume {made.subject}` ends that")
    return DONE
