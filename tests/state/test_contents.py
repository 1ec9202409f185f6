from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from state.blobs.table_parts import Contents
from state.model import TableFacts
from state.schema import lay_out
from state.store import Store
from tests.state.examples import SOURCE, capture, facts, table

ROWS = tuple(f"county {number}" for number in range(300))
VALUES = tuple((number, number * 37 % 101) for number in range(300))
LARGE = replace(table(0), rows=ROWS, columns=("cases", "deaths"), values=VALUES)


def edited(at: int) -> TableFacts:
    return replace(LARGE, values=(*VALUES[:at], (at, -at), *VALUES[at + 1 :]))


def test_a_table_that_differs_in_a_cell_costs_a_few_bytes(store: Store) -> None:
    ids = []
    for at in range(4):
        (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
        told = facts(release.id, release.at, tables=(edited(at),))
        store.report(source=SOURCE.id, series="page", release=release, facts=told, at=release.at)
        ids.append(release.id)
    rows = store._db.execute("SELECT id, base, length(data) FROM table_content ORDER BY id").fetchall()
    assert [base for _, base, _ in rows] == [None, 1, 1, 1]
    assert all(length < 100 for _, base, length in rows if base)
    for at, id_ in enumerate(ids):
        kept = store.archive.facts(store.archive.release(id_))
        assert kept is not None
        assert kept.tables[0].values == edited(at).values


NUMBERS = st.lists(st.integers(0, 9), min_size=1, max_size=30)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_every_content_comes_back_whatever_it_depends_on(series: list[list[int]]) -> None:
    db = sqlite3.connect(":memory:")
    lay_out(db)
    contents, before, kept = Contents(db), None, []
    for numbers in series:
        told = replace(LARGE, rows=tuple(map(str, numbers)), values=tuple((number, 1) for number in numbers))
        before = contents.put(told, before=before)
        kept.append((before, told))
    for number, told in kept:
        assert tuple(map(tuple, contents.get(number)["values"])) == told.values
