"""``status`` over a small archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from state.store import Store
from tests.commands.figures import set_up, watched
from tests.commands.running import run
from tests.state.examples import alert, condition, hours


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
    assert (done.returncode, done.stderr) == (0, "")
    assert "test/figures: present at 2023-03-02 03:04, due; 4 releases, the newest of 2023-03-02" in done.stdout
    assert "test/other: never looked at" in done.stdout
    assert "open since" in done.stdout
    assert "outbox: 1 pending" in done.stdout
    told = json.loads(run("status", "test/figures", "--json", cwd=home).stdout)
    assert [(source["source"], source["due"]) for source in told["sources"]] == [("test/figures", True)]
    assert [finding["kind"] for finding in told["open"]] == ["page-gone"]
    assert told["outbox"] == {"pending": 1}
