"""Where many examinations run side by side: worker processes of this machine, or those of a Dask cluster.

Both are a ``Pool``: it takes a function of a module and a request, and gives a future. Hostile documents are read
in guarded processes either way (``diffing.workers.pool``); a node of a cluster has such processes of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct

from diffing.workers.pool import Workers
from state.code_digest import code_digest
from state.errors import ConfigError

R = TypeVar("R")

_READS_AND_JUDGES = ("diffing", "state")
"""The folders of the code that an examination runs."""


class Pool(Struct, frozen=True):
    """Takes jobs; ``size`` is how many of them run at a time."""

    size: int
    _executor: Executor
    _run: Callable[..., Any]

    def submit(self, function: Callable[[Any], R], request: object) -> Future[R]:
        """``function(request)`` somewhere else; the future raises ``ReadingError`` where that came to nothing."""
        return self._executor.submit(self._run, function, request)


@contextmanager
def local_pool(size: int) -> Iterator[Pool]:
    """``size`` worker processes of this machine."""
    with Workers(size=size) as workers, ThreadPoolExecutor(size) as threads:
        try:
            yield Pool(size, threads, workers.run)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            workers.close()  # so that the threads that wait for one come free
            raise


@contextmanager
def cluster_pool(address: str, *, size: int | None = None) -> Iterator[Pool]:
    """The Dask cluster whose scheduler is at ``address``; at most ``size`` jobs at a time, one a core by default.

    Every node must be able to import this program, the same version. Raises ConfigError where the package is
    missing, the scheduler does not answer, it has no workers, a node has another version, or all were lost.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed.comm import CommClosedError
    except ModuleNotFoundError:
        raise ConfigError(
            "--cluster needs the package `distributed`: pip install -r requirements-cluster.txt"
        ) from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigError(f"no Dask scheduler answers at {address}: {_one_line(error)}") from error
    with client:
        cores = sum(client.ncores().values())
        if not cores:
            raise ConfigError(f"the cluster at {address} has no workers yet: start `dask worker {address}`")
        _assert_same_code(client.run(code_digest, *_READS_AND_JUDGES), address)
        try:
            yield Pool(size or cores, client.get_executor(pure=False), run_guarded)
        except (CancelledError, CommClosedError, KilledWorker) as error:
            raise ConfigError(f"the cluster at {address} was lost ({_one_line(error)}); start again") from error


_PATIENCE = 10
"""Seconds that a scheduler gets to answer."""


def _assert_same_code(digests: dict[str, str], address: str) -> None:
    others = sorted(node for node, digest in digests.items() if digest != code_digest(*_READS_AND_JUDGES))
    if others:
        raise ConfigError(
            f"the node {others[0]} of the cluster at {address} has another version of this program;"
            " install the same one"
        )


def run_guarded(function: Callable[[Any], R], request: object) -> R:
    """``function(request)`` in a guarded process of this node. Raises ``ReadingError`` with the reason."""
    return _node_workers().run(function, request)


@cache
def _node_workers() -> Workers:
    """The guarded processes of a node; they end when the node does. Its threads limit how many are busy."""
    return Workers(size=_MOST_THREADS)


_MOST_THREADS = 256


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
