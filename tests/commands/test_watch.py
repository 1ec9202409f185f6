"""``watch`` and those who steer it: SIGHUP, by which it reads its settings at once, and what systemd hears."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
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


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_systemd_hears_that_the_watch_is_ready_alive_reloading_and_ending(tmp_path: Path) -> None:
    with (
        loopback() as publisher,
        tempfile.TemporaryDirectory() as short,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told,
    ):
        told.bind(f"{short}/notify")
        told.settimeout(60)
        publisher.says("/figures", reply(page("voluntary")))
        set_up(tmp_path, url=f"{publisher.url}/figures", more="every: 1h\n")
        system = {"NOTIFY_SOCKET": f"{short}/notify", "WATCHDOG_USEC": "200000"}
        command = [sys.executable, str(ROOT / "monitor.py"), "watch"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, env=os.environ | system) as daemon:
            assert told.recv(200) == b"READY=1"
            _receive_until(told, "WATCHDOG=1")
            daemon.send_signal(signal.SIGHUP)
            _receive_until(told, "RELOADING=1\nMONOTONIC_USEC=")
            _receive_until(told, "READY=1")
            daemon.send_signal(signal.SIGTERM)
            _receive_until(told, "STOPPING=1")
            assert daemon.wait(60) == 0


def _receive_until(told: socket.socket, word: str) -> None:
    """Take messages until one begins with ``word``; what else comes before it is a sign of life or readiness."""
    while not (message := told.recv(200).decode()).startswith(word):
        assert message in ("WATCHDOG=1", "READY=1")
