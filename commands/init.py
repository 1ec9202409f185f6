"""``init``: four questions, and a ``monitor.yaml`` that works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from cli.called import as_called
from cli.console import DONE, TROUBLE, complain, with_plain_errors
from state.errors import ConfigError

GROUP = "run"

T = TypeVar("T")


@click.command(
    "init",
    epilog="Example: python monitor.py init --contact you@newsroom.example --to '' --sources ice --data archive",
)
@click.option("--contact", help="An address or page by which publishers can reach you.")
@click.option("--to", help="Who is told: a mail address, or a Slack webhook; empty: nobody yet.")
@click.option("--mail-server", help="What sends mail, where --to is an address: smtp.newsroom.example, localhost.")
@click.option("--sources", help='What to watch: all, publishers or ids, as in "ice, trac/tools".')
@click.option("--data", help="The folder in which the archive lives.")
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; monitor.yaml here."
)
@click.option("--replace", is_flag=True, help="Also where there is such a file already.")
@with_plain_errors
def command(
    *,
    contact: str | None,
    to: str | None,
    mail_server: str | None,
    sources: str | None,
    data: str | None,
    config: Path | None,
    replace: bool,
) -> int:
    """Ask for contact, mail or Slack, sources and folder, and write monitor.yaml, for your eyes only.

    What is given by an option is not asked. Exit status: 0 written, 2 there is such a file, or an answer is none.
    """
    from cli import first_settings as first
    from cli.configuration.settings import default_path

    path = default_path(config)
    if path.exists() and not replace:
        raise ConfigError(f"{path} is there already; --replace writes it anew")
    try:
        settings = first.FirstSettings(
            contact=_ask("How can publishers reach you (address or page)?", contact, "", first.as_contact),
            told=(told := _ask("Who is told (mail address or Slack webhook)?", to, "", first.as_told)),
            server=_ask("Through which mail server?", mail_server, first.server_of(told), first.as_server)
            if "@" in told
            else "",
            sources=_ask(f"What to watch (all, or of {first.publishers()})?", sources, "all", first.as_patterns),
            data=_ask("In which folder is the archive to live?", data, "data", str),
        )
    except click.Abort:
        complain(f"{path} was not written: an answer is missing")
        return TROUBLE
    first.write(settings, path)
    click.echo(f"{path} is written.")
    if settings.needs_password:
        click.echo(f"Before each start: export {first.PASSWORD}=…, the password of {told} at {settings.server}.")
    doctor, check = as_called("python monitor.py doctor"), as_called("python monitor.py check")
    click.echo(f"Next: `{doctor}` looks whether all is well, `{check}` makes the first round.")
    return DONE


def _ask(question: str, given: str | None, usual: str, understand: Callable[[str], T]) -> T:
    """What was given, or the answer to a question, understood. Asks again where an answer is none."""
    if given is not None:
        return understand(given)

    def proceed(answer: str) -> T:
        try:
            return understand(answer.strip())
        except ConfigError as error:
            raise click.UsageError(str(error)) from error

    asked: T = click.prompt(question, default=usual, value_proc=proceed, err=True)
    return asked
