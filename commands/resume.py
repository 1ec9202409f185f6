"""``resume``: the end of a snooze or a pause."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, config_option, with_plain_errors

GROUP = "judge"


@click.command("resume", epilog="Example: python monitor.py resume trac/quick-facts")
@click.argument("subject", metavar="SOURCE|FINDING|EVENT")
@click.option("--note", default="", help="Why, in your words.")
@click.option("--author", help="Who says it; your login name where nobody is named.")
@config_option
@with_plain_errors
def command(*, subject: str, note: str, author: str | None, config: Path | None) -> int:
    """End a snooze or a pause: what a snooze held back goes out with the next round.

    What was said during a pause is in the archive; how many findings that were is said.
    """
    from cli.silences import silence
    from state.times import now
    from state.triage import How

    made, missed = silence(config, subject, How.RESUMED, author=author, note=note, at=now())
    many = "1 finding above info was" if missed == 1 else f"{missed:,} findings above info were"
    told = f"; {many} said meanwhile" if missed else ""
    click.echo(f"{made.subject} is heard of again{told}")
    return DONE
