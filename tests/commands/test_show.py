"""``show RELEASE`` over a small archive."""

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


def newest(home: Path, series: str) -> str:
    with Browser(home / "data" / "archive.db") as browser:
        return browser.archive.releases("test/figures", series=series)[-1].id


def test_a_release_in_words(home: Path) -> None:
    done = run("show", newest(home, "stats"), "--rows", "2", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "https://www.figures.example/files/stats.csv",
        "of 2023-01-02",
        "cumulative-decreased",
        "31 rows",
    ):
        assert words in done.stdout
    with Browser(home / "data" / "archive.db") as browser:
        id = next(past.finding.id for past in browser.findings() if past.finding.kind == "cumulative-decreased")
    assert f"finding {id}" in done.stdout
    assert "county 0: " in done.stdout
    assert "county 2: " not in done.stdout


def test_a_release_as_json(home: Path) -> None:
    release = json.loads(run("show", newest(home, "stats"), "--json", cwd=home).stdout)
    assert (release["source"], release["series"], release["readable"]) == ("test/figures", "stats", True)
    (table,) = release["tables"]
    assert ("webb", 210) in [(row[0], row[-1]) for row in table["rows"]]
    assert next(finding["kind"] for finding in release["findings"]) == "cumulative-decreased"


def test_a_finding_with_each_time_it_was_said(home: Path) -> None:
    with Browser(home / "data" / "archive.db") as browser:
        id = next(past.finding.id for past in browser.findings() if past.finding.kind == "cumulative-decreased")
    done = run("show", id, cwd=home)
    assert "cumulative-decreased" in done.stdout
    assert "said 2023-03-02" in done.stdout
    told = json.loads(run("show", id, "--json", cwd=home).stdout)
    assert told["said_at"] == ["2023-03-02T03:04:05+00:00"]
    assert told["release"] == newest(home, "stats")


def test_an_unknown_id_is_told(home: Path) -> None:
    done = run("show", "nothing", cwd=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no release and no finding nothing" in done.stderr
