from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.readers.statements.periods import fiscal_year_of, fiscal_year_start, last_day, read_period
from state.document import Period, Span


@pytest.mark.parametrize(
    ("text", "span", "start", "end"),
    [
        ("Oct", Span.MONTH, "2022-10-01", "2022-10-31"),
        ("Sept.", Span.MONTH, "2023-09-01", "2023-09-30"),
        ("May", Span.MONTH, "2023-05-01", "2023-05-31"),
        ("October 2024", Span.MONTH, "2024-10-01", "2024-10-31"),
        ("Oct-21", Span.MONTH, "2021-10-01", "2021-10-31"),
        ("Oct FY24", Span.MONTH, "2023-10-01", "2023-10-31"),
        ("2022-02", Span.MONTH, "2022-02-01", "2022-02-28"),
        ("2/2024", Span.MONTH, "2024-02-01", "2024-02-29"),
        ("FY2021", Span.FISCAL_YEAR, "2020-10-01", "2021-09-30"),
        ("FY 21*", Span.FISCAL_YEAR, "2020-10-01", "2021-09-30"),
        ("Fiscal Year 2021", Span.FISCAL_YEAR, "2020-10-01", "2021-09-30"),
        ("Q1", Span.QUARTER, "2022-10-01", "2022-12-31"),
        ("2024 Q2", Span.QUARTER, "2024-01-01", "2024-03-31"),
        ("FY24 Q4", Span.QUARTER, "2024-07-01", "2024-09-30"),
        ("1st Quarter FY24", Span.QUARTER, "2023-10-01", "2023-12-31"),
        ("Fiscal Year (FY) 2022 Quarter 3 Data", Span.QUARTER, "2022-04-01", "2022-06-30"),
        ("CY 2024 Q1", Span.QUARTER, "2024-01-01", "2024-03-31"),
        ("CY2024", Span.CALENDAR_YEAR, "2024-01-01", "2024-12-31"),
        ("2024", Span.CALENDAR_YEAR, "2024-01-01", "2024-12-31"),
        ("FY24 YTD", Span.TO_DATE, "2023-10-01", None),
        ("YTD", Span.TO_DATE, "2022-10-01", None),
        ("FY23 through February", Span.TO_DATE, "2022-10-01", "2023-02-28"),
        ("10/05/2022", Span.DAY, "2022-10-05", "2022-10-05"),
        ("Week ending 10/08/2022", Span.WEEK, "2022-10-02", "2022-10-08"),
        ("Week of 10/02/2022", Span.WEEK, "2022-10-02", "2022-10-08"),
    ],
)
def test_reads_what_a_column_is_about(text: str, span: Span, start: str, end: str | None) -> None:
    expected = Period(span, dt.date.fromisoformat(start), dt.date.fromisoformat(end) if end else None)
    assert read_period(text, fiscal_year=2023) == expected


def test_without_a_year_only_the_span_is_known() -> None:
    assert read_period("October", fiscal_year=None) == Period(Span.MONTH, None, None)
    assert read_period("Q3", fiscal_year=None) == Period(Span.QUARTER, None, None)
    assert read_period("YTD", fiscal_year=None) == Period(Span.TO_DATE, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Total",
        "Facility",
        "FY2018 - FY2022",
        "FY Overall",
        "12345",
        "Mayor",
        "Q7",
        "13/2023",
        "02/30/2023",
        "x" * 200,
    ],
)
def test_other_labels_are_no_periods(text: str) -> None:
    assert read_period(text, fiscal_year=2023) is None


@given(st.dates(dt.date(1971, 1, 1), dt.date(2068, 12, 31)))
def test_a_day_lies_in_its_fiscal_year_and_month(day: dt.date) -> None:
    year = fiscal_year_of(day)
    assert fiscal_year_start(year) <= day < fiscal_year_start(year + 1)
    month = read_period(day.strftime("%B"), fiscal_year=year)
    assert month is not None
    assert month.start is not None
    assert month.end == last_day(day.year, day.month)
    assert month.start <= day <= month.end


@given(st.text(max_size=60), st.none() | st.integers(1950, 2100))
def test_any_label_is_read_without_error(text: str, year: int | None) -> None:
    read_period(text, fiscal_year=year)
