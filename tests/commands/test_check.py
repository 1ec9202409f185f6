"""``check`` and ``watch`` as cron and an operator run them, against a real server on loopback."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli.configuration.settings import read_settings
from cli.rounds import run_round
from state.lock import round_lock
from state.reading.timeline import Browser
from tests.alerts.examples import Webhook
from tests.commands.running import ROOT, run
from tests.watchers.loopback import loopback, reply

PAGE = """<html><head><title>Figures</title></head><body><main><h1>Figures</h1>
<p>Participation is {word} for every county.</p><a href="/files/stats.csv">Statistics</a></main></body></html>"""


class _Publisher(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []

    def publish(self, *, word: str, webb: int) -> None:
        rows = "".join(f"County {n},{n * 37 + 200}\n" for n in range(30))
        self.pages = {
            "/figures": (200, "text/html", PAGE.format(word=word).encode()),
            "/files/stats.csv": (200, "text/csv", f"County,Removals to date\n{rows}Webb,{webb}\n".encode()),
        }


class _Answers(BaseHTTPRequestHandler):
    server: _Publisher

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        status, media_type, body = self.server.pages.get(self.path, (404, "text/html", b"<h1>Not found</h1>"))
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def publisher() -> Iterator[_Publisher]:
    with _Publisher() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        server.publish(word="voluntary", webb=500)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def home(tmp_path: Path, publisher: _Publisher) -> Path:
    (tmp_path / "sources" / "test").mkdir(parents=True)
    address = f"http://127.0.0.1:{publisher.server_port}/figures"
    (tmp_path / "sources" / "test" / "figures.yaml").write_text(
        f"title: Figures\npublisher: Test\nurl: {address}\nwhy: For the test.\nevery: 1h\n"
        "series:\n  page:\n    title: The page\n  stats:\n    title: Statistics\n    pattern: '/files/stats'\n"
    )
    (tmp_path / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
    )
    return tmp_path


def test_a_round_a_quiet_round_and_a_round_with_a_finding(home: Path, publisher: _Publisher) -> None:
    for _ in range(2):
        quiet = run("check", cwd=home)
        assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    publisher.publish(word="mandatory", webb=210)
    told = run("check", "--fail-on-finding", cwd=home)
    assert told.returncode == 1
    assert "cumulative-decreased" in told.stdout
    assert "Webb" in told.stdout
    assert "commitment-weakened" in told.stdout
    with Browser(home / "data" / "archive.db") as archive:
        assert archive.counts().releases == 4


def test_what_ends_the_judging_of_one_series_is_not_the_next_one_s_business(
    home: Path, publisher: _Publisher
) -> None:
    assert run("check", cwd=home).returncode == 0
    archive = sqlite3.connect(home / "data" / "archive.db")
    with archive:
        archive.execute(
            "UPDATE packed SET data = zeroblob(length(data))"
            " WHERE snapshot IN (SELECT body FROM capture WHERE url LIKE '%/figures')"
        )
    archive.close()
    publisher.publish(word="mandatory", webb=210)
    done = run("check", cwd=home)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert "cumulative-decreased" in done.stdout
    assert "commitment-weakened" not in done.stdout


def test_pages_that_come_together_are_judged_each_for_itself(tmp_path: Path, publisher: _Publisher) -> None:
    """Among pages examined in one job, one whose past is damaged, and one whose past was never judged."""
    names = [f"district-{number:02}" for number in range(12)]
    (tmp_path / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\npoliteness: {seconds_between_requests: 0}\n"
    )
    (tmp_path / "sources").mkdir()
    for name in names:
        address = f"http://127.0.0.1:{publisher.server_port}/{name}"
        (tmp_path / "sources" / f"{name}.yaml").write_text(f"title: {name}\npublisher: T\nurl: {address}\n")

    def publish(word: str) -> None:
        text = f"<p>In {{}} participation is {word} for every county.</p>"
        publisher.pages |= {
            f"/{name}": (200, "text/html", f"<title>{name}</title>{text.format(name)}".encode()) for name in names
        }

    publish("voluntary")
    assert run("check", cwd=tmp_path).returncode == 0
    archive = sqlite3.connect(tmp_path / "data" / "archive.db")
    with archive:
        archive.execute(
            "UPDATE packed SET data = zeroblob(length(data))"
            " WHERE snapshot IN (SELECT body FROM capture WHERE url LIKE '%/district-03')"
        )
        archive.execute(
            "UPDATE judged SET at = NULL WHERE release IN (SELECT no FROM release WHERE source = 'district-05')"
        )
    archive.close()
    publish("mandatory")
    done = run("check", cwd=tmp_path)
    assert done.returncode == 1
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["district-03"]
    names.remove("district-03")
    assert re.findall(r"^district-\d\d", done.stdout, re.MULTILINE) == names
    assert done.stdout.count("commitment-weakened") == 11
    with Browser(tmp_path / "data" / "archive.db") as browser:
        assert browser.counts().releases == 24


def test_due_sources_only(home: Path, publisher: _Publisher) -> None:
    assert run("check", "--due", cwd=home).returncode == 0
    publisher.publish(word="mandatory", webb=210)
    not_yet = run("check", "--due", cwd=home)
    assert (not_yet.returncode, not_yet.stdout) == (0, "")


def test_what_could_not_be_had_is_a_line_and_status_1(home: Path, publisher: _Publisher) -> None:
    publisher.pages["/figures"] = (403, "text/html", b"<h1>Access Denied</h1>")
    done = run("check", cwd=home)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "test/figures: blocked" in done.stderr


def test_a_held_lock_is_status_75(home: Path) -> None:
    (home / "data").mkdir()
    with round_lock(home / "data" / "archive.db"):
        done = run("check", cwd=home)
    assert done.returncode == 75
    assert "another round" in done.stderr


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("destinations: [{name: desk}]", "url"),
        ("colour: blue", "colour"),
        ("- a list", "key: value"),
        ("every: sometimes", "every"),
        ("a: [", "not valid YAML"),
        ("destinations: [{name: desk, url: 'json://x/${UNSET_SECRET_OF_A_TEST}'}]", "UNSET_SECRET_OF_A_TEST"),
        ("destinations: [{name: desk, url: 'json://x/', kinds: [gone-fishing]}]", "gone-fishing"),
    ],
)
def test_a_wrong_configuration_is_one_clear_line(home: Path, text: str, word: str) -> None:
    (home / "monitor.yaml").write_text(text)
    done = run("check", cwd=home)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_mistyped_source_file_costs_its_own_source_only(home: Path, publisher: _Publisher) -> None:
    wrong = home / "sources" / "test" / "wrong.yaml"
    wrong.write_text("titel: Figures\n")
    for only in ((), ("test/*",)):
        done = run("check", *only, cwd=home)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert "wrong.yaml, line 1: “titel”" in line
    with Browser(home / "data" / "archive.db") as archive:
        assert archive.counts().releases == 2
    other = run("check", "test/figures", cwd=home)
    assert (other.returncode, other.stderr) == (0, "")
    itself = run("check", "test/wrong", cwd=home)
    assert itself.returncode == 2
    assert "wrong.yaml, line 1: “titel”" in itself.stderr


def test_a_mistyped_file_stands_for_the_one_that_it_overrides(home: Path, publisher: _Publisher) -> None:
    (home / "monitor.yaml").write_text((home / "monitor.yaml").read_text() + "source_folders: [sources, more]\n")
    (home / "more" / "test").mkdir(parents=True)
    (home / "more" / "test" / "figures.yaml").write_text("titel: Figures\n")
    done = run("check", cwd=home)
    assert done.returncode == 2
    assert "figures.yaml, line 1: “titel”" in done.stderr
    assert publisher.asked == []


def test_an_unknown_source_is_said(home: Path) -> None:
    done = run("check", "ice/nothing", cwd=home)
    assert done.returncode == 2
    assert "ice/nothing" in done.stderr


def test_the_daemon_ends_on_sigterm(home: Path) -> None:
    command = [sys.executable, str(ROOT / "monitor.py"), "watch"]
    with subprocess.Popen(command, cwd=home, stderr=subprocess.PIPE, text=True) as daemon:
        assert daemon.stderr is not None
        assert "watching 1 source," in daemon.stderr.readline()
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=60) == 0


@pytest.fixture
def dripping(home: Path) -> Iterator[threading.Event]:
    """A second source, whose server begins an answer and never ends it; set when it was asked."""
    asked, released = threading.Event(), threading.Event()

    def begin(connection: socket.socket) -> None:
        asked.set()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
        released.wait(120)

    with loopback() as server:
        url = server.says("/drip", begin)
        (home / "sources" / "test" / "drip.yaml").write_text(
            f"title: Drip\npublisher: Test\nurl: {url}\nobey_robots: false\n"
        )
        yield asked
        released.set()


@pytest.mark.parametrize(
    ("command", "number", "status"),
    [
        ("watch", signal.SIGTERM, 0),
        ("watch", signal.SIGINT, 0),
        ("check", signal.SIGTERM, 143),
        ("check", signal.SIGINT, 130),
    ],
)
def test_a_signal_ends_a_round_in_which_a_server_drips(
    home: Path, dripping: threading.Event, command: str, number: signal.Signals, status: int
) -> None:
    """The server's minute is not waited for, and half an answer is no capture."""
    with subprocess.Popen([sys.executable, str(ROOT / "monitor.py"), command], cwd=home) as running:
        assert dripping.wait(60)
        running.send_signal(number)
        assert running.wait(timeout=40) == status
    with Browser(home / "data" / "archive.db") as archive:
        assert "test/drip" not in {line.source for line in archive.sources()}
    (home / "sources" / "test" / "drip.yaml").unlink()
    done = run("check", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_pattern_freezes_on_a_publisher_s_link(home: Path) -> None:
    """A nested quantifier over a long link: with ``re`` the process hung in it, and heard no signal."""
    link = f"<a href='/{'a' * 4_000}!'>x</a><a href='/aa'>y</a>"
    listing = reply(f"<html><title>Files</title><h1>Files</h1>{link}</html>".encode())
    asked = threading.Semaphore(0)
    with loopback() as server:

        def answer(connection: socket.socket) -> None:
            asked.release()
            connection.sendall(listing)

        url = server.says("/nested", answer)
        server.says("/aa", reply(b"County,Removals\nWebb,4\n", content_type="text/csv"))
        (home / "sources" / "test" / "nested.yaml").write_text(
            f"title: Nested\npublisher: Test\nurl: {url}\nevery: 1s\nobey_robots: false\n"
            "series:\n  files:\n    pattern: '/(a+)+$'\n"
        )
        (home / "monitor.yaml").write_text((home / "monitor.yaml").read_text() + "every: 1s\n")
        with subprocess.Popen([sys.executable, str(ROOT / "monitor.py"), "watch"], cwd=home) as daemon:
            try:
                for _ in range(2):  # asked again, it is through with the first round
                    assert asked.acquire(timeout=60)
                daemon.send_signal(signal.SIGTERM)
                assert daemon.wait(timeout=60) == 0
            finally:
                daemon.kill()
    with Browser(home / "data" / "archive.db") as archive:
        assert "test/nested" in {line.source for line in archive.sources()}


def test_the_daemon_goes_on_with_what_it_read_where_somebody_mistypes(home: Path, publisher: _Publisher) -> None:
    (home / "monitor.yaml").write_text((home / "monitor.yaml").read_text() + "every: 1s\n")
    command = [sys.executable, str(ROOT / "monitor.py"), "watch"]
    with subprocess.Popen(command, cwd=home, stderr=subprocess.PIPE, text=True) as daemon:
        assert daemon.stderr is not None
        daemon.stderr.readline()
        (home / "sources" / "test" / "figures.yaml").write_text("titel: Figures\n")
        said = daemon.stderr.readline()
        assert "figures.yaml, line 1: “titel”" in said
        assert "going on with what was read before" in said
        daemon.stderr.readline()  # the next round says it again, so this one is over
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=60) == 0
    with Browser(home / "data" / "archive.db") as archive:
        assert archive.counts().releases == 2


