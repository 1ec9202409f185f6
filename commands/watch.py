"""``watch``: the daemon. ``schedule`` is its ticker; what is due is remembered in the archive."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, FAILED, complain, config_option, print_findings, with_plain_errors
from state.errors import ConfigError, LockHeld

if TYPE_CHECKING:
    from cli.configuration.model import Settings


@click.command("watch", epilog="Example: python monitor.py watch --config /etc/release-monitor/monitor.yaml")
@config_option
@click.option("--rounds", type=click.IntRange(min=1), help="End after so many rounds.")
@with_plain_errors
def command(*, config: Path | None, rounds: int | None) -> int:
    """Run rounds for what is due until SIGTERM or Ctrl-C, which end it within seconds.

    Exit status: 0 ended by a signal, or so many rounds done; 1 the last of so many rounds was not clean;
    2 usage or configuration.
    """
    from cli.configuration.settings import read_settings
    from cli.signals import stop_on

    settings = read_settings(config, strict=False)
    for mistake in settings.mistakes:
        complain(mistake)
    stop = stop_on(signal.SIGTERM, signal.SIGINT)
    complain(f"watching {_sources(len(settings.sources))}, every {settings.configuration.every}")
    try:
        clean = _tick(config, settings, stop=stop, rounds=rounds)
    except KeyboardInterrupt:
        complain("ended in the middle of a round; the next one takes up what is left")
        return DONE
    return DONE if clean else FAILED


def _sources(count: int) -> str:
    return "1 source" if count == 1 else f"{count} sources"


def _tick(config: Path | None, settings: Settings, *, stop: threading.Event, rounds: int | None) -> bool:
    """Rounds until ``stop`` is set or so many are done; whether the last of so many was clean."""
    import schedule

    ticker = schedule.Scheduler()
    done, clean = 0, True

    def job() -> None:
        nonlocal done, clean, settings
        settings, in_order = _read_again(config, settings)
        clean = _round(settings, stop) and in_order
        done += 1

    ticker.every(max(1, int(settings.configuration.interval.total_seconds()))).seconds.do(job)
    ticker.run_all()
    while not stop.is_set() and done != rounds:
        stop.wait(max(0.0, ticker.idle_seconds or 0.0))
        if not stop.is_set():
            ticker.run_pending()
    return clean or stop.is_set()


def _read_again(config: Path | None, settings: Settings) -> tuple[Settings, bool]:
    """The settings as they are now, and whether they are in order; those of before where somebody mistyped."""
    from cli.configuration.settings import read_settings

    try:
        return read_settings(config), True
    except ConfigError as error:
        complain(f"{error}; going on with what was read before")
        return settings, False


def _round(settings: Settings, stop: threading.Event) -> bool:
    """One guarded round, and whether it was clean. What goes wrong in it is said and tried again."""
    from cli.rounds import run_round

    try:
        outcome = run_round(settings, due_only=True, stop=stop)
    except LockHeld as error:
        complain(str(error))
        return True
    except Exception as error:  # noqa: BLE001 - the daemon's boundary: a bug costs a round, not the watch
        complain(f"this round failed: {type(error).__name__}: {error}")
        return False
    for result in outcome.results:
        for trouble in result.troubles:
            complain(f"{result.source}: {trouble}")
        print_findings(result.findings, source=result.source)
    for remark in (*outcome.unsent, *outcome.remarks):
        complain(str(remark))
    return not outcome.unsent and not any(result.troubles for result in outcome.results)
