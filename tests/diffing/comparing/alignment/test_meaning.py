"""Whether two published values mean the same."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.comparing.alignment.meaning import bits_of, likeness_of, same_meaning
from diffing.values import LARGEST

VALUES = st.one_of(st.none(), st.integers(), st.floats(-LARGEST, LARGEST), st.text(max_size=12))


@given(VALUES)
def test_a_value_means_itself(value):
    assert same_meaning(value, value)


@given(VALUES, VALUES)
def test_meaning_is_symmetric(before, after):
    assert same_meaning(before, after) == same_meaning(after, before)
    assert likeness_of(before, after) == likeness_of(after, before)


@pytest.mark.parametrize(
    ("before", "after"), [("1,234", 1234), (5.0, 5), ("12%", 0.12), (None, " "), ("(12)", -12), (0.1 + 0.2, 0.3)]
)
def test_same(before, after):
    assert same_meaning(before, after)


@pytest.mark.parametrize(("before", "after"), [(0, None), (12, "*"), ("12%", 12), (1e-3, 0), ("A1", "A2")])
def test_other(before, after):
    assert not same_meaning(before, after)


def test_not_a_number_means_itself_only():
    assert same_meaning(math.nan, math.nan)
    assert not same_meaning(math.nan, 0)


def test_a_rare_value_says_more_than_a_common_one():
    assert bits_of(None) == bits_of("") == 0
    assert bits_of(0) < bits_of(7) < bits_of(1857) < bits_of(1857.25)
    assert bits_of("Y") < bits_of("Adams County")


def test_numbers_are_alike_when_they_are_near():
    assert likeness_of(1857.0, 1748.0) > 0.5
    assert likeness_of(1857.0, 900.0) == 0
    assert likeness_of(3, 4) == 0
    assert likeness_of(100, -100) == 0
