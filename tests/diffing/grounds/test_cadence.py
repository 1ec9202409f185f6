import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from diffing.grounds.cadence import cadence_of, days, learn_cadence
from state.model import Series

FIRST = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def came(*gaps: float) -> list[dt.datetime]:
    times = [FIRST]
    for gap in gaps:
        times.append(times[-1] + dt.timedelta(days=gap))
    return times


def test_a_declared_cadence_needs_no_history():
    series = Series("s", "S", cadence=dt.timedelta(days=14), grace=dt.timedelta(days=3))
    cadence = cadence_of(series, [])
    assert cadence is not None
    assert (cadence.usual.days, cadence.limit.days, cadence.declared) == (14, 17, True)
    assert cadence.told == "a release is promised every 14 days"


def test_a_regular_rhythm_is_learnt_with_its_spread():
    cadence = learn_cadence(came(13, 19, 17))
    assert cadence is not None
    assert (cadence.usual.days, cadence.limit.days, cadence.longest.days) == (17, 23, 19)


def test_a_monthly_rhythm_may_be_a_week_late():
    cadence = learn_cadence(came(31, 28, 31, 30, 31))
    assert cadence is not None
    assert 37 <= cadence.limit.days <= 40


def test_no_rhythm_shows_in_three_releases():
    assert learn_cadence(came(14, 14)) is None


def test_a_quick_rhythm_needs_a_dozen():
    assert learn_cadence(came(*[1] * 8)) is None
    assert learn_cadence(came(*[1] * 12)) is not None


@given(st.lists(st.floats(min_value=0.01, max_value=400), min_size=3, max_size=60))
def test_the_limit_is_never_below_the_usual(gaps):
    cadence = learn_cadence(came(*gaps))
    if cadence is not None:
        assert cadence.limit > cadence.usual
        assert cadence.limit >= dt.timedelta(days=6)


@given(st.lists(st.floats(min_value=0.01, max_value=400), min_size=3, max_size=20), st.randoms())
def test_the_order_in_which_releases_are_told_does_not_matter(gaps, random):
    times = came(*gaps)
    shuffled = random.sample(times, len(times))
    assert learn_cadence(times) == learn_cadence(shuffled)


def test_days_read_well():
    assert days(dt.timedelta(days=14)) == "14 days"
    assert days(dt.timedelta(hours=24)) == "1 day"
    assert days(dt.timedelta(hours=1)) == "1 hour"
