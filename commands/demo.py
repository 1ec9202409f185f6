"""``demo``: the story of 2010, re-created and lived through."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.console import DONE, FAILED, with_plain_errors


@click.command("demo", epilog="Example: python monitor.py demo --no-serve")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-output"),
    show_default=True,
    help="Where the archive, the mails and the chat messages are kept; made anew each time.",
)
@click.option(
    "--serve/--no-serve", default=None, help="Open the archive at the end; by default where a person looks."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8717, show_default=True, help="Of the archive.")
@with_plain_errors
def command(*, output: Path, serve: bool | None, port: int) -> int:
    """Live through the story of 2010: a re-created ICE and TRAC site, watched round after round.

    Prints what a watchdog would have got and when, keeps the mails and the chat messages, and serves the
    archive. All documents are re-creations from reported figures.
    """
    from commands.browse import serve as serve_archive
    from demo.story import live_through

    outcome = live_through(output, echo=click.echo)
    if serve is None:
        serve = sys.stdout.isatty()
    if serve:
        serve_archive(outcome.database, host="127.0.0.1", port=port, demo=True)
    else:
        click.echo(f"The archive: python monitor.py browse --config {output / 'monitor.yaml'}")
    return DONE if outcome.as_told else FAILED
