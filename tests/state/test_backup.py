from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from state.errors import StoreError
from state.ledger.verify import verify_file
from state.store import Store
from tests.state.examples import SOURCE, capture


def test_a_copy_holds_everything_and_is_clean(store: Store, tmp_path: Path) -> None:
    store.record(SOURCE, [capture("one"), capture("two", 1)])
    heard: list[tuple[int, int]] = []
    store.backup(tmp_path / "copy.db", progress=lambda done, of: heard.append((done, of)))
    assert heard[-1][0] == heard[-1][1] > 0
    shown = verify_file(tmp_path / "copy.db")
    assert shown.clean
    assert shown.head == store.verify().head
    with Store(tmp_path / "copy.db") as copy:
        assert copy.body(Store.digest(b"two")) == b"two"


def test_others_go_on_writing(store: Store, tmp_path: Path) -> None:
    for number in range(300):
        store.record(SOURCE, [capture(bytes([number % 256]) * 20_000 + str(number).encode(), number)])
    stop = threading.Event()
    written = threading.Event()

    def write() -> None:
        with Store(store.path) as other:
            number = 1000
            while not stop.is_set():
                other.record(SOURCE, [capture(f"written meanwhile {number}", number)])
                written.set()
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(30)
        store.backup(tmp_path / "copy.db")
    finally:
        stop.set()
        writer.join()
    assert verify_file(tmp_path / "copy.db").clean
    assert store.verify().clean


def test_a_file_that_is_there_is_left_alone(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_bytes(b"precious")
    with pytest.raises(StoreError, match="exists already"):
        store.backup(target)
    assert target.read_bytes() == b"precious"


def test_where_it_cannot_be_written_nothing_is_left(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be copied"):
        store.backup(tmp_path / "no" / "such" / "folder" / "copy.db")


def test_a_damaged_archive_makes_no_copy_that_looks_whole(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        for number in range(200):
            store.record(SOURCE, [capture(bytes([number % 256]) * 3000 + str(number).encode(), number)])
    with pytest.raises(StoreError, match=r"damaged|malformed"), Store(path) as store:
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        data = bytearray(path.read_bytes())
        for offset in range(4096 * 20, len(data) - 4096, 4096 * 3):
            data[offset : offset + 64] = b"\xff" * 64
        path.write_bytes(data)
        store.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
