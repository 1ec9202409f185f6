from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest

from state.model import Capture, Series, Source, Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, loopback, moved, reply
from watchers.fetch import Fetcher, Known, Retries, Validators, oldest_first
from watchers.politeness import Politeness
from watchers.receive import Limits

PAGE = (
    b"<!DOCTYPE html><html><head><title>Statistics</title></head>"
    b"<body><h1>Statistics</h1><p>Text.</p></body></html>"
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def page_source(url: str, **more: object) -> Source:
    settings = {
        "id": "x/page",
        "title": "T",
        "publisher": "P",
        "series": (Series("page", "T"),),
        "obey_robots": False,
    }
    return Source(url=url, **(settings | more))


def fetch_page(fetcher: Fetcher, url: str, **more: object) -> Capture:
    captures = fetcher.fetch(page_source(url, **more))
    assert len(captures) == 1
    return captures[0]


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>" * 50)
    return target.getvalue()


class TestWhatIsKept:
    def test_of_an_ordinary_answer(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(PAGE, content_type="text/html; charset=utf-8", X_Two="1", x_two="2"))
        capture = fetch_page(fetcher(), url)
        assert (capture.verdict, capture.status, capture.body, capture.wire) == (Verdict.PRESENT, 200, PAGE, None)
        assert capture.media_type == "text/html"
        assert (capture.source, capture.series, capture.url, capture.final_url) == ("x/page", "page", url, url)
        assert [value for name, value in capture.headers if name.lower() == "x-two"] == ["1", "2"]
        assert capture.peer == server.url.removeprefix("http://")
        assert capture.at.tzinfo is dt.UTC
        assert capture.elapsed > 0

    def test_the_contact_is_told_to_the_publisher(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(PAGE))
        fetch_page(fetcher(contact="mailto:desk@example.org"), url)
        assert server.asked("/page")[0]["user-agent"] == "release-monitor/0.1 (+mailto:desk@example.org)"

    def test_a_contact_beyond_ascii_stops_nothing(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(PAGE))
        assert fetch_page(fetcher(contact="Zoë\r\nX: y <z@example.org>"), url).verdict is Verdict.PRESENT
        assert server.asked("/page")[0]["user-agent"] == "release-monitor/0.1 (+Zo X: y <z@example.org>)"

    def test_compressed_bodies_are_kept_as_received_and_unpacked(self, server: Loopback, fetcher: Make) -> None:
        packed = gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])  # two members, as some servers send
        capture = fetch_page(fetcher(), server.says("/page", reply(packed, content_encoding="gzip")))
        assert (capture.verdict, capture.body, capture.wire) == (Verdict.PRESENT, PAGE, packed)

    def test_a_replayed_past_dates_the_captures(self, server: Loopback, fetcher: Make) -> None:
        then = dt.datetime(2010, 8, 10, tzinfo=dt.UTC)
        assert fetch_page(fetcher(clock=lambda: then), server.says("/page", reply(PAGE))).at == then


class TestConditions:
    def test_unchanged(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=304, reason="Not Modified", content_length=""))
        known = Validators(etag='"a"', last_modified="Mon, 01 Jun 2026 00:00:00 GMT")
        capture = fetch_page(fetcher(validators=lambda _url: known), url)
        assert capture.verdict is Verdict.UNCHANGED
        asked = server.asked("/page")[0]
        assert asked["if-none-match"] == '"a"'
        assert asked["if-modified-since"] == "Mon, 01 Jun 2026 00:00:00 GMT"

    @pytest.mark.parametrize("tag", ['"é"', '"a\r\nX: y"', ""])
    def test_a_validator_that_cannot_be_sent_back_is_left_out(
        self, server: Loopback, fetcher: Make, tag: str
    ) -> None:
        url = server.says("/page", reply(PAGE))
        assert fetch_page(fetcher(validators=lambda _url: Validators(etag=tag)), url).verdict is Verdict.PRESENT
        assert "if-none-match" not in server.asked("/page")[0]

    def test_a_listing_is_asked_conditionally_only_where_its_body_is_at_hand(
        self, server: Loopback, fetcher: Make
    ) -> None:
        listing = b"<html><body><a href='/a.pdf'>A</a></body></html>"
        url = server.says("/list", reply(status=304, reason="Not Modified", content_length=""))
        server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
        source = page_source(url, series=(Series("files", "F", pattern=r"\.pdf$"),))

        def known(address: str) -> Validators | None:
            return Validators(etag='"l"', read=lambda: listing) if address == url else None

        assert [capture.series for capture in fetcher(validators=known).fetch(source)] == ["page", "files"]
        fetcher(validators=lambda _url: Validators(etag='"l"')).fetch(source)
        assert ["if-none-match" in asked for asked in server.asked("/list")] == [True, False]


