"""The worker's side of ``diffing.workers.pool``: takes jobs from standard input, answers on standard output.

A job is its ``Limits`` and a pickled (function, arguments); an answer is a ``JobResult`` in MessagePack. Both are
preceded by their length as 8 bytes, big endian.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import resource
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

from diffing.workers.answers import JobResult, encode_answer, encode_result
from diffing.workers.isolation import isolate
from state.errors import ReadingError

HEADER: Final = 8
"""Bytes of the length before each message."""

PATIENCE: Final = 10
"""Times its seconds of CPU that a job may take by the clock: a busy machine makes no good file unreadable."""

HEADROOM: Final = 1.5
"""Times the memory a worker may hold that it may ask for: it is refused more at once, and stopped by its caller,
who looks now and then, over what it holds. Readers of large files asked for 0.6 to 1.3 times what they held."""

_GARBAGE: Final = 50_000
"""New objects after which cycles among them are looked for: documents are trees and have none."""

_LITTLE: Final = 100 << 20
"""Bytes that a worker may hold without anyone asking closer."""

_GRACE: Final = 5
"""Seconds after which a worker ends itself where nobody is left to stop it."""


class Limits(NamedTuple):
    """What one job may use: seconds of CPU, and bytes held in memory."""

    seconds: float
    memory: int

    def packed(self) -> bytes:
        """These as bytes of a fixed length."""
        return _LIMITS.pack(*self)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """From what stands before a job."""
        return cls(*_LIMITS.unpack(data[: _LIMITS.size]))


_LIMITS: Final = struct.Struct(">dQ")


def serve(scratch: str, readable: list[str]) -> None:
    """Work until standard input ends; called in a new process, never in one that has other work.

    The process may write in the folder ``scratch`` and read the files ``readable``, besides its own programs.
    """
    incoming, outgoing = _take_pipes()
    isolate(scratch=Path(scratch), readable=[Path(each) for each in readable])
    gc.set_threshold(_GARBAGE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _limit(resource.RLIMIT_CORE, 0)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(incoming, jobs), daemon=True).start()
    _answer(jobs.get(), outgoing)
    gc.freeze()  # what the first job loaded stays: nobody need look through it for cycles again and again
    while True:
        _answer(jobs.get(), outgoing)


def _answer(job: bytes, outgoing: BinaryIO) -> None:
    message = encode_answer(_work(job))
    outgoing.write(len(message).to_bytes(HEADER, "big") + message)
    outgoing.flush()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the caller; what a library prints goes nowhere, so that it cannot spoil an answer."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


def _receive(incoming: BinaryIO, jobs: queue.SimpleQueue[bytes]) -> None:
    """Pass jobs on; when the caller has gone, end at once, in the middle of a job too."""
    while True:
        header = incoming.read(HEADER)
        message = incoming.read(int.from_bytes(header, "big")) if len(header) == HEADER else b""
        if not message:
            os._exit(0)
        jobs.put(message)


def _work(message: bytes) -> JobResult:
    """Do one job. The boundary at which whatever a document makes our code raise becomes a reason."""
    try:
        limits = Limits.unpacked(message)
        _limit_time(limits.seconds)
        _limit(resource.RLIMIT_DATA, int(limits.memory * HEADROOM))
        function, arguments = pickle.loads(memoryview(message)[_LIMITS.size :])  # noqa: S301 - from our own parent
        result = _call(function, arguments)
        return _pass_on(result)
    except ReadingError as error:
        return JobResult(done=False, reason=str(error), memory=_peak_memory())
    except MemoryError:
        return JobResult(done=False, exhausted=True)
    except Exception as error:  # noqa: BLE001 - see the docstring
        return JobResult(done=False, reason=_explain(error), memory=_peak_memory())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _call(function: Callable[..., object], arguments: tuple[object, ...]) -> object:
    return function(*arguments)


def _pass_on(result: object) -> JobResult:
    try:
        return encode_result(result, memory=_peak_memory())
    except (TypeError, RecursionError) as error:
        return JobResult(done=False, reason=f"the result cannot be passed on: {error}", memory=_peak_memory())


def _explain(error: Exception) -> str:
    """One line that names the error and the place in our code where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    said = " ".join(str(error).split())[:200]
    return f"the reader failed: {type(error).__name__}{': ' if said else ''}{said}{place}"


def _limit_time(seconds: float) -> None:
    """Have the system end this process when it has used up its time, or hangs and nobody is left to stop it."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE + _GRACE)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + _GRACE)


def _limit(what: int, amount: int) -> None:
    """Set a soft limit where the platform lets us."""
    try:
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))
    except (ValueError, OSError):
        return


def _peak_memory() -> int:
    """The most bytes this process ever held, or some more.

    Linux counts into ``ru_maxrss`` what the parent held when it started us, which may be much; ``VmHWM`` is ours,
    and takes longer to ask for.
    """
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if peak < _LITTLE:
        return peak
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return peak
    return int(status.split("VmHWM:", 1)[1].split(None, 1)[0]) * 1024 if "VmHWM:" in status else 0
