"""Rounds killed at any moment over several hosts, and whether what was sent in full is in the archive.

A host is asked for its next address only when its last answer is kept. So of each host every answer that was
followed by another request has to be there after the kill; the last one may be, or was never counted as kept.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.archiving.figures import Figure, counted
from state.blobs.snapshots import Snapshots
from state.database import open_archive
from state.errors import StoreError
from state.ledger.verify import verify_file
from tests.commands.running import ROOT

HOSTS = 5
FILES = 40


class Host(ThreadingHTTPServer):
    """A listing of files that differ at every request; remembers what it has sent, in order."""

    daemon_threads = True

    def __init__(self, asked: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked = asked
        self.sent: list[str] = []  # digests of bodies that were sent in full since the round began
        self.total = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """A round that is killed resets its connections."""


class _Answers(BaseHTTPRequestHandler):
    server: Host
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.set()
        self.server.total += 1
        kind, body = self._body()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.sent.append(hashlib.sha256(body).hexdigest())

    def _body(self) -> tuple[str, bytes]:
        mark = f"{self.server.server_port}-{self.server.total}"
        if self.path.endswith(".csv"):
            rows = "".join(f"County {number},{number * 37 + 200}\n" for number in range(30))
            return "text/csv", f"County,Removals to date\n{rows}Note {mark},1\n".encode()
        links = "".join(f'<p><a href="/{number}.csv">Table {number}</a></p>' for number in range(FILES))
        page = f"<html><head><title>Tables</title></head><body><h1>Tables</h1><p>{mark}</p>{links}</body></html>"
        return "text/html", page.encode()

    def log_message(self, format: str, *args: object) -> None:
        pass


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Kill rounds; then ask the archive for every answer that a next request had followed."""
    chance = random.Random(options.seed)
    with ExitStack() as ends, tempfile.TemporaryDirectory() as folder:
        home, asked = Path(folder), threading.Event()
        hosts = [_start(ends, asked) for _ in range(HOSTS)]
        _set_up(home, hosts)
        served = followed = lost = kept_last = killed = 0
        for _ in range(options.kills):
            for host in hosts:
                host.sent.clear()
            killed += _kill_a_round(home, asked, after=chance.uniform(0, 1.0))
            for host in hosts:
                *before, last = host.sent or [""]
                missing = _missing(home / "data" / "archive.db", [*before, last])
                served += len(host.sent)
                followed += len(before)
                lost += len(missing.intersection(before))
                kept_last += last != "" and last not in missing
        faults = verify_file(home / "data" / "archive.db").faults
    yield Figure("rounds killed, of so many", f"{killed:,} of {options.kills:,}")
    yield Figure("answers that were sent in full", f"{served:,}")
    yield Figure("of these, followed by another request", f"{followed:,}")
    yield counted("of these, not in the archive after the kill", lost)
    yield Figure("last answers that were kept all the same", f"{kept_last:,}")
    yield counted("faults that verify finds", len(faults))


def _start(ends: ExitStack, asked: threading.Event) -> Host:
    host = ends.enter_context(Host(asked))
    thread = threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    ends.callback(host.shutdown)
    return host


def _set_up(home: Path, hosts: list[Host]) -> None:
    (home / "sources" / "test").mkdir(parents=True)
    for number, host in enumerate(hosts):
        (home / "sources" / "test" / f"host-{number}.yaml").write_text(
            f"title: Tables {number}\npublisher: Test\nurl: http://127.0.0.1:{host.server_port}/\nwhy: Attacked.\n"
            "every: 1h\nobey_robots: false\nseries:\n  page:\n    title: The page\n  tables:\n    title: Tables\n"
            "    pattern: 'csv$'\n    each_file: true\n"
        )
    (home / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
    )


def _kill_a_round(home: Path, asked: threading.Event, *, after: float) -> bool:
    """Whether the round still ran so many seconds after its first request, and was killed."""
    asked.clear()
    command = [sys.executable, str(ROOT / "monitor.py"), "check"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as round_:
        asked.wait(60)
        try:
            round_.wait(after)
        except subprocess.TimeoutExpired:
            round_.kill()
            return True
    return False


def _missing(database: Path, digests: list[str]) -> set[str]:
    """Which bodies cannot be had from the archive."""
    if not database.exists():
        return set(digests)
    connection = open_archive(database)
    try:
        snapshots = Snapshots(connection)
        return {digest for digest in digests if digest and not _is_there(snapshots, digest)}
    finally:
        connection.close()


def _is_there(snapshots: Snapshots, digest: str) -> bool:
    try:
        snapshots.get(digest)
    except StoreError:
        return False
    return True
