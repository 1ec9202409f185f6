from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.readers.statements.dates import find_dates, find_fiscal_year, mark_flaws, read_date
from state.document import DateRole, StatedDate, Where

NOWHERE = Where()


def found(text: str, *, today: dt.date | None = None) -> list[tuple[str, str | None]]:
    """Role and ISO date of each stated date."""
    return [
        (stated.role.value, stated.date.isoformat() if stated.date else None)
        for stated in find_dates(text, where=NOWHERE, today=today)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as of 04/06/2026", [("as_of", "2026-04-06")]),
        ("Active ATD Participants, FY23,  as of 5/20/2023, by AOR and Technology", [("as_of", "2023-05-20")]),
        ("Court Data from BI Inc. as of 2/28/2023", [("as_of", "2023-02-28")]),
        ("Data as of 3/1/23", [("as_of", "2023-03-01")]),
        ("ICE National Docket data are a snapshot as of 05/21/2023", [("as_of", "2023-05-21")]),
        ("As of April 4, 2026, ICE held 60,311 in detention.", [("as_of", "2026-04-04")]),
        ("As of February 15, 2011, the program was operational in 1,049 jurisdictions", [("as_of", "2011-02-15")]),
        ("Data from BI Inc. Participants Report, 5.20.2023", [("as_of", "2023-05-20")]),
        ("Source: ICE Integrated Decision Support (IIDS), 05/15/2023", [("as_of", "2023-05-15")]),
        ("Monthly Statistics through November 30, 2010", [("data_through", "2010-11-30")]),
        ("Cumulative statistics through June 2010", [("data_through", "2010-06-30")]),
        ("Data through FY2022", [("data_through", "2022-09-30")]),
        ("FY23 through February Court Appearance: Total Hearings*", [("data_through", "2023-02-28")]),
        ("FY26 thru October Court Appearance", [("data_through", "2025-10-31")]),
        ("Last updated: 01/24/2025", [("last_updated", "2025-01-24")]),
        ("Last Reviewed: June 3rd, 2025", [("last_updated", "2025-06-03")]),
        ("Updated 20 May 2023", [("last_updated", "2023-05-20")]),
        ("Page last modified on 2023-05-20", [("last_updated", "2023-05-20")]),
        ("Published: May 20th, 2023", [("published", "2023-05-20")]),
        ("This report was published on May 20, 2023.", [("published", "2023-05-20")]),
        ("Data were received on 05/23/2023.", [("run", "2023-05-23")]),
        (
            "FY2023 ICE Detention data are updated through 01/14/2023 "
            "(IIDS v.2.0 run date 01/16/2023; EID as of 01/15/2023).",
            [("data_through", "2023-01-14"), ("run", "2023-01-16"), ("as_of", "2023-01-15")],
        ),
        (
            "BMU provided data containing Bonds Posted cases recorded from 04/01/2022 - 05/22/2023 . "
            "Data were received on 05/23/2023.",
            [("period", "2023-05-22"), ("run", "2023-05-23")],
        ),
        ("For the period October 1, 2022 through June 30, 2023", [("period", "2023-06-30")]),
        (
            "data updated through 09/30/2022 (run date10/05/2022)",
            [("data_through", "2022-09-30"), ("run", "2022-10-05")],
        ),
    ],
)
def test_states_what_a_date_is_the_date_of(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Haiti designated TPS as of 08/03/2021. Arrests reported are since the designation date.",
        "KARNES COUNTY houses single adults and no longer houses family units as of 11/10/21.",
        "As of May 12, 2023, noncitizens processed for ER that were turned over to ICE are also included.",
        "ICE resumed the use of Family Residential Centers on April 7, 2025.",
        "Noncitizens processed for ER after June 1st, 2013 and not detained by ERO",
        "He was released on May 4, 2021, and the policy was revised on June 1, 2021, by the court.",
        "PBNDS 2011 (Revised 2016)",
        "Facility 3/4 full; see 8 CFR 287.7(d) and section 2.0.15",
        "1910 PIONEER AVENUE",
        "",
    ],
)
def test_dates_of_events_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("data are updated through 101/14/2023", "there is no month 101"),
        ("updated through xx/xx/2022", "a placeholder stands where the date should be"),
        ("data as of 02/30/2023", "month 2 of 2023 has no day 30"),
        ("data as of 1/5/20233", "there is no year 20233"),
    ],
)
def test_mistyped_dates_are_kept_as_text_with_their_flaw(text: str, flaw: str) -> None:
    (stated,) = find_dates(text, where=NOWHERE)
    assert stated.date is None
    assert stated.flaw == flaw
    assert stated.text in text


