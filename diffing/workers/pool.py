"""A pool of worker processes in which hostile documents are read: limits on time and memory, no orphans.

Workers live long and are recycled after a number of jobs, or when they have grown. A job that crashes,
hangs or explodes costs its worker and raises ``ReadingError``; the pool goes on. No worker is started
before there is a job.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar, cast

from diffing.workers.answers import JobResult, decode_answer, decode_result
from diffing.workers.isolation import hide_memory
from diffing.workers.process import HEADER, PATIENCE, Limits
from state.errors import LeftForLater, OutOfTime, ReadingError, TakesLong

R = TypeVar("R")

_START: Final = (
    "import json, sys; sys.path[:], *given = json.loads(sys.argv[1]);"
    " from diffing.workers.process import serve; serve(*given)"
)
_ENVIRONMENT: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TESSDATA_PREFIX",
    "VIRTUAL_ENV",
)
"""What a worker may see of the environment: no secrets."""

_LOADING: Final = 10.0
"""Seconds by the clock in which a worker has loaded its readers, on a busy machine too."""
_STOPPED: Final = "the reader was stopped after"
_CHUNK: Final = 1 << 20
_TICK: Final = 0.1
"""Seconds between two looks at how much memory a busy worker holds."""
_PACE: Final = 2_000_000
"""Bytes of documents for which a job gets one more second of CPU: the slowest large ones take half as long."""
_SPACE: Final = 10
"""Bytes of memory for each byte of the documents, besides what every job may have: the hungriest take eight."""
_MOST: Final = 4
"""Times its usual memory that a job may have, however large its documents are."""
_LONGEST_ANSWER: Final = 1 << 30
_PATIENCE: Final = 2.0
"""Seconds that an idle worker gets to end by itself."""


class Workers:
    """Runs functions in worker processes.

    :param size: most workers at a time; ``run`` may be called from as many threads.
    :param timeout: seconds of CPU a job may take, unless ``run`` says otherwise; by the clock ten times as many.
    :param memory: bytes that a worker may hold in memory, where the platform tells them (Linux). Large documents
        get more of both, by their size.
    :param jobs: a worker is replaced after so many; a new one costs as much as some thirty pages.
    :param readable: files and folders that jobs read by themselves; nothing else that is not a program.
    :param grown: a worker that ever held so many bytes is replaced after its job.
    """

    def __init__(
        self,
        *,
        size: int = 2,
        timeout: float = 30.0,
        memory: int = 1 << 30,
        jobs: int = 2_000,
        grown: int = 400 << 20,
        readable: Sequence[Path] = (),
    ) -> None:
        self._readable = [path.absolute() for path in readable]
        self._timeout = timeout
        self._memory = memory
        self._jobs = jobs
        self._grown = grown
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(size)
        self._closed = False
        self._brief = threading.local()

    def run(self, function: Callable[..., R], *args: object, timeout: float | None = None, in_files: int = 0) -> R:
        """``function(*args)`` in a worker. ``function`` is one of a module, all arguments can be pickled.

        It says in its return annotation what data it returns; nothing else is taken from a worker.
        ``in_files`` are the bytes of documents that the worker takes from files by itself.

        Raises ``ReadingError`` with the reason where the function raised one, or any other error, or the
        worker crashed, took too long or needed too much memory.
        """
        job = pickle.dumps((function, args), protocol=pickle.HIGHEST_PROTOCOL)
        size = len(job) + in_files
        seconds = (self._timeout if timeout is None else timeout) + size // _PACE
        memory = min(self._memory + _SPACE * size, _MOST * self._memory)
        answer = self._ask_within_reason(job, Limits(self._brief_limit(seconds), memory))
        if answer.exhausted:
            raise ReadingError(f"the reader ran out of its {_size(memory)} of memory")
        if not answer.done:
            raise ReadingError(answer.reason)
        try:
            return cast(R, decode_result(answer, function))
        except ValueError as error:
            raise ReadingError(f"the reader's answer is none: {error}") from error

    @contextlib.contextmanager
    def briefly(self, seconds: float) -> Iterator[None]:
        """What this thread has run here takes so many seconds together, else ``run`` raises ``TakesLong``."""
        self._brief.end = time.monotonic() + seconds
        try:
            yield
        finally:
            self._brief.end = None

    def _brief_limit(self, seconds: float) -> float:
        """The seconds that a job may take; raises ``TakesLong`` where those of this thread are over."""
        end: float | None = getattr(self._brief, "end", None)
        if end is None:
            return seconds
        left = end - time.monotonic()
        if left <= 0:
            raise TakesLong("its documents take longer to read than others should wait for")
        return min(seconds, max(1.0, left))

    def _ask_within_reason(self, job: bytes, limits: Limits) -> JobResult:
        try:
            with self._places:
                return self._ask(job, limits)
        except ReadingError as error:
            if self._closed:  # it says nothing about the document
                raise LeftForLater("the round was over before this was read") from error
            if isinstance(error, OutOfTime) and getattr(self._brief, "end", None) is not None:
                raise TakesLong(str(error)) from error
            raise

    def close(self) -> None:
        """End all workers, at once those that are busy."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = self._all.difference(idle)
            self._all.clear()
        for worker in busy:
            worker.stop()  # the thread that waits for it sees it end, and clears up
        for worker in idle:
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, job: bytes, limits: Limits) -> JobResult:
        worker, seconds = self._take(), limits.seconds
        healthy = False
        try:
            answer = worker.ask(job, limits, until=getattr(self._brief, "end", None))
            healthy = not answer.exhausted and worker.jobs < self._jobs and answer.memory < self._grown
            return answer
        except TimeoutError as error:
            raise OutOfTime(f"the reader hung and was stopped after {seconds * PATIENCE:g} s") from error
        except MemoryError:
            return JobResult(done=False, exhausted=True)
        except EOFError as error:
            reason = worker.cause_of_death(seconds)
            raise (OutOfTime if reason.startswith(_STOPPED) else ReadingError)(reason) from error
        except ValueError as error:
            raise ReadingError(f"the reader's answer is none: {error}") from error
        finally:
            self._give_back(worker, healthy=healthy)

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise ReadingError("the readers have been closed")
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    return worker
                self._all.discard(worker)
                worker.kill()
            worker = _Worker(self._readable)
            self._all.add(worker)
            return worker

    def _give_back(self, worker: _Worker, *, healthy: bool) -> None:
        with self._lock:
            if healthy and not self._closed:
                self._idle.append(worker)
                return
            self._all.discard(worker)
        worker.kill()