def test_the_daemon_does_a_round_and_ends_where_told(home: Path) -> None:
    assert run("watch", "--rounds", "1", cwd=home).returncode == 0
    with Browser(home / "data" / "archive.db") as archive:
        assert archive.counts().releases == 2


def test_every_command_has_help_with_an_example() -> None:
    listed = run("--help").stdout.split()
    for name in ("browse", "check", "compare", "demo", "read", "replay", "sources", "watch"):
        assert name in listed
        assert "Example: python monitor.py" in run(name, "--help").stdout


def test_a_page_that_was_never_there_is_said_each_time(home: Path, publisher: _Publisher) -> None:
    publisher.pages.clear()
    for _ in range(2):
        done = run("check", cwd=home)
        assert done.returncode == 1
        assert "never seen, is the address right?" in done.stderr


def test_a_pattern_that_matches_nothing_is_said(home: Path) -> None:
    file = home / "sources" / "test" / "figures.yaml"
    file.write_text(file.read_text().replace("/files/stats", "/files/nothing"))
    done = run("check", cwd=home)
    assert done.returncode == 1
    assert "series stats: no link of the page ever matched" in done.stderr


def test_a_selector_that_is_none_is_told_before_anything_is_fetched(home: Path) -> None:
    file = home / "sources" / "test" / "figures.yaml"
    file.write_text(file.read_text() + 'include: ["((("]\n')
    done = run("check", cwd=home)
    assert done.returncode == 2
    assert "figures.yaml, line" in done.stderr
    assert "CSS selector" in done.stderr


