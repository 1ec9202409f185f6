"""An archive that version 0.1 made: one converts it, and finds everything in it again."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from state.database import open_archive
from state.errors import StoreError
from state.ledger.entries import Head
from state.ledger.verify import head_of, verify_file
from state.reading.timeline import Browser
from state.store import Store
from tests.state.examples import SOURCE, capture

MADE_BY_0_1 = Path(__file__).with_name("archives") / "of_0_1.db.gz"
HEAD = Head(9, "7b114199c0266d478e1c3ec9666abd7817864f3e16741ba54df73836aa3b3b61")
"""The head that version 0.1 printed."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    path.write_bytes(gzip.decompress(MADE_BY_0_1.read_bytes()))
    return path


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def shape(path: Path) -> set[tuple[object, ...]]:
    """Tables with their columns, indexes and triggers, however their statements are written."""
    columns = rows(
        path,
        'SELECT m.name, c.cid, c.name, c.type, c."notnull", c.pk FROM sqlite_master AS m'
        " JOIN pragma_table_xinfo(m.name) AS c WHERE m.type IN ('table', 'view')",
    )
    others = rows(path, "SELECT type, name, tbl_name FROM sqlite_master WHERE type <> 'table'")
    return {*columns, *others}


def test_the_chain_stays_byte_for_byte(archive: Path) -> None:
    before = rows(archive, "SELECT seq, capture, hex(entry) FROM ledger ORDER BY seq")
    assert head_of(archive) == HEAD
    with Store(archive) as store:
        found = store.verify()
    assert found.clean
    assert found.head == HEAD
    assert rows(archive, "SELECT seq, capture, hex(entry) FROM ledger ORDER BY seq") == before


def test_it_is_checked_as_it_is_without_being_converted(archive: Path) -> None:
    before = archive.read_bytes()
    assert verify_file(archive).head == HEAD
    assert archive.read_bytes() == before


def test_the_schema_is_the_same_as_of_a_fresh_archive(archive: Path, tmp_path: Path) -> None:
    open_archive(archive).close()
    open_archive(tmp_path / "fresh.db").close()
    assert shape(archive) == shape(tmp_path / "fresh.db")


def test_what_was_said_written_and_searched_is_found_again(archive: Path) -> None:
    open_archive(archive).close()
    with Browser(archive) as browser:
        assert [line.source for line in browser.sources()] == [SOURCE.id]
        (pages,) = (line for line in browser.timeline(SOURCE.id) if line.name == "page")
        assert len(pages.entries) == 3
        assert [at.day for at, _ in browser.archive.occurrences("f1")] == [3, 5]
        assert [note.words for note in browser.notes.of("f1")] == ["asked the press office"]
        assert [hit.text for hit in browser.search("letter b", limit=9)] == ["letter b"]
        assert {past.finding.kind for past in browser.open_conditions()} == {"page-gone"}


def test_rounds_go_on_in_it(archive: Path) -> None:
    with Store(archive) as store:
        (release,) = store.record(SOURCE, [capture("<p>three of the rules</p>", 200)])
        before = store.previous(release)
        assert before is not None
        assert store.body(before.sha256) == b"<p>one of the rules</p>"
        assert store.verify().clean


def test_it_is_not_read_half(archive: Path) -> None:
    with pytest.raises(StoreError, match="earlier version"):
        open_archive(archive, read_only=True)


def test_one_from_before_any_version_is_refused_and_stays_as_it_is(archive: Path) -> None:
    connection = sqlite3.connect(archive)
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0019-entries-as-bytes'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=r"before version 0\.1"):
        open_archive(archive)
    assert rows(archive, "SELECT count(*) FROM _sqlite_migrations") == [(18,)]


def test_what_it_holds_gets_events(archive: Path) -> None:
    open_archive(archive).close()
    with Browser(archive) as browser:
        said = browser.events("f1")
        assert [event.finding.title[17] for event in said] == ["3", "1"]
        names = [event.finding.event for event in (*said, *browser.events("c1"), *browser.events("f2"))]
        assert len({*names}) == 4
        for event in said:
            told = browser.finding(event.finding.event or "")
            assert told is not None
            assert told.past.finding == event.finding
            assert told.before is not None
