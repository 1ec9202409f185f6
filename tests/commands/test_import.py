"""``import`` as an archivist runs it who saved files by hand for years."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from state.reading.timeline import Browser
from tests.commands.figures import FILE, PAGE, day, page, set_up, table, watched
from tests.commands.running import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    return tmp_path


def saved(home: Path, name: str, body: bytes) -> Path:
    path = home / "saved" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return path


def test_a_folder_of_dated_files_becomes_releases_in_order_of_date(home: Path) -> None:
    saved(home, "2023-04-02.csv", table(210))
    saved(home, "2023-03-02.csv", table(500))
    saved(home, "2023-03-02 page.html", page("voluntary"))
    saved(home, ".DS_Store", b"no document")
    done = run("import", "test/figures", "saved", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 releases came in" in done.stdout
    with Browser(home / "data" / "archive.db") as browser:
        first, second = browser.archive.releases("test/figures", series="stats")
        assert (first.at.date(), second.at.date()) == (dt.date(2023, 3, 2), dt.date(2023, 4, 2))
        assert browser.archive.releases("test/figures", series="page")[0].url == PAGE
        assert any(past.finding.kind == "cumulative-decreased" for past in browser.findings())
        capture = browser.looks.captures_of("")[0]
        assert capture.memento
        assert "imported by hand from the file 2023-03-02.csv" in capture.reason


def test_a_source_whose_address_is_a_file_takes_files(home: Path) -> None:
    (home / "sources" / "test" / "table.yaml").write_text(
        "title: T\npublisher: P\nurl: http://127.0.0.1/table.csv\n"
    )
    done = run("import", "test/table", saved(home, "2023-03-02.csv", table(500)), cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 release came in" in done.stdout


def test_a_file_imported_again_brings_nothing_new(home: Path) -> None:
    path = saved(home, "2023-03-02.csv", table(500))
    run("import", "test/figures", path, cwd=home)
    again = run("import", "test/figures", path, cwd=home)
    assert "0 releases came in" in again.stdout
    assert "1 brought nothing new" in again.stdout


def test_an_import_between_two_releases_judges_the_later_one_again(home: Path) -> None:
    watched(home, 2, webb=200)
    watched(home, 6, webb=400)
    path = saved(home, "stats.csv", table(900))
    done = run("import", "test/figures", path, "--at", "2023-04-01", "--url", FILE, "--json", cwd=home)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["between_others"], each["judged_again"]) for each in told] == [(True, False), (False, True)]
    assert any(finding["kind"] == "cumulative-decreased" for finding in told[1]["findings"])


def test_a_file_is_dated_by_what_it_states(home: Path) -> None:
    body = b"<html><body><h1>Figures</h1><p>Data as of March 4, 2023.</p><p>Voluntary.</p></body></html>"
    done = run("import", "test/figures", saved(home, "page.html", body), cwd=home)
    assert done.stdout.startswith("2023-03-04")


@pytest.mark.filterwarnings("ignore:Exception ignored:pytest.PytestUnraisableExceptionWarning")  # warcio's writer
def test_a_warc_file_gives_what_the_source_follows(home: Path) -> None:
    path = home / "crawl.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body, media_type, month in (
            (PAGE.replace("https://www.", "http://") + "/", page("voluntary"), "text/html", 1),
            (FILE, table(500), "text/csv", 2),
            ("https://www.figures.example/other", page("other"), "text/html", 2),
        ):
            headers = StatusAndHeaders("200 OK", [("Content-Type", media_type)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": day(month).strftime("%Y-%m-%dT%H:%M:%SZ")},
            )
            writer.write_record(record)
    done = run("import", "test/figures", "--warc", path, cwd=home)
    assert done.returncode == 0, done.stderr
    assert "2 releases came in" in done.stdout
    assert "passed over 1 × other address" in done.stderr
    with Browser(home / "data" / "archive.db") as browser:
        releases = browser.archive.releases("test/figures")
        assert [(release.series, release.at, release.url) for release in releases] == [
            ("page", day(1), PAGE),
            ("stats", day(2), FILE),
        ]


def warc(path: Path, *, month: int, body: bytes | None = None, of: int = 0) -> Path:
    """A WARC file with one answer of a month, or with a revisit of that of another month."""
    moment = day(month).strftime("%Y-%m-%dT%H:%M:%SZ")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/csv")], protocol="HTTP/1.1")
        if body is not None:
            record = writer.create_warc_record(
                FILE,
                "response",
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": moment},
            )
        else:
            digest = "sha1:" + base64.b32encode(hashlib.sha1(table(of)).digest()).decode()
            record = writer.create_revisit_record(
                FILE, digest, FILE, day(of).strftime("%Y-%m-%dT%H:%M:%SZ"), headers
            )
            record.rec_headers.replace_header("WARC-Date", moment)
        writer.write_record(record)
    return path


@pytest.mark.filterwarnings("ignore:Exception ignored:pytest.PytestUnraisableExceptionWarning")  # warcio's writer
def test_a_revisit_may_stand_in_another_file_than_what_it_saw(home: Path) -> None:
    later = warc(home / "a-later.warc.gz", month=5, of=2)
    between = warc(home / "b-between.warc.gz", month=3, body=table(3))
    first = warc(home / "c-first.warc.gz", month=2, body=table(2))
    done = run("import", "test/figures", "--warc", later, "--warc", between, "--warc", first, cwd=home)
    assert done.returncode == 0, done.stderr
    with Browser(home / "data" / "archive.db") as browser:
        assert [release.at for release in browser.archive.releases("test/figures")] == [day(2), day(3), day(5)]


@pytest.mark.parametrize("form", ["wacz", "bagit"])
def test_what_was_exported_comes_in_again(home: Path, tmp_path_factory: pytest.TempPathFactory, form: str) -> None:
    watched(home, 2, webb=200)
    watched(home, 6, webb=400)
    package = home / ("all.wacz" if form == "wacz" else "all")
    exported = run("export", form, "--to", package, cwd=home)
    assert exported.returncode == 0, exported.stderr
    other = tmp_path_factory.mktemp("other")
    set_up(other)
    done = run("import", "test/figures", "--warc", package, cwd=other)
    assert done.returncode == 0, done.stderr
    with Browser(other / "data" / "archive.db") as browser:
        assert [release.at for release in browser.archive.releases("test/figures", series="stats")] == [
            day(2),
            day(6),
        ]


def test_a_bag_whose_files_are_other_ones_is_refused(home: Path) -> None:
    bag = home / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (bag / "data" / "x.warc").write_bytes(b"WARC/1.1")
    (bag / "manifest-sha256.txt").write_text(f"{'0' * 64}  data/x.warc\n")
    done = run("import", "test/figures", "--warc", bag, cwd=home)
    assert done.returncode == 2
    assert "not what the package says" in done.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("saved/undated.csv", "--at", "2999-01-01"), "is to come"),
        ((), "name files"),
        (("saved/undated.csv",), "says nowhere when"),
        (("saved/undated.csv", "--at", "soon"), "no date"),
        (("saved", "--at", "2023-01-01"), "--at dates one file"),
        (("saved/undated.csv", "--at", "2023-01-01", "--series", "other"), "say --series"),
        (("saved/missing.csv", "--at", "2023-01-01"), "no such file"),
        (("--warc", "saved/undated.csv"), "no WARC"),
    ],
)
def test_usage_is_told(home: Path, words: tuple[str, ...], why: str) -> None:
    saved(home, "undated.csv", table(1))
    saved(home, "undated too.csv", table(2))
    done = run("import", "test/figures", *words, cwd=home)
    assert done.returncode == 2
    assert why in done.stderr


def test_what_came_earlier_and_could_not_be_read_is_said_again(home: Path) -> None:
    saved(home, "2023-03-02.pdf", b"%PDF-1.4\nthis is none\n%%EOF")
    first = run("import", "test/figures", "saved", "--series", "stats", cwd=home)
    assert "cannot be read" in first.stdout
    again = run("import", "test/figures", "saved", "--series", "stats", cwd=home)
    assert "1 brought nothing new" in again.stdout
    assert "2023-03-02.pdf came earlier and could not be read" in again.stderr
    assert "reanalyse test/figures` reads them again" in again.stderr
    saved(home, "2023-04-02.csv", table(210))
    more = run("import", "test/figures", "saved", "--series", "stats", cwd=home)
    assert "2023-03-02.pdf came earlier" in more.stderr