class _Worker:
    """One worker process and the pipes to it."""

    def __init__(self, readable: Sequence[Path]) -> None:
        hide_memory()
        self._scratch = _make_scratch()
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["TMPDIR"] = self._scratch
        given = [[str(Path(entry).absolute()) for entry in sys.path], self._scratch, [*map(str, readable)]]
        self.jobs = 0
        self._memory = 0  # bytes that it may hold during its job
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-IS", "-c", _START, json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            cwd=self._scratch,
            start_new_session=True,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask(self, job: bytes, limits: Limits, *, until: float | None = None) -> JobResult:
        """Send a job and wait for its answer, no longer than ``until`` on the monotonic clock.

        A worker that is only just started has some seconds more: it loads its readers.
        Raises ``TimeoutError``, ``MemoryError`` where it held too much, and ``EOFError`` where it died.
        """
        self.jobs += 1
        self._memory = limits.memory
        deadline = time.monotonic() + limits.seconds * PATIENCE
        if until is not None:
            deadline = min(deadline, until + (_LOADING if self.jobs == 1 else 0.0))
        request = limits.packed() + job
        self._send(len(request).to_bytes(HEADER, "big") + request, deadline=deadline)
        length = int.from_bytes(self._receive(HEADER, deadline=deadline), "big")
        if length > _LONGEST_ANSWER:
            raise EOFError
        return decode_answer(self._receive(length, deadline=deadline))

    def cause_of_death(self, seconds: float) -> str:
        """Why the process ended, in words, over a job that might take so many seconds."""
        try:
            status = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return "the reader gave no answer"
        if status in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGALRM):
            return f"{_STOPPED} {seconds:g} s"
        if status == -signal.SIGKILL:
            return "the reader was killed, probably for want of memory"
        if status == -signal.SIGABRT:
            return f"the reader crashed (signal {-status}), probably for want of memory"
        if status < 0:
            return f"the reader crashed (signal {-status})"
        return f"the reader ended without an answer (exit status {status})"

    def end(self) -> None:
        """Let an idle process end by itself, for a short while."""
        self._close_pipes()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        self.kill()

    def stop(self) -> None:
        """End the process and what it has started, now."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process and clear up after it."""
        self.stop()
        self._process.wait()
        self._close_pipes()
        if self._scratch != os.sep:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, message: bytes, *, deadline: float) -> None:
        assert self._process.stdin is not None
        pipe, rest = self._process.stdin.fileno(), memoryview(message)
        while rest:
            try:
                rest = rest[os.write(pipe, rest[:_CHUNK]) :]
            except BlockingIOError:
                self._wait(pipe, selectors.EVENT_WRITE, deadline)
            except BrokenPipeError as error:
                raise EOFError from error

    def _receive(self, length: int, *, deadline: float) -> bytes:
        assert self._process.stdout is not None
        pipe, parts = self._process.stdout.fileno(), bytearray()
        while len(parts) < length:
            try:
                part = os.read(pipe, min(_CHUNK, length - len(parts)))
            except BlockingIOError:
                self._wait(pipe, selectors.EVENT_READ, deadline)
                continue
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        """Wait until a pipe is ready. Raises ``TimeoutError`` at the deadline, ``MemoryError`` above the limit."""
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, event)
            while not selector.select(min(_TICK, max(0.0, deadline - time.monotonic()))):
                if time.monotonic() >= deadline:
                    raise TimeoutError
                if _resident(self._process.pid) > self._memory:
                    raise MemoryError


def _make_scratch() -> str:
    """A folder for one worker; where none can be made, the root of all, in which it cannot write."""
    try:
        return tempfile.mkdtemp(prefix="release-monitor-")
    except OSError:
        return os.sep


def _resident(process: int) -> int:
    """The bytes that a process holds in memory; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{process}/statm").read_bytes().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()


def _size(amount: int) -> str:
    """A number of bytes in words: "1 GB", "256 MB"."""
    return f"{amount >> 30} GB" if amount % (1 << 30) == 0 else f"{amount >> 20} MB"
