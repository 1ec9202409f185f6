"""``search WORDS`` over a small archive."""

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


def test_words_are_found_in_any_version(home: Path) -> None:
    done = run("search", "voluntary", "county", cwd=home)
    assert done.returncode == 0
    assert "first seen 2023-01-02, last seen 2023-01-02, not in release" in done.stdout
    assert "Participation is voluntary for every county." in done.stdout


def test_row_labels_as_json(home: Path) -> None:
    hits = [json.loads(line) for line in run("search", "webb", "--json", cwd=home).stdout.splitlines()]
    assert [hit["source"] for hit in hits] == ["test/figures"]


def test_nothing_found_is_status_1(home: Path) -> None:
    done = run("search", 'quo"ted OR', cwd=home)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_no_archive_is_told(tmp_path: Path) -> None:
    set_up(tmp_path)
    done = run("search", "words", cwd=tmp_path)
    assert done.returncode == 2
    assert "no archive" in done.stderr
