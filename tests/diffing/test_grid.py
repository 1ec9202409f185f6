"""Tables as a careful person sees them, in sheets laid out the ways that publishers lay them out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.grid import column_letters, read_grid
from state.document import ReadingHints
from tests.budgets import examples
from tests.diffing.workbooks import names, only, put, read_filled, read_rows

MONTHS = ("Oct", "Nov", "Dec")


def test_a_title_may_stand_above_a_blank_row():
    table = only(read_rows([["Deaths by year"], [], ["Year", "Deaths"], [2021, 4], [2022, 3]]))
    assert table.name == "Deaths by year"
    assert table.row_keys == ("2021", "2022")


def test_tables_side_by_side_keep_their_own_titles_and_notes():
    document = read_rows(
        [
            ["Population by technology", None, None, "Court hearings"],
            ["Technology", "Count", None, "Metric", "Count", "%"],
            ["GPS", 6508, None, "Attended", 99, 0.99],
            ["VoiceID", 15645, None, "Failed", 1, 0.01],
            ["Total", 22153, None, "* Only with court tracking"],
        ]
    )
    left, right = document.tables
    assert (left.name, right.name) == ("Population by technology", "Court hearings")
    assert left.row_keys == ("GPS", "VoiceID", "Total")
    assert right.row_keys == ("Attended", "Failed")
    assert right.notes == ("* Only with court tracking",)


def test_a_stray_blank_row_does_not_split_a_table():
    table = only(read_rows([["Area", "Count"], ["Atlanta", 5], ["Boston", 7], [], ["Chicago", 9], ["Dallas", 1]]))
    assert table.row_keys == ("Atlanta", "Boston", "Chicago", "Dallas")
    assert table.range == "A1:B6"


def test_tables_stacked_without_a_blank_row_are_two():
    document = read_rows(
        [
            ["Arrests"],
            ["Area", "Count", "Share"],
            ["Atlanta", 5, 0.4],
            ["Boston", 7, 0.6],
            ["Removals"],
            ["Area", "Count", "Share"],
            ["Atlanta", 1, 0.5],
            ["Boston", 1, 0.5],
        ]
    )
    assert [table.name for table in document.tables] == ["Arrests", "Removals"]
    assert [table.row_keys for table in document.tables] == [("Atlanta", "Boston")] * 2


def test_prose_and_headings_are_blocks_and_no_tables():
    prose = "These statistics are made available to the public pursuant to an act of Congress. " * 3
    document = read_rows(
        [["ICE Detention Statistics"], [prose], [], ["Area", "Count"], ["Atlanta", 5], ["Boston", 7]]
    )
    assert [(block.kind, block.text[:24]) for block in document.blocks] == [
        ("heading", "ICE Detention Statistics"),
        ("paragraph", prose[:24]),
    ]
    assert document.headline == "ICE Detention Statistics"
    assert len(document.tables) == 1


def test_published_text_is_kept_where_it_differs():
    def fill(sheet):
        put(sheet, "A1", [["Area", "Share", "Cost"], ["Atlanta", 0.396, 1234.5], ["Boston", 0.604, 2]],
            formats={"B2": "0%", "B3": "0%", "C2": '"$"#,##0.00'})  # fmt: skip

    table = only(read_filled(fill))
    assert (table.rows[0][1], table.text_at(0, 1)) == (0.396, "40%")
    assert table.text_at(0, 2) == "$1,234.50"
    assert table.text_at(1, 2) == "2"
    assert (0, 0) not in table.texts


SHEET = [
    ["Arrests by area: FY2024", None, None, None, "Removals by month: FY2024"],
    ["Area", "Arrests", "Share", None, "Agency", *MONTHS],
    ["Total", 12, 1.0, None, "Total", 5, 6, 7],
    ["Atlanta", 5, 0.4, None, "CBP", 2, 3, 4],
    ["Boston", 7, 0.6, None, "ICE", 3, 3, 3],
    ["* As counted by the field offices."],
]


@pytest.mark.parametrize("above", [1, 3, 40])
def test_rows_inserted_above_change_nothing_but_the_range(above):
    plain = read_rows(SHEET)
    moved = read_rows([["A note that somebody put above everything."], *[[]] * above, *SHEET])
    for before, after in zip(plain.tables, moved.tables, strict=True):
        assert before.range != after.range
        assert (before.name, before.columns, before.rows, before.row_keys, before.notes) == (
            after.name, after.columns, after.rows, after.row_keys, after.notes,
        )  # fmt: skip


LABELS = st.lists(st.text("abcdefghij", min_size=3, max_size=8), min_size=2, max_size=12, unique=True)


@settings(max_examples=examples(60))
@given(labels=LABELS, columns=st.integers(1, 6), top=st.integers(0, 9), left=st.integers(0, 9), data=st.data())
def test_any_table_is_found_wherever_it_stands(labels, columns, top, left, data):
    figures = [[data.draw(st.integers(3000, 10**6)) for _ in range(columns)] for _ in labels]
    rows = [["label", *[f"measure {index}" for index in range(columns)]]]
    rows += [[label, *numbers] for label, numbers in zip(labels, figures, strict=True)]
    cells = {
        (top + i, left + j): Cell(value, str(value)) for i, row in enumerate(rows) for j, value in enumerate(row)
    }
    reading = read_grid(Grid(cells, spreadsheet=True), hints=ReadingHints())
    (table,) = reading.tables
    assert [column.name for column in table.columns] == rows[0]
    assert table.row_keys == tuple(labels)
    assert [list(row[1:]) for row in table.rows] == figures
    assert table.range == f"{column_letters(left)}{top + 1}:{column_letters(left + columns)}{top + len(rows)}"


def test_an_empty_grid_has_no_tables():
    reading = read_grid(Grid({}), hints=ReadingHints())
    assert (reading.tables, reading.blocks) == ((), ())


def test_columns_have_the_names_that_spreadsheets_give_them():
    assert [column_letters(i) for i in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_a_header_printed_again_on_a_further_page_is_no_row_and_no_table():
    page = [["Area", "Arrests", "Removals"], ["Atlanta", 5, 6], ["Boston", 7, 8]]
    more = [["Area", "Arrests", "Removals"], ["Chicago", 1, 2], ["Dallas", 3, 4]]
    table = only(read_rows([["Arrests by area"], *page, ["Arrests by area"], *more]))
    assert table.row_keys == ("Atlanta", "Boston", "Chicago", "Dallas")
    assert only(read_rows([*page, *more])).row_keys == table.row_keys


VALUES = st.one_of(
    st.none(), st.none(), st.integers(0, 5000), st.sampled_from(["Total", "GPS", "FY2023", "*", "Data from x"]),
    st.text("abc def", min_size=1, max_size=6),
)  # fmt: skip


@settings(max_examples=examples(300))
@given(rows=st.lists(st.lists(VALUES, max_size=7), max_size=14), bold=st.integers(0, 14), data=st.data())
def test_nothing_of_any_sheet_is_lost_and_every_table_is_a_rectangle(rows, bold, data):
    cells = {
        (i, j): Cell(value, str(value), bold=i == bold)
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
        if value is not None and str(value).strip()
    }
    merges = data.draw(
        st.lists(
            st.tuples(st.integers(0, 13), st.integers(0, 6), st.integers(0, 2), st.integers(0, 3)), max_size=2
        )
    )
    grid = Grid(cells, tuple((top, left, top + down, left + right) for top, left, down, right in merges))
    reading = read_grid(grid, hints=ReadingHints())
    told = set()
    for table in reading.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len(set(table.row_keys)) == len(table.row_keys) == len(table.rows)
        assert len({column.name for column in table.columns}) == len(table.columns)
        told.update(part for column in table.columns for part in column.path)
        told.update(table.notes, [table.name])
        for row in table.rows:
            told.update(part for value in row for part in str(value).split(" / "))
    told.update(block.text for block in reading.blocks)
    missing = {" ".join(cell.text.split()) for cell in cells.values()} - told
    assert not missing


def test_figures_behind_a_blank_column_belong_to_the_labels_before_it():
    table = only(
        read_rows([["Removals: FY2024"], ["Area", None, "Count"], ["Atlanta", None, 5], ["Boston", None, 6]])
    )
    assert names(table) == ["Area", "Count"]
    assert table.rows[0] == ("Atlanta", 5)
