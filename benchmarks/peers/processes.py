"""What a process and all that it started use, read from ``/proc``."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")  # of the kernel's clock in a second


def below(pid: int) -> list[int]:
    """The processes that a process started, and those that these started, while they run."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [each for child in map(int, found.split()) for each in (child, *below(child))]


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU seconds of processes that run, with those of their children that have ended."""
    return sum(map(_cpu, pids))


def resident_megabytes(pids: Iterable[int]) -> float:
    """Memory that processes hold now; what they share is counted for each."""
    return sum(map(_resident, pids))


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS  # utime, stime, cutime, cstime


def _resident(pid: int) -> float:
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1_000 if found else 0.0
