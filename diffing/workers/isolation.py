"""What a worker may not do, however a document makes it behave: use the network, the archive, secrets, processes.

Python's packages have none of this, so that the system is asked itself, by ctypes: namespaces and capabilities
first, then Landlock (files, other processes) and seccomp (sockets, and calls that lead out). All of it works as
root and as a plain user; what a system lacks is left out and told by ``doctor``.

Numbers are those of Linux: linux/landlock.h, linux/capability.h, linux/sched.h, linux/prctl.h.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from diffing.workers.syscalls import filter_program

_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_CLONE_NEWUSER: Final = 0x1000_0000
_CLONE_NEWNET: Final = 0x4000_0000
_CLONE_NEWIPC: Final = 0x0800_0000
_CAPABILITY_VERSION_3: Final = 0x2008_0522

_LANDLOCK_CREATE: Final = 444
_LANDLOCK_ADD: Final = 445
_LANDLOCK_RESTRICT: Final = 446
_LANDLOCK_VERSION: Final = 1 << 0
_PATH_BENEATH: Final = 1

_EXECUTE: Final = 1 << 0
_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_READING: Final = _READ_FILE | _READ_DIR
_OF_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE
_FILE_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""All rights over files that the versions of Landlock know; later ones add what devices do."""
_NET_RIGHTS: Final = 0b11  # bind and connect of TCP
_NET_SINCE: Final = 4
_SCOPES: Final = 0b11  # abstract sockets and signals
_SCOPES_SINCE: Final = 6
_TRUNCATE: Final = 1 << 14

_PROGRAMS: Final = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/bin", "/usr/share", "/lib", "/lib32", "/lib64",
    "/bin", "/usr/local/lib", "/usr/local/bin", "/usr/local/share",
)  # fmt: skip
"""Programs, their libraries and their data: tesseract is run."""

_MACHINE: Final = (
    "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/fonts", "/dev/urandom",
    "/dev/random", "/dev/zero", "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat",
    "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu", "/sys/fs/cgroup",
)  # fmt: skip
"""What the interpreter, its libraries and tesseract read of a machine; nothing of it is of a user."""


class Isolation(Struct, frozen=True):
    """What holds in a worker."""

    files: bool = False  # Landlock: reads programs only, writes its own folder only
    calls: bool = False  # seccomp: no sockets, no calls that lead out
    alone: bool = False  # Landlock or seccomp: no signal to, and no look into, other processes
    namespaces: bool = False  # of its own, for users and network
    powerless: bool = False  # no capabilities, which root has


_in_force = Isolation()


def isolation_in_force() -> Isolation:
    """What holds in this process; asked as a worker's job."""
    return _in_force


def isolate(*, scratch: Path, readable: Sequence[Path]) -> None:
    """Take from this process, for good, what no reader needs. Called before there is a second thread.

    It may read programs, and the files and folders named; write and read ``scratch``.
    """
    global _in_force
    if not sys.platform.startswith("linux"):
        return
    system = ctypes.CDLL(None, use_errno=True)
    namespaces = system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0
    powerless = _drop_capabilities(system)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        _in_force = Isolation(namespaces=namespaces, powerless=powerless)
        return
    version = _restrict_files(system, scratch, readable)
    program = filter_program(os.uname().machine, me=os.getpid(), signals=version < _SCOPES_SINCE)
    calls = program is not None and _filter_calls(system, program)
    _in_force = Isolation(version > 0, calls, version >= _SCOPES_SINCE or calls, namespaces, powerless)


def hide_memory() -> None:
    """Let no other process of this user look into this one: what a worker that broke out would want.

    Without dumps, /proc/PID/environ, mem and the like are root's alone.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _drop_capabilities(system: ctypes.CDLL) -> bool:
    header = ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITY_VERSION_3, 0))
    nothing = ctypes.create_string_buffer(bytes(24))
    return bool(system.capset(header, nothing) == 0)


def _filter_calls(system: ctypes.CDLL, program: bytes) -> bool:
    instructions = ctypes.create_string_buffer(program)
    count, address = len(program) // 8, ctypes.addressof(instructions)
    described = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", count, address))
    return bool(system.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, described, 0, 0) == 0)


def _restrict_files(system: ctypes.CDLL, scratch: Path, readable: Sequence[Path]) -> int:
    """The version of Landlock that restricts this process now; 0 where the system has none."""
    version = int(system.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION))
    if version < 1:
        return 0
    rights = _FILE_RIGHTS[min(version, 3)]
    asked = struct.pack("QQQ", rights, _NET_RIGHTS, _SCOPES)
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _NET_SINCE else 8
    rules = int(system.syscall(_LANDLOCK_CREATE, ctypes.create_string_buffer(asked[:size]), size, 0))
    if rules < 0:
        return 0
    try:
        for path, allowed in _allowed(scratch, readable, rights):
            _allow(system, rules, path, allowed & rights)
        return version if system.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def _allowed(scratch: Path, readable: Sequence[Path], rights: int) -> Iterator[tuple[Path, int]]:
    """Paths with the rights over what they are or hold."""
    if scratch != Path(scratch.anchor):  # else there is none
        yield scratch, rights
    yield Path(os.devnull), _READ_FILE | _WRITE_FILE | _TRUNCATE
    data = os.environ.get("TESSDATA_PREFIX")
    for path in (*map(Path, _MACHINE), *readable, *([Path(data)] if data else ())):
        yield path, _READING
    for path in (*map(Path, _PROGRAMS), Path(sys.base_prefix, "lib")):
        yield path, _READING | _EXECUTE
    yield from _code(sys.path)


def _code(entries: Iterable[str]) -> Iterator[tuple[Path, int]]:
    """Where modules come from: libraries as a whole, of any other folder its packages and modules alone.

    The archive, and the configuration with its secrets, may stand beside the packages of this program.
    """
    library = Path(os.__file__).parent
    for path in map(Path, entries):
        if path.name.endswith("-packages") or path.is_relative_to(library) or not path.is_dir():
            yield path, _READING
            continue
        yield path, _READ_DIR  # an import looks at the names
        for module in path.iterdir():
            if module.suffix == ".py" or (module / "__init__.py").is_file():
                yield module, _READING


def _allow(system: ctypes.CDLL, rules: int, path: Path, allowed: int) -> None:
    """Add a rule; what is not there needs none."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            of_files = not path.is_dir()
            rule = struct.pack("=Qi", allowed & (_OF_FILES | _TRUNCATE) if of_files else allowed, descriptor)
            system.syscall(_LANDLOCK_ADD, rules, _PATH_BENEATH, ctypes.create_string_buffer(rule), 0)
        finally:
            os.close(descriptor)
