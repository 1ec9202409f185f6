"""Which column, row and cell of one table is which of another."""

import random

import pytest

from diffing.comparing.align import align_table
from tests.diffing.making import applied, make_table

FACILITIES = [
    ("Adams County Detention Center", "Natchez", "MS", "DIGSA", 2154.25, 310.5, 12, "2022-08-04"),
    ("Otay Mesa Detention Center", "San Diego", "CA", "CDF", 1023.75, 88.1, 40, "2022-09-15"),
    ("Stewart Detention Center", "Lumpkin", "GA", "DIGSA", 1857.0, 441.9, 55, "2022-10-27"),
    ("Karnes County Residential Center", "Karnes City", "TX", "IGSA", 640.5, 12.25, 3, "2022-06-09"),
    ("Eloy Federal Contract Facility", "Eloy", "AZ", "CDF", 1290.0, 150.75, 31, "2022-07-21"),
    ("Alexandria Staging Facility", "Alexandria", "LA", "STAGING", 290.1, 90.0, 8, "2022-11-03"),
    ("Winn Correctional Center", "Winnfield", "LA", "DIGSA", 1410.8, 201.6, 19, "2022-05-12"),
    ("Kay County Detention Facility", "Newkirk", "OK", "USMS IGA", 77.5, 20.3, 1, "2022-04-28"),
]
HEADERS = ("Name", "City", "State", "Type", "Male Crim", "Female Crim", "Guaranteed Minimum", "Last Inspection")


def before_table(**more):
    return make_table(HEADERS, FACILITIES, **more)


def edited(*changes):
    rows = [list(row) for row in FACILITIES]
    for row, column, value in changes:
        rows[row][column] = value
    return rows


def names(table, indexes):
    return [table.columns[index].name for index in indexes]


def test_equal_tables_differ_in_nothing():
    pair = align_table(before_table(), before_table(), index=0)
    assert len(pair.columns) == 8
    assert len(pair.rows) == 8
    assert not (pair.cells or pair.rows_removed or pair.rows_added or pair.columns_renamed or pair.rows_renamed)


def test_shuffled_rows_and_columns_differ_in_nothing():
    order = [3, 0, 7, 5, 1, 2, 6, 4]
    rows = [[row[column] for column in order] for row in random.Random(1).sample(FACILITIES, 8)]
    after = make_table([HEADERS[column] for column in order], rows, key=(1,))
    pair = align_table(before_table(), after, index=0)
    assert not (pair.cells or pair.columns_removed or pair.columns_added or pair.rows_removed or pair.rows_added)


def test_an_edit_is_one_cell():
    pair = align_table(before_table(), make_table(HEADERS, edited((2, 4, 1748.0))), index=0)
    (change,) = pair.cells
    assert (change.row_before, change.column_before, change.before, change.after) == (2, 4, 1857.0, 1748.0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,234", 1234),
        (5.0, 5),
        ("5.0", "5"),
        ("12%", 0.12),
        (None, ""),
        (None, "\u00a0"),
        ("a\u00a0b", "a b"),
        ("St. Mary’s", "St. Mary's"),
        ("de\u00adtention", "detention"),
        ("1–2", "1-2"),
        ("$1,234.50", 1234.5),
        ("02139", 2139),
        (0.1 + 0.2, 0.3),
        ("YES", "Yes"),
    ],
)
def test_format_is_no_change(before, after):
    left = make_table(("Name", "Value"), [("x", before)])
    right = make_table(("Name", "Value"), [("x", after)])
    assert align_table(left, right, index=0).cells == ()
    assert align_table(right, left, index=0).cells == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, None), (5, "*"), (1234, 1235), ("12%", 12), ("D", "S"), (None, "-"), (1, "1a"), ("2022", "2023")],
)
def test_meaning_is_a_change(before, after):
    left = make_table(("Name", "Value"), [("x", before)])
    right = make_table(("Name", "Value"), [("x", after)])
    assert len(align_table(left, right, index=0).cells) == 1


def test_a_renamed_column_is_found_with_the_edit_inside_it():
    headers = list(HEADERS)
    headers[7] = "Final Report Date"
    pair = align_table(before_table(), make_table(headers, edited((1, 7, "2023-01-19"))), index=0)
    assert pair.columns_renamed == ((7, 7),)
    assert [(one.before, one.after) for one in pair.cells] == [("2022-09-15", "2023-01-19")]


