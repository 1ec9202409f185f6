"""Plays pages in phases, lets the monitor and its peers look after each, and keeps what every one said."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.jobs import Job, Program, Report
from benchmarks.peers.monitor_rounds import Monitor
from benchmarks.peers.serving import Pages
from state.model import Finding
from tests.incidents.making import Reply


@dataclass
class Heard:
    """What was said of one job after the first phase, by phase (the second is number 1)."""

    ours: dict[int, list[Finding]] = field(default_factory=dict)
    peers: dict[str, dict[int, list[Report]]] = field(default_factory=dict)

    def findings(self) -> list[Finding]:
        """All findings of ours, oldest first."""
        return [finding for phase in sorted(self.ours) for finding in self.ours[phase]]

    def reports(self, program: str) -> list[Report]:
        """All reports of a peer, oldest first."""
        said = self.peers.get(program, {})
        return [report for phase in sorted(said) for report in said[phase]]


def hear(
    phases: Sequence[Mapping[str, Reply]],
    programs: Sequence[Program],
    *,
    watched: Sequence[str],
    lists: Mapping[str, str] | None = None,
    shown: Collection[str] = (),
    ours: bool = True,
) -> dict[str, Heard]:
    """Serve each phase and let everyone look; ``watched`` are the paths with a job, by which answers are kept.

    ``lists`` has by path what of a list the monitor is to follow, ``shown`` what a browser is to show. Each job
    has a server of its own, so that the trouble of one is not taken for that of all.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        servers = [stack.enter_context(Pages()) for _ in watched]
        jobs = [
            Job(
                name=path.strip("/").replace("/", "-"),
                url=server.address + path,
                follows=(lists or {}).get(path, ""),
                shown=path in shown,
            )
            for server, path in zip(servers, watched, strict=True)
        ]
        paths = {job.name: path for job, path in zip(jobs, watched, strict=True)}
        heard = {path: Heard() for path in watched}
        monitor = Monitor(jobs, Path(folder) / "ours") if ours else None
        watches = [program.start(jobs, Path(folder) / program.name) for program in programs]
        for watch in watches:
            stack.callback(watch.close)
        for number, answers in enumerate(phases):
            for server in servers:
                server.play(answers)
            said = monitor.look() if monitor else {}
            reports = {watch.name: watch.look() for watch in watches}
            if number == 0:
                continue  # the first look is what the others are compared with
            for name, findings in said.items():
                heard[paths[name]].ours[number] = findings
            for program, several in reports.items():
                for report in several:
                    by_phase = heard[paths[report.job]].peers.setdefault(program, {})
                    by_phase.setdefault(number, []).append(report)
    return heard


def held(steps: Mapping[str, Sequence[Reply]]) -> list[dict[str, Reply]]:
    """Steps by path as phases: where a path has fewer steps than others, its last one stays."""
    count = max(map(len, steps.values()))
    return [
        {path: replies[min(number, len(replies) - 1)] for path, replies in steps.items()}
        for number in range(count)
    ]
