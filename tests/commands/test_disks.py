"""The archive on disks that take no more: said in a line, nothing recorded lost, everything told in the end."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from state.ledger.entries import Head
from state.ledger.verify import head_of, verify_file
from tests.alerts.examples import Webhook
from tests.commands.disks import CannotMount, fill, read_only, run_limited, small_disk
from tests.commands.killing import Publisher, look_back, publishing, set_up
from tests.commands.running import browsing, run

FILES = 4
LEFT = (0, 60_000, 60_000, 60_000, 60_000, 120_000, 240_000)  # bytes free in rounds on a disk that is all but full
LIMITS = (4_096, 40_000, 90_000, 200_000)

Round = Callable[[], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing(files=FILES) as server:
        yield server


def test_a_disk_that_runs_full_loses_nothing(tmp_path: Path, publisher: Publisher, hook: Webhook) -> None:
    try:
        with small_disk(tmp_path / "data", size=8_000_000):
            archive = set_up(tmp_path, publisher, hook)
            assert run("check", cwd=tmp_path).returncode == 0
            heads = []
            for bytes_left in LEFT:
                ballast = fill(archive.parent, leaving=bytes_left)
                heads.append(_round(publisher, archive, partial(run, "check", cwd=tmp_path)))
            ballast.unlink()
            _nothing_is_lost(tmp_path, publisher, hook, heads)
    except CannotMount as reason:
        pytest.skip(f"no small disk can be mounted here: {reason}")


def test_a_limit_on_files_loses_nothing(tmp_path: Path, publisher: Publisher, hook: Webhook) -> None:
    archive = set_up(tmp_path, publisher, hook)
    assert run("check", cwd=tmp_path).returncode == 0
    heads = []
    for limit in LIMITS:
        heads.append(_round(publisher, archive, partial(run_limited, "check", cwd=tmp_path, file_size=limit)))
    _nothing_is_lost(tmp_path, publisher, hook, heads)


def _round(publisher: Publisher, archive: Path, look: Round) -> Head:
    """A round with something to tell, which may fail, and how it does; the end of the chain after it."""
    publisher.edition += 1
    shown = look()
    assert shown.returncode in (0, 1, 2)
    assert bool(shown.stderr) == (shown.returncode != 0)
    for line in shown.stderr.splitlines():
        assert line.startswith("monitor: ")
        assert "disk" in line, "the cause is named"
        assert len(line) < 250
    return head_of(archive)


def _nothing_is_lost(home: Path, publisher: Publisher, hook: Webhook, heads: list[Head]) -> None:
    publisher.edition += 1
    since = dt.datetime.now(dt.UTC)
    last = run("check", cwd=home)
    assert (last.returncode, last.stderr) == (0, "")
    assert verify_file(home / "data" / "archive.db", known=heads[-1]).clean
    left = look_back(home, hook, heads=heads, since=since)
    assert left.releases > FILES
    assert left.findings
    assert (left.lost_entries, left.unjudged, left.untold) == ((), (), ())
    assert (left.stuck, left.unsent, left.unheard) == ((), (), ())
    assert left.repeated <= len(heads)


def test_a_read_only_archive_can_be_read(tmp_path: Path, publisher: Publisher, hook: Webhook) -> None:
    archive = set_up(tmp_path, publisher, hook)
    for _ in range(2):
        assert run("check", cwd=tmp_path).returncode == 0
        publisher.edition += 1
    try:
        with read_only(archive.parent):
            shown = run("check", cwd=tmp_path)
            assert shown.returncode == 2
            assert shown.stderr.startswith("monitor: data/archive.db cannot be written: it is read-only here")
            assert len(shown.stderr.splitlines()) == 1
            for words in (
                ("verify",),
                ("status",),
                ("history", "test/tables"),
                ("search", "County"),
                ("outbox", "list"),
                ("export", "warc", "--to", str(tmp_path / "out.warc.gz")),
            ):
                read = run(*words, cwd=tmp_path)
                assert read.returncode == 0, (words, read.stderr)
                assert read.stdout or (tmp_path / "out.warc.gz").stat().st_size
            with browsing(tmp_path) as address:
                assert "test/tables" in httpx.get(address, timeout=30).raise_for_status().text
    except CannotMount as reason:
        pytest.skip(f"nothing can be made read-only for root here: {reason}")
    assert run("check", cwd=tmp_path).returncode == 0