def test_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    done = run("compare", tmp_path / "before.csv", tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_busy_port_is_one_line(home: Path, publisher: _Publisher) -> None:
    assert run("check", cwd=home).returncode == 0
    done = run("browse", "--port", str(publisher.server_port), cwd=home)
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["bogus://x", "json://127.0.0.1:9/"])
def test_an_alert_that_cannot_be_sent_is_said_each_round_and_waits(
    home: Path, publisher: _Publisher, url: str
) -> None:
    with (home / "monitor.yaml").open("a") as file:
        file.write(f"destinations: [{{name: desk, url: '{url}'}}]\n")
    assert run("check", cwd=home).returncode == 0
    publisher.publish(word="mandatory", webb=210)
    for _ in range(2):
        done = run("check", cwd=home)
        assert done.returncode == 1
        assert "not sent yet: " in done.stderr
        assert "for desk: " in done.stderr
    listed = run("outbox", "list", "--state", "pending", cwd=home)
    assert "desk: CRITICAL" in listed.stdout


def test_a_good_round_is_pinged_with_its_start_and_a_failing_ping_tells_no_address(
    home: Path, publisher: _Publisher
) -> None:
    base = f"http://127.0.0.1:{publisher.server_port}"
    publisher.pages["/alive"] = publisher.pages["/alive/start"] = (200, "text/plain", b"ok")
    settings = (home / "monitor.yaml").read_text()
    (home / "monitor.yaml").write_text(f"{settings}health_ping: {base}/${{TIMER}}\n")
    assert run("check", cwd=home, env=os.environ | {"TIMER": "alive"}).stderr == ""
    asked = [path for path in publisher.asked if "alive" in path]
    assert asked == ["/alive/start", "/alive"]
    assert publisher.asked[0] == "/alive/start"
    done = run("check", cwd=home, env=os.environ | {"TIMER": "secret-nothing"})
    assert "the health ping failed: 127.0.0.1 answered 404" in done.stderr
    assert "secret-nothing" not in done.stdout + done.stderr
    assert "set the environment variable TIMER" in run("check", cwd=home).stderr