def test_a_renamed_column_is_found_although_columns_and_rows_moved():
    order = [7, 0, 2, 1, 3, 5, 4, 6]
    headers = ["Criminal Females" if name == "Female Crim" else name for name in HEADERS]
    rows = [[row[column] for column in order] for row in reversed(FACILITIES)]
    after = make_table([headers[column] for column in order], rows, key=(1,))
    pair = align_table(before_table(), after, index=0)
    assert [(HEADERS[i], after.columns[j].name) for i, j in pair.columns_renamed] == [
        ("Female Crim", "Criminal Females")
    ]
    assert not pair.cells


def test_a_block_of_renamed_columns_is_told_apart_by_its_values():
    headers = ["Name", *(f"Facilities, {number}" for number in range(1, 8))]
    order = [0, 5, 4, 7, 6, 3, 2, 1]
    rows = [[row[column] for column in order] for row in FACILITIES]
    pair = align_table(before_table(), make_table([headers[column] for column in order], rows), index=0)
    assert sorted(pair.columns_renamed) == sorted((column, order.index(column)) for column in range(1, 8))


def test_a_replaced_column_is_gone_and_another_came():
    headers = [*HEADERS[:7], "Pending FY23 Inspection"]
    rows = [[*row[:7], value] for row, value in zip(FACILITIES, "NYNNYYNY", strict=True)]
    pair = align_table(before_table(), make_table(headers, rows), index=0)
    assert names(pair.before, pair.columns_removed) == ["Last Inspection"]
    assert names(pair.after, pair.columns_added) == ["Pending FY23 Inspection"]


def test_a_replaced_column_of_numbers_is_no_rename():
    headers = [*HEADERS[:4], "Male Non-Crim", *HEADERS[5:]]
    rows = edited(
        *((index, 4, value) for index, value in enumerate((31.5, 612.0, 44.9, 5.5, 71.0, 9.9, 66.1, 3.2)))
    )
    pair = align_table(before_table(), make_table(headers, rows), index=0)
    assert pair.columns_removed == (4,)
    assert pair.columns_added == (4,)


@pytest.mark.parametrize("filling", [None, 0, "Yes"])
def test_columns_that_say_nothing_are_not_taken_for_one(filling):
    before = make_table(("Name", "Notes", "ADP"), [(row[0], filling, row[4]) for row in FACILITIES])
    after = make_table(("Name", "ADP", "Reviewed by court"), [(row[0], row[4], filling) for row in FACILITIES])
    pair = align_table(before, after, index=0)
    assert pair.columns_removed == (1,)
    assert pair.columns_added == (2,)


def test_two_valued_columns_that_disagree_by_rows_are_not_one():
    flags = [("Y", "N"), ("N", "N"), ("Y", "Y"), ("N", "Y"), ("Y", "N"), ("Y", "Y"), ("N", "N"), ("Y", "N")]
    before = make_table(("Name", "Male"), [(row[0], flag[0]) for row, flag in zip(FACILITIES, flags, strict=True)])
    after = make_table(("Name", "Open"), [(row[0], flag[1]) for row, flag in zip(FACILITIES, flags, strict=True)])
    assert align_table(before, after, index=0).columns_renamed == ()


def test_a_relabelled_flag_is_found_where_it_stood():
    flags = "MFMMFMFF"
    rows = [(row[0], flag, row[4]) for row, flag in zip(FACILITIES, flags, strict=True)]
    before, after = make_table(("Name", "Gender", "ADP"), rows), make_table(("Name", "Sex", "ADP"), rows)
    assert align_table(before, after, index=0).columns_renamed == ((1, 1),)


def test_headers_printed_twice_are_told_apart_by_their_values():
    before = make_table(("Month", "Total", "Total"), [("Oct", 100, 7), ("Nov", 250, 9), ("Dec", 333, 8)])
    after = make_table(("Month", "Total", "Total"), [("Oct", 7, 100), ("Nov", 9, 250), ("Dec", 8, 333)])
    pair = align_table(before, after, index=0)
    assert pair.columns == ((0, 0), (1, 2), (2, 1))
    assert not pair.cells


def test_fiscal_years_in_headers_move_with_the_table():
    before = make_table(("Name", "FY25 ADP", "FY24 ADP"), [("x", 100.5, 90.25)], fiscal_year=2025)
    after = make_table(("Name", "FY26 ADP", "FY25 ADP"), [("x", 12.5, 100.5)], fiscal_year=2026)
    pair = align_table(before, after, index=0)
    assert (1, 2) in pair.columns
    assert not pair.columns_renamed
    lone = make_table(("Name", "FY26 ADP"), [("x", 12.5)], fiscal_year=2026)
    pair = align_table(make_table(("Name", "FY25 ADP"), [("x", 100.5)], fiscal_year=2025), lone, index=0)
    assert pair.columns == ((0, 0), (1, 1))
    assert not pair.columns_renamed


