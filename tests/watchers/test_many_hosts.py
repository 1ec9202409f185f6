"""One round over hosts of every temper: it ends, keeps to the pace of each, and no host holds up another."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from state.model import Capture, Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, Script, loopback, reply
from tests.watchers.pages import PAGE, page_source
from watchers.fetch import Retries
from watchers.fetching.exchange import Limits
from watchers.fetching.politeness import Politeness
from watchers.rounds import fetch_all

DELAY = 0.05  # seconds between two requests to one host
TOTAL = 1.0  # seconds for one answer
PAGES = 6  # of each host
GOOD = ("quick", "slow", "stutters")
BAD = ("fails", "resets", "drips", "asks for rest")


@dataclass
class Hosts:
    """A server for each temper, and when it was asked."""

    servers: dict[str, Loopback]
    others_done: threading.Event = field(default_factory=threading.Event)
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def play(self) -> None:
        """Let every page of a host answer by its temper."""
        for temper, number in itertools.product(self.servers, range(PAGES)):
            self.servers[temper].says(f"/{number}", *self._answers(temper, number))

    def _answers(self, temper: str, number: int) -> list[Script]:
        page = self._noting(temper, reply(PAGE))
        match temper:
            case "slow":
                return [self._when_others_are_done]
            case "stutters" if number == 2:
                return [self._noting(temper, reply(status=429, retry_after="1")), page]
            case "fails":
                return [self._noting(temper, reply(status=503))]
            case "asks for rest":
                return [self._noting(temper, reply(status=429, retry_after="3600"))]
            case "resets":
                return [self._reset]
            case "drips":
                return [self._drip]
        return [page]

    def _noting(self, temper: str, answer: bytes) -> Script:
        def script(connection: socket.socket) -> None:
            self.asked[temper].append(time.monotonic())
            connection.sendall(answer)

        return script

    def _when_others_are_done(self, connection: socket.socket) -> None:
        self.asked["slow"].append(time.monotonic())
        assert self.others_done.wait(30)
        connection.sendall(reply(PAGE))

    def _reset(self, connection: socket.socket) -> None:
        self.asked["resets"].append(time.monotonic())
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _drip(self, connection: socket.socket) -> None:
        """A body that never ends, until the other side has enough of it."""
        self.asked["drips"].append(time.monotonic())
        connection.settimeout(TOTAL / 20)
        with suppress(OSError):
            connection.sendall(reply(content_length="1000"))
            while True:
                connection.sendall(b"<")
                with suppress(TimeoutError):
                    if not connection.recv(1):
                        return


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with ExitStack() as stack:
        yield Hosts({temper: stack.enter_context(loopback()) for temper in (*GOOD, *BAD)})


@pytest.fixture
def seen(hosts: Hosts, fetcher: Make) -> dict[str, list[Capture]]:
    """The captures of one round by temper; slow pages answer when everything else is done."""
    hosts.play()
    one = fetcher(
        politeness=Politeness(delay=DELAY, jitter=0, longest_wait=5, patience=2),
        retries=Retries(attempts=2, wait_initial=0.01, wait_max=0.02),
        limits=Limits(connect=20, idle=20, total=20),
    )
    dripping = fetcher(  # its own patience with one answer, of which the slow host needs more
        politeness=Politeness(delay=DELAY, jitter=0, patience=2), limits=Limits(connect=2, idle=2, total=TOTAL)
    )
    sources = [
        page_source(f"{running.url}/{number}", id=f"{temper}/{number}")
        for number in range(PAGES)
        for temper, running in hosts.servers.items()
    ]
    began, left, captures = time.monotonic(), len(sources) - PAGES, defaultdict(list)
    for fetched in fetch_all(
        lambda source: (dripping if source.id.startswith("drips/") else one).fetch(source), sources
    ):
        assert fetched.error is None
        temper = fetched.source.id.partition("/")[0]
        captures[temper] += fetched.captures
        left -= temper != "slow"
        if not left:
            hosts.others_done.set()
    for moments in hosts.asked.values():
        moments[:] = [at - began for at in moments]
    return captures


def test_a_round_over_hosts_of_every_temper(hosts: Hosts, seen: dict[str, list[Capture]]) -> None:
    assert hosts.others_done.is_set()  # only then did the slow host answer: all others were done without it
    assert {temper: len(captures) for temper, captures in seen.items()} == dict.fromkeys(hosts.servers, PAGES)
    for temper in GOOD:
        assert [capture.verdict for capture in seen[temper]] == [Verdict.PRESENT] * PAGES
    for temper in BAD:
        assert not any(capture.verdict.good for capture in seen[temper])

    # Two addresses that fail, each tried twice, and a host is left alone; one that asks for it at once.
    assert {temper: len(hosts.asked[temper]) for temper in BAD} == {
        "fails": 4, "resets": 4, "drips": 2, "asks for rest": 1,
    }  # fmt: skip
    assert "asked to be left alone for 3600 seconds" in seen["asks for rest"][-1].reason

    for moments in hosts.asked.values():  # since the round began, so that the delays of a busy machine only add
        assert all(at >= number * DELAY for number, at in enumerate(moments))
    refused, again = hosts.asked["stutters"][2:4]
    assert again - refused >= 1  # as Retry-After said