def test_a_round_in_which_nobody_answers_fails_at_the_timer_and_so_do_those_without_a_look(
    home: Path, publisher: _Publisher
) -> None:
    """Until somebody answers: that nothing is due for an hour is no sign that all is well again."""
    with (home / "monitor.yaml").open("a") as file:
        file.write(f"health_ping: http://127.0.0.1:{publisher.server_port}/alive\n")
    signs = ("/alive", "/alive/start", "/alive/fail")
    alive: dict[str, tuple[int, str, bytes]] = dict.fromkeys(signs, (200, "text/plain", b"ok"))
    good = publisher.pages
    publisher.pages = alive | {"/figures": (503, "text/html", b"away")}
    run("check", cwd=home)
    run("check", "--due", cwd=home)
    assert publisher.asked[-2:] == ["/alive/start", "/alive/fail"]
    assert publisher.asked.count("/alive/fail") == 2
    publisher.pages = alive | good
    run("check", cwd=home)
    assert publisher.asked[-1] == "/alive"


def test_a_round_that_kept_nothing_is_no_success(home: Path, publisher: _Publisher) -> None:
    with (home / "monitor.yaml").open("a") as file:
        file.write(f"health_ping: http://127.0.0.1:{publisher.server_port}/alive\n")
    for sign in ("/alive", "/alive/start", "/alive/fail"):
        publisher.pages[sign] = (200, "text/plain", b"ok")
    run("check", cwd=home)
    archive = sqlite3.connect(home / "data" / "archive.db")
    with archive:
        archive.execute(
            "CREATE TRIGGER full BEFORE INSERT ON look BEGIN SELECT raise(ABORT, 'disk I/O error'); END"
        )
    archive.close()
    run("check", cwd=home)
    assert publisher.asked[-1] == "/alive/fail"


