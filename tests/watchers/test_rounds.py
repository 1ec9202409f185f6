from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from state.errors import LeftForLater
from state.model import Capture, Series, Source, Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, loopback, reply
from watchers.fetching.exchange import Limits
from watchers.fetching.politeness import Politeness
from watchers.rounds import fetch_all

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def source_at(host: str, name: str) -> Source:
    return Source(
        id=f"{host}/{name}",
        title="T",
        publisher="P",
        url=f"http://{host}/{name}",
        series=(Series("page", "T"),),
        obey_robots=False,
    )


def capture_of(source: Source) -> list[Capture]:
    return [Capture(source.id, "page", source.url, source.url, AT, Verdict.PRESENT)]


def test_every_source_comes_once_and_a_host_in_turn() -> None:
    sources = [source_at(f"h{number % 7}", f"s{number}") for number in range(50)]
    busy: dict[str, threading.Lock] = {f"h{number}": threading.Lock() for number in range(7)}

    def fetch(source: Source) -> Sequence[Capture]:
        lock = busy[source.id.split("/")[0]]
        assert lock.acquire(blocking=False), "two at once on one host"
        try:
            return capture_of(source)
        finally:
            lock.release()

    fetched = list(fetch_all(fetch, sources, hosts_at_once=4))
    assert sorted(each.source.id for each in fetched) == sorted(source.id for source in sources)
    assert all(each.error is None and len(each.captures) == 1 for each in fetched)
    of_one_host = [each.source.id for each in fetched if each.source.id.startswith("h3/")]
    assert of_one_host == [source.id for source in sources if source.id.startswith("h3/")]


def test_what_a_round_has_no_time_for_is_left_for_the_next() -> None:
    sources = [source_at("h", "first"), source_at("h", "second"), source_at("other", "only")]
    fetched = list(fetch_all(capture_of, sources, longest=0.0))
    assert sorted(each.source.id for each in fetched) == sorted(source.id for source in sources)
    assert all(isinstance(each.error, LeftForLater) and not each.captures for each in fetched)
    assert {str(each.error).split(" takes")[0] for each in fetched} == {"http://h", "http://other"}


def test_a_host_that_hangs_holds_up_no_other() -> None:
    released = threading.Event()

    def fetch(source: Source) -> Sequence[Capture]:
        if source.id.startswith("slow/"):
            assert released.wait(10)
        return capture_of(source)

    sources = [source_at("slow", "a"), *(source_at(f"h{number}", "a") for number in range(5))]
    round_ = fetch_all(fetch, sources)
    first = [next(round_).source.id for _ in range(5)]
    released.set()
    assert "slow/a" not in first
    assert [each.source.id for each in round_] == ["slow/a"]


def test_a_hundred_hosts_that_hang_hold_up_no_other() -> None:
    all_at_once = threading.Barrier(101)

    def fetch(source: Source) -> Sequence[Capture]:
        all_at_once.wait(20)
        return capture_of(source)

    sources = [source_at(f"h{number}", "a") for number in range(101)]
    assert [each.error for each in fetch_all(fetch, sources)] == [None] * 101


def test_a_hundred_answers_that_are_awaited_hold_up_no_other(server: Loopback, fetcher: Make) -> None:
    all_at_once = threading.Barrier(101)

    def waits_for_all(connection: socket.socket) -> None:
        all_at_once.wait(20)
        connection.sendall(reply(b"<html><body><h1>T</h1></body></html>"))

    host = server.url.removeprefix("http://")
    sources = [source_at(host, str(number)) for number in range(101)]
    for number in range(101):
        server.says(f"/{number}", waits_for_all)
    one = fetcher(limits=Limits(connect=20, idle=20, total=30))
    with ThreadPoolExecutor(101) as threads:
        captures = [capture for each in threads.map(one.fetch, sources) for capture in each]
    assert [capture.verdict for capture in captures] == [Verdict.PRESENT] * 101


def test_a_bug_in_one_source_is_kept_as_a_look_that_failed() -> None:
    def fetch(source: Source) -> Sequence[Capture]:
        if source.id == "b/x":
            raise ZeroDivisionError("bug")
        return capture_of(source)

    fetched = {each.source.id: each for each in fetch_all(fetch, [source_at("a", "x"), source_at("b", "x")])}
    (capture,) = fetched["b/x"].captures
    assert (capture.verdict, "ZeroDivisionError" in capture.reason) == (Verdict.UNREACHABLE, True)
    assert fetched["a/x"].error is None


def test_stop_ends_after_the_sources_in_hand() -> None:
    stop = threading.Event()

    def fetch(source: Source) -> Sequence[Capture]:
        stop.set()
        return capture_of(source)

    fetched = list(fetch_all(fetch, [source_at("a", str(number)) for number in range(9)], stop=stop))
    assert [each.source.id for each in fetched] == ["a/0"]


def test_a_caller_that_leaves_lets_the_threads_go() -> None:
    sources = [source_at(f"h{number}", str(page)) for number in range(20) for page in range(5)]
    round_ = fetch_all(capture_of, sources, hosts_at_once=2)
    next(round_)
    round_.close()  # returns only when all threads have ended


@pytest.mark.parametrize("count", [0, 1])
def test_few(count: int) -> None:
    assert len(list(fetch_all(capture_of, [source_at("a", "x")] * count))) == count


def test_over_real_hosts(fetcher: Make) -> None:
    """A host that is asked slowly out of politeness does not slow down the other."""
    page = b"<html><body><h1>T</h1></body></html>"
    one = fetcher(politeness=Politeness(delay=0.1, jitter=0))
    with loopback() as left, loopback() as right:
        hosts = [running.url.removeprefix("http://") for running in (left, right)]
        for running in (left, right):
            for number in range(4):
                running.says(f"/{number}", reply(page))
        sources = [source_at(host, str(number)) for host in hosts for number in range(4)]
        fetched = list(fetch_all(one.fetch, sources))
    assert all(capture.verdict is Verdict.PRESENT for each in fetched for capture in each.captures)
    order = [each.source.id.split("/")[0] for each in fetched]
    assert set(order[:2]) == set(hosts)


def test_a_source_that_goes_on_after_the_stop_is_given_up() -> None:
    stop, hung, released = threading.Event(), threading.Event(), threading.Event()

    def fetch(source: Source) -> Sequence[Capture]:
        if source.id.startswith("slow/"):
            hung.set()
            released.wait(60)
        return capture_of(source)

    sources = [source_at("slow", "a"), source_at("slow", "b"), source_at("quick", "a")]
    round_ = fetch_all(fetch, sources, stop=stop, grace=0.1)
    fetched = [next(round_).source.id]
    assert hung.wait(10)
    stop.set()
    fetched += [each.source.id for each in round_]
    assert fetched == ["quick/a"]
    assert not released.is_set()
    released.set()
