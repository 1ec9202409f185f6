"""One bad answer costs one address, and no publisher leads us to a host that is allowed for another source."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from state.model import Capture, Series, Source, Verdict
from watchers.fetch import Fetcher
from watchers.fetching.politeness import Politeness
from watchers.rounds import fetch_all


class Server:
    """Answers each path with bytes as they are, on an address of loopback; ``reset`` ends in a reset."""

    def __init__(self, host: str, answers: dict[str, bytes], reset: frozenset[str] = frozenset()) -> None:
        self.asked: list[str] = []
        self.answers, self._reset = answers, reset
        self._socket = socket.create_server((host, 0))
        self.address = f"http://{host}:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
            head += piece
        path = head.split(b" ")[1].decode() if head else "/"
        self.asked.append(path)
        connection.sendall(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
        if path in self._reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        self._socket.close()


def ok(body: bytes, *, length: int | None = None) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body) if length is None else length,
        body,
    )


def moved(url: str) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % url.encode()


@pytest.fixture
def served() -> Iterator[list[Server]]:
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.close()


def look(url: str, *allowed: str, pattern: str | None = None) -> list[Capture]:
    series = (Series(name="files", title="Files", pattern=pattern),) if pattern else ()
    source = Source(
        id="t/s", title="T", publisher="P", url=url, series=(Series(name="page", title="Page"), *series)
    )
    with Fetcher(contact="t", allow_hosts=frozenset(allowed), politeness=Politeness(delay=0)) as fetcher:
        (fetched,) = fetch_all(fetcher.fetch, [source])
    assert fetched.error is None
    return list(fetched.captures)


def test_a_head_that_is_followed_by_a_reset_costs_that_document_alone(served: list[Server]) -> None:
    files = {f"/f{number}.csv": ok(b"a,b\n1,2\n") for number in range(10)}
    links = "".join(f"<a href='{name}'>{name}</a>" for name in files)
    page = ok(f"<html><title>T</title><h1>T</h1><p>Files of the office.</p>{links}</html>".encode())
    files["/f4.csv"] = ok(b"a", length=5_000)
    served.append(Server("127.0.0.1", {"/": page, **files}, frozenset({"/f4.csv"})))
    captures = look(served[0].address + "/", "127.0.0.1", pattern=r"\.csv$")
    verdicts = {capture.url.rpartition("/")[2]: capture.verdict for capture in captures}
    assert verdicts.pop("f4.csv") in (Verdict.UNREACHABLE, Verdict.TRUNCATED)
    assert set(verdicts.values()) == {Verdict.PRESENT}
    assert len(captures) == 11


def test_a_look_that_breaks_is_kept_as_one_that_failed() -> None:
    def broken(source: Source) -> list[Capture]:
        raise ZeroDivisionError(source.id)

    page = (Series(name="page", title="Page"),)
    source = Source(id="t/s", title="T", publisher="P", url="http://x.example/", series=page)
    (fetched,) = fetch_all(broken, [source])
    (capture,) = fetched.captures
    assert (capture.verdict, capture.series) == (Verdict.UNREACHABLE, "page")
    assert "ZeroDivisionError" in capture.reason


@pytest.mark.parametrize("allowed", [("127.0.0.1", "127.0.0.2"), ("127.0.0.1",)])
def test_a_publishers_redirect_does_not_lead_to_a_host_allowed_for_another_source(
    served: list[Server], allowed: tuple[str, ...]
) -> None:
    served.append(Server("127.0.0.2", {"/secret": ok(b"<p>The intranet's own</p>")}))
    served.append(Server("127.0.0.1", {"/": moved(served[0].address + "/secret")}))
    (capture,) = look(served[1].address + "/", *allowed)
    assert capture.verdict is not Verdict.PRESENT
    assert b"intranet" not in capture.body
    assert served[0].asked == [], "not even its robots.txt"


def test_a_publishers_link_does_not_lead_there_either(served: list[Server]) -> None:
    served.append(Server("127.0.0.2", {"/secret.csv": ok(b"a,b\n1,2\n")}))
    page = f"<html><title>T</title><h1>T</h1><p>Files.</p><a href='{served[0].address}/secret.csv'>f</a></html>"
    served.append(Server("127.0.0.1", {"/": ok(page.encode())}))
    captures = look(served[1].address + "/", "127.0.0.1", "127.0.0.2", pattern=r"\.csv$")
    assert [capture.verdict for capture in captures if capture.url.endswith("csv")] == [Verdict.BLOCKED] or all(
        not capture.body for capture in captures if capture.url.endswith("csv")
    )
    assert served[0].asked == []


def test_a_host_may_be_allowed_with_its_port_alone(served: list[Server]) -> None:
    served.append(Server("127.0.0.1", {"/": ok(b"<html><title>T</title><h1>T</h1><p>Figures.</p></html>")}))
    port = served[0].address.rpartition(":")[2]
    (capture,) = look(served[0].address + "/", f"127.0.0.1:{port}")
    assert capture.verdict is Verdict.PRESENT
    (capture,) = look(served[0].address + "/", "127.0.0.1:1")
    assert capture.verdict is not Verdict.PRESENT
