"""Rounds killed at any moment over a publisher whose figures fall in each edition, and what they left behind."""

from __future__ import annotations

import datetime as dt
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from alerts.deliver import deliver_pending
from cli.configuration.settings import read_settings
from state.kinds import Severity
from state.ledger.entries import Head
from state.outbox import LEASE
from state.outbox_rows import OutboxState, Pending
from state.reading.captures import Holdings
from state.reading.timeline import Browser
from state.store import Store
from tests.alerts.examples import Webhook
from tests.commands.running import ROOT

CAN_KILL = hasattr(os, "pidfd_open") and Path("/proc").is_dir()
"""Whether this system lets one wait for the processes of another one; Linux does."""


class Publisher(ThreadingHTTPServer):
    """A listing with files whose numbers fall in each edition; ``asked`` is set at every request."""

    daemon_threads = True
    edition = 0

    def __init__(self, *, files: int) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.files = files
        self.asked = threading.Event()


class _Answers(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.asked.set()
        is_file = self.path.endswith(".csv")
        media_type, body = ("text/csv", self._table()) if is_file else ("text/html", self._listing())
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _table(self) -> bytes:
        fallen = 90_000 - 100 * self.server.edition
        rows = "".join(f"County {n},{n * 37 + 200}\n" for n in range(30))
        return f"County,Removals to date\n{rows}Webb{self.path[1:-4]},{fallen}\n".encode()

    def _listing(self) -> bytes:
        links = "".join(f'<p><a href="/{n}.csv">Table {n}</a></p>' for n in range(self.server.files))
        return f"<html><head><title>Tables</title></head><body><h1>Tables</h1>{links}</body></html>".encode()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def publishing(*, files: int) -> Iterator[Publisher]:
    """The publisher, answering on loopback."""
    with Publisher(files=files) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def set_up(home: Path, publisher: Publisher, hook: Webhook) -> Path:
    """A configuration that watches the publisher and tells the webhook; returns where its archive will be."""
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
    return home / "data" / "archive.db"


def kill_a_round(home: Path, publisher: Publisher, *, after: float) -> float | None:
    """Start a round and kill it so many seconds after its first request; its workers have to end too.

    Returns None, or how many seconds it went on where it ended by itself before.
    """
    publisher.asked.clear()
    command = [sys.executable, str(ROOT / "monitor.py"), "check"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as round_:
        assert publisher.asked.wait(60)
        began = time.monotonic()
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
            return None
    return time.monotonic() - began


def _children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


@dataclass(frozen=True)
class Left:
    """What killed rounds left behind; every tuple but ``leased`` is to be empty.

    ``leased`` are alerts that a killed round had claimed: nobody else may send them before its lease runs out,
    and then the next round does.
    """

    releases: int
    findings: int
    lost_entries: tuple[Head, ...]  # ends of the chain that were seen once and are not in it any more
    unjudged: tuple[str, ...]  # releases on which no round reported
    untold: tuple[str, ...]  # findings without an alert
    stuck: tuple[Pending, ...]  # pending, and no lease is the reason
    unsent: tuple[Pending, ...]  # not sent although every lease has run out
    unheard: tuple[str, ...]  # sent, says the outbox, and never arrived
    repeated: int  # messages with an alert that had arrived before
    leased: tuple[Pending, ...]


def look_back(home: Path, hook: Webhook, *, heads: Sequence[Head], since: dt.datetime) -> Left:
    """What is there after the killed rounds and a whole one, which began at ``since``.

    Sends what is left once its lease has run out, as a round does that comes five minutes later.
    """
    database = home / "data" / "archive.db"
    with Browser(database) as browser:
        releases = browser.archive.releases("test/tables")
        unjudged = [release.id for release in releases if browser.archive.facts(release) is None]
        told = {past.finding.id for past in browser.findings(least=Severity.LOW, limit=1_000_000)}
        said = browser.findings(limit=1_000_000)  # a fall in every edition is info in the end
    with Store(database) as store:
        pending = store.outbox.list(state=OutboxState.PENDING, limit=1_000_000)
        leased = tuple(each for each in pending if _is_leased(each, since=since))
        later = max((each.lease for each in leased if each.lease), default=since) + dt.timedelta(seconds=1)
        destinations = read_settings(home / "monitor.yaml").destinations
        deliver_pending(store.outbox, destinations, clock=lambda: later)
        outbox = store.outbox.list(limit=1_000_000)
    alerted = {str(finding["id"]) for each in outbox for finding in _listed(each.alert.payload["findings"])}
    messages = [[str(told["event"]) for told in body.get("alerts", [body])] for body in hook.bodies]
    heard = {event for message in messages for event in message}
    return Left(
        releases=len(releases),
        findings=len(said),
        lost_entries=lost_entries(database, heads),
        unjudged=tuple(unjudged),
        untold=tuple(sorted(told - alerted)),
        stuck=tuple(each for each in pending if each not in leased),
        unsent=tuple(each for each in outbox if each.state is not OutboxState.SENT),
        unheard=tuple(each.alert.event for each in outbox if each.alert.event not in heard),
        repeated=_repeated(messages),
        leased=leased,
    )


def lost_entries(database: Path, heads: Sequence[Head]) -> tuple[Head, ...]:
    """Ends of the chain that were seen once and do not stand in it any more."""
    with Holdings(database) as holdings:
        chain = {link.seq: link.entry for link in holdings.links()}
    return tuple(head for head in heads if head.seq and chain.get(head.seq) != head.entry)


def _is_leased(pending: Pending, *, since: dt.datetime) -> bool:
    """Whether a killed round's lease kept a round that began at ``since`` from sending this, and nothing else."""
    lease = pending.lease
    return lease is not None and since < lease < since + LEASE and not pending.attempts and not pending.trouble


def _repeated(messages: Sequence[Sequence[str]]) -> int:
    heard: set[str] = set()
    repeated = 0
    for message in messages:
        repeated += not heard.isdisjoint(message)
        heard.update(message)
    return repeated


def _listed(findings: object) -> list[dict[str, Any]]:
    assert isinstance(findings, list)
    return findings
