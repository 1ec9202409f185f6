"""``note`` beside a release and a finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from state.reading.timeline import Browser
from tests.commands.figures import set_up, watched
from tests.commands.running import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    watched(tmp_path, 1, webb=500, word="voluntary")
    watched(tmp_path, 3, webb=210, word="mandatory")
    return tmp_path


def ids(home: Path) -> tuple[str, str]:
    with Browser(home / "data" / "archive.db") as browser:
        return browser.archive.releases("test/figures")[-1].id, browser.findings()[0].finding.id


def test_notes_are_written_and_shown(home: Path) -> None:
    for subject in ids(home):
        done = run("note", subject, "asked the", "press office", "--author", "desk", cwd=home)
        assert (done.returncode, done.stderr) == (0, "")
        run("note", subject, "no answer", "--author", "archivist", cwd=home)
        notes = [json.loads(line) for line in run("note", subject, "--json", cwd=home).stdout.splitlines()]
        assert [(note["author"], note["words"]) for note in notes] == [
            ("desk", "asked the press office"),
            ("archivist", "no answer"),
        ]
        assert "asked the press office" in run("show", subject, cwd=home).stdout
    assert run("verify", cwd=home).returncode == 0


def test_an_unknown_id_is_told(home: Path) -> None:
    done = run("note", "nothing", "words", cwd=home)
    assert done.returncode == 2
    assert "no release and no finding" in done.stderr
