"""``history SOURCE`` over a small archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.figures import set_up, watched
from tests.commands.running import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    watched(tmp_path, 1, webb=500, word="voluntary")
    watched(tmp_path, 3, webb=210, word="mandatory")
    return tmp_path


def test_releases_come_newest_first_with_what_was_found(home: Path) -> None:
    done = run("history", "test/figures", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    stats = lines[lines.index("stats") :]
    assert stats[1].startswith("  2023-03-02")
    assert "cumulative-decreased" in stats[2]
    assert stats[-1].startswith("  2023-01-02")


def test_one_series_as_json(home: Path) -> None:
    done = run("history", "test/figures", "--series", "page", "--json", cwd=home)
    after, before = (json.loads(line) for line in done.stdout.splitlines())
    assert (after["series"], before["findings"]) == ("page", [])
    assert "commitment-weakened" in [finding["kind"] for finding in after["findings"]]
    assert run("history", "test/figures", "--limit", "1", "--json", cwd=home).stdout.count("\n") == 2


def test_a_source_without_history_is_told(home: Path) -> None:
    done = run("history", "test/other", cwd=home)
    assert done.returncode == 2
    assert "no release of test/other" in done.stderr
