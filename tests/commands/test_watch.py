"""``watch`` on SIGHUP: the settings are read at once, and those of before stand where somebody mistyped."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from tests.commands.figures import page, set_up
from tests.commands.running import ROOT
from tests.watchers.loopback import Loopback, loopback, reply


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_sighup_reads_the_settings_again_and_ends_nothing(tmp_path: Path) -> None:
    with loopback() as publisher:
        publisher.says("/figures", reply(page("voluntary")))
        publisher.says("/files/stats.csv", reply(b"County,Removals\nWebb,5\n", content_type="text/csv"))
        set_up(tmp_path, url=f"{publisher.url}/figures", more="every: 1h\n")
        _tell_when_asked(publisher, asked := threading.Event())
        command = [sys.executable, str(ROOT / "monitor.py"), "watch"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as daemon:
            assert daemon.stderr is not None
            assert "every 1h" in daemon.stderr.readline()
            other = tmp_path / "sources" / "test" / "other.yaml"
            other.write_text(f"title: Other\npublisher: Test\nurl: {publisher.url}/other\n")
            (tmp_path / "monitor.yaml").write_text((tmp_path / "monitor.yaml").read_text().replace("1h", "2h"))
            daemon.send_signal(signal.SIGHUP)
            assert asked.wait(60), "the new source is looked at without waiting for an hour"
            _read_until(
                daemon.stderr, "every 2h from now on", "watching 2 sources from now on", "reading the settings"
            )
            other.write_text("titel: Other\n")
            daemon.send_signal(signal.SIGHUP)
            _read_until(daemon.stderr, "going on with what was read before")
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(60) == 0


def _tell_when_asked(publisher: Loopback, asked: threading.Event) -> None:
    def answer(connection: object) -> None:
        asked.set()
        connection.sendall(reply(page("mandatory")))  # type: ignore[attr-defined]

    publisher.says("/other", answer)


def _read_until(lines: IO[str], *words: str) -> None:
    """Read lines until each of ``words`` was in one of them."""
    left = set(words)
    for line in lines:
        left = {each for each in left if each not in line}
        if not left:
            return
    raise AssertionError(f"not said: {left}")
