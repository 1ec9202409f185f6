"""The filter of system calls under which a worker runs, as the program that Linux takes (seccomp, linux/filter.h).

What leads out of a process is refused with EPERM, as if the system did not allow it; all else passes. A list of
what is allowed would be safer and break with the next version of a library; files are Landlock's business.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct


class _Machine(Struct, frozen=True):
    """Numbers of system calls of one kind of processor."""

    audit: int  # AUDIT_ARCH_…, linux/audit.h
    refused: tuple[int, ...]
    signalling: tuple[int, ...]  # of calls whose first argument is a process
    limiting: int  # prlimit64
    clone: int


_EVERYWHERE: Final = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442)
"""pidfd_send_signal, io_uring, mounts, pidfd_open, pidfd_getfd, process_madvise."""

_MACHINES: Final = {
    "x86_64": _Machine(
        0xC000003E,
        (
            41, 42, 43, 44, 46, 49, 50, 53, 288, 307,  # socket, connect, accept, send, bind, listen, pairs
            101, 310, 311, 312, 129, 297,  # ptrace, process_vm_readv, _writev, kcmp, rt_(tg)sigqueueinfo
            155, 161, 165, 166, 167, 168, 272, 308, 303, 304,  # roots, mounts, swap, namespaces, handles
            103, 135, 159, 163, 164, 169, 172, 173, 175, 176, 179, 227, 246, 305, 313, 320,  # the machine itself
            248, 249, 250, 298, 321, 323,  # keys, perf, bpf, userfaultfd
        ),
        (62, 200, 234),
        302,
        56,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        (
            198, 199, 200, 201, 202, 203, 206, 211, 242, 269,
            117, 270, 271, 272, 138, 240,
            39, 40, 41, 51, 97, 224, 225, 264, 265, 268,
            60, 89, 92, 104, 105, 106, 112, 116, 142, 170, 171, 266, 273, 294,
            217, 218, 219, 241, 280, 282,
        ),
        (129, 130, 131),
        261,
        220,
    ),
}  # fmt: skip
_CLONE3: Final = 435
_X32: Final = 0x4000_0000
"""Numbers from here on are those of another way to call, which no program here uses."""
_NEW_NAMESPACES: Final = 0x7E02_0000
"""The flags of clone that make namespaces: CLONE_NEWNS, CLONE_NEWCGROUP to CLONE_NEWNET."""

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF_0000
_ERROR: Final = 0x0005_0000
_KILL: Final = 0x8000_0000
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_FIRST: Final = 16
"""Offsets in struct seccomp_data, the last that of the first argument's lower half on a little-endian machine."""


_REFUSE: Final = (_RETURN, 0, 0, _ERROR | errno.EPERM)


def filter_program(machine: str, *, me: int, signals: bool) -> bytes | None:
    """The instructions of the filter; None where the numbers of the machine's calls are not known.

    ``me`` is the only process whose limits may be set; with ``signals`` the only one that may be signalled, too.
    """
    known = _MACHINES.get(machine)
    return None if known is None else b"".join(_instructions(known, me, signals=signals))


def _instructions(machine: _Machine, me: int, *, signals: bool) -> Iterator[bytes]:
    yield _pack(_LOAD, 0, 0, _ARCHITECTURE)
    yield _pack(_EQUAL, 1, 0, machine.audit)
    yield _pack(_RETURN, 0, 0, _KILL)
    yield _pack(_LOAD, 0, 0, _NUMBER)
    yield _pack(_AT_LEAST, 0, 1, _X32)
    yield _pack(*_REFUSE)
    for number in (*machine.refused, *_EVERYWHERE):
        yield _pack(_EQUAL, 0, 1, number)
        yield _pack(*_REFUSE)
    yield _pack(_EQUAL, 0, 1, _CLONE3)
    yield _pack(_RETURN, 0, 0, _ERROR | errno.ENOSYS)  # its flags cannot be seen; libraries use clone then
    yield _pack(_EQUAL, 0, 3, machine.clone)
    yield _pack(_LOAD, 0, 0, _FIRST)
    yield _pack(_ANY_BIT, 0, 1, _NEW_NAMESPACES)
    yield _pack(*_REFUSE)
    yield _pack(_LOAD, 0, 0, _NUMBER)
    for number in machine.signalling if signals else ():
        yield from _only_for(number, (me,))
    yield from _only_for(machine.limiting, (me, 0))
    yield _pack(_RETURN, 0, 0, _ALLOW)


def _only_for(number: int, processes: Sequence[int]) -> Iterator[bytes]:
    """A call that is refused unless its first argument is one of these processes."""
    yield _pack(_EQUAL, 0, len(processes) + 3, number)
    yield _pack(_LOAD, 0, 0, _FIRST)
    for left, process in zip(range(len(processes), 0, -1), processes, strict=True):
        yield _pack(_EQUAL, left, 0, process)
    yield _pack(*_REFUSE)
    yield _pack(_LOAD, 0, 0, _NUMBER)


def _pack(code: int, if_so: int, if_not: int, constant: int) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, constant)
