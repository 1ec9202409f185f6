"""Pools of worker processes, of this machine and of a cluster on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.executors import Pool, cluster_pool, local_pool
from state.errors import ConfigError, ReadingError
from tests.commands.running import ROOT
from tests.diffing import jobs


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A Dask cluster of two nodes, processes of their own."""
    distributed = pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # where the nodes find this program
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running


def assert_guarded(pool: Pool) -> None:
    """Jobs that crash, refuse or hang cost themselves alone."""
    crashing = [pool.submit(jobs.crash_over, number) for number in range(4)]
    refused = pool.submit(jobs.refuse, "no such sheet")
    fine = [pool.submit(jobs.double, number) for number in range(20)]
    assert [future.result(60) for future in fine] == [2 * number for number in range(20)]
    for future in crashing:
        with pytest.raises(ReadingError, match="crashed"):
            future.result(60)
    with pytest.raises(ReadingError, match="no such sheet"):
        refused.result(60)


def test_jobs_of_this_machine_are_guarded() -> None:
    with local_pool(2) as pool:
        assert pool.size == 2
        assert_guarded(pool)


def test_an_error_of_the_caller_ends_jobs_that_would_not_end() -> None:
    with pytest.raises(KeyError), local_pool(2) as pool:
        hanging = [pool.submit(jobs.hang_over, number) for number in range(6)]
        raise KeyError
    assert all(future.done() for future in hanging)


def test_jobs_of_a_cluster_are_guarded_on_its_nodes(cluster: Any) -> None:
    with cluster_pool(cluster.scheduler_address) as pool:
        assert pool.size == 2
        assert_guarded(pool)


def test_a_cluster_that_is_lost_is_told_plainly(cluster: Any) -> None:
    with (
        pytest.raises(ConfigError, match="was lost"),
        cluster_pool(cluster.scheduler_address, size=3) as pool,
    ):
        future = pool.submit(jobs.hang_over, 1)
        cluster.close()
        future.result(60)


def test_a_cluster_without_nodes_is_told_plainly() -> None:
    distributed = pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty,
        pytest.raises(ConfigError, match="no workers"),
        cluster_pool(empty.scheduler_address),
    ):
        pass
