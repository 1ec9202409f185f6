"""Signs of life to the user's watchdog timer, as healthchecks.io and its like have it.

``/start`` behind the address as a round begins, the address itself once all that was looked at is kept and told,
``/fail`` where that is not so. A round that is ended, narrowed to some sources, or that finds the lock taken says
nothing: the timer then runs out by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.last_resort import cry, signal
from state.times import now

if TYPE_CHECKING:
    from cli.configuration.model import Settings
    from cli.round_report import RoundReport

_BLIND = "no source answered when it was looked at last"


def begin(settings: Settings) -> None:
    """Say that a round begins. That this fails is not said: the sign at its end fails aloud."""
    if settings.configuration.health_ping and not _is_narrowed(settings):
        signal(settings.configuration, "start")


def conclude(settings: Settings, report: RoundReport) -> tuple[str, ...]:
    """Say how a round went; returns a line for each way of saying it that failed.

    What broke on this side, or stays undelivered, is cried out by every way there is; that no publisher answers
    is told to the timer only, for operators' alerts name them.
    """
    lost = [*report.broken, *(str(each) for each in report.unsent if each.lasting)]
    if lost:
        return cry(settings.configuration, lost, at=now())
    if _is_narrowed(settings):
        return ()
    said = (
        signal(settings.configuration, "fail", trouble=_BLIND)
        if report.blind
        else signal(settings.configuration, "")
    )
    return () if said is None else (said,)


def _is_narrowed(settings: Settings) -> bool:
    """Whether some of the sources are wanted only, as `check SOURCE` does: all is not known to be well."""
    return len(settings.sources) < len(settings.watched)