def test_a_common_header_that_went_renames_no_column():
    headers = ["Name", *(f"Facility Information / {name}" for name in HEADERS[1:])]
    pair = align_table(make_table(headers, FACILITIES), before_table(), index=0)
    assert len(pair.columns) == 8
    assert not pair.columns_renamed


def test_rows_that_lost_the_label_above_them_go_on():
    areas = [f"Area {letter}" for letter in "ABCDEFGH"]
    labels = [(area, kind) for area in areas for kind in ("GPS", "SmartLINK", "Total")]
    before = make_table(
        ("Area", "Count"), [(f"{area} / {kind}", 37 * row) for row, (area, kind) in enumerate(labels)]
    )
    after = make_table(("Area", "Count"), [(kind, 41 * row + 5) for row, (_, kind) in enumerate(labels)])
    pair = align_table(before, after, index=0)
    assert pair.rows == tuple((row, row) for row in range(24))
    assert {change.column_after for change in pair.cells} == {1}


def test_years_as_columns_are_never_merged():
    years = [f"FY{year}" for year in range(2018, 2024)]
    before = make_table(("Kind", *years[:5]), [("Removals", 10, 20, 30, 40, 50)], fiscal_year=2022)
    after = make_table(("Kind", *years[1:]), [("Removals", 20, 30, 40, 50, 60)], fiscal_year=2023)
    pair = align_table(before, after, index=0)
    assert names(before, pair.columns_removed) == ["FY2018"]
    assert names(after, pair.columns_added) == ["FY2023"]
    assert not pair.cells


@pytest.mark.parametrize(
    "spelling",
    [
        "Adams County Det Center",
        "Adams County Detention\nCenter",
        "ADAMS COUNTY DETENTION CENTER3",
        "Adams Co. Detention Center",
        "Adams County Detension Center",
        "Adams County Detention Ctr",
    ],
)
def test_a_respelt_row_goes_on(spelling):
    pair = align_table(before_table(), make_table(HEADERS, edited((0, 0, spelling), (0, 4, 2160.0))), index=0)
    assert not pair.rows_removed
    assert not pair.rows_added
    assert [(one.before, one.after) for one in pair.cells] == [(2154.25, 2160.0)]


def test_a_row_under_quite_another_label_goes_on_where_its_cells_stayed():
    pair = align_table(before_table(), make_table(HEADERS, edited((2, 0, "Lumpkin Processing Facility"))), index=0)
    assert pair.rows_renamed == ((2, 2),)
    assert not pair.cells


def test_one_row_left_and_another_came():
    rows = edited()
    rows[5] = ["Torrance County Facility", "Estancia", "NM", "DIGSA", 310.0, 2.25, 77, "2022-12-01"]
    pair = align_table(before_table(), make_table(HEADERS, rows), index=0)
    assert pair.rows_removed == (5,)
    assert pair.rows_added == (5,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Level 1", "Level 2"),
        ("Male", "Female"),
        ("FY2018", "FY2019"),
        ("Camden Police Department", "Hamden Police Department"),
        ("Unit A", "Unit B"),
        ("North Area", "South Area"),
        ("October 2022", "October 2023"),
    ],
)
def test_names_that_only_look_alike_stay_two(before, after):
    left = make_table(("Kind", "Signed"), [(before, "2024-01-01"), ("Total", "2024-01-01")])
    right = make_table(("Kind", "Signed"), [(after, "2024-01-01"), ("Total", "2024-01-01")])
    pair = align_table(left, right, index=0)
    assert pair.rows_removed == (0,)
    assert pair.rows_added == (0,)


def test_swapped_labels_are_changed_cells():
    before = make_table(("Technology", "Count"), [("GPS", 188934), ("SmartLINK", 34576), ("Total", 235890)])
    after = make_table(("Technology", "Count"), [("GPS", 4449), ("SmartLINK", 219011), ("Total", 235890)])
    pair = align_table(before, after, index=0)
    assert [(one.before, one.after) for one in pair.cells] == [(188934, 4449), (34576, 219011)]


def test_rows_of_one_key_are_paired_by_their_cells_not_their_order():
    rows = [("Webb", "Laredo", 12.5), ("Webb", "El Paso", 90.25), ("Otay", "San Diego", 7.0)]
    before, after = make_table(("Name", "City", "ADP"), rows), make_table(("Name", "City", "ADP"), rows[::-1])
    pair = align_table(before, after, index=0)
    assert not pair.cells
    assert sorted(pair.rows) == [(0, 2), (1, 1), (2, 0)]


