"""``outbox``: alerts that wait, went out, or were given up."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, config_option, json_option, print_json, with_plain_errors
from state.outbox_rows import OutboxState

GROUP = "run"


@click.group("outbox", epilog="Example: python monitor.py outbox retry 17")
def command() -> None:
    """List the alerts of the outbox, send some again, or drop some."""


@command.command("list", epilog="Example: python monitor.py outbox list --state dead")
@click.option("--state", type=click.Choice([state.value for state in OutboxState]), help="Only these.")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many, the newest."
)
@config_option
@json_option
@with_plain_errors
def list_alerts(*, state: str | None, limit: int, config: Path | None, as_json: bool) -> int:
    """List alerts, the newest first: number, state, when, for whom, subject, and why one did not go out."""
    from cli.configuration.settings import read_configuration
    from state.reading.timeline import Browser

    with Browser(read_configuration(config).database) as browser:
        found = browser.outbox.list(state=OutboxState(state) if state else None, limit=limit)
    for each in found:
        if as_json:
            print_json(
                {
                    "id": each.id,
                    "state": each.state.value,
                    "created_at": each.created_at.isoformat(),
                    "not_before": each.not_before.isoformat(),
                    "destination": each.alert.destination,
                    "subject": each.alert.subject,
                    "event": each.alert.event,
                    "attempts": each.attempts,
                    "trouble": each.trouble,
                }
            )
            continue
        when = f"{each.created_at:%Y-%m-%d %H:%M}"
        click.echo(f"{each.id:>6}  {each.state.value:<8} {when}  {each.alert.destination}: {each.alert.subject}")
        if each.trouble:
            click.echo(f"        tried {each.attempts} times: {each.trouble}")
    return DONE


@command.command("retry", epilog="Example: python monitor.py outbox retry --dead")
@click.argument("ids", nargs=-1, type=int, metavar="[NUMBER…]")
@click.option("--dead", is_flag=True, help="All that were given up.")
@config_option
@with_plain_errors
def retry(*, ids: tuple[int, ...], dead: bool, config: Path | None) -> int:
    """Send these again with the next round, whatever became of them."""
    return _each(ids, config=config, again=True, dead=dead)


@command.command("drop", epilog="Example: python monitor.py outbox drop 17")
@click.argument("ids", nargs=-1, type=int, metavar="[NUMBER…]")
@click.option("--dead", is_flag=True, help="All that were given up.")
@config_option
@with_plain_errors
def drop(*, ids: tuple[int, ...], dead: bool, config: Path | None) -> int:
    """Never send these; what they tell of stays in the history."""
    return _each(ids, config=config, again=False, dead=dead)


def _each(ids: tuple[int, ...], *, config: Path | None, again: bool, dead: bool) -> int:
    """Retry or drop alerts by number, or all dead ones. Raises StoreError for an unknown number."""
    from cli.configuration.settings import read_configuration
    from state.errors import ConfigError
    from state.store import Store
    from state.times import now

    if not ids and not dead:
        raise ConfigError("name the numbers of alerts, or say --dead; `monitor.py outbox list` shows them")
    with Store(read_configuration(config).database) as store:
        given_up = store.outbox.list(state=OutboxState.DEAD, limit=1_000_000) if dead else ()
        for id in dict.fromkeys((*ids, *(each.id for each in given_up))):
            (store.outbox.retry if again else store.outbox.drop)(id, now=now())
            click.echo(f"{id} will be sent with the next round" if again else f"{id} is dropped")
    return DONE