def test_a_year_off_by_one_shows_beside_its_query() -> None:
    text = "Bookings data are updated through 01/09/2022 (run date 01/11/2023; EID as of 01/10/2023)."
    stated = find_dates(text, where=NOWHERE)[0]
    assert stated.date == dt.date(2022, 1, 9)
    assert stated.flaw == "the year is probably mistyped: beside it stands 01/11/2023"


def test_an_end_before_the_fiscal_year_began_is_flawed() -> None:
    (stated,) = find_dates("FY2023 ICE Arrests data are updated through 09/30/2022", where=NOWHERE)
    assert stated.flaw == "09/30/2022 lies before FY2023 began"
    (sound,) = find_dates("FY2018 - 2022 ICE Arrests data are updated through 09/30/2022", where=NOWHERE)
    assert sound.flaw is None


def test_last_years_number_in_january_is_flawed_by_today() -> None:
    (stated,) = find_dates("Data as of 01/06/2025", where=NOWHERE, today=dt.date(2026, 1, 12))
    assert stated.flaw is not None
    assert find_dates("Data as of 01/06/2026", where=NOWHERE, today=dt.date(2026, 1, 12))[0].flaw is None
    assert find_dates("Data as of 06/01/2025", where=NOWHERE, today=dt.date(2026, 1, 12))[0].flaw is None


def test_a_date_ahead_of_today_is_flawed() -> None:
    (stated,) = find_dates("Last updated: 06/01/2027", where=NOWHERE, today=dt.date(2026, 1, 12))
    assert stated.flaw == "06/01/2027 lies in the future"


def test_dates_of_one_document_show_one_anothers_slips() -> None:
    sheet, notes = Where(sheet="Facilities"), Where(sheet="Footnotes")
    dates = [
        StatedDate("01/09/2022", dt.date(2022, 1, 9), DateRole.AS_OF, sheet),
        StatedDate("01/10/2023", dt.date(2023, 1, 10), DateRole.RUN, notes),
        StatedDate("09/30/2022", dt.date(2022, 9, 30), DateRole.DATA_THROUGH, notes),
    ]
    assert [bool(stated.flaw) for stated in mark_flaws(dates)] == [True, False, False]


def test_find_fiscal_year() -> None:
    for text, year in [
        ("Detention FY23", 2023),
        ("ATD FY24 YTD", 2024),
        ("Detention EOFY2020", 2020),
        ("Fiscal Year (FY)  2022 Quarter 2 Data", 2022),
        ("Trans. Detainee Pop. FY23", 2023),
        ("FY2018 - FY2022", None),
        ("FY2018-2022", None),
        ("FY2026 and FY2025", None),
        ("Facilities", None),
        ("Staffy23", None),
    ]:
        assert find_fiscal_year(text) == year, text


def test_read_date_wants_the_whole_text() -> None:
    assert read_date("2025-01-24T15:42:21-05:00") == dt.date(2025, 1, 24)
    assert read_date("5.20.2023") == dt.date(2023, 5, 20)
    assert read_date("25/12/2023") == dt.date(2023, 12, 25)
    assert read_date("May 2023") is None
    assert read_date("May 20, 2023 and later") is None
    assert read_date("2023-02-30") is None


@given(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)))
def test_every_form_of_a_date_reads_the_same(day: dt.date) -> None:
    for form in (
        "%m/%d/%Y",
        "%m.%d.%Y",
        "%m-%d-%Y",
        "%Y-%m-%d",
        "%B %d, %Y",
        "%b. %d, %Y",
        "%d %B %Y",
        "%m/%d/%y",
    ):
        assert found(f"Data as of {day.strftime(form)}") == [("as_of", day.isoformat())]


@given(st.text(max_size=300))
def test_any_text_is_read_without_error(text: str) -> None:
    for stated in find_dates(f"as of {text}", where=NOWHERE):
        assert stated.text in f"as of {text}"
        assert stated.date is not None or stated.flaw


def test_a_text_of_dates_without_end_is_bounded() -> None:
    assert len(find_dates("as of 01/01/2020 " * 5_000, where=NOWHERE)) == 200
