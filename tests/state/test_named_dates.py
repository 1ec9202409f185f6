"""Dates in names of files, in twelve languages, and which of two names is the later one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.month_names import ABROAD, ENGLISH
from state.named_dates import date_in_names, later


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("stays-2026-06-15.csv", "2026-06-15"),
        ("stays_20260615.csv", "2026-06-15"),
        ("removals-25-04-2026.pdf", "2026-04-25"),
        ("removals-04-25-2026.pdf", "2026-04-25"),
        ("removals-03-04-2026.pdf", "2026-03-04|2026-04-03"),
        ("removals-05-05-2026.pdf", "2026-05-05"),
        ("Juni%202026.xlsx", "2026-06"),
        ("bilan-mai-2026.pdf", "2026-05"),
        ("bilan-août-2026.pdf", "2026-08"),
        ("bilan-aout-2026.pdf", "2026-08"),
        ("cifras-3-de-mayo-de-2026.pdf", "2026-05-03"),
        ("populacao_12_out_2026.pdf", "2026-10-12"),
        ("data-set-2026.csv", "2026"),
        ("2026-kwiecień.ods", "2026-04"),
        ("report-march-2026-final.pdf", "2026-03"),
        ("report-March 7, 2026.pdf", "2026-03-07"),
        ("2026-Q1.csv", "2026-01"),
        ("1q2026.csv", "2026-01"),
        ("prisons-q3-26.csv", "2026-07"),
        ("T1-2026.pdf", "2026-01"),
        ("2T2026.pdf", "2026-04"),
        ("3e-trimestre-2026.pdf", "2026-07"),
        ("segundo-trimestre-de-2026.pdf", "2026-04"),
        ("II kwartał 2026.xls", "2026-04"),
        ("4. Quartal 2026.xls", "2026-10"),
        ("quarter-4-2026.xls", "2026-10"),
        ("FY26.xlsx", "2026"),
        ("detention_fy2026_q2.xlsx", "2026-04"),
        ("Q2 FY26.xlsx", "2026-04"),
        ("FY2025-26.xlsx", "2026"),
        ("FY25-26.xlsx", "2026"),
        ("budget-2025-26.xlsx", "2026"),
        ("budget-2025-2026.xlsx", "2026"),
        ("budget-2011-12.xlsx", "2011-12|2012"),
        ("exercice-2026.xlsx", "2026"),
        ("H2-2026.csv", "2026-07"),
        ("1. Halbjahr 2026.csv", "2026-01"),
        ("2026-W14.csv", "2026-03-30"),
        ("2026W14-3.csv", "2026-04-01"),
        ("KW14-2026.csv", "2026-03-30"),
        ("semaine-14-2026.csv", "2026-03-30"),
        ("S14-2026.csv", "2026-03-30"),
        ("2026-W54.csv", "2026"),
        ("2026_04.csv", "2026-04"),
        ("04-2026.csv", "2026-04"),
        ("stays-2026.csv", "2026"),
        ("form-i-247.pdf", None),
        ("12026.pdf", None),
        ("v2.csv", None),
    ],
)
def test_what_a_name_says(name: str, date: str | None) -> None:
    assert date_in_names(f"https://agency.example/files/{name}") == date


def test_the_words_of_a_link_are_asked_where_the_file_names_no_date() -> None:
    assert date_in_names("https://agency.example/download?id=7", None, "Bestand, 3. März 2026") == "2026-03-03"


@pytest.mark.parametrize("language", ["en", *ABROAD])
def test_the_months_of_a_year_follow_each_other_in_every_language(language: str) -> None:
    rows = ENGLISH if language == "en" else ABROAD[language]
    for names in rows:
        dates = [date_in_names(f"x/01-{name}-2026.csv") for name in names.split()]
        assert dates == [f"2026-{month:02}-01" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("one", "two", "which"),
    [
        ("2026-04", "2026-03-31", 1),
        ("2026", "2026-03", 0),
        (None, "2026-03", 0),
        ("2026-03-04|2026-04-03", "2026-05-06|2026-06-05", -1),  # whichever way they are read
        ("2026-04-05|2026-05-04", "2026-04-25", 0),  # one way later, the other way earlier
        ("2011-12|2012", "2010-11|2011", 1),
        ("2011-12|2012", "2013", -1),
    ],
)
def test_which_of_two_is_later(one: str | None, two: str | None, which: int) -> None:
    assert (later(one, two), later(two, one)) == (which, -which)


@pytest.mark.parametrize(
    "names",
    [
        ["FY24.xlsx", "FY25.xlsx", "FY26.xlsx"],
        ["2025-Q4.csv", "2026-Q1.csv", "2026-Q2.csv"],
        ["T4-2025.csv", "T1-2026.csv", "T2-2026.csv"],
        ["avril-2026.csv", "mai-2026.csv", "juin-2026.csv"],
        ["2025-W52.csv", "2026-W01.csv", "2026-W02.csv"],
        ["2009-10.csv", "2010-11.csv", "2011-12.csv", "2012-13.csv"],
        ["03-04-2026.csv", "04-05-2026.csv"],
    ],
)
def test_names_of_a_series_follow_each_other(names: list[str]) -> None:
    dates = [date_in_names(name) for name in names]
    assert [later(two, one) for one, two in pairwise(dates)] == [1] * (len(names) - 1)


@given(st.text(max_size=60))
def test_any_name_is_read(name: str) -> None:
    date = date_in_names("https://agency.example/", name)
    assert later(date, date) == 0
