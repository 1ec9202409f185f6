"""The archive that rounds over the scenario pages make: gone, moved, blocked, empty, PDF, workbook, edited."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from benchmarks.making.scenario_pages import HOME, SCENARIOS
from benchmarks.peers.jobs import Job
from benchmarks.peers.monitor_rounds import Monitor
from benchmarks.peers.serving import Pages
from benchmarks.peers.side_by_side import held


def live_through_scenarios(folder: Path) -> Path:
    """Look at every scenario in all its phases, each on a server of its own; returns the archive."""
    paths = {f"/scenario{number:02d}{each.suffix}": each for number, each in enumerate(SCENARIOS)}
    with ExitStack() as stack:
        servers = [stack.enter_context(Pages()) for _ in paths]
        jobs = [
            Job(name=path.strip("/").replace(".", "-"), url=server.address + path)
            for server, path in zip(servers, paths, strict=True)
        ]
        monitor = Monitor(jobs, folder)
        for answers in held({path: each.steps for path, each in paths.items()} | {"/": (HOME,)}):
            for server in servers:
                server.play(answers)
            monitor.look()
    return folder / "archive.db"
