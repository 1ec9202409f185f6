"""kill -9 in the middle of rounds: nothing that was acknowledged is lost, and what is there is sound."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from state.errors import StoreError
from state.outbox_rows import OutboxState
from state.store import Store
from tests.state.examples import PAGE, SOURCE, alert, capture, facts, finding, table

REPO = Path(__file__).parents[2]
KILLS = 20


def _rounds(path: Path) -> None:
    """Rounds without end: each says what it has recorded, then what it has reported."""
    with Store(path) as store:
        first = len(store.looks.captures_of(PAGE, limit=1_000_000))
        for at in range(first, first + 100_000):
            body = f"<p>version {at}</p>" + "<td>the same as ever</td>" * 500
            (release,) = store.record(SOURCE, [capture(body, at)])
            print(json.dumps({"recorded": release.sha256}), flush=True)
            kept = facts(release.id, release.at, tables=tuple(table(at + n, key=f"t{n}") for n in range(5)))
            said = finding(id=f"f{at}")
            told = alert(f"e{at}", finding=said.id)
            store.report(
                source=SOURCE.id,
                series="page",
                release=release,
                facts=kept,
                findings=[said],
                alerts=[told],
                at=release.at,
            )
            print(json.dumps({"reported": said.id, "event": told.event}), flush=True)


def _run_until_killed(path: Path, seconds: float) -> list[dict[str, str]]:
    """What the child said before it was killed, at a moment that nobody chose."""
    command = [sys.executable, "-m", "tests.state.test_crash", str(path)]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]  # it is under way
        time.sleep(seconds)
        child.kill()
        said += child.stdout.readlines()
    return [json.loads(line) for line in said if line.endswith("\n")]


def test_kill_9_loses_nothing(tmp_path: Path) -> None:
    dice = random.Random(11)
    path = tmp_path / "archive.db"
    recorded: set[str] = set()
    reported: dict[str, str] = {}
    for _ in range(KILLS):
        for word in _run_until_killed(path, dice.uniform(0.0, 0.08)):
            if "recorded" in word:
                recorded.add(word["recorded"])
            else:
                reported[word["reported"]] = word["event"]
    assert len(reported) >= KILLS - 2, "rounds took place"
    with Store(path) as store:
        shown = store.verify()
        assert shown.clean, shown.faults
        for digest in recorded:
            assert store.body(digest)
        findings = {past.finding.id for past in store.archive.findings(limit=1_000_000)}
        events = {pending.alert.event for pending in store.outbox.list(limit=1_000_000)}
        assert set(reported) <= findings
        assert events == {f"e{id[1:]}" for id in findings}, (
            "a finding and its alert are there together or not at all"
        )
        assert set(store.outbox.counts()) == {OutboxState.PENDING}
        left = {release.id for release in store.queue.unjudged(SOURCE.id)}
        told = {release.id for release in store.archive.releases(SOURCE.id) if store.archive.facts(release)}
        assert left | told == {release.id for release in store.archive.releases(SOURCE.id)}
        assert not left & told, "what a killed round left is known, and only that"


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreError, match=r"archive\.db cannot be used"):
        Store(tmp_path / "data" / "archive.db")


def test_a_full_disk_costs_the_round_and_nothing_else(tmp_path: Path) -> None:
    with Store(tmp_path / "archive.db") as store:
        store.record(SOURCE, [capture("one")])
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="full"):
            store.record(SOURCE, [capture(random.Random(1).randbytes(200_000), 1)])
        store._db.execute(f"PRAGMA max_page_count = {pages + 1000}")
        assert len(store.looks.captures_of(PAGE)) == 1
        assert len(store.record(SOURCE, [capture(random.Random(1).randbytes(200_000), 1)])) == 1
        assert store.verify().clean


if __name__ == "__main__":
    _rounds(Path(sys.argv[1]))
