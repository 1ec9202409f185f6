"""Daemon, command line and browser on one archive at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from state.outbox_rows import OutboxState
from state.reading.timeline import Browser
from state.store import Store
from tests.state.examples import PAGE, SOURCE, alert, capture, facts, finding, hours, table

REPO = Path(__file__).parents[2]
ROUNDS = 60


def _daemon(path: Path) -> None:
    with Store(path) as store:
        for at in range(ROUNDS):
            (release,) = store.record(SOURCE, [capture(f"version {at} " * 500, at)])
            store.report(
                source=SOURCE.id,
                series="page",
                release=release,
                facts=facts(release.id, release.at, tables=(table(at),)),
                findings=[finding(id=f"f{at}")],
                alerts=[alert(f"daemon {at}", finding=f"f{at}")],
                at=release.at,
            )


def test_no_error_and_no_lost_write(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    written = 0
    with Store(path) as store, Browser(path) as browser:
        command = [sys.executable, "-m", "tests.state.test_together", str(path)]
        with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as daemon:
            while daemon.poll() is None:
                written += store.outbox.add([alert(f"command line {written}")], at=hours(written))
                browser.sources()
                browser.findings(limit=10)
            assert daemon.stderr is not None
            assert daemon.wait() == 0, daemon.stderr.read()
        assert store.outbox.counts() == {OutboxState.PENDING: written + ROUNDS}
        assert len(store.looks.captures_of(PAGE, limit=1000)) == ROUNDS
        assert store.verify().clean


if __name__ == "__main__":
    _daemon(Path(sys.argv[1]))
