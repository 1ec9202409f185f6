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
    from cli.service_manager import ServiceManager

GROUP = "look"


@click.command("watch", epilog="Example: python monitor.py watch --config /etc/release-monitor/monitor.yaml")
@config_option
@click.option("--rounds", type=click.IntRange(min=1), help="End after so many rounds.")
@with_plain_errors
def command(*, config: Path | None, rounds: int | None) -> int:
    """Run rounds for what is due until SIGTERM or Ctrl-C, which end it within seconds.

    Settings and source files are read before every round, and at once on SIGHUP; where somebody mistyped, the
    watch says so and goes on with those of before. Exit status: 0 ended by a signal, or so many rounds done; 1 the
    last of so many rounds was not clean; 2 usage or configuration.
    """
    from cli.configuration.settings import read_settings
    from cli.service_manager import ServiceManager
    from cli.signals import set_on, stop_on

    manager = ServiceManager()
    settings = read_settings(config, strict=False)
    for mistake in settings.mistakes:
        complain(mistake)
    wake, again = threading.Event(), threading.Event()
    stop = stop_on(signal.SIGTERM, signal.SIGINT, wake=wake)
    if hasattr(signal, "SIGHUP"):
        set_on(signal.SIGHUP, again, wake)
    complain(f"watching {_sources(len(settings.sources))}, every {settings.configuration.every}")
    watch = _Watch(config, settings, stop=stop, wake=wake, again=again, manager=manager)
    manager.ready()
    try:
        clean = watch.tick(rounds)
    except KeyboardInterrupt:
        complain("ended in the middle of a round; the next one takes up what is left")
        return DONE
    finally:
        manager.stopping()
    return DONE if clean else FAILED


def _sources(count: int) -> str:
    return "1 source" if count == 1 else f"{count} sources"


class _Watch:
    """The ticker and its settings. ``wake`` ends a wait: to ``stop``, or to read the settings ``again``."""

    def __init__(
        self,
        config: Path | None,
        settings: Settings,
        *,
        stop: threading.Event,
        wake: threading.Event,
        again: threading.Event,
        manager: ServiceManager,
    ) -> None:
        import schedule

        self._config, self._settings = config, settings
        self._stop, self._wake, self._again = stop, wake, again
        self._manager = manager
        self._ticker = schedule.Scheduler()
        self._done, self._clean = 0, True

    def tick(self, rounds: int | None) -> bool:
        """Rounds until ``stop`` is set or so many are done; whether the last of so many was clean."""
        self._wind()
        self._ticker.run_all()
        while not self._stop.is_set() and self._done != rounds:
            self._wake.wait(max(0.0, self._ticker.idle_seconds or 0.0))
            self._wake.clear()
            if self._again.is_set() and not self._stop.is_set():
                self._again.clear()
                complain("reading the settings again")
                self._manager.reloading()
                self._ticker.run_all()
            elif not self._stop.is_set():
                self._ticker.run_pending()
        return self._clean or self._stop.is_set()

    def _wind(self) -> None:
        """Set the ticker to the interval that the settings say."""
        self._ticker.clear()
        seconds = max(1, int(self._settings.configuration.interval.total_seconds()))
        self._ticker.every(seconds).seconds.do(self._job)

    def _read_again(self) -> bool:
        """Take the settings as they are now; whether they are in order."""
        before = self._settings
        self._settings, in_order = _read_again(self._config, before)
        if self._settings.configuration.every != before.configuration.every:
            complain(f"every {self._settings.configuration.every} from now on")
            self._wind()
        if len(self._settings.sources) != len(before.sources):
            complain(f"watching {_sources(len(self._settings.sources))} from now on")
        return in_order

    def _job(self) -> None:
        in_order = self._read_again()
        self._manager.ready()
        with self._manager.round():
            self._clean = _round(self._settings, self._stop, self._manager) and in_order
        self._done += 1


def _read_again(config: Path | None, settings: Settings) -> tuple[Settings, bool]:
    """The settings as they are now, and whether they are in order; those of before where somebody mistyped."""
    from cli.configuration.settings import read_settings

    try:
        return read_settings(config), True
    except ConfigError as error:
        complain(f"{error}; going on with what was read before")
        return settings, False


def _round(settings: Settings, stop: threading.Event, manager: ServiceManager) -> bool:
    """One guarded round, and whether it was clean. What goes wrong in it is said and tried again."""
    from cli.rounds import run_round

    try:
        outcome = run_round(settings, due_only=True, stop=stop, heard=lambda *_: manager.progress())
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
