"""``check``: one round over the sources; what cron calls."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from cli.console import (
    DONE,
    FAILED,
    FOUND,
    INTERRUPTED,
    TERMINATED,
    complain,
    config_option,
    json_option,
    print_findings,
    with_plain_errors,
)
from state.kinds import Severity

GROUP = "look"


@click.command("check", epilog="Example: python monitor.py check ice/detention-statistics")
@click.argument("only", nargs=-1, metavar="[SOURCE…]")
@config_option
@json_option
@click.option("--due", is_flag=True, help="Only sources whose interval has passed.")
@click.option("--fail-on-finding", is_flag=True, help="Exit 1 where anything above info was found.")
@with_plain_errors
def command(*, only: tuple[str, ...], config: Path | None, as_json: bool, due: bool, fail_on_finding: bool) -> int:
    """Fetch every source (or those named), judge what is new, store it, send what is pending.

    Quiet where there is nothing to say. Exit status: 0 done, 1 some source failed, its file is wrong, or an alert
    could not be sent, 2 usage or configuration, 75 another round holds the lock, 143 ended by SIGTERM.
    """
    from cli.configuration.settings import read_settings
    from cli.effects import remarks_on
    from cli.rounds import run_round
    from cli.signals import stop_on

    settings = read_settings(config, only=only, strict=False)
    for mistake in settings.mistakes:
        complain(mistake)
    for remark in () if only else remarks_on(settings.configuration, settings.sources, settings.destinations):
        complain(str(remark))
    stop = stop_on(signal.SIGTERM)
    try:
        outcome = run_round(settings, due_only=due, stop=stop)
    except KeyboardInterrupt:
        return TERMINATED if stop.is_set() else INTERRUPTED
    for result in outcome.results:
        for trouble in result.troubles:
            complain(f"{result.source}: {trouble}")
        print_findings(
            result.findings,
            source=result.source,
            archive=settings.configuration.archive.address,
            as_json=as_json,
        )
    for line in (*outcome.unsent, *outcome.remarks):
        complain(str(line))
    if stop.is_set():
        return TERMINATED
    if settings.mistakes or outcome.unsent or any(result.troubles for result in outcome.results):
        return FAILED
    graver = any(
        finding.severity is not Severity.INFO for result in outcome.results for finding in result.findings
    )
    return FOUND if fail_on_finding and graver else DONE
