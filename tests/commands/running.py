"""Runs the program as a user does: in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(
    *words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    """``python monitor.py WORDS``; output captured, ``typed`` on its input, at most two minutes."""
    command = [sys.executable, str(ROOT / "monitor.py"), *map(str, words)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd or ROOT,
        env=None if env is None else dict(env),
        input=typed or "",
    )
