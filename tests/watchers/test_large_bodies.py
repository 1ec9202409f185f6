"""Large bodies wait on disk and are in memory one after the other; what explodes is refused."""

from __future__ import annotations

import gzip
import threading
import zlib

import brotli
import pytest
import zstandard

from state.model import Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, reply
from tests.watchers.pages import fetch_page
from watchers.fetching.decoding import BodyTooLarge, decode_body
from watchers.fetching.large_bodies import SMALL, Spool, one_address, take_turn

LIMIT = 250_000_000
PACKERS = {
    "gzip": lambda body: gzip.compress(body, 9),
    "deflate": lambda body: zlib.compress(body, 9),
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=9).compress(body),
}


@pytest.mark.parametrize("name", PACKERS)
def test_what_unpacks_to_a_thousand_times_its_size_is_refused(name: str) -> None:
    with pytest.raises(BodyTooLarge, match="times as many"):
        decode_body(PACKERS[name](bytes(60 << 20)), name, LIMIT, packed=False)


@pytest.mark.parametrize("name", PACKERS)
def test_a_large_table_comes_whole(name: str) -> None:
    rows = b"".join(b"Webb,%d,%d\n" % (number, number * 7919 % 10_007) for number in range(200_000))
    assert decode_body(PACKERS[name](rows), name, LIMIT, packed=False) == rows


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1, 3 * SMALL])
def test_a_spool_gives_back_what_came(size: int) -> None:
    spool = Spool()
    body = bytes(number % 251 for number in range(size))
    for start in range(0, size, 70_000):
        spool.add(body[start : start + 70_000])
    assert (len(spool), spool.read(), spool.read(10)) == (size, body, body[:10])
    spool.clear()
    assert len(spool) == 0


def test_two_addresses_have_their_large_bodies_in_turn() -> None:
    first_has_it, let_go, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with one_address():
            take_turn()
            take_turn()  # an address takes it once
            first_has_it.set()
            let_go.wait(10)
            order.append("first")

    def second() -> None:
        with one_address():
            take_turn()
            order.append("second")

    threads = [threading.Thread(target=each) for each in (first, second)]
    threads[0].start()
    assert first_has_it.wait(10)
    threads[1].start()
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]


def test_of_a_large_body_that_breaks_off_the_beginning_is_kept(server: Loopback, fetcher: Make) -> None:
    body = b"x" * (3 * SMALL)
    url = server.says("/page", reply(body, content_length=str(4 * SMALL)))
    capture = fetch_page(fetcher(), url)
    assert (capture.verdict, len(capture.body)) == (Verdict.TRUNCATED, SMALL)
    assert "the first 1,048,576 are kept" in capture.reason


def test_a_large_error_page_is_not_taken_in(server: Loopback, fetcher: Make) -> None:
    url = server.says("/page", reply(b"x" * (5 << 20), status=404))
    assert fetch_page(fetcher(), url).body == b""
