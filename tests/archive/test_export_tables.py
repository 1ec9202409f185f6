from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.exports.tables import MEANINGS, cells, dictionary_path, write_cells
from state.model import Release, TableFacts
from state.reading.captures import Holdings
from state.store import Store
from tests.state.examples import SOURCE, capture, facts, table


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three releases of a table: a number, a mark of suppression, a blank; and a release that was never judged."""
    path = tmp_path / "archive.db"
    values: tuple[object, ...] = (1500, "*", None)
    with Store(path) as store:
        for number, value in enumerate(values):
            (release,) = store.record(SOURCE, [capture(f"edition {number}", number)])
            made = replace(table(0), values=((value,),))
            told = facts(release.id, release.at, tables=(made, table(number / 4, key="stays")))
            store.report(source=SOURCE.id, series="page", release=release, facts=told, at=release.at)
        store.record(SOURCE, [capture("never judged", 9)])
    return path


def test_one_line_a_cell_a_release(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with Holdings(archive) as holdings:
        assert write_cells(cells(holdings, SOURCE.id, table="removals"), target, kind="csv") == 6
        ids = [release.id for release in holdings.archive.releases(SOURCE.id)]
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(MEANINGS)
    first = [row for row in rows if row["table"] == "removals"]
    assert [(row["release"], row["value"], row["number"]) for row in first] == [
        (ids[0], "1500", "1500"),
        (ids[1], "*", ""),
        (ids[2], "", ""),
    ]
    assert {(row["row"], row["column"], row["at"][:13]) for row in first[:1]} == {
        ("stewart", "adp", "2026-02-02T09")
    }


def test_only_the_table_that_is_wanted(archive: Path) -> None:
    with Holdings(archive) as holdings:
        assert {each.table for each in cells(holdings, SOURCE.id, table="STAYS")} == {"stays"}
        assert list(cells(holdings, SOURCE.id, table="no such")) == []
        assert list(cells(holdings, SOURCE.id, series="letters")) == []


def test_json_holds_the_same(archive: Path, tmp_path: Path) -> None:
    with Holdings(archive) as holdings:
        write_cells(cells(holdings, SOURCE.id), tmp_path / "out.json", kind="json")
        count = write_cells(iter(()), tmp_path / "empty.json", kind="json")
    rows = json.loads((tmp_path / "out.json").read_text())
    assert len(rows) == 6
    assert [row["number"] for row in rows if row["table"] == "stays"] == [0.0, 0.25, 0.5]
    assert (count, json.loads((tmp_path / "empty.json").read_text())) == (0, [])


def test_parquet_holds_the_same(archive: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with Holdings(archive) as holdings:
        assert write_cells(cells(holdings, SOURCE.id), tmp_path / "out.parquet", kind="parquet") == 6
    read = parquet.read_table(tmp_path / "out.parquet")
    assert read.column_names == list(MEANINGS)
    assert read.column("number").to_pylist().count(None) == 2
    assert "suppression" in read.schema.field("value").metadata[b"meaning"].decode()


def test_the_dictionary_explains_every_column(archive: Path, tmp_path: Path) -> None:
    with Holdings(archive) as holdings:
        write_cells(cells(holdings, SOURCE.id), tmp_path / "out.csv", kind="csv")
    told = json.loads(dictionary_path(tmp_path / "out.csv").read_text())
    assert (told["file"], told["rows"]) == ("out.csv", 6)
    assert [each["name"] for each in told["columns"]] == list(MEANINGS)
    assert all(each["meaning"] for each in told["columns"])


def test_tables_too_large_to_be_kept_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    asked: list[str] = []

    def read_again(release: Release) -> dict[str, tuple[tuple[int, ...], ...]]:
        asked.append(release.id)
        return {"removals": ((7,),)}

    with Store(path) as store:
        (release,) = store.record(SOURCE, [capture("one")])
        large: TableFacts = replace(table(0), values=())
        told = facts(release.id, release.at, tables=(large,))
        store.report(source=SOURCE.id, series="page", release=release, facts=told, at=release.at)
    with Holdings(path) as holdings:
        assert [each.number for each in cells(holdings, SOURCE.id, read_again=read_again)] == [7]
        assert list(cells(holdings, SOURCE.id)) == [], "a table that cannot be read again is left out"
    assert asked == [release.id]


def test_a_sqlite_file_holds_the_same(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.db"
    with Holdings(archive) as holdings:
        wanted = [each.number for each in cells(holdings, SOURCE.id)]
        assert write_cells(cells(holdings, SOURCE.id), target, kind="sqlite") == len(wanted)
    with closing(sqlite3.connect(target)) as db:
        assert [number for (number,) in db.execute("SELECT number FROM figure ORDER BY rowid")] == wanted
        columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('figure')")]
        assert columns == list(MEANINGS)
        plan = db.execute('EXPLAIN QUERY PLAN SELECT * FROM figure WHERE "table" = ? AND "row" = ?', ["a", "b"])
        assert "USING INDEX" in plan.fetchone()[3]
