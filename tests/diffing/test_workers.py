from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diffing.workers.pool import Workers
from state.errors import LeftForLater, OutOfTime, ReadingError, TakesLong
from tests.diffing import jobs

REPO = Path(__file__).parents[2]


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(size=2, timeout=20, memory=512 << 20) as pool:
        yield pool


def test_runs_a_function_elsewhere_and_keeps_the_worker(workers: Workers) -> None:
    assert workers.run(jobs.add, 2, 3) == 5
    first = workers.run(jobs.process_id)
    assert first != os.getpid()
    assert workers.run(jobs.process_id) == first


def test_no_worker_is_started_before_a_job() -> None:
    pool = Workers()
    assert pool._all == set()
    pool.close()


def test_a_refusal_keeps_its_reason_and_its_worker(workers: Workers) -> None:
    before = workers.run(jobs.process_id)
    with pytest.raises(ReadingError, match=r"^no table in it$"):
        workers.run(jobs.refuse, "no table in it")
    assert workers.run(jobs.process_id) == before


def test_any_other_error_is_a_reason_with_its_place(workers: Workers) -> None:
    with pytest.raises(ReadingError, match=r"the reader failed: KeyError: 'no such sheet' \(jobs\.py:\d+\)"):
        workers.run(jobs.fail)
    with pytest.raises(ReadingError, match="RecursionError"):
        workers.run(jobs.recurse)


@pytest.mark.parametrize("job", [jobs.spin, jobs.hang_in_native_code])
def test_a_job_may_use_so_much_of_the_processor(workers: Workers, job: object) -> None:
    begun = time.monotonic()
    with pytest.raises(ReadingError, match=r"^the reader was stopped after 0\.5 s$"):
        workers.run(job, timeout=0.5)  # type: ignore[arg-type]
    assert time.monotonic() - begun < 5
    assert workers.run(jobs.add, 1, 1) == 2


def test_a_job_that_only_waits_is_stopped_by_the_clock(workers: Workers) -> None:
    with pytest.raises(ReadingError, match=r"^the reader hung and was stopped after 2 s$"):
        workers.run(jobs.hang, timeout=0.2)
    assert workers.run(jobs.add, 1, 1) == 2


def test_a_crash_costs_one_document(workers: Workers) -> None:
    with pytest.raises(ReadingError, match=r"^the reader crashed \(signal 11\)$"):
        workers.run(jobs.crash)
    with pytest.raises(ReadingError, match=r"exit status 3"):
        workers.run(jobs.leave)
    assert workers.run(jobs.add, 1, 1) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process holds")
def test_an_explosion_is_told_as_such(workers: Workers) -> None:
    with pytest.raises(ReadingError, match=r"^the reader ran out of its 512 MB of memory$"):
        workers.run(jobs.explode)
    assert workers.run(jobs.add, 1, 1) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process holds")
def test_what_a_reader_only_reserves_counts_for_nothing(workers: Workers) -> None:
    assert workers.run(jobs.reserve, 2 << 30) == 2 << 30
    with pytest.raises(ReadingError, match=r"^the reader ran out of its 512 MB of memory$"):
        workers.run(jobs.fill_shared, 2 << 30)
    assert workers.run(jobs.add, 1, 1) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process holds")
def test_a_large_document_has_more_memory_and_time() -> None:
    with Workers(size=1, timeout=0.2, memory=64 << 20) as pool:
        with pytest.raises(ReadingError, match=r"^the reader ran out of its 64 MB of memory$"):
            pool.run(jobs.grow, 150 << 20)
        pool.run(jobs.grow, 150 << 20, in_files=40_000_000)
        with pytest.raises(ReadingError, match=r"^the reader was stopped after 1.2 s$"):
            pool.run(jobs.spin, in_files=2_000_000)


def test_workers_are_replaced_after_their_jobs() -> None:
    with Workers(size=1, jobs=2) as pool:
        first, second, third = (pool.run(jobs.process_id) for _ in range(3))
    assert first == second != third


def test_a_grown_worker_is_replaced() -> None:
    with Workers(size=1, grown=150 << 20) as pool:
        before = pool.run(jobs.process_id)
        pool.run(jobs.grow, 10 << 20)
        assert pool.run(jobs.process_id) == before
        pool.run(jobs.grow, 200 << 20)
        assert pool.run(jobs.process_id) != before


def test_printing_and_unpicklable_results_do_no_harm(workers: Workers) -> None:
    assert workers.run(jobs.chatter) == "quiet"
    with pytest.raises(ReadingError, match="cannot be passed on"):
        workers.run(jobs.unpicklable)


def test_large_arguments_and_answers_pass(workers: Workers) -> None:
    body = bytes(range(256)) * 40_000
    assert workers.run(jobs.upper, body) == body.upper()


def test_a_worker_sees_no_secrets(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2")
    assert "MAIL_PASSWORD" not in workers.run(jobs.environment)


def test_threads_share_the_pool(workers: Workers) -> None:
    with ThreadPoolExecutor(4) as threads:
        sums = threads.map(lambda number: workers.run(jobs.add, number, 1), range(20))
        assert list(sums) == list(range(1, 21))


def test_closing_stops_what_runs_and_refuses_more() -> None:
    pool = Workers(size=1, timeout=60)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.run, jobs.hang)
        while not pool._all:
            os.sched_yield() if hasattr(os, "sched_yield") else None
        pool.close()
        with pytest.raises(LeftForLater):  # it says nothing about the document
            waiting.result()
    with pytest.raises(LeftForLater):
        pool.run(jobs.add, 1, 1)


_PARENT = """
import sys, threading
from diffing.workers.pool import Workers
from tests.diffing import jobs
pool = Workers(size=2, timeout=300)
print(pool.run(jobs.process_id), flush=True)
if sys.argv[1] == "busy":
    threading.Thread(target=pool.run, args=(jobs.hang,)).start()
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs process descriptors to watch a stranger end")
@pytest.mark.parametrize("work", ["idle", "busy"])
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_orphans_when_the_parent_dies(work: str, sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, work],
        cwd=REPO,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as parent:
        assert parent.stdout is not None
        worker = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.send_signal(sign)
            if sign is signal.SIGINT and work == "busy":
                parent.kill()  # a thread that waits keeps Python alive; the daemon closes its pool instead
            ended, _, _ = select.select([worker], [], [], 20)
            assert ended, "the worker outlived its parent"
        finally:
            os.close(worker)
            parent.kill()


def test_what_is_to_be_brief_is_left_where_it_takes_long() -> None:
    with Workers(size=1, timeout=20) as pool:
        with pool.briefly(1.0), pytest.raises(TakesLong):
            pool.run(jobs.spin)
        with pool.briefly(0.0), pytest.raises(TakesLong):
            pool.run(jobs.add, 1, 2)
        assert pool.run(jobs.add, 1, 2) == 3
        with pytest.raises(OutOfTime, match="stopped after"):
            pool.run(jobs.spin, timeout=0.5)
