from __future__ import annotations

from diffing.readers.pdf.aligned import read_aligned
from tests.diffing.readers.pdf.placed import lying, rows, texts_of


def test_header_body_and_their_columns() -> None:
    lines = rows(
        [{72: "County", 200: "Held", 260: "Moved"}, {72: "Bexar", 200: "12", 260: "3"}, {72: "El Paso", 200: "4"}]
    )
    found = read_aligned(lines, page=1, strokes=())
    assert texts_of(found) == [("County", "Held", "Moved"), ("Bexar", "12", "3"), ("El Paso", "4")]
    assert found is not None
    assert found.header_rows == 1


def test_a_wrapped_head_is_one_cell() -> None:
    lines = rows(
        [
            {72: "County", 200: "Average", 260: "Total"},
            {200: "daily", 260: "held"},
            {72: "Bexar", 200: "12", 260: "3"},
            {72: "Hays", 200: "14", 260: "5"},
        ]
    )
    assert texts_of(read_aligned(lines, page=1, strokes=()))[0] == ("County", "Average daily", "Total held")


def test_a_rule_under_a_head_makes_it_span() -> None:
    lines = rows(
        [
            {225: "Year"},
            {72: "County", 200: "2009", 260: "2010"},
            {72: "Bexar", 200: "12", 260: "3"},
            {72: "Hays", 200: "14", 260: "5"},
        ]
    )
    found = read_aligned(lines, page=1, strokes=[lying(103, 198, 280), lying(115, 72, 280)])
    assert found is not None
    year = next(cell for cell in found.cells if cell.text == "Year")
    assert (year.row, year.column, year.last_column) == (0, 1, 2)
    label = next(cell for cell in found.cells if cell.text == "County")
    assert (label.row, label.last_row) == (0, 1)


def test_lines_without_common_columns_are_no_table() -> None:
    assert read_aligned(rows([{72: "one text"}, {72: "another text"}]), page=1, strokes=()) is None
