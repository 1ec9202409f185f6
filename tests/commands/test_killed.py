"""``check`` killed at any moment, with its workers: nothing is lost, left running or left untold."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from state.browsing import Browser
from state.kinds import Severity
from state.model import Alert
from state.store import Store
from tests.alerts.examples import Webhook
from tests.commands.running import ROOT, run

KILLS = 20
FILES = 3


class _Publisher(ThreadingHTTPServer):
    """A listing with files whose numbers fall in each edition."""

    daemon_threads = True
    edition = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked = threading.Event()


class _Answers(BaseHTTPRequestHandler):
    server: _Publisher

    def do_GET(self) -> None:
        self.server.asked.set()
        is_file = self.path.endswith(".csv")
        media_type, body = ("text/csv", self._table()) if is_file else ("text/html", _listing())
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _table(self) -> bytes:
        fallen = 9_000 - 100 * self.server.edition
        rows = "".join(f"County {n},{n * 37 + 200}\n" for n in range(30))
        return f"County,Removals to date\n{rows}Webb{self.path[1]},{fallen}\n".encode()

    def log_message(self, format: str, *args: object) -> None:
        pass


def _listing() -> bytes:
    links = "".join(f'<p><a href="/{number}.csv">Table {number}</a></p>' for number in range(FILES))
    return f"<html><head><title>Tables</title></head><body><h1>Tables</h1>{links}</body></html>".encode()


@pytest.fixture
def publisher() -> Iterator[_Publisher]:
    with _Publisher() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _set_up(home: Path, publisher: _Publisher, hook: Webhook) -> None:
    (home / "sources" / "test").mkdir(parents=True)
    address = f"http://127.0.0.1:{publisher.server_port}/"
    (home / "sources" / "test" / "tables.yaml").write_text(
        f"title: Tables\npublisher: Test\nurl: {address}\nwhy: For the test.\nevery: 1h\nobey_robots: false\n"
        "series:\n  page:\n    title: The page\n  tables:\n    title: Tables\n    pattern: 'csv$'\n"
        "    each_file: true\n"
    )
    (home / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
        f"destinations: [{{name: desk, url: '{hook.url}', least: low}}]\n"
    )


def _children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


def _kill_a_round(home: Path, publisher: _Publisher, *, after: float) -> None:
    """Start a round, kill it so many seconds after its first request, and see that its workers end too."""
    publisher.asked.clear()
    command = [sys.executable, str(ROOT / "monitor.py"), "check"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as round_:
        assert publisher.asked.wait(60)
        try:
            round_.wait(after)
        except subprocess.TimeoutExpired:
            workers = [os.pidfd_open(child) for child in _children(round_.pid)]
            round_.kill()
            round_.wait()
            for worker in workers:
                ended, _, _ = select.select([worker], [], [], 20)
                os.close(worker)
                assert ended, "a worker outlived its round"


@pytest.mark.skipif(not hasattr(os, "pidfd_open") or not Path("/proc").is_dir(), reason="needs Linux")
def test_a_round_may_be_killed_at_any_moment(tmp_path: Path, publisher: _Publisher) -> None:
    moments = random.Random(5)
    with Webhook() as hook:
        _set_up(tmp_path, publisher, hook)
        assert run("check", cwd=tmp_path).returncode == 0
        for _ in range(KILLS):
            publisher.edition += 1
            _kill_a_round(tmp_path, publisher, after=moments.uniform(0, 1.0))
        publisher.edition += 1
        for _ in range(2):
            assert run("check", cwd=tmp_path).returncode == 0
        verified = run("verify", cwd=tmp_path)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        events = [told["event"] for body in hook.bodies for told in body.get("alerts", [body])]
    with Store(tmp_path / "data" / "archive.db") as store:
        unjudged = store.unjudged("test/tables")
        outbox = store.outbox.list(limit=1_000)
    with Browser(tmp_path / "data" / "archive.db") as archive:
        releases = archive.archive.releases("test/tables")
        known = {past.finding.id for past in archive.findings(least=Severity.LOW, limit=1_000)}
    assert len(releases) >= 1 + 2 * FILES
    assert list(unjudged) == []
    assert known
    assert known <= {finding for one in outbox for finding in _findings_of(one.alert)}
    assert {one.state.value for one in outbox} <= {"sent", "pending"}, "none dead"
    assert {one.alert.event for one in outbox if one.state.value == "sent"} <= set(events)
    assert len(events) - len(set(events)) <= KILLS, "only what was in flight may come twice"


def _findings_of(alert: Alert) -> list[str]:
    findings = alert.payload["findings"]
    assert isinstance(findings, list)
    return [str(finding["id"]) for finding in findings]
