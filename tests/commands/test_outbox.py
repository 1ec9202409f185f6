"""``outbox list|retry|drop`` over a small archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from state.outbox_rows import OutboxState
from state.store import Store
from tests.commands.figures import set_up
from tests.commands.running import run
from tests.state.examples import alert, hours


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    with Store(tmp_path / "data" / "archive.db") as store:
        store.outbox.add([alert(f"e{number}") for number in range(3)], at=hours(0))
        store.outbox.refused(store.outbox.claim(now=hours(1)), now=hours(1), trouble="refused")
    return tmp_path


def states(home: Path) -> dict[int, str]:
    lines = run("outbox", "list", "--json", cwd=home).stdout.splitlines()
    return {each["id"]: each["state"] for each in map(json.loads, lines)}


def test_list_tells_why_one_did_not_go_out(home: Path) -> None:
    done = run("outbox", "list", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "refused" in done.stdout
    only = run("outbox", "list", "--state", "dead", "--json", cwd=home)
    assert [json.loads(line)["trouble"] for line in only.stdout.splitlines()] == ["refused"]


def test_retry_and_drop(home: Path) -> None:
    assert states(home) == {1: "dead", 2: "pending", 3: "pending"}
    assert run("outbox", "retry", "--dead", cwd=home).returncode == 0
    assert run("outbox", "drop", "2", "3", cwd=home).returncode == 0
    assert states(home) == {1: "pending", 2: "dropped", 3: "dropped"}
    with Store(home / "data" / "archive.db") as store:
        assert [each.attempts for each in store.outbox.list(state=OutboxState.PENDING)] == [0]


@pytest.mark.parametrize(
    ("words", "why"), [(("retry",), "name the numbers"), (("drop", "99"), "no alert number 99")]
)
def test_what_cannot_be_done_is_told(home: Path, words: tuple[str, ...], why: str) -> None:
    done = run("outbox", *words, cwd=home)
    assert done.returncode == 2
    assert why in done.stderr
