import datetime as dt

import pytest
from msgspec.structs import replace

from diffing.detectors.vanished.series_truncated import detect
from state.document import Period, Span
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, month, table_of, with_periods


def daily(days, name="Tests by day"):
    dates = [dt.date(2024, 3, day) for day in days]
    table = table_of(["Date", "Tests"], *([day.isoformat(), 100 + day.day] for day in dates), name=name)
    return replace(table, row_periods=tuple(Period(Span.DAY, day, day) for day in dates))


def monthly(numbers):
    names = [f"M{number}" for number in numbers]
    table = table_of(["Agency", *names], ["CBP", *numbers], name="By month")
    return with_periods(table, None, *(month(2024, number) for number in numbers))


def said(before, after, **fields):
    return list(detect(evidence_of(document_of(before), document_of(after), **fields)))


@pytest.mark.parametrize(
    ("left", "part"),
    [(range(5, 11), "the start"), (range(1, 7), "the end"), ([1, 2, 3, 8, 9, 10], "a span in the middle")],
)
def test_the_part_that_is_gone_is_named(left, part):
    (draft,) = said(daily(range(1, 11)), daily(left))
    assert f"lost {part} of its time range" in draft.title
    assert draft.severity is None, "high by kind"
    assert len(draft.items) == 4
    assert {fact.subject for fact in draft.explains} == {"row-removed"}


def test_months_as_columns():
    (draft,) = said(monthly([1, 2, 3, 4]), monthly([1, 2]))
    assert [item.column for item in draft.items] == ["M3", "M4"]


def test_a_window_that_moves_on_is_info():
    assert said(daily(range(1, 11)), daily(range(2, 12)))[0].severity is Severity.INFO
    stated = said(daily(range(1, 11), "Prior ten days"), daily(range(2, 11), "Prior ten days"))
    assert stated[0].severity is Severity.INFO


def test_a_table_with_several_rows_a_day_is_no_series():
    before = daily(range(1, 11))
    doubled = replace(before, row_periods=(before.row_periods[0],) * len(before.rows))
    assert not said(doubled, daily(range(5, 11)))


def test_a_new_fiscal_year_starts_again():
    before, after = replace(monthly([1, 2, 3, 4]), fiscal_year=2024), replace(monthly([1]), fiscal_year=2025)
    assert not said(before, after)
