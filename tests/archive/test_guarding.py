"""The archive's pages before hostile publishers, whose words they show, and hostile visitors."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive.security_headers import PAGE_POLICY, Headers
from archive.web import make_app
from state.model import Item
from state.reading.timeline import Browser
from state.store import Store
from tests.archive.holdings import make_archive
from tests.state.examples import SOURCE, capture, finding, hours

BAD = "\ud800<script>alert(1)</script>\x0b\x00\u202e]]>{{7*7}}"
TYPES = ("image/svg+xml", "text/html\r\nSet-Cookie: a=b", "text/h\u0144tml", "application/xhtml+xml", "text/xml")
VIEW = {
    "tables": [
        {
            "name": BAD, "sheet": BAD, "page": None, "columns": [{"before": BAD, "after": BAD}],
            "rows": [{"key": "a", "state": "changed", "changed": [0], "before": [BAD], "after": [BAD]}],
            "unchanged": 0, "left_out": 0,
        }
    ],
    "texts": [{"section": BAD, "before": BAD, "after": BAD}],
    "definitions": [],
    "links": [{"before": {"text": BAD, "url": "javascript:alert(1)"}, "after": None}],
}  # fmt: skip


def _hostile_archive(path: Path) -> tuple[Path, list[str]]:
    make_archive(path)
    bodies = []
    with Store(path) as store:
        for number, media_type in enumerate(TYPES):
            body = f"<svg onload=alert({number})>".encode()
            one = capture(body, 9 + number, media_type=media_type, redirects=(), file_name=BAD, link_text=BAD)
            (release,) = store.record(SOURCE, [one])
            bodies.append(release.sha256)
            item = Item(row=BAD, before=float("inf"), after=BAD, difference=float("nan"), percent=float("inf"))
            told = finding(id=f"bad{number}", title=BAD, reason=BAD, before=BAD, after=float("nan"), items=(item,))
            store.report(
                source=SOURCE.id, series="page", release=release, findings=[told], view=VIEW, at=hours(20 + number)
            )
    return path, bodies


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, list[str]]]:
    path, bodies = _hostile_archive(tmp_path_factory.mktemp("hostile") / "archive.db")
    with Browser(path) as archive:
        app = make_app(archive, names=frozenset({"archive.example.org"}))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}", timeout=20) as client:
            yield client, bodies
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(served: tuple[httpx.Client, list[str]]) -> httpx.Client:
    return served[0]


def _pages(client: httpx.Client) -> list[str]:
    findings = [each["id"] for each in client.get("/api/findings").json()["findings"]]
    return ["/", "/findings", "/sources/ice/detention", "/search?q=alert", *(f"/findings/{id}" for id in findings)]


def test_whatever_a_publisher_wrote_is_shown_and_harmless(client: httpx.Client) -> None:
    pages = _pages(client)
    assert len(pages) == 4 + len(TYPES)
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer.headers["content-security-policy"]) == (200, PAGE_POLICY), page
        assert "<script>alert" not in answer.text
        assert ">49<" not in answer.text
        assert 'href="javascript' not in answer.text


def test_the_feed_stays_well_formed(client: httpx.Client) -> None:
    assert len(etree.fromstring(client.get("/feed.atom").content)) > len(TYPES)


def test_json_is_what_every_reader_takes(client: httpx.Client) -> None:
    answer = client.get("/api/findings/bad0")
    item = answer.json()["items"][0]
    assert b"NaN" not in answer.content
    assert b"Infinity" not in answer.content
    assert (item["before"], item.get("percent")) == (None, None)
    assert "\\ud800" not in answer.text


def test_no_body_but_html_is_shown_and_no_media_type_gets_through(
    served: tuple[httpx.Client, list[str]],
) -> None:
    client, bodies = served
    for sha256 in bodies:
        answer = client.get(f"/raw/{sha256}")
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-security-policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    "query", ["a\0b", '"', '"""', "*", "NEAR(a b)", "a AND", "words:x", "^a", "a" * 9_000, "\ufdd0", "(", "{x}:y"]
)
def test_no_search_breaks(client: httpx.Client, query: str) -> None:
    assert client.get("/search", params={"q": query}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/static/../web.py", "/static/%2e%2e/web.py", "/static/..%2fweb.py", "/static/%00", "/static//etc/passwd",
     "/raw/..%2f..%2fetc%2fpasswd", "/raw/%00", "/findings/%27%20or%201=1", "//evil.example/", "/%0d%0aX:y",
     "/static/" + "a" * 5_000, "/sources/" + "a/" * 9_000],
)  # fmt: skip
def test_no_path_leads_out(client: httpx.Client, path: str) -> None:
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=20)
    connection.request("GET", path)  # as it is: httpx would tidy it up
    answer = connection.getresponse()
    assert (answer.status, answer.headers["content-security-policy"]) == (404, PAGE_POLICY)
    connection.close()


def test_every_answer_carries_the_headers(client: httpx.Client) -> None:
    sheet = client.get("/static/style.css")
    answers = [
        client.head("/"), client.post("/"), client.request("TRACE", "/"), client.get("/nowhere"), sheet,
        client.get("/static"), client.get("/static/style.css", headers={"If-None-Match": sheet.headers["etag"]}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [200, 405, 405, 404, 200, 307, 304]
    for answer in answers:
        assert answer.headers["content-security-policy"] == PAGE_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("localhost:8717", 200), ("[::1]:80", 200), ("archive.example.org", 200),
        ("rebound.example", 421), ("127.0.0.1.rebound.example", 421), ("[", 421), ("localhost@evil", 421),
        ("", 421),
    ],
)  # fmt: skip
def test_a_name_that_is_not_ours_gets_nothing(client: httpx.Client, host: str, status: int) -> None:
    """A site that lets its name lead to this machine (DNS rebinding) reads no archive."""
    answer = client.get("/feed.atom", headers={"Host": host})
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == PAGE_POLICY


def test_an_answer_to_a_bug_has_the_headers_too() -> None:
    def broken(request: Request) -> Response:
        raise KeyError(request.url.path)

    app = Headers(Starlette(routes=[Route("/", broken)]))
    answer = _ask(app)
    assert (answer.status_code, answer.headers["content-security-policy"]) == (500, PAGE_POLICY)
    assert "KeyError" not in answer.text


def _ask(app: Headers) -> httpx.Response:
    import asyncio

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/")

    return asyncio.run(ask())
