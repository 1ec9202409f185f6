"""``doctor``, whole and with one thing wrong after the other."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec.structs import replace

from diffing.workers.isolation import isolation_in_force
from diffing.workers.pool import Workers
from state.store import Store
from tests.commands.figures import page, set_up, table, watched
from tests.commands.running import run
from tests.state.examples import SOURCE, alert, capture, hours
from tests.watchers.loopback import Loopback, loopback, moved, reply


class _Sink(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def sink() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Sink) as server:
        server.received = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def publisher() -> Iterator[Loopback]:
    with loopback() as server:
        server.says("/figures", reply(page("voluntary")))
        server.says("/files/stats.csv", reply(table(500), content_type="text/csv"))
        yield server


@pytest.fixture
def home(tmp_path: Path, sink: ThreadingHTTPServer, publisher: Loopback) -> Path:
    port = sink.server_port
    set_up(
        tmp_path,
        url=f"{publisher.url}/figures",
        more="contact: desk@example.org\ndestinations:\n"
        f"- {{name: desk, url: 'json://127.0.0.1:{port}/'}}\n"
        f"- {{name: operators, url: 'json://127.0.0.1:{port}/', operators: true}}\n",
    )
    return tmp_path


def told(home: Path, *words: str, status: int, env: dict[str, str] | None = None) -> dict[str, str]:
    """What doctor says, without ok: the words to their level."""
    done = run("doctor", *words, "--json", cwd=home, env=env)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == status, done.stdout + done.stderr
    assert all(line["remedy"] for line in lines if line["level"] != "ok")
    return {line["what"]: line["level"] for line in lines if line["level"] != "ok"}


def test_readers_are_kept_from_everything_else(home: Path) -> None:
    with Workers(size=1) as workers:
        held = workers.run(isolation_in_force)
    if not (held.files and held.calls and held.alone):
        pytest.skip(f"this kernel lacks a part: {held}")
    said = run("doctor", cwd=home).stdout
    assert "ok    readers: no network, no files but programs, no other processes" in said


def test_all_is_well_and_nothing_is_sent_or_asked(
    home: Path, sink: ThreadingHTTPServer, publisher: Loopback
) -> None:
    assert told(home, status=0) == {}
    assert sink.received == []  # type: ignore[attr-defined]
    assert publisher.paths() == []
    assert not (home / "data").exists()


def test_in_words_a_line_each(home: Path) -> None:
    assert run("check", cwd=home).returncode in (0, 1)
    done = run("doctor", cwd=home)
    assert done.returncode == 0
    assert all(line.startswith("ok  ") for line in done.stdout.splitlines())
    assert "2 releases, 2 captures" in done.stdout
    assert "none of 1 sources is late" in done.stdout


def test_a_watch_that_stood_still_is_told(home: Path) -> None:
    watched(home, 1, webb=1)
    (what,) = told(home, status=1)
    assert re.fullmatch(r"looks: not looked at for too long: test/figures for [\d,]+ days", what)


def test_a_source_that_was_never_looked_at(home: Path) -> None:
    assert run("check", cwd=home).returncode in (0, 1)
    text = (home / "sources" / "test" / "figures.yaml").read_text()
    (home / "sources" / "test" / "other.yaml").write_text(text)
    (what,) = told(home, status=1)
    assert what == "looks: never looked at test/other"


def test_a_test_message_arrives(home: Path, sink: ThreadingHTTPServer) -> None:
    assert told(home, "--send", status=0) == {}
    assert ["TEST: removals to date fell in 20 of" in each["title"] for each in sink.received] == [True] * 2  # type: ignore[attr-defined]


def test_a_destination_that_does_not_answer(home: Path) -> None:
    text = (home / "monitor.yaml").read_text()
    (home / "monitor.yaml").write_text(text + "- {name: dead, url: 'json://127.0.0.1:9/'}\n")
    assert told(home, status=0) == {}
    (what,) = told(home, "--send", status=2)
    assert "destination dead" in what


@pytest.mark.parametrize(
    ("line", "word", "status"),
    [
        ("- {name: odd, url: 'nonsense'}\n", "destination odd", 2),
        ("- {name: secret, url: 'json://${NOT_SET_ANYWHERE}/'}\n", "NOT_SET_ANYWHERE", 2),
        ("colour: blue\n", "colour", 2),
    ],
)
def test_a_wrong_configuration(home: Path, line: str, word: str, status: int) -> None:
    text = (home / "monitor.yaml").read_text()
    (home / "monitor.yaml").write_text(text + line)
    (what,) = told(home, status=status)
    assert word in what


def test_a_wrong_source_file(home: Path) -> None:
    (home / "sources" / "test" / "wrong.yaml").write_text("title: T\npublisher: P\nurl: ftp://x/\n")
    (what,) = told(home, status=2)
    assert "wrong.yaml, line 3" in what


def test_defaults_are_warned_about(tmp_path: Path) -> None:
    found = told(tmp_path, status=1)
    assert set(found.values()) == {"warn"}
    assert any("contact" in what for what in found)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(home: Path) -> None:
    (home / "data").mkdir(mode=0o500)
    (what,) = told(home, status=2)
    assert "cannot be written to" in what


def test_a_folder_open_to_all_and_a_file_where_it_should_be(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data").chmod(0o777)
    (what,) = told(home, status=1)
    assert "everybody" in what
    (home / "data").rmdir()
    (home / "data").write_text("a file")
    assert told(home, status=2)


def test_an_archive_that_is_none_and_alerts_given_up(home: Path) -> None:
    with Store(home / "data" / "archive.db") as store:
        store.outbox.add([alert()], at=hours(0))
        store.outbox.refused(store.outbox.claim(now=hours(1)), now=hours(1), trouble="refused")
    (what,) = told(home, status=1)
    assert "1 alerts were given up" in what
    (home / "data" / "archive.db").write_bytes(b"no database" * 1000)
    (what,) = told(home, status=2)
    assert what.startswith("archive:")


def test_a_capture_from_the_future_shows_a_wrong_clock(home: Path) -> None:
    future = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
    with Store(home / "data" / "archive.db") as store:
        store.record(SOURCE, [replace(capture("one"), at=future)])
    assert any(what.startswith("clock:") for what in told(home, status=2))


def test_a_browser_that_is_missing(home: Path) -> None:
    source = home / "sources" / "test" / "figures.yaml"
    source.write_text(source.read_text() + "render: browser\n")
    (what,) = told(home, status=2, env={**os.environ, "PATH": "/nowhere"})
    assert "want a browser" in what


def test_online_says_how_everything_reads(home: Path, publisher: Loopback) -> None:
    done = run("doctor", "--online", cwd=home)
    assert done.returncode == 0, done.stdout
    assert "test/figures: the page holds" in done.stdout
    assert "test/figures, stats: 1 file; stats.csv holds 1 table with 31 figures" in done.stdout
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("path", "answer", "status", "word"),
    [
        ("/figures", reply(b"no", status=404), 2, "gone"),
        ("/figures", reply(b"no", status=403), 2, "blocked"),
        ("/figures", reply(b"no", status=503), 1, "unreachable"),
        ("/figures", reply(b"<html><title>T</title><h1>F</h1><p>No links.</p></html>"), 1, "finds no file"),
        ("/files/stats.csv", reply(b"no", status=404), 2, "gone"),
        (
            "/files/stats.csv",
            reply(b"%PDF-1.4 broken %%EOF\n", content_type="application/pdf"),
            2,
            "cannot be read",
        ),
        ("/figures", reply(page("voluntary"), Date="Mon, 02 Jan 2023 00:00:00 GMT"), 1, "ahead of a publisher's"),
    ],
)
def test_online_says_what_is_wrong(
    home: Path, publisher: Loopback, path: str, answer: bytes, status: int, word: str
) -> None:
    publisher.says(path, answer)
    (what,) = told(home, "--online", status=status)
    assert word in what


MENDED = "title: Figures\npublisher: Test\nurl: {url}\nseries:\n"


@pytest.mark.parametrize(
    ("series", "word", "remedy"),
    [
        ("  a:\n    pattern: '/files/nothing'\n", "finds no file", "/files/stats.csv"),
        (
            "  all:\n    pattern: '/files/'\n  stats:\n    pattern: '/files/stats'\n",
            "test/figures, stats: its pattern",
            "a series above it takes its files",
        ),
        ("  page:\n    title: F\ninclude: ['#nothing']\n", "holds no text", "include:"),
    ],
)
def test_online_says_what_to_mend_in_a_source_file(
    home: Path, publisher: Loopback, series: str, word: str, remedy: str
) -> None:
    (home / "sources" / "test" / "figures.yaml").write_text(MENDED.format(url=f"{publisher.url}/figures") + series)
    done = run("doctor", "--online", cwd=home)
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
    assert word in line
    assert remedy in line


def test_online_says_where_an_address_leads_and_how_long_a_list_is(home: Path, publisher: Loopback) -> None:
    publisher.says("/figures", moved("/now/figures"))
    publisher.says(
        "/now/figures", reply(page("voluntary").replace(b"</main>", b"<a href='?page=7'>Last</a></main>"))
    )
    found = told(home, "--online", status=1)
    assert any(f"leads to {publisher.url}/now/figures" in what for what in found)
    assert any("goes on over 2 pages, of which 1" in what for what in found)


def test_online_says_that_an_address_must_not_be_asked(home: Path) -> None:
    file = home / "sources" / "test" / "figures.yaml"
    file.write_text("title: F\npublisher: T\nurl: http://10.0.0.1/figures\n")
    done = run("doctor", "--online", cwd=home)
    assert done.returncode == 2
    assert "list it under allow_hosts if you mean it → do as it says" in done.stdout
