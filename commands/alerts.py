"""``alerts``: try a destination with a real sample, see what a message looks like, send again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.console import DONE, FAILED, complain, config_option, with_plain_errors
from state.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from state.model import Alert, Destination

_FORMS: Final = ("mail", "text", "slack", "discord", "teams", "mattermost", "telegram", "json")

GROUP = "run"


@click.group("alerts")
def command() -> None:
    """Try destinations, see what messages look like, and send some again."""


@command.command("test", epilog="Example: python monitor.py alerts test desk")
@click.argument("name", metavar="DESTINATION")
@config_option
@with_plain_errors
def test(*, name: str, config: Path | None) -> int:
    """Send a real sample finding, with 20 items and a CSV, and tell what the server said.

    Exit status: 0 it was taken, 1 it was not, 2 usage or configuration.
    """
    from alerts.sample import sample
    from alerts.sending.outcome import Delivery
    from alerts.sending.send import send
    from cli.configuration.settings import read_configuration
    from state.times import now

    configuration = read_configuration(config)
    destination = _destination(configuration.destinations, name)
    sent = send(sample(name, archive=configuration.archive.address, at=now()), destination)
    if sent.delivery is Delivery.SENT:
        click.echo(f"{name}: taken. Look whether it arrived, and how it reads.")
        return DONE
    complain(f"{name}: {sent.delivery.value}: {sent.trouble}")
    return FAILED


def _destination(wanted: tuple[object, ...], name: str) -> Destination:
    """The destination of that name. Raises ConfigError for an unknown one."""
    from cli.configuration.model import DestinationSettings
    from cli.configuration.settings import destination_of

    known = [each for each in wanted if isinstance(each, DestinationSettings)]
    found = next((each for each in known if each.name == name), None)
    if found is None:
        names = ", ".join(each.name for each in known) or "none"
        raise ConfigError(f"no destination is called {name!r}; the configuration has: {names}")
    return destination_of(found)


@command.command("preview", epilog="Example: python monitor.py alerts preview 6yhj2 --as mail --to previews")
@click.argument("event", metavar="EVENT", required=False)
@click.option(
    "--as", "form", type=click.Choice(_FORMS), default="mail", show_default=True, help="The form of the message."
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder for the files; this one where none is named.",
)
@config_option
@with_plain_errors
def preview(*, event: str | None, form: str, folder: Path, config: Path | None) -> int:
    """Write a message as files, as it would be sent: of an EVENT that somebody was told, or of the sample."""
    from alerts.sample import sample
    from cli.configuration.settings import read_configuration
    from state.times import now

    configuration = read_configuration(config)
    if event is None:
        alert = sample("preview", archive=configuration.archive.address, at=now())
    else:
        alert = _told(configuration.database, event)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(alert, form).items():
        path = folder / name
        path.write_bytes(content)
        click.echo(str(path))
    return DONE


def _told(database: Path, event: str) -> Alert:
    """What somebody was told under an event. Raises StoreError where nobody was."""
    from state.reading.timeline import Browser

    with Browser(database) as browser:
        pending = browser.outbox.of_event(event)
    if pending is None:
        raise StoreError(f"nobody was told of an event {event}; `monitor.py outbox list` shows what there is")
    return pending.alert


def _files(alert: Alert, form: str) -> dict[str, bytes]:
    """The files of one form by their names."""
    makers: dict[str, Callable[[Alert], dict[str, bytes]]] = {"mail": _mail, "json": _json}
    if maker := makers.get(form):
        return maker(alert)
    from alerts.message import message_of
    from alerts.rendering.chat import render_chat
    from alerts.rendering.dialects import DIALECTS, PLAIN

    dialect = DIALECTS.get({"teams": "workflows"}.get(form, form), PLAIN)
    words = render_chat(message_of(alert), dialect)
    text = f"{words.title}\n\n{words.body}\n" if words.title else f"{words.body}\n"
    return {f"{form}.txt": text.encode()}


def _mail(alert: Alert) -> dict[str, bytes]:
    from alerts.sending.mail import build_mail, page_alone

    mail = build_mail(alert, sender="monitor@example.org", sender_name="", recipient="you@example.org")
    return {"mail.eml": mail.as_bytes(), "mail.html": page_alone(mail).encode()}


def _json(alert: Alert) -> dict[str, bytes]:
    from alerts.sending.webhook import body_of

    return {"webhook.json": body_of(alert)}


@command.command("replay", epilog="Example: python monitor.py alerts replay newsroom --since 6yhj2")
@click.argument("name", metavar="DESTINATION")
@click.option("--since", required=True, metavar="EVENT", help="The last event that it has.")
@config_option
@with_plain_errors
def replay(*, name: str, since: str, config: Path | None) -> int:
    """Send again all that a destination had after an event, with the next round and as one message."""
    from cli.configuration.settings import read_configuration
    from state.store import Store
    from state.times import now

    configuration = read_configuration(config)
    _destination(configuration.destinations, name)
    if not configuration.database.exists():
        raise StoreError(f"{configuration.database}: there is no archive yet; `monitor.py check` makes it")
    with Store(configuration.database) as store:
        count = store.outbox.send_again(name, after=since, now=now())
    click.echo(f"{count:,} alerts will be sent to {name} again with the next round")
    return DONE
