"""``demo``: the story of 2010, re-created and lived through."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.console import DONE, FAILED, with_plain_errors
from state.errors import ConfigError

GROUP = "look"


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
@click.option("--port", type=click.IntRange(1, 65535), default=8717, show_default=True, help="Of the archive.")
@with_plain_errors
def command(*, output: Path, serve: bool | None, port: int) -> int:
    """Live through the story of 2010: a re-created ICE and TRAC site, watched round after round.

    Prints what a watchdog would have got and when, keeps the mails and the chat messages, and serves the
    archive. All documents are re-creations from reported figures.
    """
    from commands.browse import serve as serve_archive
    from demo.story import SOURCES, live_through
    from watchers.sources.load import load_sources

    if serve is None:
        serve = sys.stdout.isatty()
    if serve:
        _assert_free(port)
    outcome = live_through(output, echo=click.echo, port=port)
    if serve:
        known = {source.id: source for source in load_sources([SOURCES])}
        serve_archive(outcome.database, host="127.0.0.1", port=port, demo=True, sources=known)
    else:
        click.echo(f"The archive: {_python()} monitor.py browse --config {output / 'monitor.yaml'}")
    return DONE if outcome.as_told else FAILED


def _assert_free(port: int) -> None:
    """Raise ConfigError now, and not after the whole story, where another program listens on the port."""
    import socket

    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise ConfigError(f"port {port} is in use; name another with --port, or pass --no-serve") from error


def _python() -> str:
    """This interpreter as a person would type it here."""
    path = Path(sys.executable)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
