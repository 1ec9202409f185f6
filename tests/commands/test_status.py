"""``status`` over a small archive."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from state.reading.timeline import Browser
from state.store import Store
from tests.commands.figures import page, set_up, watched
from tests.commands.running import run
from tests.state.examples import alert, condition, hours
from tests.watchers.loopback import loopback, reply


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    watched(tmp_path, 1, webb=500, word="voluntary")
    watched(tmp_path, 3, webb=210, word="mandatory")
    return tmp_path


def test_looks_conditions_and_outbox(home: Path) -> None:
    (home / "sources" / "test" / "other.yaml").write_text("title: O\npublisher: T\nurl: https://other.example/\n")
    with Store(home / "data" / "archive.db") as store:
        gone = replace(condition(), source="test/figures", series="page")
        store.report(source="test/figures", series="page", findings=[gone], alerts=[alert()], at=hours(0))
    done = run("status", cwd=home)
    assert done.returncode == 1
    assert "not looked at for too long: test/figures for" in done.stderr
    assert "test/figures: present at 2023-03-02 03:04, due; 4 releases, the newest of 2023-03-02" in done.stdout
    assert "test/other: never looked at" in done.stdout
    assert "open since" in done.stdout
    assert "outbox: 1 pending" in done.stdout
    told = json.loads(run("status", "test/figures", "--json", cwd=home).stdout)
    assert [(source["source"], source["due"]) for source in told["sources"]] == [("test/figures", True)]
    assert [finding["kind"] for finding in told["open"]] == ["page-gone"]
    assert told["outbox"] == {"pending": 1}


def test_operators_are_told_of_a_watch_that_stood_still(home: Path) -> None:
    with loopback() as publisher:
        publisher.says("/figures", reply(page("mandatory")))
        shutil.rmtree(home / "sources")
        more = "destinations:\n  - {name: operators, url: 'json://127.0.0.1:9/', least: high, operators: true}\n"
        set_up(home, url=f"{publisher.url}/figures", more=more)
        told = run("check", cwd=home).stderr
        assert "the watch stood still from 2023-03-02 03:04" in told
        assert "stood still" not in run("check", cwd=home).stderr
    with Browser(home / "data" / "archive.db") as browser:
        (notice,) = [each.alert for each in browser.outbox.list() if "stood still" in each.alert.text]
    assert notice.destination == "operators"
    assert run("status", cwd=home).returncode == 0
