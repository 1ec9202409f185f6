"""Tables as a careful person sees them, in sheets laid out the ways that publishers lay them out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.cells import Cell, Grid
from diffing.grid import column_letters, read_grid
from state.document import ReadingHints, Span
from tests.diffing.workbooks import GREY, indent, put, read_filled, read_rows

MONTHS = ("Oct", "Nov", "Dec")


def only(document):
    (table,) = document.tables
    return table


def names(table):
    return [column.name for column in table.columns]


def value_at(table, row, column):
    return table.rows[table.row_keys.index(row)][names(table).index(column)]


def test_a_title_a_header_a_body_and_a_note_are_told_apart():
    table = only(
        read_rows(
            [
                ["ICE Removals: FY2023"],
                ["Area", "Count"],
                ["Atlanta", 5],
                ["Boston", 7],
                ["Total", 12],
                ["Data from the field offices, 12/31/2022"],
            ]
        )
    )
    assert table.name == "ICE Removals: FY2023"
    assert names(table) == ["Area", "Count"]
    assert table.row_keys == ("Atlanta", "Boston", "Total")
    assert table.totals == {2}
    assert table.notes == ("Data from the field offices, 12/31/2022",)
    assert table.range == "A2:B5"
    assert table.fiscal_year == 2023


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


def test_merged_headers_become_paths():
    def fill(sheet):
        put(
            sheet,
            "A1",
            [
                ["Facility Information", None, "FY26 ADP: Criminality", None, "FY26 ADP: Mandatory"],
                ["Name", "City", "Male Crim", "Male Non-Crim", "Mandatory"],
                ["ADAMS", "NATCHEZ", 1.5, 2.5, 3.5],
                ["BAKER", "MACCLENNY", 2.5, 3.5, 4.5],
            ],
            merges=("A1:B1", "C1:D1"),
        )

    assert names(only(read_filled(fill))) == [
        "Facility Information / Name",
        "Facility Information / City",
        "FY26 ADP: Criminality / Male Crim",
        "FY26 ADP: Criminality / Male Non-Crim",
        "FY26 ADP: Mandatory / Mandatory",
    ]


def test_a_source_line_between_header_rows_is_a_note():
    def fill(sheet):
        put(
            sheet,
            "A1",
            [
                ["Facility", None, "Average", None],
                ["Source: IIDS, 12/27/2022"],
                ["Name", "City", "Level A", "Level B"],
                ["ADAMS", "NATCHEZ", 1.5, 2.5],
                ["BAKER", "MACCLENNY", 2.5, 3.5],
            ],
            merges=("A1:B1", "C1:D1"),
        )

    table = only(read_filled(fill))
    assert names(table)[2] == "Average / Level A"
    assert table.notes == ("Source: IIDS, 12/27/2022",)
    assert table.as_of is not None
    assert table.as_of.date.isoformat() == "2022-12-27"


def test_a_blank_row_does_not_tear_the_upper_header_from_the_table():
    def fill(sheet):
        put(
            sheet,
            "A1",
            [
                ["Who", None, "Average", None, "Checks"],
                [],
                ["Name", "City", "Level A", "Level B", "Last"],
                ["ADAMS", "NATCHEZ", 1.5, 2.5, "Pass"],
                ["BAKER", "MACCLENNY", 2.5, 3.5, "Pass"],
            ],
            merges=("C1:D1",),
        )

    assert names(only(read_filled(fill))) == [
        "Who / Name", "Who / City", "Average / Level A", "Average / Level B", "Checks / Last",
    ]  # fmt: skip


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


def test_repeated_labels_take_the_path_of_the_label_that_heads_them():
    table = only(
        read_rows(
            [
                ["AOR/Technology", "Count"],
                ["Total", 30],
                ["Atlanta", 10],
                ["GPS", 4],
                ["TR", 6],
                ["Boston", 20],
                ["GPS", 5],
                ["VeriWatch", 3],
                ["TR", 12],
            ]
        )
    )
    assert table.row_keys == (
        "Total",
        "Atlanta",
        "Atlanta / GPS",
        "Atlanta / TR",
        "Boston",
        "Boston / GPS",
        "Boston / VeriWatch",  # occurs once, and completes the sum of Boston
        "Boston / TR",
    )
    assert table.rows[2] == ("Atlanta / GPS", 4)


def test_a_label_that_heads_nothing_is_no_parent():
    rows = [["Agency", "Oct"], ["CBP Average", 43.5], ["Convicted", 27.25], ["Pending", 44.5],
            ["ICE Average", 33.5], ["Convicted", 41.25], ["Pending", 29.5], ["All agencies", 40.5]]  # fmt: skip
    assert only(read_rows(rows)).row_keys == (
        "CBP Average", "CBP Average / Convicted", "CBP Average / Pending",
        "ICE Average", "ICE Average / Convicted", "ICE Average / Pending", "All agencies",
    )  # fmt: skip


def test_rows_without_figures_head_groups_only_where_labels_repeat():
    grouped = only(
        read_rows(
            [
                ["Population", "mid", "end"],
                ["Adults"], ["0-180 Days", 5, 6], ["Total", 5, 6],
                ["Families"], ["0-180 Days", 1, 2], ["Total", 1, 2],
            ]
        )
    )  # fmt: skip
    assert grouped.row_keys == (
        "Adults / 0-180 Days",
        "Adults / Total",
        "Families / 0-180 Days",
        "Families / Total",
    )
    blanked = only(read_rows([["Jail", "ADP"], ["Adams", 5], ["Baker"], ["Clay", 6], ["Dodge"], ["Essex", 3]]))
    assert blanked.row_keys == ("Adams", "Baker", "Clay", "Dodge", "Essex")
    assert value_at(blanked, "Baker", "ADP") is None


def test_a_member_of_a_group_that_lacks_its_figures_heads_nothing():
    rows = [["AOR", "Count"], ["Atlanta", 9], ["GPS", 4], ["No Tech", 5], ["Boston", 3], ["GPS", 3], ["No Tech"],
            ["Chicago", 4], ["GPS", 4], ["No Tech"], ["Dallas", 2], ["GPS", 1], ["No Tech", 1]]  # fmt: skip
    keys = only(read_rows(rows)).row_keys
    assert keys[4:9] == ("Boston / GPS", "Boston / No Tech", "Chicago", "Chicago / GPS", "Chicago / No Tech")


def test_the_first_column_is_filled_down_where_the_second_repeats_under_it():
    table = only(
        read_rows(
            [
                ["Release Reason", "Criminality", "Oct"],
                ["Total", None, 30],
                ["Bonded Out", "Total", 10],
                [None, "Convicted", 4],
                [None, "Pending", 6],
                ["Paroled", "Total", 20],
                [None, "Convicted", 12],
                [None, "Pending", 8],
            ]
        )
    )
    assert table.row_keys[:4] == ("Total", "Bonded Out / Total", "Bonded Out / Convicted", "Bonded Out / Pending")
    assert table.key == (0, 1)
    assert table.totals == {0, 1, 4}


def test_a_missing_label_of_a_list_is_not_filled_in():
    rows = [["State", "Agency", "Signed"], ["TEXAS", "A", "x"], [None, "B", "y"], ["OHIO", "C", "z"],
            *[["IOWA", f"N{i}", f"w{i}"] for i in range(20)]]  # fmt: skip
    assert only(read_rows(rows)).rows[1][0] is None


def test_labels_merged_over_rows_are_repeated():
    def fill(sheet):
        put(sheet, "A1", [["Year", "Status", "Oct"], ["FY2023", "Granted", 5], [None, "Denied", 6],
                          ["FY2022", "Granted", 7], [None, "Denied", 8]], merges=("A2:A3", "A4:A5"))  # fmt: skip

    assert only(read_filled(fill)).row_keys == (
        "FY2023 / Granted", "FY2023 / Denied", "FY2022 / Granted", "FY2022 / Denied",
    )  # fmt: skip


def test_indents_tell_repeated_labels_apart():
    def fill(sheet):
        put(
            sheet,
            "A1",
            [["Group", "Count"], ["North", 9], ["Men", 4], ["Women", 5], ["South", 7], ["Men", 3], ["Women", 4]],
        )
        for name in ("A3", "A4", "A6", "A7"):
            indent(sheet, name, 1)

    assert only(read_filled(fill)).row_keys == (
        "North", "North / Men", "North / Women", "South", "South / Men", "South / Women",
    )  # fmt: skip


def test_places_are_keyed_by_name_and_city_even_where_names_would_do():
    rows = [["Name", "Address", "City", "State", "ADP"],
            ["CLAY JAIL", "1 A St", "BRAZIL", "IN", 5.5], ["DODGE JAIL", "2 B St", "JUNEAU", "WI", 6.5]]  # fmt: skip
    assert only(read_rows(rows)).row_keys == ("CLAY JAIL / BRAZIL", "DODGE JAIL / JUNEAU")


def test_the_fewest_columns_beside_the_first_identify_rows_and_declared_ones_have_precedence():
    rows = [["STATE", "AGENCY", "TYPE", "SIGNED"], ["TEXAS", "A", "Jail", "2020-01-01"],
            ["TEXAS", "A", "Task", "2020-01-01"], ["OHIO", "A", "Jail", "2020-01-02"]]  # fmt: skip
    assert only(read_rows(rows)).key == (0, 2)
    declared = only(read_rows(rows, key_columns=("state", "Agency", "type")))
    assert declared.row_keys == ("TEXAS / A / Jail", "TEXAS / A / Task", "OHIO / A / Jail")


def test_equal_rows_get_a_number():
    rows = [["Date", "Detained"], ["2021-04-19", 15054], ["2021-04-19", 15054], ["2021-04-20", 1]]
    assert only(read_rows(rows)).row_keys == ("2021-04-19", "2021-04-19 #2", "2021-04-20")


def test_years_and_dates_may_head_columns_of_figures():
    table = only(read_rows([["Country", 2019, 2020, 2021], ["Haiti", 10, 12, 14], ["Cuba", 3, 5, 7]]))
    assert names(table) == ["Country", "2019", "2020", "2021"]

    def fill(sheet):
        put(sheet, "A1", [["Bonds, FY2023"], [], [None, 44531, 44562], ["Releases", 27982, 23954], ["Amount", 7630, 6620]],
            formats={"B3": "mmm-yyyy", "C3": "mmm-yyyy"})  # fmt: skip

    bonds = only(read_filled(fill))
    assert names(bonds) == ["", "Dec-2021", "Jan-2022"]
    assert [column.period.start.isoformat() for column in bonds.columns[1:]] == ["2021-12-01", "2022-01-01"]


def test_years_over_months_over_halves_make_paths_and_periods():
    def fill(sheet):
        put(
            sheet,
            "A1",
            [
                ["Population", 2022, None, None, None, 2023, None],
                [None, "November", None, "December", None, "January", None],
                [None, "mid", "end", "mid", "end", "mid", "end"],
                ["Adults", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
                ["Families", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
            ],
            merges=("A1:A3", "B2:C2", "D2:E2", "F2:G2"),
        )

    table = only(read_filled(fill))
    assert names(table)[:3] == ["Population", "2022 / November / mid", "2022 / November / end"]
    assert names(table)[5] == "2023 / January / mid"
    assert table.columns[6].period.start.isoformat() == "2023-01-01"


def test_months_that_come_again_are_of_the_next_year():
    def fill(sheet):
        header = ["Oct", "Nov", "Dec", "Jan", "Oct"]
        put(
            sheet,
            "A1",
            [
                ["Population", 2022],
                [None, *header],
                ["Adults", 1.5, 2.5, 3.5, 4.5, 5.5],
                ["Families", 6, 7, 8, 9, 1],
            ],
        )

    columns = only(read_filled(fill)).columns
    assert columns[5].name == "2022 / Oct #2"
    assert columns[5].period.start.year == columns[1].period.start.year + 1


def test_row_labels_that_are_periods_are_read():
    table = only(read_rows([["Fiscal Year", "Arrests"], ["FY2018", 15], ["FY2019", 9]]))
    assert [period.span for period in table.row_periods] == [Span.FISCAL_YEAR] * 2


def test_a_list_of_texts_has_its_first_row_as_header():
    rows = [
        ["STATE", "AGENCY", "TYPE", "SIGNED"],
        ["TEXAS", "Sheriff", "Jail", "3/1/2025"],
        ["OHIO", "Police", "Task", "3/2/2025"],
    ]
    table = only(read_rows(rows))
    assert names(table) == rows[0]
    assert table.rows[0][3] == "2025-03-01"


def test_terms_with_several_paragraphs_of_definition_are_filled_down():
    table = only(
        read_rows(
            [
                ["Term", "Definition"],
                ["ADP", "Average daily population"],
                ["Ratings", "Meets standards: the facility does what it should, and was inspected."],
                [None, "Does not meet standards: the facility does not do what it should do."],
                ["ALOS", "Average length of stay"],
            ]
        )
    )
    assert [row[0] for row in table.rows] == ["ADP", "Ratings", "Ratings", "ALOS"]
    assert table.notes == ()


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


def test_whole_numbers_beside_zip_codes_with_a_leading_zero_are_zip_codes():
    rows = [["Name", "Zip", "ADP"], ["A", 78017, 1.5], ["B", "02863", 2.5]]
    assert [row[1] for row in only(read_rows(rows)).rows] == ["78017", "02863"]


def test_published_text_is_kept_where_it_differs():
    def fill(sheet):
        put(sheet, "A1", [["Area", "Share", "Cost"], ["Atlanta", 0.396, 1234.5], ["Boston", 0.604, 2]],
            formats={"B2": "0%", "B3": "0%", "C2": '"$"#,##0.00'})  # fmt: skip

    table = only(read_filled(fill))
    assert (table.rows[0][1], table.text_at(0, 1)) == (0.396, "40%")
    assert table.text_at(0, 2) == "$1,234.50"
    assert table.text_at(1, 2) == "2"
    assert (0, 0) not in table.texts


def test_a_second_header_dressed_like_the_first_belongs_to_it():
    def fill(sheet):
        put(
            sheet,
            "A1",
            [
                ["Area", "Arrests", "Removals"],
                ["name", "number", "per cent"],
                ["Atlanta", 5, 0.5],
                ["Boston", 7, 0.5],
            ],
        )
        for row in sheet["A1:C2"]:
            for cell in row:
                cell.fill = GREY

    assert names(only(read_filled(fill))) == ["Area / name", "Arrests / number", "Removals / per cent"]


def test_a_first_row_without_figures_is_no_header():
    rows = [["Jail", "City", "ADP"], ["Adams", "Natchez", None], ["Baker", "Macclenny", 6], ["Clay", "Brazil", 7]]
    table = only(read_rows(rows))
    assert len(table.rows) == 3
    assert names(table) == rows[0]


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


@settings(max_examples=60, deadline=None)
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
    st.none(), st.none(), st.integers(0, 5000), st.sampled_from(["Total", "GPS", "FY2023", "*", "Data from x", "Area"]),
    st.text("abc def", min_size=1, max_size=6),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
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


def test_rows_that_the_publisher_marked_are_the_header():
    rows = [["Item", 1, 2], ["Adams", 5, 6], ["Baker", 7, 8]]
    cells = {
        (i, j): Cell(value, str(value), header=i == 0) for i, row in enumerate(rows) for j, value in enumerate(row)
    }
    (table,) = read_grid(Grid(cells), hints=ReadingHints()).tables
    assert names(table) == ["Item", "1", "2"]
    assert table.range is None
