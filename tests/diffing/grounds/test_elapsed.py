import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from diffing.grounds.elapsed import days_elapsed, divisor
from tests.diffing.tables import document_of, table_of

TABLE = table_of(["Facility", "ADP"], ["Ash", 1], fiscal_year=2023)


def test_days_since_the_first_of_october():
    assert days_elapsed(document_of(as_of=dt.date(2022, 12, 27)), TABLE, ()) == 87


def test_a_mistyped_year_is_put_into_the_fiscal_year():
    assert days_elapsed(document_of(as_of=dt.date(2022, 1, 9)), TABLE, ()) == 100
    assert days_elapsed(document_of(as_of=dt.date(2024, 2, 29)), TABLE, ()) == 150


def test_no_date_says_nothing():
    assert days_elapsed(document_of(), TABLE, ()) is None


@given(st.integers(30, 366), st.lists(st.integers(1, 10**6), min_size=20, max_size=40, unique=True))
def test_full_precision_shows_the_divisor(days, stays):
    found = divisor([stay / days for stay in stays])
    assert found is None or days % found == 0 or found == days


def test_the_figures_outweigh_a_wrong_date():
    averages = [stay / 113 for stay in range(1000, 2000, 37)]
    assert days_elapsed(document_of(as_of=dt.date(2022, 12, 1)), TABLE, averages) == 113


def test_rounded_averages_show_nothing():
    assert divisor([12.4, 8.1, 99.3, 1.7, 3.5, 10.2]) is None


def test_some_halved_averages_do_not_double_the_days():
    averages = [stay / 170 / (2 if stay % 8 == 1 else 1) for stay in range(1001, 1101, 2)]
    assert days_elapsed(document_of(as_of=dt.date(2023, 3, 20)), TABLE, averages) == 170