class TestRedirects:
    def test_are_followed_and_kept(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/detention/statistics", moved("/detain/numbers", status=301))
        server.says("/detain/numbers", reply(PAGE))
        capture = fetch_page(fetcher(), url)
        assert capture.verdict is Verdict.PRESENT
        assert capture.final_url == server.url + "/detain/numbers"
        assert capture.redirects == ((301, url),)

    def test_may_be_written_in_utf8(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/pag\u00e9"))
        server.says("/pag%C3%A9", reply(PAGE))
        assert fetch_page(fetcher(), url).verdict is Verdict.PRESENT

    @pytest.mark.parametrize(
        ("to", "words"),
        [
            ("/", "front page"),
            ("/home", "front page"),
            ("/index.html", "front page"),
            ("/detain", "front of its section"),
            ("/page-not-found", "error page"),
        ],
    )
    def test_to_a_front_page_are_a_move(self, server: Loopback, fetcher: Make, to: str, words: str) -> None:
        url = server.says("/detain/statistics", moved(to))
        server.says(to, reply(PAGE))
        capture = fetch_page(fetcher(), url)
        assert capture.verdict is Verdict.MOVED
        assert words in capture.reason

    def test_to_another_host_are_a_move(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved(f"{server.url.replace('127.0.0.1', 'localhost')}/page2"))
        server.says("/page2", reply(PAGE))
        capture = fetch_page(fetcher(allow_hosts=frozenset({"127.0.0.1", "localhost"})), url)
        assert (capture.verdict, "another host" in capture.reason) == (Verdict.MOVED, True)

    def test_to_a_login_page_show_nothing(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/user/login?next=/page"))
        server.says("/user/login?next=/page", reply(PAGE))
        assert fetch_page(fetcher(), url).verdict is Verdict.BLOCKED

    def test_in_a_circle_end(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/page"))
        capture = fetch_page(fetcher(), url)
        assert (capture.verdict, capture.reason) == (Verdict.UNREACHABLE, "redirected more than 8 times")
        assert len(server.asked("/page")) == 9

    @pytest.mark.parametrize(
        "to", ["file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)", "http://[::"]
    )
    def test_to_what_is_no_web_address_are_refused(self, server: Loopback, fetcher: Make, to: str) -> None:
        capture = fetch_page(fetcher(), server.says("/page", moved(to)))
        assert capture.verdict is Verdict.UNREACHABLE
        assert "which is no web address" in capture.reason


class TestGuard:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1"],
    )
    def test_loopback_is_not_asked(self, server: Loopback, fetcher: Make, host: str) -> None:
        url = server.says("/page", reply(PAGE)).replace("127.0.0.1", host)
        capture = fetch_page(fetcher(allow_hosts=frozenset()), url)
        assert capture.verdict is Verdict.BLOCKED
        assert "loopback" in capture.reason or "this network" in capture.reason
        assert server.asked("/page") == []

    @pytest.mark.parametrize(
        "address", ["10.0.0.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[64:ff9b::7f00:1]"]
    )
    def test_redirects_into_private_networks_are_refused(
        self, server: Loopback, fetcher: Make, address: str
    ) -> None:
        capture = fetch_page(fetcher(), server.says("/page", moved(f"http://{address}/latest/meta-data")))
        assert capture.verdict is Verdict.BLOCKED
        assert "list it under allow_hosts if you mean it" in capture.reason

    def test_a_redirect_into_loopback_by_another_name_is_refused(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved(f"{server.url.replace('127.0.0.1', 'localhost')}/secret"))
        server.says("/secret", reply(PAGE))
        assert fetch_page(fetcher(), url).verdict is Verdict.BLOCKED
        assert server.asked("/secret") == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, made for this run."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=loopback -addext subjectAltName=IP:127.0.0.1"
    )
    files = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


class TestTls:
    def test_the_leaf_is_kept(self, certificate: Path, fetcher: Make) -> None:
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(certificate)
        trusting = ssl.create_default_context(cafile=str(certificate))
        with loopback(tls=serving) as server:
            capture = fetch_page(fetcher(tls=trusting), server.says("/page", reply(PAGE)))
        assert capture.verdict is Verdict.PRESENT
        text = certificate.with_suffix(".crt").read_text()
        assert capture.certificate == ssl.PEM_cert_to_DER_cert(text)

    def test_a_certificate_that_nobody_vouches_for(self, certificate: Path, fetcher: Make) -> None:
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(certificate)
        with loopback(tls=serving) as server:
            capture = fetch_page(fetcher(), server.says("/page", reply(PAGE)))
            assert server.asked("/page") == []
        assert (capture.verdict, "certificate" in capture.reason.lower()) == (Verdict.UNREACHABLE, True)


class TestProxy:
    def test_is_gone_through(self, server: Loopback, fetcher: Make) -> None:
        server.says("http://public.invalid/page", reply(PAGE))
        one = fetcher(proxy=server.url.replace("http://", "http://me:word@"), allow_hosts=frozenset())
        assert fetch_page(one, "http://public.invalid/page").verdict is Verdict.PRESENT
        assert server.asked("http://public.invalid/page")[0]["proxy-authorization"].startswith("Basic ")

    def test_does_not_lead_into_private_networks(self, server: Loopback, fetcher: Make) -> None:
        server.says("http://10.0.0.1/page", reply(PAGE))
        server.says("http://public.invalid/page", moved("http://169.254.169.254/latest"))
        one = fetcher(proxy=server.url, allow_hosts=frozenset())
        for url in ("http://10.0.0.1/page", "http://public.invalid/page"):
            assert fetch_page(one, url).verdict is Verdict.BLOCKED


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
        capture = fetch_page(fetcher(), server.says("/page", reply(b"\x0b\x02\x80", content_encoding="br")))
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


class TestPatience:
    def test_what_is_passing_is_tried_again(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=503), reply(PAGE[:9], content_length="99"), reply(PAGE))
        capture = fetch_page(fetcher(retries=Retries(attempts=3, wait_initial=0.01, wait_max=0.02)), url)
        assert capture.verdict is Verdict.PRESENT
        assert len(server.asked("/page")) == 3

    @pytest.mark.parametrize("status", [404, 403, 410, 401])
    def test_what_is_not_passing_is_asked_once(self, server: Loopback, fetcher: Make, status: int) -> None:
        fetch_page(
            fetcher(retries=Retries(attempts=3, wait_initial=0.01)), server.says("/page", reply(status=status))
        )
        assert len(server.asked("/page")) == 1

    def test_a_host_that_asks_for_rest_gets_it(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=429, retry_after="3600"))
        one = fetcher(retries=Retries(attempts=3, wait_initial=0.01))
        first, second = fetch_page(one, url), fetch_page(one, server.says("/other", reply(PAGE)))
        assert (first.verdict, len(server.asked("/page"))) == (Verdict.BLOCKED, 1)
        assert (second.verdict, server.asked("/other")) == (Verdict.UNREACHABLE, [])
        assert "asked to be left alone for 3600 seconds" in second.reason

    def test_a_short_retry_after_is_waited_for(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=503, retry_after="0"), reply(PAGE))
        retries = Retries(attempts=2, wait_initial=60, wait_max=60)  # would be felt if the header were ignored
        assert fetch_page(fetcher(retries=retries), url).verdict is Verdict.PRESENT

    def test_a_host_that_keeps_failing_is_left_alone(self, server: Loopback, fetcher: Make) -> None:
        one = fetcher(politeness=Politeness(delay=0, patience=2))
        for path in ("/a", "/b", "/c"):
            capture = fetch_page(one, server.says(path, reply(status=500)))
        assert (capture.verdict, server.asked("/c")) == (Verdict.UNREACHABLE, [])
        assert "failed 2 times in a row" in capture.reason

    def test_requests_to_one_host_keep_their_distance(self, server: Loopback, fetcher: Make) -> None:
        one = fetcher(politeness=Politeness(delay=0.15, jitter=0))
        url = server.says("/page", reply(PAGE))
        began = time.monotonic()
        threads = [threading.Thread(target=fetch_page, args=(one, url)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - began >= 0.3

    def test_a_slow_host_holds_up_no_other(self, server: Loopback, fetcher: Make) -> None:
        one = fetcher(politeness=Politeness(delay=30, jitter=0))
        with loopback() as other:
            began = time.monotonic()
            for running in (server, other):
                fetch_page(one, running.says("/page", reply(PAGE)))
            assert time.monotonic() - began < 5


class TestRobots:
    def test_what_is_forbidden_is_not_asked(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"User-agent: *\nDisallow: /private/\n", content_type="text/plain"))
        one = fetcher()
        no = fetch_page(one, server.says("/private/page", reply(PAGE)), obey_robots=True)
        yes = fetch_page(one, server.says("/page", reply(PAGE)), obey_robots=True)
        assert (no.verdict, "robots.txt forbids it" in no.reason) == (Verdict.BLOCKED, True)
        assert yes.verdict is Verdict.PRESENT
        assert (len(server.asked("/robots.txt")), server.asked("/private/page")) == (1, [])

    def test_a_source_may_say_otherwise(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"User-agent: *\nDisallow: /\n", content_type="text/plain"))
        assert fetch_page(fetcher(), server.says("/page", reply(PAGE))).verdict is Verdict.PRESENT

    def test_a_redirect_into_what_is_forbidden_is_not_followed(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"User-agent: *\nDisallow: /private\n", content_type="text/plain"))
        server.says("/private", reply(PAGE))
        capture = fetch_page(fetcher(), server.says("/page", moved("/private")), obey_robots=True)
        assert (capture.verdict, server.asked("/private")) == (Verdict.BLOCKED, [])

    @pytest.mark.parametrize("status", [404, 403])
    def test_none_forbids_nothing(self, server: Loopback, fetcher: Make, status: int) -> None:
        server.says("/robots.txt", reply(status=status))
        assert (
            fetch_page(fetcher(), server.says("/page", reply(PAGE)), obey_robots=True).verdict is Verdict.PRESENT
        )

    def test_rules_that_cannot_be_read_are_not_guessed(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(status=500))
        capture = fetch_page(fetcher(), server.says("/page", reply(PAGE)), obey_robots=True)
        assert (capture.verdict, server.asked("/page")) == (Verdict.UNREACHABLE, [])
        assert "robots.txt cannot be read" in capture.reason


