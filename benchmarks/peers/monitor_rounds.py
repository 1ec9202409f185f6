"""The monitor over the same addresses: the whole path, from the fetch to what it would say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.jobs import Job
from cli.configuration.model import Configuration, PolitenessSettings, Settings
from cli.rounds import run_round
from state.kinds import Severity
from state.model import Finding, Series, Source
from state.vocabulary import OPERATIONS

FIRST = dt.datetime(2025, 1, 20, 12, tzinfo=dt.UTC)
APART = dt.timedelta(days=1)
_PAGES = 4  # of a list


class Monitor:
    """Every job as a source of its own, each a page or a file without any rule; rounds are a day apart."""

    def __init__(self, jobs: Sequence[Job], folder: Path) -> None:
        self._settings = Settings(
            configuration=Configuration(
                data=folder,
                shipped_sources=False,
                allow_hosts=("127.0.0.1",),
                politeness=PolitenessSettings(seconds_between_requests=0, timeout=10, retries=1),
            ),
            sources=tuple(_source(job) for job in jobs),
            destinations=(),
        )
        self._rounds = 0

    def look(self) -> dict[str, list[Finding]]:
        """One round: the findings of each job that has any."""
        at = FIRST + self._rounds * APART
        self._rounds += 1
        outcome = run_round(self._settings, past=lambda: at)
        return {
            result.source.partition("/")[2]: list(result.findings) for result in outcome.results if result.findings
        }


def for_watchdogs(findings: Sequence[Finding]) -> list[Finding]:
    """What would reach those who watch the publisher."""
    return [each for each in findings if each.severity is not Severity.INFO and each.kind not in OPERATIONS]


def for_operators(findings: Sequence[Finding]) -> list[Finding]:
    """What would reach those who run the monitor."""
    return [each for each in findings if each.severity is not Severity.INFO and each.kind in OPERATIONS]


def _source(job: Job) -> Source:
    series = (
        Series(name="page", title=job.name),
        Series(name="files", title=f"Files of {job.name}", pattern=job.follows or None, each_file=True),
    )
    return Source(
        id=f"benchmark/{job.name}",
        title=job.name,
        publisher="Benchmark",
        url=job.url,
        series=series if job.follows else series[:1],
        pages=_PAGES if job.follows else 1,
        render="browser" if job.shown else "http",
    )
