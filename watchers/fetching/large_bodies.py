"""One budget of memory for all hosts: large bodies wait on disk, and are taken into memory one after the other.

However many hosts serve large or exploding bodies at once, one of them is in memory at a time, from its decoding
until it is kept in the archive. What is small goes its way without asking.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import IO, Final

SMALL: Final = 1 << 20
"""Bytes up to which a body, as received and as decoded, is small: with 32 hosts they come to 64 MB."""

_MMAP_THRESHOLD: Final = -3  # glibc's malloc.h

_turn = threading.Lock()
_mine = threading.local()


@contextmanager
def one_address() -> Iterator[None]:
    """What a thread takes in here is one address; at the end, when it is kept, others may take in theirs."""
    _mine.asked, _mine.taken = True, False
    try:
        yield
    finally:
        _mine.asked = False
        if _mine.taken:
            _mine.taken = False
            _turn.release()


def take_turn() -> None:
    """Wait until no other thread has a large body in memory. For who is not within an address: go on."""
    if getattr(_mine, "asked", False) and not _mine.taken:
        _turn.acquire()
        _mine.taken = True
        _give_back_large_blocks()


@cache
def _give_back_large_blocks() -> None:
    """Have the C library give every large block back when it is freed, where it can be told to.

    Left to itself glibc keeps blocks of up to 32 MB for each thread that ever had one: mallopt(3).
    """
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, SMALL)


class Spool:
    """Bytes as they come: in memory while they are few, else on disk."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._file: IO[bytes] | None = None
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, chunk: bytes) -> None:
        """Take in what came."""
        self._size += len(chunk)
        if self._file is None and self._size > SMALL:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the spool
            self._file.write(self._held)
            self._held.clear()
        if self._file is None:
            self._held += chunk
        else:
            self._file.write(chunk)

    def read(self, most: int = -1) -> bytes:
        """All of it, or the first ``most`` bytes, when it is this thread's turn where that is much."""
        if self._file is None:
            return bytes(self._held if most < 0 else self._held[:most])
        if not 0 <= most <= SMALL:
            take_turn()
        self._file.seek(0)
        return self._file.read(most)

    def clear(self) -> None:
        """Let go of it."""
        self._held.clear()
        if self._file is not None:
            self._file.close()
            self._file = None
        self._size = 0
