from __future__ import annotations

import datetime as dt

import pytest

from diffing.readers.statements.dates import read_period
from state.document import Period, Span

WEEK = Period(Span.WEEK, dt.date(2031, 7, 21), dt.date(2031, 7, 27))


@pytest.mark.parametrize(
    "text",
    [
        "21.7.-27.7.2031",
        "21.07.2031 – 27.07.2031",
        "21.-27.7.2031",
        "21/7/2031 to 27/7/2031",
        "07/21 - 07/27/2031",
        "2031-07-21 - 2031-07-27",
        "21-27 July 2031",
        "21 July - 27 July 2031",
        "July 21-27, 2031",
        "Jul 21 to Jul 27, 2031",
    ],
)
def test_a_week_by_its_first_and_last_day(text: str) -> None:
    assert read_period(text, fiscal_year=None) == WEEK


def test_a_week_over_the_end_of_a_year() -> None:
    period = Period(Span.WEEK, dt.date(2030, 12, 30), dt.date(2031, 1, 5))
    assert read_period("30.12.-5.1.2031", fiscal_year=None) == period


def test_a_month_by_its_first_and_last_day() -> None:
    period = Period(Span.MONTH, dt.date(2031, 2, 1), dt.date(2031, 2, 28))
    assert read_period("1.2.-28.2.2031", fiscal_year=None) == period


@pytest.mark.parametrize("text", ["27.7.-21.7.2031", "1.2.-31.2.2031", "21.7.-27.9.2031", "10-20", "3.5 - 4.5"])
def test_what_is_no_week_and_no_month(text: str) -> None:
    assert read_period(text, fiscal_year=None) is None