def test_a_round_that_breaks_is_cried_out_where_no_archive_is_needed(home: Path, publisher: _Publisher) -> None:
    """By /fail behind the health ping, and by the machine's own mail once a day."""
    box = home / "box"
    sendmail = home / "bin" / "sendmail"
    sendmail.parent.mkdir()
    sendmail.write_text(f'#!/bin/sh\necho "$@" >> {box}\ncat >> {box}\n')
    sendmail.chmod(0o755)
    publisher.pages["/alive/fail"] = (200, "text/plain", b"ok")
    with (home / "monitor.yaml").open("a") as file:
        file.write(f"health_ping: http://127.0.0.1:{publisher.server_port}/alive\nlocal_mail: root\n")
    (home / "data").mkdir()
    (home / "data" / "archive.db").write_bytes(b"this is no database" * 500)
    path = os.environ | {"PATH": f"{sendmail.parent}:{os.environ['PATH']}"}
    for _ in range(2):
        done = run("check", cwd=home, env=path)
        assert done.returncode == 2
    assert publisher.asked.count("/alive/fail") == 2
    assert box.read_text().startswith("-i -- root\nTo: root\nSubject: Release monitor: ")
    assert box.read_text().count("a round broke: ") == 1


def test_what_stays_undelivered_is_cried_out_and_what_waits_for_minutes_is_not(
    home: Path, publisher: _Publisher
) -> None:
    publisher.pages["/alive"] = publisher.pages["/alive/fail"] = (200, "text/plain", b"ok")
    with (home / "monitor.yaml").open("a") as file:
        file.write(f"health_ping: http://127.0.0.1:{publisher.server_port}/alive\n")
        file.write("destinations: [{name: desk, url: 'json://127.0.0.1:9/'}]\n")
    run("check", cwd=home)
    pages = publisher.pages
    publisher.publish(word="mandatory", webb=210)
    publisher.pages = pages | publisher.pages
    run("check", cwd=home)
    assert "/alive/fail" not in publisher.asked
    archive = sqlite3.connect(home / "data" / "archive.db")
    with archive:
        archive.execute("UPDATE outbox SET state = 'dead'")
    archive.close()
    run("check", cwd=home)
    assert publisher.asked[-1] == "/alive/fail"


def test_what_was_looked_at_last_is_asked_last(home: Path, publisher: _Publisher) -> None:
    address = f"http://127.0.0.1:{publisher.server_port}"
    for name in ("b", "c"):
        publisher.pages[f"/{name}"] = publisher.pages["/figures"]
        (home / "sources" / "test" / f"{name}.yaml").write_text(
            f"title: {name}\npublisher: Test\nurl: {address}/{name}\nwhy: For the test.\n"
        )
    assert run("check", "test/c", cwd=home).returncode == 0
    assert run("check", "test/figures", cwd=home).returncode == 0
    publisher.asked.clear()
    assert run("check", cwd=home).returncode == 0
    pages = [path for path in publisher.asked if path in ("/b", "/c", "/figures")]
    assert list(dict.fromkeys(pages)) == ["/b", "/c", "/figures"]


def test_a_look_under_a_clock_that_was_a_year_ahead_does_not_end_the_watch(
    home: Path, publisher: _Publisher
) -> None:
    began = dt.datetime.now(dt.UTC)
    ahead = began + dt.timedelta(days=365)
    with Webhook() as hook:
        with (home / "monitor.yaml").open("a") as file:
            file.write(
                f"destinations: [{{name: desk, url: '{hook.url}'}},"
                f" {{name: room, url: '{hook.url}', operators: true}}]\n"
            )
        settings = read_settings(home / "monitor.yaml")
        run_round(settings, past=lambda: ahead + (dt.datetime.now(dt.UTC) - began))
        publisher.publish(word="mandatory", webb=210)
        done = run("check", "--due", cwd=home)
        assert "Webb" in done.stdout
        assert "still to come: test/figures" in done.stderr
        told = [str(body) for body in hook.bodies]
        assert any("cumulative-decreased" in body for body in told)
        assert any("still to come" in body for body in told)
        publisher.asked.clear()
        quiet = run("check", "--due", cwd=home)
        assert (quiet.returncode, quiet.stdout, quiet.stderr, publisher.asked) == (0, "", "", [])
