"""Hosts that serve bodies which explode, all at once: the memory of the round, and a quick host beside them."""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.archiving.figures import Figure, at_most, counted
from state.reading.timeline import Browser
from tests.commands.running import ROOT

BOMB = 235 << 20  # bytes that 240 kB of gzip become
ROW = b"Webb,Texas,%d,Enforcement and Removal Operations,2026-01-31,none reported\n"


class Host(ThreadingHTTPServer):
    """Serves one body, packed as said."""

    daemon_threads = True

    def __init__(self, body: bytes, encoding: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.body, self.encoding = body, encoding

    def handle_error(self, request: object, client_address: object) -> None:
        """Who is sent too much hangs up."""


class _Answers(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        if self.server.encoding:
            self.send_header("Content-Encoding", self.server.encoding)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """A round over hosts that serve bombs, and one over hosts that serve what is large and not suspect."""
    bomb = gzip.compress(bytes(BOMB), 9)
    large = b"County,State,Removals,Office,Day,Note\n" + b"".join(ROW % number for number in range(160_000))
    for what, body, encoding in (
        (f"bombs of {len(bomb) >> 10} kB", bomb, "gzip"),
        (f"bodies of {len(large) >> 20} MB, packed", gzip.compress(large, 1), "gzip"),
        (f"bodies of {len(large) >> 20} MB", large, ""),
    ):
        peak, seconds, seen, status = _round(body, encoding, hosts=options.hosts)
        yield at_most(f"{options.hosts} hosts, {what}: MB of the round at the most", peak / 1e6, most=300)
        yield Figure("  seconds", f"{seconds:.1f}")
        yield Figure("  hosts of which something was kept", f"{seen} of {options.hosts}")
        yield counted("  round killed", int(status < 0))


def _round(body: bytes, encoding: str, *, hosts: int) -> tuple[int, float, int, int]:
    """Bytes that the process of a round held at the most, seconds, sources seen, exit status."""
    with ExitStack() as ends, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "sources" / "test").mkdir(parents=True)
        for number in range(hosts):
            host = ends.enter_context(Host(body, encoding))
            threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True).start()
            ends.callback(host.shutdown)
            (home / "sources" / "test" / f"host-{number}.yaml").write_text(
                f"title: T {number}\npublisher: Test\nurl: http://127.0.0.1:{host.server_port}/{number}.csv\n"
                "why: Attacked.\nevery: 1h\nobey_robots: false\n"
            )
        (home / "monitor.yaml").write_text(
            "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
            "politeness: {seconds_between_requests: 0, retries: 1}\n"
        )
        peak, seconds, status = _watched(home, limit=150.0)
        with Browser(home / "data" / "archive.db") as browser:
            seen = len(browser.sources())
    return peak, seconds, seen, status


def _watched(home: Path, *, limit: float) -> tuple[int, float, int]:
    """A round that is ended after so many seconds: the most that it held, without its workers."""
    began = time.monotonic()
    command = [sys.executable, str(ROOT / "monitor.py"), "check"]
    process = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    timer = threading.Timer(limit, process.terminate)
    timer.start()
    _, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss * 1024, time.monotonic() - began, process.returncode
