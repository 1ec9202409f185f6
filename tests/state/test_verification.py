from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from state.append_only import APPEND_ONLY, trigger_statements
from state.blobs.snapshots import Snapshots
from state.errors import StoreError
from state.ledger import entries
from state.ledger.entries import GENESIS, Head
from state.ledger.stamp_roots import Trust
from state.ledger.stamps import stamp_head
from state.ledger.verify import Flaw, Verification, verify, verify_file
from state.model import Verdict
from state.store import Store
from tests.state.examples import PAGE, SOURCE, START, capture


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        for at in range(12):
            verdict = Verdict.BLOCKED if at % 5 == 3 else Verdict.PRESENT
            body = f"<p>version {at // 2}</p> and the same words as ever " * 8
            store.record(SOURCE, [capture(body, at, verdict=verdict, wire=b"\x1f\x8b" + body[:40].encode())])
    return path


@contextmanager
def tampered(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who can write to the file, does not care for keys and puts the triggers back."""
    connection = sqlite3.connect(path)
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_no_{verb}")
    yield connection
    for statement in trigger_statements().values():
        connection.execute(statement)
    connection.commit()
    connection.close()


def check(path: Path, *, known: Head | None = None) -> Verification:
    db = sqlite3.connect(path)
    try:
        return verify(db, known=known)
    finally:
        db.close()


def flaws(path: Path, *, known: Head | None = None) -> set[Flaw]:
    return {fault.flaw for fault in check(path, known=known).faults}


def test_an_untouched_archive_is_clean(archive: Path) -> None:
    shown = check(archive)
    assert shown.clean
    assert shown.entries == 12
    assert shown.head == Head(12, shown.head.entry)
    assert check(archive, known=shown.head).clean


def test_an_empty_archive_is_clean(store: Store) -> None:
    assert store.verify() == Verification(Head(0, GENESIS), 0, 0, ())


def test_an_entry_can_be_recomputed_by_anyone(store: Store) -> None:
    store.record(SOURCE, [capture("one")])
    body = {
        "v": 1,
        "seq": 1,
        "prev": GENESIS,
        "source": SOURCE.id,
        "series": "page",
        "url": PAGE,
        "final_url": PAGE,
        "at": "2026-02-02T09:00:00.000000Z",
        "elapsed": 0.25,
        "verdict": "present",
        "status": 200,
        "reason": "",
        "media_type": "text/html",
        "file_name": None,
        "link_text": None,
        "memento": 0,
        "peer": "192.0.2.7:443",
        "revisit_of": None,
        "headers_sha256": _sha256(
            '[["ETag","\\"0\\""],["Last-Modified","day 0"],["Set-Cookie","a"],["Set-Cookie","b"]]'
        ),
        "body_sha256": _sha256("one"),
        "length": 3,
        "wire_sha256": None,
        "certificate_sha256": hashlib.sha256(b"\x30\x82leaf").hexdigest(),
        "redirects_sha256": _sha256('[[301,"https://example.gov/detain"]]'),
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert store.verify().head == Head(1, _sha256(canonical))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_any_changed_byte_is_found(archive: Path) -> None:
    """One value at a time is changed in every column that counts, then put back."""
    dice = random.Random(7)
    columns = ["ledger.entry", "packed.data", "snapshot.sha256", "snapshot.size"]
    columns += [
        f"{table}.{name}"
        for table in ("look", "origin", "address", "answer")
        for (name,) in _columns(archive, table)
        if name not in ("id", "round")
    ]
    missed = []
    for _ in range(80):
        table, column = dice.choice(columns).split(".")
        with tampered(archive) as connection:
            rowid, value = dice.choice(connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall())
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [_other(value, dice), rowid])
        if not flaws(archive):
            missed.append((table, column, rowid, value))
        with tampered(archive) as connection:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [value, rowid])
    assert missed == []
    assert check(archive).clean


def _columns(path: Path, table: str) -> list[tuple[str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall()
    connection.close()
    return rows


def _other(value: object, dice: random.Random) -> object:
    """The value with one bit or letter changed; a number that is another one."""
    if isinstance(value, bytes):
        place = dice.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << dice.randrange(8)]) + value[place + 1 :]
    if isinstance(value, str) and value:
        place = dice.randrange(len(value))
        return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
    if isinstance(value, int | float):
        return value + 1
    return 1 if value is None else "x"


class TestRows:
    def test_a_missing_entry(self, archive: Path) -> None:
        with tampered(archive) as connection:
            connection.execute("DELETE FROM ledger WHERE seq = 5")
        assert {Flaw.MISSING_ENTRY, Flaw.CAPTURE_WITHOUT_ENTRY} <= flaws(archive)

    def test_a_missing_capture(self, archive: Path) -> None:
        with tampered(archive) as connection:
            connection.execute("DELETE FROM look WHERE id = 4")
        assert Flaw.MISSING_ENTRY in flaws(archive)

    def test_an_inserted_capture(self, archive: Path) -> None:
        with tampered(archive) as connection:
            connection.execute(
                "INSERT INTO look (origin, address, answer, at) VALUES (1, 1, 1, '2026-02-02T09:00:00.000000Z')"
            )
        assert flaws(archive) == {Flaw.CAPTURE_WITHOUT_ENTRY}

    def test_an_inserted_row_that_shows_as_no_capture(self, archive: Path) -> None:
        with tampered(archive) as connection:
            connection.execute("INSERT INTO look (at) VALUES ('2026-02-02T09:00:00.000000Z')")
        assert flaws(archive) == {Flaw.CAPTURE_WITHOUT_ENTRY}

    def test_two_captures_that_changed_places(self, archive: Path) -> None:
        with tampered(archive) as connection:
            connection.execute("UPDATE ledger SET capture = capture + 100 WHERE seq IN (6, 7)")
            connection.execute("UPDATE ledger SET capture = 7 WHERE seq = 6")
            connection.execute("UPDATE ledger SET capture = 6 WHERE seq = 7")
        assert Flaw.BROKEN_ENTRY in flaws(archive)

    def test_missing_bytes(self, archive: Path) -> None:
        with tampered(archive) as connection:
            connection.execute("DELETE FROM packed WHERE snapshot = 3")
        assert Flaw.DAMAGED_BYTES in flaws(archive)

    def test_a_forged_body_under_its_own_digest_breaks_the_chain(self, archive: Path) -> None:
        with tampered(archive) as connection:
            (number,) = connection.execute("SELECT body FROM capture WHERE id = 1").fetchone()
            forged = b"<p>nothing to see</p>"
            written = Snapshots(connection).put(forged, chain="forged")
            connection.execute("UPDATE look SET body = ? WHERE body = ?", [written, number])
        assert flaws(archive) == {Flaw.BROKEN_ENTRY}


class TestHead:
    def test_a_tail_cut_off_shows_only_against_a_head_kept_elsewhere(self, archive: Path) -> None:
        known = check(archive).head
        with tampered(archive) as connection:
            connection.execute("DELETE FROM ledger WHERE seq > 9")
            connection.execute("DELETE FROM judged WHERE release IN (SELECT no FROM release WHERE capture > 9)")
            connection.execute("DELETE FROM placed WHERE release IN (SELECT no FROM release WHERE capture > 9)")
            connection.execute("DELETE FROM release WHERE capture > 9")
            connection.execute("DELETE FROM look WHERE id > 9")
        assert check(archive).clean, "nothing inside the file can show it"
        assert flaws(archive, known=known) == {Flaw.OTHER_HEAD}

    def test_a_chain_built_anew_shows_against_it_too(self, archive: Path) -> None:
        known = check(archive).head
        with tampered(archive) as connection:
            connection.execute("UPDATE look SET elapsed = 99 WHERE id = 2")
            connection.execute("DELETE FROM ledger")
            for number in range(1, 13):
                entries.append(connection, number)
        assert check(archive).clean
        assert flaws(archive, known=known) == {Flaw.OTHER_HEAD}


class TestFile:
    def test_missing_protection_is_a_fault_and_no_hindrance(self, archive: Path) -> None:
        connection = sqlite3.connect(archive)
        connection.execute("DROP TRIGGER look_no_update")
        connection.close()
        (fault,) = verify_file(archive).faults
        assert fault.flaw is Flaw.MISSING_PROTECTION
        assert "look_no_update" in fault.what

    def test_what_is_no_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "x.db"
        with pytest.raises(StoreError, match="no archive at"):
            verify_file(path)
        path.write_bytes(b"something else" * 1000)
        with pytest.raises(StoreError, match="no archive"):
            verify_file(path)
        path.unlink()
        sqlite3.connect(path).execute("CREATE TABLE other (x)")
        with pytest.raises(StoreError, match="no ledger"):
            verify_file(path)

    def test_a_schema_that_is_no_text_any_more_is_said_in_words(self, archive: Path) -> None:
        whole = archive.read_bytes()
        unreadable = 0
        for statement in (b"CREATE TABLE", b"CREATE UNIQUE INDEX", b"CREATE TRIGGER"):
            place = whole.index(statement)
            for offset in range(place, place + 40):
                archive.write_bytes(whole[:offset] + b"\xf2" + whole[offset + 1 :])
                try:
                    verify_file(archive)
                except StoreError as error:
                    unreadable += "damaged" in str(error)
        assert unreadable

    def test_a_stamp_of_an_entry_that_is_gone_shows_a_cut_tail(self, archive: Path) -> None:
        db = sqlite3.connect(archive)
        stamp_head(db, ["http://example.gov/"], post=lambda url, request: b"reply", at=START, trust=Trust())
        with tampered(archive) as connection:
            connection.execute("DELETE FROM ledger WHERE seq > 9")
            connection.execute("DELETE FROM judged WHERE release IN (SELECT no FROM release WHERE capture > 9)")
            connection.execute("DELETE FROM placed WHERE release IN (SELECT no FROM release WHERE capture > 9)")
            connection.execute("DELETE FROM release WHERE capture > 9")
            connection.execute("DELETE FROM look WHERE id > 9")
        shown = verify_file(archive)
        assert [fault.flaw for fault in shown.faults] == [Flaw.OTHER_HEAD]
        assert len(shown.stamps) == 1

    def test_progress_hears_of_every_blob(self, archive: Path) -> None:
        heard: list[tuple[int, int]] = []
        shown = verify_file(archive, progress=lambda done, of: heard.append((done, of)))
        assert heard == [(done, shown.snapshots) for done in range(1, shown.snapshots + 1)]


def test_headers_that_were_sent_are_entered_where_they_were_kept(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        store.record(SOURCE, [capture(b"<p>one</p>", 0)])
        store.record(SOURCE, [capture(b"<p>two</p>", 1, request=(("If-None-Match", '"a"'),))])
    assert not verify_file(path).faults
    with closing(sqlite3.connect(path)) as db:
        texts = [json.loads(entries.text_of(db, seq)) for seq in (1, 2)]
    assert [(text["v"], text.get("request_sha256") is not None) for text in texts] == [(1, False), (2, True)]
    with tampered(path) as db:
        db.execute("UPDATE look SET request = NULL")
    assert flaws(path) == {Flaw.BROKEN_ENTRY}
