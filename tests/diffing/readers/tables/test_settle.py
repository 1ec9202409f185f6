"""Columns that one release leaves open and the other, or history, decides."""

from __future__ import annotations

import pytest

from diffing.extract import extract
from diffing.grounds.noted import notation_noted, note_notation
from diffing.readers.tables.settle import settle_together
from state.document import Document, Notation, ReadingHints, Role


def read(text: str) -> Document:
    return extract(text.encode(), media_type="", hints=ReadingHints(file_name="a.csv"))


def days(last: int) -> Document:
    return read("day,held\n" + "".join(f"{day:02d}/03/2031,{500 + day}\n" for day in range(1, last + 1)))


@pytest.mark.parametrize("turned", [False, True])
def test_days_that_one_release_shows_are_days_in_both(turned: bool) -> None:
    open_, sure = days(9), days(14)
    before, after = settle_together(*((sure, open_) if turned else (open_, sure)))
    assert before.tables[0].row_keys[:9] == after.tables[0].row_keys[:9]
    assert after.tables[0].row_keys[1] == "2031-03-02"
    assert after.tables[0].row_periods[1] == before.tables[0].row_periods[1]


def test_days_that_no_release_shows_are_read_as_before() -> None:
    before, after = settle_together(days(9), days(9))
    assert before == after == days(9)
    noted = {"day": Notation(Role.DATE, day_first=True)}
    before, _ = settle_together(days(9), days(9), noted=lambda _table: noted)
    assert before.tables[0].row_keys[1] == "2031-03-02"


def test_the_day_in_every_row_dates_both_releases_once_one_is_sure() -> None:
    texts = [f"date,place,held\n{day}/03/2031,Anker,4\n{day}/03/2031,Brae,7\n" for day in ("05", "19")]
    before, after = settle_together(*map(read, texts))
    assert [str(each.as_of and each.as_of.date) for each in (before, after)] == ["2031-03-05", "2031-03-19"]


def test_what_history_notes_is_what_it_says() -> None:
    (table,) = read("day,landings\n14/03/2031,1.204.377\n15/03/2031,9.377\n").tables
    noted = notation_noted(note_notation(table) | {"rows.left": 2})
    assert {name: (each.role, each.thousands, each.day_first) for name, each in noted.items()} == {
        "day": (Role.DATE, "", True),
        "landings": (Role.FIGURE, ".", None),
    }


def test_what_is_open_is_not_noted() -> None:
    (table,) = read("day,landings\n03/03/2031,1.341\n04/03/2031,9.377\n").tables
    assert note_notation(table) == {}
