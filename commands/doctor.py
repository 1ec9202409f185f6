"""``doctor``: is everything in order before anyone relies on it? One line each, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.called import as_called
from cli.console import DONE, FOUND, TROUBLE, config_option, json_option, print_json, with_plain_errors

if TYPE_CHECKING:
    from cli.checkup.machine import Check

GROUP = "run"


@click.command("doctor", epilog="Example: python monitor.py doctor --online 'ice/*'")
@click.argument("only", nargs=-1, metavar="[SOURCE…]")
@click.option("--online", is_flag=True, help="Also ask every address, follow its patterns, read its newest file.")
@click.option("--send", is_flag=True, help="Also send a test message to every destination.")
@config_option
@json_option
@with_plain_errors
def command(*, only: tuple[str, ...], online: bool, send: bool, config: Path | None, as_json: bool) -> int:
    """Check the configuration, source files, destinations, data folder, archive, disk, clock and readers.

    A line each: ok, warn or fail, and what to do. Exit status: 0 all ok, 1 warnings, 2 something fails.
    """
    from cli.checkup.machine import Level

    levels = set()
    for check in _checks(config, only=only, online=online, send=send):
        levels.add(check.level)
        if as_json:
            print_json({"level": check.level.value, "what": check.what, "remedy": check.remedy or None})
            continue
        colour = {Level.WARN: "yellow", Level.FAIL: "red"}.get(check.level, "green")
        remedy = f" → {check.remedy}" if check.remedy else ""
        click.echo(f"{click.style(f'{check.level.value:<4}', fg=colour)}  {as_called(check.what + remedy)}")
    if Level.FAIL in levels:
        return TROUBLE
    return FOUND if Level.WARN in levels else DONE


def _checks(config: Path | None, *, only: tuple[str, ...], online: bool, send: bool) -> Iterator[Check]:
    from cli.checkup.destinations import check_destinations
    from cli.checkup.isolation import check_isolation
    from cli.checkup.machine import check_configuration, check_machine, check_sources
    from cli.checkup.online import check_online
    from cli.checkup.stamping import check_modes, check_stamps

    configuration, first = check_configuration(config)
    yield from first
    if configuration is None:
        return
    sources, told = check_sources(configuration, only=only)
    yield from told
    yield from check_destinations(configuration, sources, send=send)
    yield from check_machine(configuration, sources)
    yield from check_stamps(configuration)
    yield from check_modes(configuration)
    yield check_isolation()
    if online:
        yield from check_online(configuration, sources)
