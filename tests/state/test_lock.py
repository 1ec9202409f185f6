from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from state.errors import LockHeld
from state.lock import round_lock

REPO = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from state.lock import round_lock
with round_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_another_process_holds_the_lock_until_it_is_killed(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(archive)],
        cwd=REPO,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockHeld, match="another round"), round_lock(archive):
            pass
        holder.kill()
        holder.wait()
    with round_lock(archive):
        pass
