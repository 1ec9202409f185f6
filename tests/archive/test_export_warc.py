from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.exports.warc import Indexed, write_warc
from archive.exports.warc_reading import read_captures
from state.errors import ReadingError
from state.model import Verdict
from state.reading.captures import Holdings, Wanted
from state.store import Store
from tests.archive.holdings import ASKED, FILE, FIRST, SECOND, WORKBOOK, make_archive
from tests.state.examples import PAGE, SOURCE, START


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive.db")


ALL = Wanted()


def exported(archive: Path, target: Path, wanted: Wanted = ALL) -> list[Indexed]:
    with Holdings(archive) as holdings, target.open("wb") as out:
        return write_warc(holdings.kept(holdings.numbers(wanted)), out, created=START, title="A test")


def records(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from ArchiveIterator(file, check_digests="raise")


def test_every_body_is_read_back_as_it_was(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target)
    found = {
        each.at.hour - START.hour: (each.verdict, each.body)
        for each in read_captures(target, source=SOURCE.id, memento=False)
    }
    assert found == {
        0: (Verdict.PRESENT, FIRST),
        1: (Verdict.PRESENT, FIRST),
        2: (Verdict.PRESENT, FIRST),
        3: (Verdict.PRESENT, SECOND),
        4: (Verdict.PRESENT, WORKBOOK),
        6: (Verdict.GONE, b"<p>not here</p>"),
        7: (Verdict.PRESENT, FIRST),
    }


def test_what_was_read_back_makes_the_same_releases(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target, Wanted(urls=(PAGE,)))
    with Store(tmp_path / "again.db") as again, Store(archive) as store:
        again.record(SOURCE, list(read_captures(target, source=SOURCE.id)))
        assert [(each.at, each.sha256) for each in again.archive.releases(SOURCE.id)] == [
            (each.at, each.sha256) for each in store.archive.releases(SOURCE.id, series="page")
        ]


def test_the_traps_of_replay_are_avoided(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target)
    addresses = set()
    for record in records(target):
        told = record.rec_headers
        assert told.protocol == "WARC/1.1"
        assert told.get_header("WARC-Block-Digest").startswith("sha256:")
        address = told.get_header("WARC-Target-URI")
        if record.rec_type == "metadata":
            assert address.startswith("urn:")
        if record.rec_type in ("response", "revisit"):
            addresses.add(address)
            if record.http_headers is not None:  # of a 304 the headers stand elsewhere
                assert record.http_headers.protocol == "HTTP/1.1"
                assert record.http_headers.get_statuscode() != "304"
                assert record.http_headers.get_header("Transfer-Encoding") is None
            assert told.get_header("WARC-Payload-Digest").startswith("sha256:")
    assert addresses == {PAGE, FILE, "http://www.example.gov/old"}


def test_payload_digests_are_of_the_bytes_that_came(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target)
    for record in records(target):
        if record.rec_type == "response":
            payload = record.raw_stream.read()
            assert (
                record.rec_headers.get_header("WARC-Payload-Digest")
                == "sha256:" + hashlib.sha256(payload).hexdigest()
            )
    assert gzip.compress(FIRST, mtime=0) in gzip.decompress(target.read_bytes()), "the wire bytes themselves"


def test_what_was_found_again_is_a_revisit(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target)
    profiles = [
        record.rec_headers.get_header("WARC-Profile").rpartition("/")[2]
        for record in records(target)
        if record.rec_type == "revisit"
    ]
    assert profiles == ["identical-payload-digest", "server-not-modified", "identical-payload-digest"]


def test_what_was_asked_stands_beside_what_was_answered(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target)
    kinds = [(each.rec_type, each) for each in records(target)]
    (request,) = [each for kind, each in kinds if kind == "request"]
    (answered,) = [
        each for kind, each in kinds
        if kind == "response" and each.rec_headers["WARC-Record-ID"] == request.rec_headers["WARC-Concurrent-To"]
    ]  # fmt: skip
    assert answered.rec_headers["WARC-Target-URI"] == request.rec_headers["WARC-Target-URI"] == PAGE
    assert (request.http_headers.protocol, request.http_headers.statusline) == ("GET", "/detain HTTP/1.1")
    assert tuple(request.http_headers.headers) == ASKED


def test_the_index_says_where_each_record_stands(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    index = exported(archive, target)
    data = target.read_bytes()
    for each in index:
        (record,) = ArchiveIterator(io.BytesIO(data[each.offset : each.offset + each.length]))
        assert record.rec_headers.get_header("WARC-Target-URI") == each.url
        assert record.rec_headers.get_header("WARC-Payload-Digest") == each.digest


def test_a_part_brings_what_it_refers_to(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    exported(archive, target, Wanted(since=START.replace(hour=11), until=START.replace(hour=12)))
    assert [each.body for each in read_captures(target, source=SOURCE.id)] == [FIRST, FIRST]


def test_the_same_archive_gives_the_same_file(archive: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    exported(archive, one)
    exported(archive, two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("data", [b"no archive at all" * 20, gzip.compress(b"neither this" * 20, mtime=0)])
def test_what_is_no_warc_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    with pytest.raises(ReadingError, match=r"x\.warc\.gz"):
        list(read_captures(path, source="s"))
