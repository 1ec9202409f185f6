from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from state.database import open_archive
from state.errors import StoreError
from state.ledger.stamps import check_stamp, due, stamp_head, stamps
from state.store import Store
from tests.state.authority import authority, post
from tests.state.examples import SOURCE, capture, hours


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        store.record(SOURCE, [capture("one"), capture("two", 1)])
    return path


def test_the_head_is_stamped_and_openssl_agrees(archive: Path, tmp_path: Path) -> None:
    db = open_archive(archive)
    with authority(tmp_path / "one") as (one, address), authority(tmp_path / "two") as (two, second):
        roots = one.root.read_bytes() + two.root.read_bytes()
        told = stamp_head(db, [address, second], post=post, at=hours(3), roots=roots)
    assert [each.trouble for each in told] == ["", ""]
    assert all(abs(each.time - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5) for each in told if each.time)
    kept = stamps(db)
    assert [(each.seq, each.authority, each.at) for each in kept] == [
        (2, address, hours(3)),
        (2, second, hours(3)),
    ]
    (tmp_path / "it.tsr").write_bytes(kept[0].reply)
    check = ["openssl", "ts", "-verify", "-digest", kept[0].entry, "-in", "it.tsr", "-CAfile", str(one.root)]
    assert b"OK" in subprocess.run(check, cwd=tmp_path, capture_output=True, check=True).stdout
    db.close()


def test_what_is_not_the_stamp_of_the_entry_is_unverified(archive: Path, tmp_path: Path) -> None:
    db = open_archive(archive)
    with authority(tmp_path / "one") as (_, address):
        (told,) = stamp_head(db, [address], post=post, at=hours(3))
    given = told.stamp
    assert "root certificate" in told.trouble
    assert told.time is not None
    assert "something else" in check_stamp(replace(given, entry="0" * 64)).trouble
    assert "cannot be read" in check_stamp(replace(given, reply=b"<html>busy</html>")).trouble
    forged = bytearray(given.reply)
    forged[-5] ^= 1
    assert check_stamp(replace(given, reply=bytes(forged))).trouble
    db.close()


def test_a_reply_that_cannot_be_read_is_kept_as_it_came(archive: Path) -> None:
    db = open_archive(archive)
    (told,) = stamp_head(db, ["http://example.gov/"], post=lambda url, request: b"come back later", at=hours(3))
    assert "cannot be read" in told.trouble
    assert [each.reply for each in stamps(db)] == [b"come back later"]
    db.close()


def test_an_authority_out_of_reach_costs_nothing_but_its_stamp(archive: Path) -> None:
    db = open_archive(archive)
    (told,) = stamp_head(db, ["http://127.0.0.1:9/"], post=post, at=hours(3))
    assert told.trouble
    assert stamps(db) == ()
    assert due(db, at=hours(3))
    db.close()


def test_due_once_a_day_and_only_where_something_came(archive: Path) -> None:
    db = open_archive(archive)
    assert due(db, at=hours(3))
    stamp_head(db, ["http://example.gov/"], post=lambda url, request: b"reply", at=hours(3))
    assert not due(db, at=hours(40)), "nothing came since"
    with Store(archive) as store:
        store.record(SOURCE, [capture("three", 4)])
    assert not due(db, at=hours(10)), "the last one is fresh"
    assert due(db, at=hours(30))
    db.close()


def test_an_empty_chain_has_nothing_to_stamp(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    assert not due(db, at=hours(0))
    with pytest.raises(StoreError, match="empty"):
        stamp_head(db, ["http://example.gov/"], post=post, at=hours(0))
    db.close()
