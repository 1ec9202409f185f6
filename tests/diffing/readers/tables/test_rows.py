"""Row groups, keys and periods, as a careful person names them."""

from state.document import Span
from tests.diffing.workbooks import indent, only, put, read_filled, read_rows


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
    assert blanked.rows[1] == ("Baker", None)


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
            ["CLAY JAIL", "1 A St", "BRAZIL", "IN", 5.5],
            ["DODGE JAIL", "2 B St", "JUNEAU", "WI", 6.5]]  # fmt: skip
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


def test_row_labels_that_are_periods_are_read():
    table = only(read_rows([["Fiscal Year", "Arrests"], ["FY2018", 15], ["FY2019", 9]]))
    assert [period.span for period in table.row_periods] == [Span.FISCAL_YEAR] * 2


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


def test_whole_numbers_beside_zip_codes_with_a_leading_zero_are_zip_codes():
    rows = [["Name", "Zip", "ADP"], ["A", 78017, 1.5], ["B", "02863", 2.5]]
    assert [row[1] for row in only(read_rows(rows)).rows] == ["78017", "02863"]
