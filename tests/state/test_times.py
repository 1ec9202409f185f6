from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.times import moment, stamp

TIMES = st.datetimes(timezones=st.timezones(), min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9998, 1, 1))  # noqa: DTZ001


@given(TIMES)
def test_a_time_comes_back_in_utc(at: dt.datetime) -> None:
    assert moment(stamp(at)) == at.astimezone(dt.UTC)


@given(TIMES, TIMES)
def test_text_order_is_time_order(first: dt.datetime, second: dt.datetime) -> None:
    assert (stamp(first) < stamp(second)) == (first.astimezone(dt.UTC) < second.astimezone(dt.UTC))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        stamp(dt.datetime(2026, 1, 1))  # noqa: DTZ001
