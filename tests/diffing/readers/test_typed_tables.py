"""Tables that are typed with blanks: in text files and in pages that show text as it was typed."""

from __future__ import annotations

import pytest

from diffing.extract import extract
from state.document import Document, ReadingHints

REPORT = """HARBOUR REPORT
As of midnight 05/12/2034

Berth                  Places      Boats    Per cent
----------------------------------------------------
Anker Quay              2,909      3,811       131.0
Brae                    1,208                  124.1
Cove, North             2,308      3,002         ..
----------------------------------------------------
TOTAL                   6,425      6,813       106.0

Boats at anchor are counted at midnight.
"""


def read(text: str, name: str = "report.txt") -> Document:
    return extract(text.encode(), media_type="", hints=ReadingHints(file_name=name))


@pytest.mark.parametrize("form", ["{}", "<html><title>x</title><body><h2>Day</h2><pre>{}</pre></body></html>"])
def test_cells_stand_under_their_heads_also_behind_a_blank_one(form: str) -> None:
    document = read(form.format(REPORT), "report.html" if "<" in form else "report.txt")
    (table,) = document.tables
    assert [column.name for column in table.columns] == ["Berth", "Places", "Boats", "Per cent"]
    assert table.rows[:3] == (
        ("Anker Quay", 2909, 3811, 131.0),
        ("Brae", 1208, None, 124.1),
        ("Cove, North", 2308, 3002, ".."),
    )
    assert table.totals == {3}
    assert table.name == "HARBOUR REPORT"
    assert document.as_of is not None
    assert any("at anchor" in block.text for block in document.blocks)
    assert not any("3,811" in block.text for block in document.blocks)


def test_words_of_a_head_name_one_column_each_where_they_are_as_many() -> None:
    rows = "".join(f"  2034   {month:2d}   {410 + month * 0.25:7.2f}   {20 + month}\n" for month in range(1, 9))
    (table,) = read(f"# mean by month\n# year month  value n\n{rows}").tables
    assert [column.name for column in table.columns] == ["year", "month", "value", "n"]
    assert table.rows[2] == (2034, 3, 410.75, 23)


@pytest.mark.parametrize(
    "text",
    [
        "Dear reader,  we moved.\n\nOn 3 May  we had 12 boats.\nOn 4 May  we had 13.\n",
        "1.  First, boats must be moored.\n2.  Second, lines are doubled.\n3.  Third, lamps are lit.\n",
        "One line.\n",
    ],
)
def test_prose_with_wide_blanks_is_no_table(text: str) -> None:
    assert read(text).tables == ()
