"""What a document could do that made a worker run its code, as this user and, where this is root, as a plain one.

    python -m benchmarks.attack.isolation [--bare]

A line an attempt: what it got, or what stopped it. ``--bare`` tries the same in a process that is not isolated.
Exit status 1 where an attempt of an isolated worker got what it wanted.
"""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.attack import attempts
from diffing.workers.isolation import isolation_in_force
from diffing.workers.pool import Workers
from state.errors import ReadingError

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def tries(workers: Workers, *, archive: Path, port: int) -> Iterator[tuple[str, str]]:
    """Each attempt by its name, with what came of it."""
    for attempt, given in _all(archive, port):
        try:
            yield attempt.__name__, workers.run(attempt, given)
        except ReadingError as error:
            yield attempt.__name__, str(error)
    yield "code_through_the_answer", _forged(workers, archive)


def bare_tries(*, archive: Path, port: int) -> Iterator[tuple[str, str]]:
    """The same in a child that is not isolated."""
    for attempt, given in _all(archive, port):
        code = f"from benchmarks.attack.attempts import {attempt.__name__} as t; print(t({given!r}))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
        yield attempt.__name__, (done.stdout + done.stderr).strip().rpartition("\n")[2]


def _all(archive: Path, port: int) -> Iterator[tuple[Callable[[Any], str], object]]:
    yield from ((attempt, os.getpid()) for attempt in attempts.ON_CALLER)
    yield from ((attempt, port) for attempt in attempts.ON_NETWORK)
    yield from ((attempt, str(archive)) for attempt in attempts.ON_ARCHIVE)


class _Mark:
    """Pickled, it makes a folder where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.folder),)


def _forged(workers: Workers, archive: Path) -> str:
    mark = archive.with_name("ran-in-the-caller")
    try:
        workers.run(attempts.forge, pickle.dumps(_Mark(mark)))
    except ReadingError as error:
        return attempts.GOT if mark.exists() else str(error)
    return attempts.GOT if mark.exists() else "nothing"


@contextmanager
def a_server() -> Iterator[int]:
    """The port of something that listens on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def show(*, bare: bool) -> int:
    """Try everything as the user of this process, and print a line each."""
    reached = 0
    with tempfile.TemporaryDirectory() as folder, a_server() as port, Workers(size=1, timeout=10) as workers:
        archive = Path(folder) / "archive.db"
        archive.write_bytes(b"the past")
        print(f"user {os.getuid()}: {'not isolated' if bare else workers.run(isolation_in_force)}")
        found = bare_tries(archive=archive, port=port) if bare else tries(workers, archive=archive, port=port)
        for name, said in found:
            reached += said == attempts.GOT
            print(f"  {name:32}{said[:90]}", flush=True)
    return reached


def main(words: list[str]) -> int:
    """Both users, as far as this one can be both."""
    if "--here" in words:
        return int(show(bare="--bare" in words) > 0 and "--bare" not in words)
    interpreters: list[list[str]] = [[sys.executable]]
    if os.getuid() == 0:
        plain = as_plain_user()
        interpreters += [plain] if plain else []
        if not plain:
            print("a plain user: not tried, no interpreter that one may run has what this program needs")
    return max(run_here([*interpreter], words).returncode for interpreter in interpreters)


def run_here(interpreter: list[str], words: list[str]) -> subprocess.CompletedProcess[str]:
    """This program in a process of its own, with a secret in its environment."""
    command = [*interpreter, "-m", "benchmarks.attack.isolation", "--here", *words]
    return subprocess.run(command, cwd=ROOT, env=_environment(), check=False, text=True)


def as_plain_user() -> list[str] | None:
    """What runs Python as nobody; None where nobody may run one that has what this program needs."""
    if not shutil.which("setpriv"):
        return None
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    for interpreter in (sys.executable, "/usr/bin/python3"):
        needs = "import sys, orjson, msgspec; open(sys.executable)"
        command = [*user, interpreter, "-c", needs]
        if subprocess.run(command, capture_output=True, env=_environment(), check=False).returncode == 0:
            return [*user, interpreter]
    return None


def _environment() -> dict[str, str]:
    paths = os.pathsep.join(path for path in sys.path if path.endswith("-packages"))
    return {**os.environ, "MAIL_PASSWORD": "hunter2", "PYTHONPATH": paths}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
