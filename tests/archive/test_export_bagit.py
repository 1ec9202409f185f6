from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archive.exports.bagit import write_bag
from archive.exports.warc_reading import read_captures
from state.database import open_archive
from state.errors import MonitorError
from state.ledger.stamp_roots import Trust
from state.ledger.stamps import stamp_head
from state.reading.captures import Holdings, Wanted
from state.store import Store
from tests.archive.holdings import make_archive
from tests.state.examples import SOURCE, START, finding, hours


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    path = make_archive(tmp_path / "archive.db")
    with Store(path) as store:
        store.report(source=SOURCE.id, series="page", findings=[finding()], at=hours(3))
    db = open_archive(path)
    stamp_head(db, ["https://stamps.example/tsr"], post=lambda url, request: b"reply", at=hours(9), trust=Trust())
    db.close()
    target = tmp_path / "hand-over"
    with Holdings(path) as holdings:
        assert write_bag(holdings, Wanted(), target, created=START, title="For the\narchive") == 8
    return target


def test_the_bag_is_valid(bag: Path) -> None:
    library = pytest.importorskip("bagit")
    library.Bag(str(bag)).validate()
    assert library.Bag(str(bag)).info["External-Description"] == "For the archive"


def test_every_digest_is_that_of_its_file(bag: Path) -> None:
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in (bag / manifest).read_text().splitlines():
            digest, name = line.split("  ", 1)
            assert hashlib.sha256((bag / name).read_bytes()).hexdigest() == digest
    listed = {line.split("  ", 1)[1] for line in (bag / "manifest-sha256.txt").read_text().splitlines()}
    assert listed == {str(each.relative_to(bag)) for each in (bag / "data").rglob("*") if each.is_file()}


def test_a_changed_payload_is_noticed(bag: Path) -> None:
    library = pytest.importorskip("bagit")
    (bag / "data" / "findings.jsonl").write_text("nothing\n")
    with pytest.raises(library.BagValidationError):
        library.Bag(str(bag)).validate()


def test_it_holds_captures_chain_stamps_and_findings(bag: Path) -> None:
    data = bag / "data"
    assert len(list(read_captures(data / "captures.warc.gz", source="s"))) == 7
    (said,) = [json.loads(line) for line in (data / "findings.jsonl").read_text().splitlines()]
    assert (said["kind"], said["at"]) == ("cumulative-decreased", "2026-02-02T12:00:00+00:00")
    texts = (data / "chain" / "entries.jsonl").read_bytes().splitlines()
    digests = (data / "chain" / "entries.sha256").read_text().split()
    assert [hashlib.sha256(text).hexdigest() for text in texts] == digests
    assert (data / "chain" / "head.txt").read_text() == f"8:{digests[-1]}\n"
    (stamp,) = (data / "chain" / "stamps").iterdir()
    assert (stamp.name, stamp.read_bytes()) == ("entry-8-1-stamps.example.tsr", b"reply")


def test_a_folder_that_is_there_is_left_alone(bag: Path, tmp_path: Path) -> None:
    with Holdings(tmp_path / "archive.db") as holdings, pytest.raises(MonitorError, match="exists already"):
        write_bag(holdings, Wanted(), bag, created=START)
