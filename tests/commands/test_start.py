"""What ``monitor.py`` says where it cannot run: another Python, packages that are not there."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from tests.commands.running import ROOT


def test_a_python_without_the_packages_says_which_is_the_right_one(tmp_path: Path) -> None:
    home = tmp_path / "checkout"
    home.mkdir()
    for name in ("monitor.py", "pyproject.toml"):
        (home / name).write_bytes((ROOT / name).read_bytes())
    venv.create(tmp_path / "bare")
    bare = tmp_path / "bare" / "bin" / "python"

    def said() -> str:
        done = subprocess.run([bare, "monitor.py", "check"], cwd=home, capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        return done.stderr

    assert "click is not installed" in said()
    assert "`make demo`" in said()
    (home / ".venv").mkdir()
    assert f"use {home / '.venv' / 'bin' / 'python'} monitor.py" in said()


def test_an_older_python_is_told_before_anything_else_is_read(tmp_path: Path) -> None:
    """By the first lines alone, which every Python 3 must be able to read."""
    older = "import collections, sys; sys.version_info = (3, 9, 18, 'final', 0); sys.version = '3.9.18 (main)'\n"
    code = f"{older}exec(compile(open({str(ROOT / 'monitor.py')!r}).read(), 'monitor.py', 'exec'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert "needs Python 3.11 or newer, and this is Python 3.9.18" in done.stderr
    assert "Traceback" not in done.stderr
