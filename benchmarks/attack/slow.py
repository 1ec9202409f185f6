"""A quick host beside hosts whose releases take long to judge: when its alert arrives, and when the round ends."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.archiving.figures import Figure, at_most
from tests.alerts.examples import Webhook
from tests.commands.running import ROOT, run

SLOW = 6  # hosts
ROWS = 40_000


class Host(ThreadingHTTPServer):
    """A table whose figures move in the second edition; the quick one answers when the slow ones have."""

    daemon_threads = True
    edition = 0

    def __init__(self, rows: int, *, waits: float) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.rows, self.waits = rows, waits
        self.served = 0.0  # when it served last, monotonic


class _Answers(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        time.sleep(self.server.waits)
        fallen = 9_000 - 5_000 * self.server.edition
        rows = "".join(f"Office {number},{number * 37 + fallen}\n" for number in range(self.server.rows))
        body = f"Office,Removals to date\n{rows}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.served = time.monotonic()

    def log_message(self, format: str, *args: object) -> None:
        pass


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """One round for the baseline, then one in which everything changes."""
    del options
    heard: list[tuple[float, str]] = []
    with ExitStack() as ends, tempfile.TemporaryDirectory() as folder:
        hook = ends.enter_context(Webhook())
        home = Path(folder)
        hosts = [_start(ends, Host(ROWS, waits=0.0)) for _ in range(SLOW)]
        quick = _start(ends, Host(30, waits=2.0))
        _set_up(home, [*hosts, quick], hook)
        run("check", cwd=home, seconds=300)
        for host in (*hosts, quick):
            host.edition = 1
        hook.bodies.clear()
        began = time.monotonic()
        command = [sys.executable, str(ROOT / "monitor.py"), "check"]
        with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as round_:
            while round_.poll() is None and time.monotonic() - began < 170:
                if "quick" in str(hook.bodies) and not heard:
                    heard.append((time.monotonic(), "quick"))
                time.sleep(0.05)
            round_.terminate()
        whole = time.monotonic() - began
    waited = heard[0][0] - quick.served if heard else float("inf")
    yield Figure(f"seconds of a round with {SLOW} releases of {ROWS:,} rows", f"{whole:.1f}")
    yield at_most("seconds from the quick host's answer to its alert", waited, most=5)


def _start(ends: ExitStack, host: Host) -> Host:
    ends.enter_context(host)
    threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True).start()
    ends.callback(host.shutdown)
    return host


def _set_up(home: Path, hosts: list[Host], hook: Webhook) -> None:
    (home / "sources" / "test").mkdir(parents=True)
    for number, host in enumerate(hosts):
        name = "quick" if number == len(hosts) - 1 else f"slow-{number}"
        (home / "sources" / "test" / f"{name}.yaml").write_text(
            f"title: {name}\npublisher: Test\nurl: http://127.0.0.1:{host.server_port}/{name}.csv\nwhy: For it.\n"
            "every: 1h\nobey_robots: false\n"
        )
    (home / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
        f"destinations: [{{name: desk, url: '{hook.url}', least: low}}]\n"
    )
