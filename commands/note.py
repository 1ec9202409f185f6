"""``note``: a person's words beside a finding or a release."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from cli.console import DONE, config_option, json_option, print_json, with_plain_errors

GROUP = "judge"


@click.command(
    "note", epilog="Example: python monitor.py note acm0e9hdj2 'The press office confirms the new definition.'"
)
@click.argument("subject", metavar="RELEASE|FINDING")
@click.argument("words", nargs=-1)
@click.option("--author", help="Who says it; your login name where nobody is named.")
@config_option
@json_option
@with_plain_errors
def command(
    *, subject: str, words: tuple[str, ...], author: str | None, config: Path | None, as_json: bool
) -> int:
    """Write a note beside a release or a finding, by its id; without words, show the notes there are.

    Notes are added and never changed or removed: who errs adds another one. `show` and the pages of `browse`
    have them.
    """
    from cli.configuration.settings import read_configuration
    from state.reading.timeline import Browser
    from state.store import Store
    from state.times import now

    database = read_configuration(config).database
    if words and database.exists():
        with Store(database) as store:
            store.notes.add(subject, " ".join(words), author=author or getpass.getuser(), at=now())
    with Browser(database) as browser:
        notes = browser.notes.of(subject)
    for note in notes:
        if as_json:
            print_json({"at": note.at.isoformat(), "author": note.author, "words": note.words, "beside": subject})
        else:
            click.echo(f"{note.at:%Y-%m-%d %H:%M}  {note.author}: {note.words}")
    return DONE