class TestListings:
    def test_documents_of_each_series(self, server: Loopback, fetcher: Make) -> None:
        listing = b"""<html><body><a href="files/b.pdf">Second</a><a href="/files/a.pdf#page=2">First</a>
            <a href="/x.xlsx">Sheet</a><a href="/files/a.pdf">again</a>
            <a href="mailto:a@b.c">Mail</a></body></html>"""
        url = server.says("/list", reply(listing))
        server.says("/files/a.pdf", reply(PDF, content_type="application/pdf"))
        server.says("/files/b.pdf", reply(status=404))
        server.says(
            "/x.xlsx", reply(zipped(), content_type="x/y", content_disposition='attachment; filename="N.xlsx"')
        )
        files = Series("files", "F", pattern=r"/files/.*\.pdf$", each_file=True)
        sheets = Series("sheets", "S", pattern=r"\.xlsx$")
        rest = Series("rest", "R", pattern=r"\.(pdf|xlsx)$", each_file=True)
        captures = fetcher().fetch(page_source(url, series=(files, sheets, rest)))
        assert [
            (c.series, c.url.removeprefix(server.url), c.verdict, c.link_text, c.file_name) for c in captures
        ] == [
            ("page", "/list", Verdict.PRESENT, None, "list"),
            ("files", "/files/b.pdf", Verdict.GONE, "Second", "b.pdf"),
            ("files", "/files/a.pdf", Verdict.PRESENT, "First", "a.pdf"),
            ("sheets", "/x.xlsx", Verdict.PRESENT, "Sheet", "N.xlsx"),
        ]

    def test_a_page_that_shows_nothing_is_not_followed(self, server: Loopback, fetcher: Make) -> None:
        body = b"<html><title>Access Denied</title><body><a href='/a.pdf'>a</a></body></html>"
        url = server.says("/list", reply(body, status=403))
        captures = fetcher().fetch(page_source(url, series=(Series("files", "F", pattern="pdf$"),)))
        assert [capture.verdict for capture in captures] == [Verdict.BLOCKED]

    def test_a_web_page_in_place_of_a_file_is_a_move(self, server: Loopback, fetcher: Make) -> None:
        capture = fetch_page(fetcher(), server.says("/a.pdf", reply(PAGE)))
        assert (capture.verdict, capture.reason) == (Verdict.MOVED, "a web page stands where the file was")

    def test_lists_over_several_pages(self, server: Loopback, fetcher: Make) -> None:
        url = server.says(
            "/list", reply(b"<html><body><a href='/0.pdf'>0</a><a href='?page=1'>2</a></body></html>")
        )
        for number in (1, 2):
            body = f"<html><body><a href='/{number}.pdf'>x</a></body></html>".encode()
            server.says(f"/list?page={number}", reply(body))
        for number in range(3):
            server.says(f"/{number}.pdf", reply(PDF, content_type="application/pdf"))
        series = (Series("files", "F", pattern="pdf$", each_file=True),)
        captures = fetcher().fetch(page_source(url, series=series, pages=5))
        assert [(capture.series, capture.url.removeprefix(server.url)) for capture in captures] == [
            ("page", "/list"),
            ("listing", "/list?page=1"),
            ("files", "/0.pdf"),
            ("files", "/1.pdf"),
        ]

    def test_what_is_not_due_is_not_asked_and_still_counts_as_linked(
        self, server: Loopback, fetcher: Make
    ) -> None:
        body = b"<html><body><a href='/a.pdf'>A</a><a href='/b.pdf'><img src='b.png'></a></body></html>"
        url = server.says("/list", reply(body))
        server.says("/b.pdf", reply(PDF, content_type="application/pdf"))
        series = Series("files", "F", pattern="pdf$", each_file=True, recheck=dt.timedelta(days=7))
        now = dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
        seen = {f"{server.url}/a.pdf": Validators(checked=now - dt.timedelta(days=6))}
        one = fetcher(validators=seen.get, clock=lambda: now)
        captures = one.fetch(page_source(url, series=(series,)))
        assert [capture.file_name for capture in captures] == ["list", "b.pdf"]
        assert captures[1].link_text == ""
        assert captures[0].links == (("files", f"{server.url}/a.pdf", "A"), ("files", f"{server.url}/b.pdf", ""))
        seen[f"{server.url}/a.pdf"] = Validators(checked=now - dt.timedelta(days=7))
        assert len(one.fetch(page_source(url, series=(series,)))) == 3

    def test_what_left_the_listing_is_looked_after(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/list", reply(b"<html><body><a href='/a.pdf'>A</a></body></html>"))
        server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
        server.says("/b.pdf", reply(PDF, content_type="application/pdf"))
        known = [Known("files", f"{server.url}/{name}.pdf", name) for name in "abc"]
        series = Series("files", "F", pattern="pdf$", each_file=True)
        captures = fetcher(remembered=lambda _source: known).fetch(page_source(url, series=(series,)))
        assert [(capture.file_name, capture.verdict, capture.link_text) for capture in captures[1:]] == [
            ("a.pdf", Verdict.PRESENT, "A"),
            ("b.pdf", Verdict.PRESENT, None),
            ("c.pdf", Verdict.GONE, None),
        ]
        assert [url for _, url, _ in captures[0].links] == [f"{server.url}/a.pdf"]

    def test_a_lost_page_of_a_listing_takes_nothing_with_it(self, server: Loopback, fetcher: Make) -> None:
        url = server.says(
            "/list", reply(b"<html><body><a href='/a.pdf'>A</a><a href='?page=1'>2</a></body></html>")
        )
        server.says("/list?page=1", reply(status=403))
        server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
        known = [Known("files", f"{server.url}/b.pdf", "B")]
        source = page_source(url, pages=3, series=(Series("files", "F", pattern="pdf$"),))
        page, listing, document = fetcher(remembered=lambda _source: known).fetch(source)
        assert (listing.verdict, document.file_name) == (Verdict.BLOCKED, "a.pdf")
        assert [words for _, _, words in page.links] == ["A", "B"]

    def test_a_listing_that_shows_nothing_says_nothing_of_links(self, server: Loopback, fetcher: Make) -> None:
        known = [Known("files", f"{server.url}/b.pdf", "B")]
        source = page_source(server.says("/list", reply(status=500)), series=(Series("files", "F", pattern="x"),))
        (page,) = fetcher(remembered=lambda _source: known).fetch(source)
        assert page.links == ()

    def test_time_that_runs_out_goes_to_what_was_never_seen(self, server: Loopback, fetcher: Make) -> None:
        body = b"<html><body><a href='/a.pdf'>a</a><a href='/b.pdf'>b</a><a href='/c.pdf'>c</a></body></html>"
        url = server.says("/list", reply(body))
        for name in "abc":
            server.says(f"/{name}.pdf", reply(PDF, content_type="application/pdf"))
        known = {f"{server.url}/{name}.pdf": Validators() for name in "ab"}
        source = page_source(url, series=(Series("files", "F", pattern="pdf$", each_file=True),))
        one = fetcher(
            validators=known.get,
            limits=Limits(connect=2, idle=2, total=5, source=0.3),
            politeness=Politeness(delay=0.2, jitter=0),
        )
        captures = one.fetch(source)
        assert [capture.file_name for capture in captures] == ["list", "a.pdf", "b.pdf", "c.pdf"]
        assert len(server.asked("/c.pdf")) == 1
        late = [capture for capture in captures if "was over before its turn" in capture.reason]
        assert late != []
        assert all(capture.verdict is Verdict.UNREACHABLE and capture.link_text for capture in late)


def capture_of(url: str, last_modified: str = "") -> Capture:
    headers = (("Last-Modified", last_modified),) if last_modified else ()
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Capture("s", "x", url, url, at, Verdict.PRESENT, headers=headers)


def test_releases_found_together_are_put_in_order() -> None:
    newest, oldest = "Tue, 02 Jun 2026 00:00:00 GMT", "Mon, 01 Jun 2026 00:00:00 GMT"
    dated = [capture_of("a", newest), capture_of("b", oldest)]
    assert [capture.url for capture in oldest_first(dated)] == ["b", "a"]
    assert [capture.url for capture in oldest_first(dated[::-1])] == ["b", "a"]
    undated = [capture_of("a"), capture_of("b", oldest)]
    assert [capture.url for capture in oldest_first(undated)] == ["b", "a"]
    assert oldest_first([]) == []


def test_one_body_is_one_digest(server: Loopback, fetcher: Make) -> None:
    """What is kept is what a reader would save, whether it came compressed or not."""
    plain = fetch_page(fetcher(), server.says("/a", reply(PAGE)))
    packed = fetch_page(fetcher(), server.says("/b", reply(gzip.compress(PAGE), content_encoding="gzip")))
    assert hashlib.sha256(plain.body).digest() == hashlib.sha256(packed.body).digest()
