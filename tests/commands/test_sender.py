"""Alerts leave as soon as a release is judged: a host that is slow, and a round that is killed, hold up none."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.alerts.examples import Webhook
from tests.commands.running import ROOT, run


class Publisher(ThreadingHTTPServer):
    """Figures that fall in the second edition; a slow one answers when it is let."""

    daemon_threads = True
    webb = 500

    def __init__(self, *, slow: bool) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.let = threading.Event()
        if not slow:
            self.let.set()


class Answers(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.let.wait(60)
        rows = "".join(f"County {n},{n * 37 + 200}\n" for n in range(30))
        body = f"County,Removals to date\n{rows}Webb,{self.server.webb}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def publishers() -> Iterator[list[Publisher]]:
    servers = [Publisher(slow=slow) for slow in (False, True)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield servers
    for server in servers:
        server.let.set()
        server.shutdown()
        server.server_close()


def test_a_quick_host_is_told_while_a_slow_one_is_awaited(tmp_path: Path, publishers: list[Publisher]) -> None:
    quick, slow = publishers
    arrived = threading.Event()

    def receive() -> int:
        arrived.set()
        return 200

    with Webhook(receive) as hook:
        _set_up(tmp_path, publishers, hook)
        slow.let.set()
        assert run("check", cwd=tmp_path).returncode == 0
        slow.let.clear()
        quick.webb = 100
        command = [sys.executable, str(ROOT / "monitor.py"), "check"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as round_:
            assert arrived.wait(60), "the alert waits for the slow host"
            assert round_.poll() is None
            round_.kill()
        assert "cumulative-decreased" in str(hook.bodies)
        slow.let.set()
        assert run("check", cwd=tmp_path).returncode == 0
        assert len(hook.bodies) == 1, "it is told once"


def _set_up(home: Path, publishers: list[Publisher], hook: Webhook) -> None:
    (home / "sources" / "test").mkdir(parents=True)
    for name, server in zip(("quick", "slow"), publishers, strict=True):
        (home / "sources" / "test" / f"{name}.yaml").write_text(
            f"title: Figures\npublisher: Test\nurl: http://127.0.0.1:{server.server_port}/a.csv\nwhy: For it.\n"
            "every: 1h\nobey_robots: false\n"
        )
    (home / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
        f"destinations: [{{name: desk, url: '{hook.url}', least: low}}]\n"
    )
