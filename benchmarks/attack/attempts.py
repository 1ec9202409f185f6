"""What code would try that a hostile document brought into a worker: each a job that says what it got."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import socket
import subprocess
from pathlib import Path

GOT = "got it"
"""What an attempt says that was no attempt only."""


def parent_environment(caller: int) -> str:
    """The secrets that the round has in its environment."""
    return GOT if b"MAIL_PASSWORD" in Path(f"/proc/{caller}/environ").read_bytes() else "not in it"


def parent_environment_from_child(caller: int) -> str:
    """The same, by a program that the worker starts."""
    done = subprocess.run(["/bin/cat", f"/proc/{caller}/environ"], capture_output=True, check=False)
    return GOT if b"MAIL_PASSWORD" in done.stdout else done.stderr.decode().strip().rpartition(": ")[2]


def parent_memory(caller: int) -> str:
    """The memory of the round."""
    with Path(f"/proc/{caller}/mem").open("rb"):
        return GOT


def parent_files(caller: int) -> str:
    """The files that the round has open."""
    return GOT if os.listdir(f"/proc/{caller}/fd") else "none"  # noqa: PTH208


def connect(port: int) -> str:
    """Any server."""
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        return GOT


def send_datagram(port: int) -> str:
    """A name server, by which secrets can leave, too."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"secret", ("127.0.0.1", port))
        return GOT


def listen(port: int) -> str:
    """A door for others."""
    del port
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        return GOT


def read_archive(archive: str) -> str:
    """What all sources published."""
    return GOT if Path(archive).read_bytes() else "empty"


def write_archive(archive: str) -> str:
    """Another past."""
    with Path(archive).open("ab") as file:
        file.write(b"another past")
        return GOT


def remove_archive(archive: str) -> str:
    """No past at all."""
    Path(archive).unlink()
    return GOT


def write_beside(archive: str) -> str:
    """A source file, a configuration, a program."""
    Path(archive).with_name("planted.yaml").write_text("title: planted\n")
    return GOT


def write_program(archive: str) -> str:
    """Code of this program, for the next start."""
    del archive
    with Path(__file__).open("a"):
        return GOT


def signal_parent(caller: int) -> str:
    """The end of the round."""
    os.kill(caller, signal.SIGCONT)
    return GOT


def limit_parent(caller: int) -> str:
    """A slow end of the round."""
    resource.prlimit(caller, resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
    return GOT


def forge(message: bytes) -> None:
    """Code in the caller: an answer of the worker's own making, through the pipe."""
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                os.write(descriptor, len(message).to_bytes(8, "big") + message)
    os._exit(0)


ON_CALLER = (
    parent_environment,
    parent_environment_from_child,
    parent_memory,
    parent_files,
    signal_parent,
    limit_parent,
)
ON_NETWORK = (connect, send_datagram, listen)
ON_ARCHIVE = (read_archive, write_archive, write_beside, write_program, remove_archive)
