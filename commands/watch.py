"""``watch``: the daemon. ``schedule`` is its ticker; what is due is remembered in the archive."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from commands.console import DONE, complain, config_option, print_findings, with_plain_errors
from state.errors import LockHeld


@click.command("watch", epilog="Example: python monitor.py watch --config /etc/release-monitor/monitor.yaml")
@config_option
@click.option("--rounds", type=click.IntRange(min=1), help="End after so many rounds.")
@with_plain_errors
def command(*, config: Path | None, rounds: int | None) -> int:
    """Run rounds for what is due until SIGTERM or Ctrl-C, which end it after the source in hand."""
    from commands.configuration import read_settings

    settings = read_settings(config)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    complain(f"watching {len(settings.sources)} sources, every {settings.configuration.every}")
    _tick(config, every=settings.configuration.interval, stop=stop, rounds=rounds)
    return DONE


def _tick(config: Path | None, *, every: dt.timedelta, stop: threading.Event, rounds: int | None) -> None:
    import schedule

    ticker = schedule.Scheduler()
    done = 0

    def job() -> None:
        nonlocal done
        _round(config, stop)
        done += 1
        if rounds is not None and done >= rounds:
            stop.set()

    ticker.every(max(1, int(every.total_seconds()))).seconds.do(job)
    ticker.run_all()
    while not stop.is_set():
        stop.wait(max(0.0, ticker.idle_seconds or 0.0))
        if not stop.is_set():
            ticker.run_pending()


def _round(config: Path | None, stop: threading.Event) -> None:
    """One guarded round. Nothing that goes wrong in it may end the daemon; it is said and tried again."""
    from commands.configuration import read_settings
    from commands.rounds import run_round

    try:
        outcome = run_round(read_settings(config), due_only=True, stop=stop)
    except LockHeld as error:
        complain(str(error))
        return
    except Exception as error:  # noqa: BLE001 - the daemon's boundary: a bug costs a round, not the watch
        complain(f"this round failed: {type(error).__name__}: {error}")
        return
    for result in outcome.results:
        for trouble in result.troubles:
            complain(f"{result.source}: {trouble}")
        print_findings(result.findings)
    for remark in (*outcome.dead, *outcome.remarks):
        complain(remark)
