"""The process that holds the browser, seen from outside: started, spoken to, and ended whatever it is doing.

A page's script may run for ever or eat memory without end. So a guard watches over each page, and where its time
or its memory is over, it kills the process and all that it started, the browser's own processes among them.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from watchers.fetching.browser_messages import Message, read, write

MOST_MEMORY: Final = 1_000_000_000
"""Bytes that the browser's processes may hold of their own for one page, together."""

_ROOT: Final = str(Path(__file__).parents[2])
_LOOK: Final = 0.2  # seconds between two looks of the guard
_PATIENCE: Final = 2.0  # seconds for an idle browser to end by itself
_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from watchers.fetching.browser_child import main; main()"
)
_ENVIRONMENT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class BrowserProcess:
    """A running process with a browser. Not for several threads at once."""

    def __init__(self, *, most_memory: int = MOST_MEMORY) -> None:
        self._most_memory = most_memory
        self._killed_for = ""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", _START, json.dumps([_ROOT, *sys.path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @contextlib.contextmanager
    def watched(self, *, end: float) -> Iterator[None]:
        """Kill it where it is not through at ``end`` (``time.monotonic``), or holds too much memory."""
        over = threading.Event()
        guard = threading.Thread(target=self._guard, args=(over, end), name="browser guard", daemon=True)
        guard.start()
        try:
            yield
        finally:
            over.set()
            guard.join()

    def say(self, message: Message) -> None:
        """Send a message. Raises EOFError where it has died."""
        assert self._process.stdin is not None
        try:
            write(self._process.stdin.fileno(), message)
        except OSError as error:
            raise EOFError from error

    def hear(self) -> Message:
        """Wait for its next message. Raises EOFError where it has died."""
        assert self._process.stdout is not None
        return read(self._process.stdout.fileno())

    @property
    def cause_of_death(self) -> str:
        """Why it ended, in words."""
        return self._killed_for or "the browser ended by itself"

    def kill(self) -> None:
        """End it and all that it started, now."""
        for pid in (*_below(self._process.pid), self._process.pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """End it: by itself where it does so in a moment."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        self.kill()
        self._process.wait()
        self._process.stdout.close()

    def _guard(self, over: threading.Event, end: float) -> None:
        while not over.wait(min(_LOOK, max(0.0, end - time.monotonic()))):
            held = sum(map(_private, (*_below(self._process.pid), self._process.pid)))
            if held > self._most_memory:
                self._killed_for = f"the page took more than {self._most_memory // 1_000_000} MB of memory"
            elif time.monotonic() >= end:
                self._killed_for = "the page took more time than it has"
            else:
                continue
            self.kill()
            return


def _below(pid: int) -> list[int]:
    """All that a process started, and what they started, lowest first; nothing where the system does not say."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int(each.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(each.parent.name))
    found, waiting = [], [pid]
    while waiting:
        here = children.get(waiting.pop(), [])
        found += here
        waiting += here
    return found[::-1]


def _private(pid: int) -> int:
    """Bytes of memory that a process holds of its own, 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        said = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
        return (int(said[1]) - int(said[2])) * os.sysconf("SC_PAGE_SIZE")
    return 0


def memory_below() -> int:
    """Bytes of memory that all processes hold of their own which this one started."""
    return sum(map(_private, _below(os.getpid())))
