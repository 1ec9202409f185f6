"""A part of the small cases beside the project, by their own scorer: all right, or the suite fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases"


@pytest.mark.parametrize("kind", ["unit or scale", "window and period", "withheld or not"])
@pytest.mark.skipif(not (CASES / "score.py").exists(), reason=f"no cases at {CASES}")
def test_the_cases_of_a_kind_are_right(kind):
    command = [
        sys.executable,
        CASES / "score.py",
        ROOT,
        CASES,
        "--only",
        kind,
        "--jobs",
        "1",
        "--python",
        sys.executable,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    right, _, rest = done.stdout.strip().splitlines()[-1].partition(" of ")
    assert int(right) == int(rest.split()[0]) > 0, done.stdout
