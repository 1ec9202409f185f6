"""Who sees what of an archive with a source that is not for the public."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from msgspec.structs import replace

from archive.visitors import COOKIE, Visitors
from archive.web import make_app
from state.reading.timeline import Browser
from state.reading.visibility import HANDED_IN
from state.store import Store
from tests.commands.running import run
from tests.state.examples import SOURCE, capture, finding

TOKEN = "correct horse battery staple"
SECRET = replace(SOURCE, id="press/paid-list", title="Paid list", public=False)
WORDS = b"<p>Of the paid list nobody may read this sentence.</p>"
KNOWN = {SOURCE.id: SOURCE, SECRET.id: SECRET}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "archive.db"
    path.parent.mkdir()
    with Store(path) as store:
        for number, source in enumerate((SOURCE, SECRET)):
            body = WORDS if source is SECRET else b"<p>Everyone may read this.</p>"
            (release,) = store.record(source, [replace(capture(body, number), source=source.id)])
            said = finding(id=f"f{number}", source=source.id, title=f"Something fell in {source.id}")
            store.report(
                source=source.id,
                series="page",
                release=release,
                texts=[("", body.decode())],
                findings=[said],
                at=release.at,
            )
    return path


@contextmanager
def visited(database: Path, *, public: bool = False, token: str | None = None) -> Iterator[httpx.Client]:
    with Browser(database) as archive:
        visitors = Visitors(private=archive.private, public=public, token=token)
        server = uvicorn.Server(
            uvicorn.Config(make_app(archive, sources=KNOWN, visitors=visitors), port=0, log_level="error")
        )
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}") as client:
            yield client
        server.should_exit = True
        thread.join()


def private_addresses(database: Path) -> list[str]:
    """Everything that is of the private source alone."""
    with Browser(database) as archive:
        (release,) = archive.archive.releases(SECRET.id)
        event = next(each.finding.event for each in archive.findings() if each.finding.source == SECRET.id)
    return [
        f"/sources/{SECRET.id}", f"/releases/{release.id}", f"/raw/{release.sha256}",
        "/findings/f1", f"/findings/f1/{event}", "/api/findings/f1", f"/api/findings/f1/{event}",
    ]  # fmt: skip


LISTS = ("/", "/findings?least=info", "/feed.atom", "/api/findings", "/search?q=sentence", "/health", "/metrics")


def test_the_public_sees_nothing_of_what_is_not_for_it(database: Path) -> None:
    with visited(database, public=True) as client:
        for address in private_addresses(database):
            assert client.get(address).status_code == 404, address
        for address in LISTS:
            answer = client.get(address)
            assert SECRET.id not in answer.text, address
            assert "nobody may read this" not in answer.text, address
        assert SOURCE.id in client.get("/").text
        assert client.get("/findings/f0").status_code == 200


def test_who_sits_here_sees_all(database: Path) -> None:
    with visited(database) as client:
        assert [client.get(address).status_code for address in private_addresses(database)] == [200] * 7
        assert all(SECRET.id in client.get(address).text for address in ("/", "/api/findings"))


def test_without_the_token_there_is_only_the_form(database: Path) -> None:
    with visited(database, token=TOKEN) as client:
        for address in (*private_addresses(database), *LISTS):
            if address != "/health":
                answer = client.get(address)
                assert answer.status_code == 401, address
                assert "Sign in" in answer.text
        assert SECRET.id not in client.get("/health").text


def test_a_token_opens_all_by_form_or_header(database: Path) -> None:
    with visited(database, token=TOKEN) as client:
        wrong = client.post("/sign-in", data={"token": "guess"})
        assert (wrong.status_code, COOKIE in client.cookies) == (403, False)
        right = client.post("/sign-in", data={"token": TOKEN})
        assert (right.status_code, right.headers["location"]) == (303, "/")
        told = right.headers["set-cookie"].lower()
        assert "httponly" in told
        assert "samesite=strict" in told
        assert TOKEN not in told
        assert all(client.get(address).status_code == 200 for address in private_addresses(database))
        client.cookies.clear()
        assert client.get("/").status_code == 401
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/", headers={"Cookie": f"{COOKIE}={'0' * 64}"}).status_code == 401


def test_a_public_archive_with_a_token_shows_the_rest_to_who_signs_in(database: Path) -> None:
    (source, *_) = private_addresses(database)
    with visited(database, public=True, token=TOKEN) as client:
        assert (client.get("/").status_code, client.get(source).status_code) == (200, 404)
        client.post("/sign-in", data={"token": TOKEN})
        assert client.get(source).status_code == 200


def test_tokens_cannot_be_guessed_quickly(database: Path) -> None:
    with visited(database, token=TOKEN) as client:
        answers = [client.post("/sign-in", data={"token": f"guess {number}"}).status_code for number in range(12)]
        assert answers == [403] * 10 + [429] * 2
        assert client.post("/sign-in", data={"token": TOKEN}).status_code == 429


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "archive.example.org"])
def test_others_are_let_in_only_where_it_is_said_how(database: Path, host: str) -> None:
    done = run("browse", "--host", host, "--port", "0", cwd=database.parents[1])
    assert done.returncode == 2
    assert "say `--public`" in done.stderr
    assert "token: ${NAME}" in done.stderr


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"memento": True, "reason": f"{HANDED_IN}a.html, on 2026-02-03 by ann"}, "by whoever handed in the file"),
        ({"memento": True, "reason": "kept at https://w.example/"}, "by a web archive"),
        ({}, "first seen"),
    ],
)
def test_a_time_says_whence_it_is(tmp_path: Path, more: dict[str, object], words: str) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        (release,) = store.record(SOURCE, [capture(b"<p>One.</p>", 1, **more)])
        store.report(source=SOURCE.id, series="page", release=release, findings=[finding()], at=release.at)
    with visited(path) as client:
        for address in (f"/releases/{release.id}", f"/sources/{SOURCE.id}", "/findings/f1"):
            text = client.get(address).text
            assert words in text or address.startswith("/sources"), address
            assert ("no look of this archive ever showed it" in text) is bool(more), address
            assert ("still there at the last look" in text) is not bool(more), address
