"""Rounds on a disk that is all but full, and the commands on one that cannot be written to."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.archiving.figures import Figure, Skipped, counted
from benchmarks.archiving.kill import what_is_left
from state.ledger.verify import head_of, verify_file
from tests.alerts.examples import Webhook
from tests.commands.disks import CannotMount, fill, read_only, small_disk
from tests.commands.killing import Publisher, look_back, publishing, set_up
from tests.commands.running import browsing, run

FILES = 6
ROUNDS = 20
_SIZE = 16_000_000  # bytes of the disk
_LEFT = 300_000  # bytes free at the most: a round needs about as much
_SHORT = 250  # characters of a line of trouble
_READING = (
    ("verify",),
    ("status",),
    ("history", "test/tables"),
    ("search", "County"),
    ("outbox", "list"),
    ("export", "warc", "--to", "out.warc.gz"),
)


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Both kinds of disk, as a user of the commands meets them."""
    try:
        yield from _full(random.Random(options.seed))
        yield from _cannot_be_written()
    except CannotMount as reason:
        raise Skipped(f"no file system can be mounted here: {reason}") from reason


def _full(chance: random.Random) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Webhook() as hook,
        publishing(files=FILES) as publisher,
        small_disk(Path(folder) / "data", size=_SIZE),
    ):
        home = Path(folder)
        archive = set_up(home, publisher, hook)
        run("check", cwd=home)
        heads, failed = [], []
        for _ in range(ROUNDS):
            ballast = fill(archive.parent, leaving=chance.randrange(_LEFT))
            shown = _round(home, publisher)
            failed += [shown] if shown.returncode else []
            heads.append(head_of(archive))
        ballast.unlink()
        since = dt.datetime.now(dt.UTC)
        last = _round(home, publisher)
        faults = verify_file(archive, known=heads[-1]).faults
        left = look_back(home, hook, heads=heads, since=since)
    yield Figure("rounds that ran into the full disk", f"{len(failed)} of {ROUNDS}", "some", held=bool(failed))
    yield counted("of them without a short line that names the disk", sum(not _is_clear(each) for each in failed))
    yield counted("the round after room was made: exit status", last.returncode)
    yield counted("faults that verify finds", len(faults))
    yield from what_is_left(left, doubled=len(failed))


def _round(home: Path, publisher: Publisher) -> subprocess.CompletedProcess[str]:
    publisher.edition += 1
    return run("check", cwd=home)


def _is_clear(shown: subprocess.CompletedProcess[str]) -> bool:
    lines = shown.stderr.splitlines()
    return bool(lines) and all(
        line.startswith("monitor: ") and "disk is full" in line and len(line) < _SHORT for line in lines
    )


def _cannot_be_written() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, Webhook() as hook, publishing(files=FILES) as publisher:
        home = Path(folder)
        archive = set_up(home, publisher, hook)
        for _ in range(2):
            _round(home, publisher)
        with read_only(archive.parent):
            shown = run("check", cwd=home)
            said = len(shown.stderr.splitlines()) == 1 and "read-only" in shown.stderr
            yield Figure(
                "read-only: check",
                f"exit {shown.returncode}",
                "exit 2, one line",
                held=said and shown.returncode == 2,
            )
            failed = [words[0] for words in _READING if run(*words, cwd=home).returncode]
            with browsing(home) as address:
                pages = [httpx.get(address + path, timeout=60).status_code for path in ("/", "/search?q=County")]
            failed += ["browse"] if pages != [200, 200] else []
            yield counted(f"read-only: of {len(_READING) + 1} commands that read, failed", len(failed))
