from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from state.append_only import APPEND_ONLY
from state.database import open_archive, transaction
from state.errors import StoreError
from state.ledger.verify import verify_file
from state.schema import VERSION, lay_out
from state.store import Store
from tests.state.examples import SOURCE, capture


def test_durability_settings(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    for durable, synchronous in ((True, 2), (False, 1)):
        with transaction(db, durable=durable):
            assert db.execute("PRAGMA synchronous").fetchone()[0] == synchronous
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert db.execute("PRAGMA busy_timeout").fetchone()[0] >= 5000
    db.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid"])
def test_rows_that_stand_for_evidence_never_change(store: Store, table: str, statement: str) -> None:
    (release,) = store.record(SOURCE, [capture("one")])
    store.notes.add(release.id, "asked the press office", author="desk", at=release.at)
    connection = sqlite3.connect(store.path)
    connection.execute("INSERT INTO stamp (seq, entry, authority, at, reply) VALUES (1, '', '', '', x'')")
    connection.execute("INSERT INTO tombstone (snapshot, at, policy) VALUES (1, '', '')")
    connection.execute("INSERT INTO triage (event, standing, author, note, at) VALUES ('', '', '', '', '')")
    connection.execute("INSERT INTO silence (subject, how, author, note, at) VALUES ('', '', '', '', '')")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement.format(table))
    connection.close()


def test_rows_that_stand_for_evidence_are_not_replaced_either(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    db.execute("INSERT INTO address (url) VALUES ('https://agency.example/')")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("INSERT OR REPLACE INTO address (id, url) VALUES (1, 'https://elsewhere.example/')")
    db.close()


def test_an_archive_without_its_triggers_is_refused(store: Store) -> None:
    connection = sqlite3.connect(store.path)
    connection.execute("DROP TRIGGER look_no_delete")
    connection.commit()
    connection.close()
    for read_only in (True, False):
        with pytest.raises(StoreError, match="look_no_delete"):
            open_archive(store.path, read_only=read_only)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(StoreError, match=r"archive\.db"):
        Store(path)


def test_a_damaged_file_is_noticed_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        for number in range(300):
            store.record(SOURCE, [capture(bytes([number % 256]) * 3000 + str(number).encode(), number)])
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM upkeep")
    connection.commit()
    connection.close()
    raw = bytearray(path.read_bytes())
    for offset in range(4096 * 30, len(raw) - 4096, 4096 * 5):
        raw[offset : offset + 64] = b"\xff" * 64
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=r"damaged|cannot be used|malformed"):
        Store(path)


def test_an_archive_of_a_newer_version_is_left_alone(store: Store) -> None:
    connection = sqlite3.connect(store.path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        open_archive(store.path)
    with pytest.raises(StoreError, match="newer version"):
        verify_file(store.path)


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="something else"):
        open_archive(path)


def test_laying_out_what_is_there_changes_nothing(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    before = db.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    with transaction(db):
        lay_out(db)
    assert db.execute("SELECT type, name, sql FROM sqlite_master").fetchall() == before
    db.close()


def test_an_archive_of_the_schema_before_is_completed_and_its_chain_stays(tmp_path: Path) -> None:
    """As version 5 laid it out: without the headers that were sent."""
    path = tmp_path / "archive.db"
    with Store(path) as store:
        store.record(SOURCE, [capture(b"<p>one</p>", 0)])
    connection = sqlite3.connect(path)
    (view,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'capture'").fetchone()
    connection.execute("DROP VIEW capture")
    connection.execute("ALTER TABLE look DROP COLUMN request")
    connection.execute(re.sub(r",\s+look\.request", "", view))
    connection.execute("PRAGMA user_version = 5")
    connection.close()
    before = verify_file(path).head
    with Store(path) as store:
        store.record(SOURCE, [capture(b"<p>two</p>", 1, request=(("Host", "www.example.gov"),))])
    found = verify_file(path)
    assert not found.faults
    assert (before.seq, found.head.seq) == (1, 2)
