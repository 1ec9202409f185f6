"""Names that must be one, and names that must stay two."""

import pytest

from diffing.identity import (
    column_key,
    fiscal_years_in,
    row_key,
    table_key,
    title_key,
    without_fiscal_year,
)
from state.document import Column, Table


def table(name="", *, sheet=None, section=(), fiscal_year=None, columns=()):
    return Table(
        name=name,
        sheet=sheet,
        section=section,
        fiscal_year=fiscal_year,
        columns=tuple(Column(name=text, path=(text,)) for text in columns),
        rows=(),
        row_keys=(),
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Facilities FY26", "facilities"),
        ("Facilities FY25 ", "facilities"),
        ("ATD EOFY2020", "atd"),
        ("ATD FY24 YTD", "atd"),
        ("Removals FY2018 - FY2023", "removals"),
        ("ICE Removals (as of 04/06/2026)", "ice removals"),
        ("Data as of April 6, 2026", ""),
        ("FY2023_YTD_Removals", "removals"),
        ("Removals through 27 December 2022", "removals"),
        ("Section 287(g) as of xx/xx/2022", "section 287(g)"),
        ("Removals 2022", "removals"),
        ("November 2025", "november 2025"),
    ],
)
def test_title_key_leaves_out_years_and_dates(text, key):
    assert title_key(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Zugänge nach Ländern, 31. März 2034", "zugänge nach ländern"),
        ("Población, enero de 2034", "población"),
        ("Effectifs, 1er juillet 2034", "effectifs"),
        ("Liczba osób, 31 grudnia 2034 r.", "liczba osób"),
        ("März 2034", "märz 2034"),
    ],
)
def test_title_key_leaves_out_dates_of_other_languages(text, key):
    assert title_key(text) == key


def test_title_key_keeps_numbers_that_are_no_years():
    assert title_key("Level 1 offenders") != title_key("Level 2 offenders")
    assert title_key("Form I-213") == "form i-213"


def test_table_key_survives_a_new_date_and_not_a_new_fiscal_year():
    earlier = table("Removals FY26 as of 04/06/2026", sheet="Detention FY26", fiscal_year=2026)
    later = table("Removals FY26 as of 04/20/2026", sheet="Detention FY26", fiscal_year=2026)
    rolled = table("Removals FY27 as of 11/02/2026", sheet="Detention FY27", fiscal_year=2027)
    assert table_key(earlier) == table_key(later) == "detention | removals | fy2026"
    assert table_key(rolled) == "detention | removals | fy2027"


def test_table_key_reads_the_fiscal_year_from_title_then_sheet():
    assert table_key(table("ATD", sheet="ATD EOFY23")) == "atd | atd | fy2023"
    assert table_key(table("Book-ins FY2022", sheet="ATD EOFY23")) == "atd | book-ins | fy2022"


def test_table_key_tells_calendar_years_apart():
    assert table_key(table("Removals 2019")) != table_key(table("Removals 2020"))


def test_an_untitled_table_is_known_by_its_first_column():
    assert table_key(table(sheet="Data", columns=("Agency", "Oct"))) == "data | agency"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Otay Mesa\nDetention", "OTAY MESA  Detention"),
        ("St. Mary’s", "St. Mary's"),
        ("Tier 1 – Low", "Tier 1 - Low"),
        ("de\u00adtention", "detention"),
        ("Adams\u00a0County", "Adams County "),
        ("ﬁnal order", "final order"),
    ],
)
def test_typography_is_no_identity(before, after):
    assert row_key(before) == row_key(after)
    assert column_key(before) == column_key(after)


def test_years_in_row_and_column_labels_are_identity():
    assert row_key("FY2022") != row_key("FY2023")
    assert column_key("FY25 ADP") != column_key("FY26 ADP")


def test_fiscal_years_are_read_in_every_spelling():
    assert fiscal_years_in("ATD EOFY23, FY 2024 YTD and Fiscal Year 2022") == (2022, 2023, 2024)
    assert fiscal_years_in("fly 23") == ()


def test_only_the_named_fiscal_year_is_masked():
    assert without_fiscal_year("FY25 ADP", 2025) == without_fiscal_year("FY26 ADP", 2026)
    assert without_fiscal_year("FY24 ADP", 2025) == "fy24 adp"
