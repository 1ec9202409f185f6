"""Each answer is in the archive before the next one of its host is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec.structs import replace

from pipeline.recording import IN_HAND, KeptLook, Recorder
from state.database import open_archive
from state.errors import StoreError
from state.incoming import Brought, Look
from state.ledger.entries import head
from state.model import Capture, Series, Source
from state.store import Store
from tests.state.examples import PAGE, SOURCE, capture, hours
from watchers.fetch import Fetcher
from watchers.fetching.politeness import Politeness

FILES = 12


class Publisher(ThreadingHTTPServer):
    """A page with files; before it answers it looks what is in the archive of all that it has answered."""

    daemon_threads = True

    def __init__(self, archive: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.archive = archive
        self.kept: list[int] = []


class Answers(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        archive = open_archive(self.server.archive, read_only=True)
        self.server.kept.append(head(archive).seq)
        archive.close()
        links = "".join(f"<p><a href='/{number}.csv'>Table {number}</a></p>" for number in range(FILES))
        page = f"<html><head><title>Tables</title></head><body><h1>Tables</h1><p>All</p>{links}</body></html>"
        kind, body = ("text/csv", f"Webb,{self.path}\n") if self.path.endswith("csv") else ("text/html", page)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize("each_file", [True, False])
def test_what_was_served_is_there_when_the_next_address_is_asked(tmp_path: Path, each_file: bool) -> None:
    archive = tmp_path / "archive.db"
    Store(archive).close()
    with Publisher(archive) as publisher:
        threading.Thread(target=publisher.serve_forever, args=(0.05,), daemon=True).start()
        series = (Series("page", "P"), Series("files", "F", pattern="csv$", each_file=each_file))
        url = f"http://127.0.0.1:{publisher.server_port}/list"
        source = Source(id="t/s", title="T", publisher="P", url=url, series=series, obey_robots=False)
        with (
            Recorder(archive) as recorder,
            Fetcher(contact="t", allow_hosts=frozenset({"127.0.0.1"}), politeness=Politeness(delay=0)) as fetcher,
        ):
            shown = recorder.look_at(source, fetcher=fetcher)
            assert len(recorder.releases_of(source)) == len(shown) == 1 + FILES
        publisher.shutdown()
    assert publisher.kept == list(range(1 + FILES)), "at each request all answers before it are in the chain"
    with Store(archive) as store:
        assert store.verify().clean
        assert len(store.looks.linked_documents("t/s")) == FILES


def test_a_look_that_is_cut_short_keeps_what_it_brought(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Recorder(archive) as recorder:
        look = KeptLook(recorder, SOURCE)
        look.keep(capture("page"))
        look.note_links([("letters", f"{PAGE}/a.pdf", "A")], at=hours(0))
        look.keep(capture("a", series="letters", url=f"{PAGE}/a.pdf"))
    with pytest.raises(StoreError, match="over"):
        look.keep(capture("b", series="letters", url=f"{PAGE}/b.pdf"))
    with Store(archive) as store:
        assert store.verify().entries == 2
        assert [release.series for release in store.queue.unjudged(SOURCE.id)] == ["page", "letters"]
        assert store.looks.linked_documents(SOURCE.id) == (("letters", f"{PAGE}/a.pdf", "A"),)


def test_one_round_of_a_source_has_one_number_whoever_records_between(tmp_path: Path) -> None:
    with Store(tmp_path / "archive.db") as store:
        other = replace(SOURCE, id="ice/other")
        first, second = Look(SOURCE), Look(other)
        for number in range(3):
            for look in (first, second):
                one = replace(capture(f"{look.source.id} {number}", number), source=look.source.id)
                store.record_together([Brought(look, [one])])
        assert (first.number, second.number) == (1, 2)
        assert store.verify().clean


def test_threads_record_together_and_each_learns_of_its_own(tmp_path: Path) -> None:
    def keep(number: int) -> str:
        source = replace(SOURCE, id=f"t/{number}")
        look = KeptLook(recorder, source)
        look.keep(replace(capture(f"body {number}"), source=source.id))
        (release,) = look.fresh
        return release.source

    with Recorder(tmp_path / "archive.db") as recorder, ThreadPoolExecutor(16) as pool:
        assert list(pool.map(keep, range(64))) == [f"t/{number}" for number in range(64)]
    with Store(tmp_path / "archive.db") as store:
        assert (store.verify().entries, store.verify().clean) == (64, True)


def test_what_cannot_be_kept_is_the_error_of_the_thread_that_brought_it(tmp_path: Path) -> None:
    gate = threading.Barrier(2)

    def keep(made: Callable[[], Capture]) -> int:
        look = KeptLook(recorder, SOURCE)
        gate.wait()
        look.keep(made())
        return len(look.fresh)

    with Recorder(tmp_path / "archive.db") as recorder, ThreadPoolExecutor(2) as pool:
        good = pool.submit(keep, lambda: capture("one"))
        bad = pool.submit(keep, lambda: replace(capture("two"), url=None))
        assert good.result() == 1
        with pytest.raises(StoreError):
            bad.result()


def test_a_large_body_does_not_wait_in_memory(tmp_path: Path) -> None:
    with Recorder(tmp_path / "archive.db") as recorder:
        look = KeptLook(recorder, SOURCE)
        assert look.keep(capture(b"x" * IN_HAND)).body
        assert not look.keep(capture(b"x" * (IN_HAND + 1))).body
