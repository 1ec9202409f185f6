"""Which table of one document is which of another."""

import pytest

from diffing.comparing.alignment.tables import pair_tables
from tests.diffing.making import make_table

MONTHS = ("Agency", "Oct", "Nov", "Dec", "FY Total")


def monthly(name, *figures, sheet="Detention FY23", **more):
    rows = [
        (label, *(figure + 7 * row for figure in figures)) for row, label in enumerate(("CBP", "ICE", "Total"))
    ]
    return make_table(MONTHS, rows, name=name, sheet=sheet, **more)


def facilities(name, *, bump=0.0, sheet="Facilities FY23", headers=("Name", "City", "ADP"), **more):
    rows = [(f"Jail of {town}", town, index * 31.5 + bump) for index, town in enumerate(TOWNS)]
    return make_table(headers, rows, name=name, sheet=sheet, **more)


TOWNS = ("Laredo", "Otay", "Natchez", "Lumpkin", "Eloy", "Dilley", "Pearsall", "Winnfield")
BOOK_INS = monthly("Book-ins FY2023", 9000, 8500, 8700, 26200, fiscal_year=2023)
REMOVALS = monthly("Removals FY2023", 4100, 4250, 4395, 12745, fiscal_year=2023)
STAYS = monthly("Average stay FY2023", 31.25, 30.5, 29.75, 30.5, fiscal_year=2023)


def test_order_of_tables_is_irrelevant():
    assert pair_tables([BOOK_INS, REMOVALS, STAYS], [STAYS, BOOK_INS, REMOVALS]) == [(0, 1), (1, 2), (2, 0)]


def test_dates_in_titles_are_no_identity():
    before = facilities("Facilities as of 1/9/2023")
    after = facilities("Facilities as of 1/23/2023", bump=2.25)
    assert pair_tables([BOOK_INS, before], [after, BOOK_INS]) == [(0, 1), (1, 0)]


def test_the_table_that_left_has_no_counterpart():
    assert pair_tables([BOOK_INS, REMOVALS, STAYS], [BOOK_INS, STAYS]) == [(0, 0), (2, 1)]


def test_a_vanished_table_is_not_paired_with_a_new_one():
    transgender = make_table(
        ("Area", "Count"), [("Phoenix", 12), ("El Paso", 9)], name="Transgender population", sheet="Detention FY23"
    )
    bonds = make_table(
        ("Month", "Posted", "Amount"), [("Oct", 512, 4500.5)], name="Bonds posted", sheet="Detention FY23"
    )
    assert pair_tables([BOOK_INS, transgender], [BOOK_INS, bonds]) == [(0, 0)]


def test_fiscal_years_are_identity_within_a_workbook():
    def daily(sheet, year, *figures):
        return monthly("Active population", *figures, sheet=sheet, fiscal_year=year)

    before = [daily("ATD FY23 YTD", 2023, 100, 200, 300, 600)]
    after = [daily("ATD FY24 YTD", 2024, 11, 12, 13, 36), daily("ATD EOFY23", 2023, 100, 201, 300, 601)]
    assert pair_tables(before, after) == [(0, 1)]


def test_tables_pair_across_a_rollover():
    before = facilities("Facilities FY25", sheet="Facilities FY25", fiscal_year=2025)
    after = facilities("Facilities FY26", sheet="Facilities FY26", fiscal_year=2026, bump=3.5)
    assert pair_tables([before], [after]) == [(0, 0)]


def test_a_retitled_table_is_known_by_its_rows():
    before = facilities("ICE facilities data")
    after = facilities("Facility information", bump=4.75, headers=("Facility / Name", "Facility / City", "ADP"))
    assert pair_tables([BOOK_INS, before], [after, BOOK_INS]) == [(0, 1), (1, 0)]


def test_tables_of_like_shape_keep_their_titles():
    renamed = monthly("Book-ins by agency FY2023", 9000, 8500, 8712, 26212, fiscal_year=2023)
    assert pair_tables([BOOK_INS, REMOVALS], [REMOVALS, renamed]) == [(0, 1), (1, 0)]


def test_untitled_tables_are_known_by_what_they_hold():
    towns = make_table(("Name", "ADP"), [(town, index * 17.5) for index, town in enumerate(TOWNS)])
    states = make_table(("State", "Count"), [("TX", 512), ("CA", 377)])
    assert pair_tables([towns, states], [states, towns]) == [(0, 1), (1, 0)]


def test_pairing_mirrors_when_the_sides_are_swapped():
    before = [BOOK_INS, REMOVALS, STAYS, facilities("A")]
    after = [facilities("B", bump=1.5), STAYS, monthly("Arrests FY2023", 1, 2, 3, 6, fiscal_year=2023)]
    assert sorted((j, i) for i, j in pair_tables(before, after)) == pair_tables(after, before)


def test_one_period_is_no_other_where_a_sheet_holds_several():
    def quarter(year, number, first):
        rows = [(label, first + 3 * row) for row, label in enumerate(("Held", "Placed", "Total"))]
        name = f"Fiscal Year (FY) {year} Quarter {number} Data"
        return make_table(("Metric", "Count"), rows, name=name, sheet="Vulnerable", fiscal_year=year)

    before = [quarter(2025, 3, 100), quarter(2025, 4, 200)]
    after = [quarter(2025, 3, 100), quarter(2026, 1, 300)]
    assert pair_tables(before, after) == [(0, 0)]
    assert pair_tables(before[1:], after[1:]) == [(0, 0)]


def test_years_in_titles_that_roll_on_are_one_table():
    def requests(first):
        rows = [(f"FY{year}", 11 * (year - 2000)) for year in range(first, first + 3)]
        name = f"Parole requested: FY{first} - FY{first + 2}"
        return make_table(("Fiscal year", "Requests"), rows, name=name, sheet=f"Detention FY{first - 1998}")

    assert pair_tables([requests(2021)], [requests(2024)]) == [(0, 0)]


@pytest.mark.parametrize("count", [150])
def test_many_tables_are_paired_without_weighing_all_pairs(count):
    before = [
        make_table(("Item", "Value"), [(f"row {index}", 1000 + index)], name=f"Subject {index}", page=index)
        for index in range(count)
    ]
    assert pair_tables(before, before[::-1]) == [(index, count - 1 - index) for index in range(count)]
