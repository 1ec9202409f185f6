"""What is derived from captures, and what was said of them, agrees with itself; what was altered does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.archiving.forge import Alteration, alter, alterations, faults_of, make_archive
from state.ledger.agreement import contradictions
from state.ledger.verify import Flaw, verify_file

FOUND = (
    "release: a date is moved",
    "release: its capture is another",
    "questioned: one is out of the order",
    "stream: a document is renamed",
    "placed: one is taken out",
    "glossary: a definition is exchanged",
    "table_content: figures are exchanged",
    "table_content: a digest is changed",
    "text: one is forgotten",
    "text_bundle: words are exchanged",
    "finding: a severity is lowered",
    "finding: a title is changed",
    "finding: it points to another event",
    "occurrence: what was said is exchanged",
    "occurrence: an event is deleted",
    "finding: it is deleted, with all that was said",
    "occurrence: a severity is lowered",
    "dictionary: a row is deleted",
    "packed: bytes are deleted",
    "look: a time is moved",
    "ledger: an entry is deleted",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("forge") / "archive.db"
    make_archive(path)
    return path


def test_what_nobody_altered_is_clean(archive: Path) -> None:
    assert verify_file(archive).faults == ()


@pytest.mark.parametrize("what", FOUND)
def test_what_is_altered_by_sql_is_found_and_named(archive: Path, tmp_path: Path, what: str) -> None:
    (each,) = [each for each in alterations(archive) if each.what == what]
    assert isinstance(each, Alteration)
    alter(archive, tmp_path / "tried.db", each.sql)
    said = " ".join(faults_of(tmp_path / "tried.db")).lower()
    assert any(word in said for word in each.words), said


@pytest.mark.parametrize(
    ("kind", "name", "sql"),
    [
        ("TRIGGER", "look_no_update", "BEFORE UPDATE ON look BEGIN SELECT 1; END"),
        ("VIEW", "capture", "AS SELECT * FROM look"),
    ],
)
def test_a_trigger_or_view_that_only_has_the_name_is_found(
    archive: Path, tmp_path: Path, kind: str, name: str, sql: str
) -> None:
    alter(archive, tmp_path / "tried.db", "DELETE FROM upkeep")
    with closing(sqlite3.connect(tmp_path / "tried.db", isolation_level=None)) as db:
        db.execute(f"DROP {kind} {name}")
        db.execute(f"CREATE {kind} {name} {sql}")
        assert next(contradictions(db)) == f"the trigger or view {name} is not the one that this program makes"


@pytest.mark.parametrize(
    ("table", "column"),
    [("facts", "head"), ("table_facts", "head"), ("view", "data"), ("outbox", "message"), ("occurrence", "body")],
)
def test_a_changed_bit_of_packed_data_is_found(archive: Path, tmp_path: Path, table: str, column: str) -> None:
    whole = archive.read_bytes()
    with closing(sqlite3.connect(archive)) as db:
        (data,) = db.execute(f"SELECT {column} FROM {table} LIMIT 1").fetchone()
    place = whole.index(data) + len(data) - 1
    (tmp_path / "tried.db").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    faults = verify_file(tmp_path / "tried.db").faults
    assert {fault.flaw for fault in faults} == {Flaw.CONTRADICTION}
    assert table in faults[0].what
