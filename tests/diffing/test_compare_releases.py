"""Neighbouring releases as really published, where they are kept beside the project."""

import time
from functools import cache
from pathlib import Path

import pytest

from diffing.comparing.compare import compare
from diffing.extract import extract
from state.document import ReadingHints

RELEASES = Path(__file__).resolve().parents[2].parent / "shared" / "releases"
FY23, FY26 = "ice-detention-stats-fy23", "ice-detention-stats-fy26"
PARTICIPATING = "ice-287g-participating-2025-03-to-06"
PAGE_TABLE = "ice-covid-page-table-2020-07"

pytestmark = pytest.mark.skipif(not RELEASES.is_dir(), reason=f"no releases are kept at {RELEASES}")


@cache
def read(series, name):
    path = RELEASES / series / name
    return extract(path.read_bytes(), media_type="", hints=ReadingHints(file_name=name))


@cache
def compared(series, before, after):
    return compare(read(series, before), read(series, after))


def pair_of(comparison, title):
    return next(pair for pair in comparison.tables if title.casefold() in pair.before.name.casefold())


def leaves(pairs, before, after):
    return [(before.columns[i].path[-1], after.columns[j].path[-1]) for i, j in pairs]


def test_inspection_columns_were_renamed_and_three_came():
    pair = pair_of(compared(FY23, "2023-02-03.xlsx", "2023-02-28.xlsx"), "facilities data")
    renamed = leaves(pair.columns_renamed, pair.before, pair.after)
    assert ("Last Inspection Date", "Last Nakamoto Inspection Date") in renamed
    assert len(renamed) == 6
    assert len(pair.columns_added) == 3
    assert not pair.columns_removed


def test_a_date_column_was_renamed_with_edits_inside():
    pair = pair_of(compared(FY23, "2023-06-12.xlsx", "2023-07-10.xlsx"), "facilities data")
    assert leaves(pair.columns_renamed, pair.before, pair.after) == [
        ("ODO Inspection End Date", "ODO Final Report Date")
    ]


def test_swapped_labels_are_changed_figures():
    pair = pair_of(compared(FY23, "2023-05-26.xlsx", "2023-05-31.xlsx"), "Population Counts and Daily Cost")
    figures = {
        pair.after.row_keys[one.row_after]: (one.before, one.after)
        for one in pair.cells
        if pair.after.columns[one.column_after].name == "Count"
    }
    assert figures["GPS"] == (188934, 4449)
    assert figures["SmartLINK"] == (34576, 219011)


def test_a_release_with_the_same_cells_does_not_differ():
    assert not compared(FY23, "2023-04-12.xlsx", "2023-04-20.xlsx").content_changed


def test_facilities_that_left_and_joined():
    pair = pair_of(compared(FY23, "2023-01-09.xlsx", "2023-01-19.xlsx"), "facilities data")
    assert (len(pair.rows_removed), len(pair.rows_added)) == (13, 21)


def test_a_quarter_is_gone_and_a_month_came():
    comparison = compared(FY26, "2026-02-02.xlsx", "2026-02-12.xlsx")
    gone = [comparison.before.tables[index].name for index in comparison.tables_removed]
    came = [comparison.after.tables[index].name for index in comparison.tables_added]
    assert gone == ["Fiscal Year (FY) 2025 Quarter 4 Data"]
    assert came == ["January 2026"]


def test_tables_of_two_fiscal_years_stay_apart_at_the_turn_of_the_year():
    comparison = compared(FY23, "2023-09-29.xlsx", "2023-10-31.xlsx")
    daily = [pair for pair in comparison.tables if (pair.before.sheet or "").startswith("ATD")]
    assert daily
    assert {pair.after.sheet for pair in daily} == {"ATD EOFY23"}


def test_agencies_respelt_are_the_same():
    (pair,) = compared(PARTICIPATING, "2025-05-28am.xlsx", "2025-05-28pm.xlsx").tables
    assert len(pair.rows_renamed) == 1
    assert not pair.rows_removed
    (pair,) = compared(PARTICIPATING, "2025-05-16am.xlsx", "2025-05-19pm.xlsx").tables
    assert not pair.rows_removed
    assert len(pair.rows_added) == 17


def test_a_date_in_front_of_the_headers_renames_no_column():
    (pair,) = compared(PAGE_TABLE, "13_2020-07-23.csv", "14_2020-07-24.csv").tables
    assert not (pair.columns_renamed or pair.columns_removed or pair.rows_renamed)


def test_figures_in_a_footnote_are_a_changed_sentence():
    comparison = compared(FY23, "2023-03-31.xlsx", "2023-04-12.xlsx")
    assert any(
        change.before and change.after and "287 unique" in change.before and "335 unique" in change.after
        for change in comparison.texts
    )


def test_two_workbooks_are_compared_within_half_a_second():
    before, after = read(FY26, "2025-12-22.xlsx"), read(FY26, "2026-01-08.xlsx")
    start = time.process_time()
    compare(before, after)
    assert time.process_time() - start < 0.5
