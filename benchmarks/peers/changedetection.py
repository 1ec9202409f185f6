"""changedetection.io: a daemon with a web page and an interface for programs, which is asked to check all at once.

It runs as it is installed, without a browser; allowed are addresses of this machine and checks without a pause
between them. What it reports is what its own pages show after a check: the difference between the two newest
snapshots of an address that changed, in its own words, or why an address could not be checked. The latter
reaches its users there only; it sends messages of changes.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers.jobs import Job, Report
from benchmarks.peers.processes import below, cpu_seconds

_LONGEST = 900.0  # seconds for a check of all jobs
_SETTINGS = {
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
    "DISABLE_VERSION_CHECK": "yes",
    "LOGGER_LEVEL": "ERROR",
    "MINIMUM_SECONDS_RECHECK_TIME": "0",
}
_MARKS = {"removed": "-", "changed": "-", "added": "+", "into": "+"}
_MARK = re.compile(rf"^\(({'|'.join(_MARKS)})\) ")


@dataclass(frozen=True)
class ChangeDetection:
    """changedetection.io, installed."""

    name: str
    version: str
    binary: Path

    def start(self, jobs: Sequence[Job], folder: Path) -> Daemon:
        """A daemon for these jobs that begins, and is given them, with the first look."""
        folder.mkdir(parents=True)
        return Daemon(name=self.name, binary=self.binary, jobs=tuple(jobs), folder=folder)


@dataclass
class Daemon:
    """The daemon and what it knows; checks are told apart by how many each job has had."""

    name: str
    binary: Path
    jobs: tuple[Job, ...]
    folder: Path
    checks: int = 0
    _port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _watches: dict[str, str] = field(default_factory=dict)  # its own id -> name of the job
    _snapshots: dict[str, int] = field(default_factory=dict)  # its own id -> how many there were

    def look(self) -> list[Report]:
        """Check all jobs once: what there is to see of them afterwards."""
        if self._process is None:
            self._begin()
        else:
            self._ask("/watch?recheck_all=1")
        self.checks += 1
        end = time.monotonic() + _LONGEST
        while not all(self._checked(watch) for watch in self._watches):
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} did not check {len(self.jobs)} pages in {_LONGEST:.0f} s")
            time.sleep(0.1)
        reports = (self._report(watch) for watch in self._watches)
        return [report for report in reports if report is not None]

    def spent(self) -> float:
        """CPU seconds of the daemon and what it started, so far."""
        pid = self._process.pid if self._process else 0
        return cpu_seconds((pid, *below(pid))) if pid else 0.0

    def stored(self) -> int:
        """Bytes of its folder."""
        return sum(path.stat().st_size for path in (self.folder / "data").rglob("*") if path.is_file())

    def close(self) -> None:
        """End the daemon."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _begin(self) -> None:
        """Start it, take away the two pages that it watches at first, and hand over the jobs."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        command = [str(self.binary), "-d", "data", "-C", "-h", "127.0.0.1", "-p", str(self._port)]
        log = (self.folder / "log").open("wb")
        self._process = subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **_SETTINGS}, stdout=log, stderr=log
        )
        self._wait_until_it_answers()
        for watch in json.loads(self._ask("/watch")):
            self._ask(f"/watch/{watch}", method="DELETE")
        for job in self.jobs:  # its own ids come back one at a time
            asked = json.dumps({"url": job.url}).encode()
            self._watches[json.loads(self._ask("/watch", content=asked, method="POST"))["uuid"]] = job.name

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        end = time.monotonic() + _LONGEST
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError, KeyError):
                self._ask("/systeminfo")
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not start: {(self.folder / 'log').read_text()[-2_000:]}")

    def _checked(self, watch: str) -> bool:
        """Whether a job had all its checks; from its file, since asking costs the daemon."""
        return int(self._kept(watch).get("check_count") or 0) >= self.checks

    def _report(self, watch: str) -> Report | None:
        """What is to be seen of a job after a check, None where that is nothing new."""
        name, history = self._watches[watch], self.folder / "data" / watch / "history.txt"
        if trouble := self._kept(watch).get("last_error"):
            return Report("ERROR", name, str(trouble), sent=False)
        snapshots = len(history.read_text().splitlines()) if history.exists() else 0
        before, self._snapshots[watch] = self._snapshots.get(watch, 0), snapshots
        if before in (0, snapshots):
            return None
        said = self._ask(f"/watch/{watch}/difference/previous/latest?changesOnly=true")
        return Report("CHANGED", name, "\n".join(_MARK.sub(_as_mark, line) for line in said.splitlines()))

    def _kept(self, watch: str) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads((self.folder / "data" / watch / "watch.json").read_bytes())
        except (OSError, ValueError):  # not written yet
            return {}
        return kept

    def _ask(self, path: str, *, content: bytes | None = None, method: str = "GET") -> str:
        """What its interface answers. Raises OSError where it does not, KeyError before it has made its key."""
        settings = self.folder / "data" / "changedetection.json"
        key = json.loads(settings.read_bytes())["settings"]["application"]["api_access_token"]
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/api/v1{path}",
            data=content,
            headers={"x-api-key": key, "Content-Type": "application/json"},
            method=method,
        )
        answer: bytes = urllib.request.urlopen(request, timeout=120).read()
        return answer.decode()


def _as_mark(found: re.Match[str]) -> str:
    return _MARKS[found[1]]
