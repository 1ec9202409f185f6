"""Answers that break off, lie, never end or never come: each refused with a clear reason."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time

import pytest

from state.model import Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, reply
from tests.watchers.pages import PAGE, PDF, fetch_page, zipped
from watchers.fetch import Retries
from watchers.fetching.exchange import Limits


class TestBrokenAnswers:
    """Each refused with a clear reason, in bounded time and space."""

    def test_a_body_shorter_than_said(self, server: Loopback, fetcher: Make) -> None:
        capture = fetch_page(fetcher(), server.says("/page", reply(PAGE[:40], content_length="5000")))
        assert (capture.verdict, capture.body) == (Verdict.TRUNCATED, PAGE[:40])

    def test_cut_chunks(self, server: Loopback, fetcher: Make) -> None:
        raw = reply(b"", transfer_encoding="chunked", content_length="") + b"20\r\n" + PAGE[:32] + b"\r\n20\r\nab"
        assert fetch_page(fetcher(), server.says("/page", raw)).verdict is Verdict.TRUNCATED

    def test_a_cut_gzip_body_that_ends_with_the_connection(self, server: Loopback, fetcher: Make) -> None:
        raw = reply(gzip.compress(PAGE)[:-9], content_encoding="gzip", content_length="")
        capture = fetch_page(fetcher(), server.says("/page", raw))
        assert (capture.verdict, capture.reason) == (Verdict.TRUNCATED, "the compressed body ends before its end")

    def test_a_damaged_gzip_body(self, server: Loopback, fetcher: Make) -> None:
        packed = bytearray(gzip.compress(PAGE * 20))
        packed[40] ^= 0xFF
        capture = fetch_page(fetcher(), server.says("/page", reply(bytes(packed), content_encoding="gzip")))
        assert capture.verdict is Verdict.TRUNCATED

    @pytest.mark.parametrize(
        ("path", "body", "media_type", "words"),
        [
            ("/a.pdf", PDF[:-7], "application/pdf", "the PDF has no end mark"),
            ("/a.xlsx", zipped()[:-30], "application/octet-stream", "the file has no zip directory"),
            ("/a.json", b'{"rows": [1, 2', "application/json", "the JSON text has no end"),
            ("/a", PAGE[:-30], "text/html", "the page ends inside a tag"),
            ("/b", b"<html><body><script>var a = 1;", "text/html", "the page ends inside a script"),
            ("/c", b"<html><body><table><tr><td>1", "text/html", "the page ends with table still open"),
        ],
    )
    def test_files_that_broke_off_unnoticed(
        self, server: Loopback, fetcher: Make, path: str, body: bytes, media_type: str, words: str
    ) -> None:
        raw = reply(body, content_type=media_type, content_length="")
        capture = fetch_page(fetcher(), server.says(path, raw))
        assert (capture.verdict, capture.reason) == (Verdict.TRUNCATED, words)

    def test_an_endless_body(self, server: Loopback, fetcher: Make) -> None:
        def endless(connection: socket.socket) -> None:
            connection.sendall(reply(b"", content_length=""))
            while True:
                connection.sendall(b"x" * 65536)

        limits = Limits(connect=2, idle=2, total=5, wire=300_000)
        capture = fetch_page(fetcher(limits=limits), server.says("/page", endless))
        assert (capture.verdict, capture.reason) == (
            Verdict.UNREACHABLE,
            "the answer is larger than 300,000 bytes",
        )
        assert capture.body == b""

    def test_a_gzip_bomb(self, server: Loopback, fetcher: Make) -> None:
        bomb = gzip.compress(b"\0" * 20_000_000)
        limits = Limits(connect=2, idle=2, total=5, decoded=1_000_000)
        capture = fetch_page(fetcher(limits=limits), server.says("/page", reply(bomb, content_encoding="gzip")))
        assert capture.verdict is Verdict.UNREACHABLE
        assert capture.reason == "the answer is larger than 1,000,000 bytes once unpacked"

    def test_an_encoding_that_was_not_asked_for(self, server: Loopback, fetcher: Make) -> None:
        capture = fetch_page(fetcher(), server.says("/page", reply(b"\x0b\x02\x80", content_encoding="compress")))
        assert (capture.verdict, "which was not asked for" in capture.reason) == (Verdict.UNREACHABLE, True)

    def test_a_flood_of_headers(self, server: Loopback, fetcher: Make) -> None:
        def flood(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X-Header: " + b"x" * 5000 + b"\r\n")

        assert fetch_page(fetcher(), server.says("/page", flood)).verdict is Verdict.UNREACHABLE

    @pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-A: ", reply(b"", content_length="100000")])
    def test_a_slow_drip_does_not_outlive_its_time(self, server: Loopback, fetcher: Make, start: bytes) -> None:
        over = threading.Event()

        def drip(connection: socket.socket) -> None:
            connection.sendall(start)
            while not over.wait(0.05):
                connection.sendall(b"x")

        began = time.monotonic()
        capture = fetch_page(fetcher(limits=Limits(connect=2, idle=2, total=0.5)), server.says("/page", drip))
        over.set()
        assert not capture.verdict.good
        assert "in time" in capture.reason
        assert time.monotonic() - began < 3

    def test_silence(self, server: Loopback, fetcher: Make) -> None:
        over = threading.Event()

        def silent(_connection: socket.socket) -> None:
            over.wait(10)

        capture = fetch_page(fetcher(limits=Limits(connect=2, idle=0.2, total=5)), server.says("/page", silent))
        over.set()
        assert (capture.verdict, "in time" in capture.reason) == (Verdict.UNREACHABLE, True)

    def test_a_connection_that_is_reset(self, server: Loopback, fetcher: Make) -> None:
        def reset(connection: socket.socket) -> None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        assert fetch_page(fetcher(), server.says("/page", reset)).verdict is Verdict.UNREACHABLE

    def test_what_is_no_http(self, server: Loopback, fetcher: Make) -> None:
        assert fetch_page(fetcher(), server.says("/page", b"220 smtp ready\r\n")).verdict is Verdict.UNREACHABLE

    def test_tls_that_is_none(self, server: Loopback, fetcher: Make) -> None:
        url = server.url.replace("http:", "https:") + "/page"
        assert fetch_page(fetcher(), url).verdict is Verdict.UNREACHABLE

    def test_nobody_listens(self, fetcher: Make) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        capture = fetch_page(fetcher(), f"http://127.0.0.1:{port}/")
        assert (capture.verdict, "no connection" in capture.reason) == (Verdict.UNREACHABLE, True)

    def test_a_name_that_does_not_exist_is_not_tried_again(self, fetcher: Make) -> None:
        capture = fetch_page(fetcher(retries=Retries(attempts=5, wait_initial=30)), "http://nowhere.invalid/")
        assert (capture.verdict, "cannot be resolved" in capture.reason) == (Verdict.UNREACHABLE, True)

    @pytest.mark.parametrize("url", ["http://exa mple/", "http://127.0.0.1:99999/", "http://[::1/"])
    def test_an_address_that_is_none(self, fetcher: Make, url: str) -> None:
        assert fetch_page(fetcher(), url).verdict is Verdict.UNREACHABLE
