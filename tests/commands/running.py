"""Runs the program as a user does: in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(
    *words: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    typed: str | None = None,
    seconds: float = 120,
) -> subprocess.CompletedProcess[str]:
    """``python monitor.py WORDS``; output captured, ``typed`` on its input, at most so many seconds."""
    command = [sys.executable, str(ROOT / "monitor.py"), *map(str, words)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=cwd or ROOT,
        env=None if env is None else dict(env),
        input=typed or "",
    )


@contextmanager
def browsing(cwd: Path) -> Iterator[str]:
    """``monitor.py browse`` over the archive of a folder; yields where it listens, without a slash at the end."""
    command = [sys.executable, str(ROOT / "monitor.py"), "browse", "--port", "0"]
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            assert found is not None, "it does not listen"
            yield found[0]
        finally:
            server.terminate()
