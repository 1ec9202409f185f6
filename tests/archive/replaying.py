"""Exports served by pywb and compared with the archive they came from.

pywb is GPL and so no dependency: it gets an environment of its own outside the project, made once.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from archive.exports.wacz import write_wacz
from archive.exports.warc import write_warc
from state.reading.captures import Holdings, Kept, Wanted
from tests.state.examples import START

PYWB = "pywb==2.10.0"
ENVIRONMENT = Path.home() / ".cache" / "release-monitor" / PYWB.replace("==", "-")


class CannotInstall(Exception):
    """pywb is not here and cannot be had; the message says why."""


def installed_pywb() -> Path:
    """The folder with the programs of pywb. Raises CannotInstall."""
    programs = ENVIRONMENT / "bin"
    if not (programs / "wb-manager").exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True, capture_output=True)
            install = [programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", PYWB]
            subprocess.run(install, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotInstall(f"{PYWB} cannot be installed here: {error}") from error
    return programs


@contextmanager
def served(pywb: Path, folder: Path, archives: Sequence[Path]) -> Iterator[str]:
    """pywb serving these files as one collection; yields how its addresses begin."""
    subprocess.run([pywb / "wb-manager", "init", "it"], cwd=folder, check=True, capture_output=True)
    for each in archives:
        unpack = ["--unpack-wacz"] if each.suffix == ".wacz" else []
        add = [pywb / "wb-manager", "add", *unpack, "it", each]
        subprocess.run(add, cwd=folder, check=True, capture_output=True, timeout=60)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [pywb / "wayback", "-p", str(port), "-b", "127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}/it"
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("pywb did not start")


def exported(archive: Path, target: Path) -> Path:
    """All captures of an archive as a WARC or a WACZ file, by the suffix of its name."""
    with Holdings(archive) as holdings:
        captures = holdings.kept(holdings.numbers(Wanted()))
        if target.suffix == ".wacz":
            write_wacz(captures, target, created=START, title="A test")
        else:
            with target.open("wb") as out:
                write_warc(captures, out, created=START)
    return target


def replayed(database: Path, address: str) -> tuple[list[Kept], list[str]]:
    """All captures that got an answer, asked for at ``address``; and a line for what comes back otherwise.

    What was not modified comes back as the answer whose bytes it found again.
    """
    captures: list[Kept] = []
    wrong: list[str] = []
    bodies: dict[int, bytes] = {}
    with Holdings(database) as holdings, httpx.Client(timeout=60) as client:
        for kept in holdings.kept(holdings.numbers(Wanted())):
            capture = kept.capture
            if capture.status is None:
                continue
            captures.append(kept)
            same = capture.status == 304
            bodies[kept.seq] = bodies[kept.revisits or 0] if same else capture.body
            asked = f"{address}/{capture.at:%Y%m%d%H%M%S}id_/"
            answer = client.get(asked + capture.final_url)
            wanted = 200 if same else capture.status
            if (answer.status_code, answer.content) != (wanted, bodies[kept.seq]):
                wrong.append(
                    f"{capture.final_url} of {capture.at}: {wanted}, {len(bodies[kept.seq])} bytes; came back"
                    f" {answer.status_code}, {len(answer.content)} bytes"
                )
            targets = [*(url for _, url in capture.redirects), capture.final_url][1:]
            for (status, url), target in zip(capture.redirects, targets, strict=True):
                hop = client.get(asked + url)
                if (hop.status_code, hop.headers.get("Location")) != (status, target):
                    wrong.append(f"the redirect {url} of {capture.at}: came back {hop.status_code}")
    return captures, wrong
