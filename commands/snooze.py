"""``snooze``: for a while nobody is told of a source or a finding; then all of it comes at once."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, config_option, with_plain_errors

GROUP = "judge"


@click.command("snooze", epilog="Example: python monitor.py snooze ice/287g --for 7d --note 'They move.'")
@click.argument("subject", metavar="SOURCE|FINDING|EVENT")
@click.option("--for", "span", default="7d", show_default=True, help="How long: 12h, 7d, 2w.")
@click.option("--note", default="", help="Why, in your words.")
@click.option("--author", help="Who says it; your login name where nobody is named.")
@config_option
@with_plain_errors
def command(*, subject: str, span: str, note: str, author: str | None, config: Path | None) -> int:
    """Hold back what is said of a source or a finding, to everyone; at the end it comes as one message.

    It is fetched, judged and kept as before. `resume` ends it, `status` and weekly receipts name it.
    """
    from cli.silences import silence
    from state.errors import ConfigError
    from state.times import now
    from state.triage import How
    from watchers.sources.durations import read_duration

    at = now()
    try:
        until = at + read_duration(span)
    except ValueError as error:
        raise ConfigError(f"--for: {error}") from error
    made, _ = silence(config, subject, How.SNOOZED, until=until, author=author, note=note, at=at)
    click.echo(f"{made.subject} is snoozed until {until:%Y-%m-%d %H:%M} UTC")
    return DONE
