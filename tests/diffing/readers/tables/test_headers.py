"""Header rows and paths, in the ways that publishers write them."""

from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.grid import read_grid
from state.document import ReadingHints
from tests.diffing.workbooks import GREY, names, only, put, read_filled, read_rows


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


def test_years_and_dates_may_head_columns_of_figures():
    table = only(read_rows([["Country", 2019, 2020, 2021], ["Haiti", 10, 12, 14], ["Cuba", 3, 5, 7]]))
    assert names(table) == ["Country", "2019", "2020", "2021"]

    def fill(sheet):
        rows = [["Bonds, FY2023"], [], [None, 44531, 44562], ["Releases", 27982, 23954], ["Amount", 7630, 6620]]
        put(sheet, "A1", rows,
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


def test_a_list_of_texts_has_its_first_row_as_header():
    rows = [
        ["STATE", "AGENCY", "TYPE", "SIGNED"],
        ["TEXAS", "Sheriff", "Jail", "3/1/2025"],
        ["OHIO", "Police", "Task", "3/2/2025"],
    ]
    table = only(read_rows(rows))
    assert names(table) == rows[0]
    assert table.rows[0][3] == "2025-03-01"


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


def test_rows_that_the_publisher_marked_are_the_header():
    rows = [["Item", 1, 2], ["Adams", 5, 6], ["Baker", 7, 8]]
    cells = {
        (i, j): Cell(value, str(value), header=i == 0) for i, row in enumerate(rows) for j, value in enumerate(row)
    }
    (table,) = read_grid(Grid(cells), hints=ReadingHints()).tables
    assert names(table) == ["Item", "1", "2"]
    assert table.range is None
