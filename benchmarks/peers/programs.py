"""Other programs that watch pages: installed outside the repository, each in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.changedetection import ChangeDetection
from benchmarks.peers.command_line import CommandLine
from benchmarks.peers.jobs import Program

ENVIRONMENTS = Path(tempfile.gettempdir()) / "release-monitor-peers"
"""Where the programs are installed."""

_REQUIREMENTS = {
    "urlwatch": ("urlwatch==2.29",),
    "webchanges": ("webchanges==3.37", "pypdf", "html2text"),
    "changedetection.io": ("changedetection.io==0.60.10",),
}


def installed_peers() -> tuple[list[Program], list[str]]:
    """The programs, installed where they are not yet; and a line for each that cannot be had."""
    programs: list[Program] = []
    absent = []
    for name, requirements in _REQUIREMENTS.items():
        binary = ENVIRONMENTS / name / "bin" / name
        trouble = None if binary.exists() else _install(name, requirements)
        if trouble is not None:
            absent.append(f"{name} could not be installed: {trouble}")
            continue
        kind = ChangeDetection if name == "changedetection.io" else CommandLine
        programs.append(kind(name=name, version=requirements[0].partition("==")[2], binary=binary))
    return programs, absent


def _install(name: str, requirements: Sequence[str]) -> str | None:
    folder = ENVIRONMENTS / name
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements],
    ):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            return (run.stderr.strip().splitlines() or ["no reason given"])[-1]
    return None
