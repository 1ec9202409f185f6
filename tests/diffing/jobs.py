"""Jobs for worker processes: what a document may make a reader do."""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import re
import signal
import tempfile
from pathlib import Path

from state.errors import ReadingError


def add(left: int, right: int) -> int:
    return left + right


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def refuse(reason: str) -> None:
    raise ReadingError(reason)


def fail() -> None:
    raise KeyError("no such sheet")


def recurse() -> int:
    return recurse() + 1


def hang() -> None:
    while True:
        signal.pause()


def spin() -> None:
    while True:
        pass


def hang_in_native_code() -> object:
    return re.match(r"(a+)+$", "a" * 64 + "b")


def reserve(size: int) -> int:
    with mmap.mmap(-1, size) as memory:
        return len(memory)


def fill_shared(size: int) -> None:
    with mmap.mmap(-1, size) as memory:
        for place in range(0, size, mmap.PAGESIZE):
            memory[place] = 1


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def crash_over(number: int) -> None:
    del number
    crash()


def hang_over(number: int) -> None:
    del number
    hang()


def leave() -> None:
    os._exit(3)


def explode() -> int:
    return len(bytearray(1 << 40))


def grow(size: int) -> int:
    return len(bytearray(size))


def chatter() -> str:
    print("what a library prints must not spoil the answer")
    return "quiet"


def unpicklable() -> object:
    return lambda: None


def upper(body: bytes) -> bytes:
    return body.upper()


def lie() -> int:
    return "no number"  # type: ignore[return-value]


def forge(message: bytes) -> None:
    """What code of a document would do: answer by itself, through the pipe to the caller."""
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                os.write(descriptor, len(message).to_bytes(8, "big") + message)
    os._exit(0)


def text_of(path: Path) -> str:
    return path.read_text()


def overwrite(path: Path) -> None:
    path.write_text("another past")


def use_scratch(text: str) -> str:
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write(text)
        file.seek(0)
        return file.read()


def environment() -> dict[str, str]:
    return dict(os.environ)


def started_child() -> int:
    """Start a process that would outlive the job, and go on waiting for it."""
    import subprocess

    child = subprocess.Popen(["sleep", "600"])
    return child.wait()
