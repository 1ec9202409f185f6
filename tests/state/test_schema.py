from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from state.append_only import APPEND_ONLY
from state.database import NEWEST, open_archive, transaction
from state.errors import StoreError
from state.ledger import entries
from state.ledger.verify import verify_file
from state.migrations import migrations
from state.store import Store
from tests.state.examples import PAGE, SOURCE, capture


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
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement.format(table))
    connection.close()


def test_rows_that_stand_for_evidence_are_not_replaced_either(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    db.execute("INSERT INTO address (url) VALUES ('https://agency.example/')")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("INSERT OR REPLACE INTO address (id, url) VALUES (1, 'https://elsewhere.example/')")
    db.close()


def test_the_newest_migration_is_the_one_that_opening_looks_for() -> None:
    assert NAMES[-1] == NEWEST


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


NAMES = [each.name for each in migrations.pending(Database(memory=True))]


@pytest.mark.parametrize("stop", NAMES[1:])
def test_every_earlier_schema_is_brought_up_to_date(tmp_path: Path, stop: str) -> None:
    path = tmp_path / "archive.db"
    earlier = Database(path)
    migrations.apply(earlier, stop_before=stop)
    earlier.close()
    with Store(path) as store:
        assert [release.url for release in store.record(SOURCE, [capture("one")])] == [PAGE]
        assert store.verify().clean


def test_captures_of_an_earlier_schema_stand_as_they_were_entered(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    earlier = Database(path)
    migrations.apply(earlier, stop_before="0015-looks")
    entry = entries.GENESIS
    for number, (url, verdict) in enumerate([(PAGE, "present"), (PAGE, "blocked"), (f"{PAGE}?page=2", "gone")]):
        row = {
            "source": SOURCE.id,
            "series": "page",
            "url": url,
            "final_url": PAGE,
            "at": f"2026-02-02T0{number}:00:00.000000Z",
            "elapsed": 0.1 + 0.2 * number,
            "verdict": verdict,
            "status": None if verdict == "gone" else 200,
            "memento": 0,
            "revisit_of": number or None,
        }
        earlier.execute(
            f"INSERT INTO capture ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        entry = entries.entry_digest(seq=number + 1, prev=entry, facts=entries.facts_of(earlier, number + 1))
        earlier.execute("INSERT INTO ledger VALUES (?, ?, ?)", [number + 1, number + 1, entry])
    earlier.close()
    assert verify_file(path).clean
    with Store(path) as store:
        assert store.verify().clean
        assert store.verify().head == entries.Head(3, entry)
        assert [(each.verdict, each.status) for each in store.archive.captures_of(PAGE)] == [
            ("present", 200),
            ("blocked", 200),
        ]
        (gone,) = store.archive.captures_of(f"{PAGE}?page=2")
        assert (gone.final_url, gone.status, gone.elapsed) == (PAGE, None, 0.5)
        assert store.record(SOURCE, [capture("one", 100)])
        assert store.verify().clean


def test_an_archive_of_an_earlier_version_is_not_read_half(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    earlier = Database(path)
    migrations.apply(earlier, stop_before=NAMES[-1])
    earlier.close()
    with pytest.raises(StoreError, match="earlier version"):
        open_archive(path, read_only=True)


def test_an_archive_of_a_newer_version_is_left_alone(store: Store) -> None:
    connection = sqlite3.connect(store.path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archive', '9999-later', 'then')"
    )
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        open_archive(store.path)
    with pytest.raises(StoreError, match="newer version"):
        verify_file(store.path)


def test_the_schema_is_the_same_however_it_came_about(tmp_path: Path) -> None:
    def tables(path: Path) -> set[tuple[str, str]]:
        db = open_archive(path)
        rows = db.execute("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        db.close()
        return set(rows)

    stepwise = tmp_path / "stepwise.db"
    for stop in [*NAMES[1:], None]:
        db = Database(stepwise)
        migrations.apply(db, stop_before=stop or ())
        db.close()
    assert tables(stepwise) == tables(tmp_path / "fresh.db")