def test_the_one_that_left_among_rows_of_one_key_is_named():
    rows = [("Webb", "Laredo", 12.5), ("Webb", "El Paso", 90.25), ("Webb", "Austin", 3.5)]
    before, after = make_table(("Name", "City", "ADP"), rows), make_table(("Name", "City", "ADP"), rows[1:])
    pair = align_table(before, after, index=0)
    assert pair.rows_removed == (0,)
    assert not pair.cells


def test_long_groups_of_one_key_are_paired_by_equal_cells():
    rows = [("TX", f"site {index}", index * 1.5) for index in range(500)]
    changed = [("TX", f"site {index}", index * 1.5 + (index == 77)) for index in range(500) if index != 13]
    random.Random(2).shuffle(changed)
    pair = align_table(
        make_table(("State", "Site", "ADP"), rows), make_table(("State", "Site", "ADP"), changed), index=0
    )
    assert pair.rows_removed == (13,)
    assert [(one.before, one.after) for one in pair.cells] == [(115.5, 116.5)]


def test_readers_may_choose_other_key_columns_in_the_two_releases():
    headers = ("Name", "City", "ADP")
    before = make_table(headers, [("Webb", "Laredo", 12.5), ("Otay", "San Diego", 7.25)], key=(0,))
    after = make_table(
        headers, [("Webb", "Laredo", 13.5), ("Webb", "El Paso", 5.0), ("Otay", "San Diego", 7.25)], key=(0, 1)
    )
    pair = align_table(before, after, index=0)
    assert pair.rows == ((0, 0), (1, 2))
    assert pair.rows_added == (1,)
    assert [(one.before, one.after) for one in pair.cells] == [(12.5, 13.5)]


def test_a_key_column_that_only_one_release_has_is_no_key():
    before = make_table(("Name", "ADP"), [("Webb", 12.5), ("Otay", 7.25), ("Eloy", 3.5)])
    rows = [("Webb", "Webb County", 12.5), ("Otay", "San Diego County", 7.25), ("Eloy", "Pinal County", 4.5)]
    pair = align_table(before, make_table(("Name", "County", "ADP"), rows, key=(0, 1)), index=0)
    assert len(pair.rows) == 3
    assert [(one.before, one.after) for one in pair.cells] == [(3.5, 4.5)]


def test_numbers_that_only_count_the_rows_are_no_key_and_no_content():
    names = ["Adelanto", "Eloy", "Karnes", "Otay", "Stewart", "Winn"]
    before = make_table(("No.", "Name", "ADP"), [(row, name, 10 * row) for row, name in enumerate(names, start=1)])
    shorter = [(row, name, 10 * names.index(name) + 10) for row, name in enumerate(names[1:], start=1)]
    pair = align_table(before, make_table(("No.", "Name", "ADP"), shorter), index=0)
    assert pair.rows_removed == (0,)
    assert not pair.rows_added
    assert not pair.cells


def test_numbers_that_go_with_their_labels_stay_the_key():
    before = make_table(("Level", "Meaning", "Count"), [(1, "High", 5), (2, "Medium", 7), (3, "Low", 9)])
    after = make_table(("Level", "Meaning", "Count"), [(1, "High", 6), (2, "Medium", 7), (3, "Low", 9)])
    pair = align_table(before, after, index=0)
    assert [(one.before, one.after) for one in pair.cells] == [(5, 6)]
    assert len(pair.rows) == 3


def test_empty_tables_are_legal():
    empty = make_table(HEADERS, [])
    assert align_table(empty, empty, index=0).rows == ()
    assert align_table(before_table(), empty, index=0).rows_removed == tuple(range(8))
    assert align_table(empty, before_table(), index=0).rows_added == tuple(range(8))
    bare = make_table((), [])
    assert align_table(bare, bare, index=0).columns == ()


def test_too_many_strangers_are_compared_more_coarsely_and_said_so():
    before = make_table(("Id", "Value"), [(f"before-{index}", index) for index in range(20_001)])
    after = make_table(("Id", "Value"), [(f"after-{index}", index) for index in range(20_001)])
    pair = align_table(before, after, index=0)
    assert len(pair.rows_removed) == 20_001
    assert pair.coarse is not None
    assert "re-spelt" in pair.coarse


def test_what_was_found_turns_before_into_after():
    headers = list(HEADERS)
    headers[7] = "Final Report Date"
    rows = edited((1, 7, "2023-01-19"), (0, 0, "Adams Co. Detention Center"), (3, 4, None))
    rows = [*rows[:5], *rows[6:], ["New Jail", "Reno", "NV", "IGSA", 5.5, 1.25, 0, "2023-02-02"]]
    after = make_table(headers, rows)
    pair = align_table(before_table(), after, index=0)
    assert applied(pair) == list(after.rows)
