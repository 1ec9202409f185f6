from hypothesis import given
from hypothesis import strategies as st

from diffing.grounds.ratios import constant_ratio

FIGURES = st.lists(st.integers(5_000, 900_000), min_size=8, max_size=30, unique=True)


@given(FIGURES, st.sampled_from([1000, 100, 12, 7, 52, 2.2046]))
def test_one_constant_is_found_whatever_it_is(figures, factor):
    ratio = constant_ratio([(each, each * factor) for each in figures], may_drift=False)
    assert ratio is not None
    assert abs(ratio.factor / factor - 1) < 0.001
    assert not ratio.beside


@given(FIGURES, st.floats(0.95, 1.05))
def test_thousands_are_found_though_figures_grew_and_were_rounded(figures, growth):
    sides = [(each, round(each * growth / 1000, 1)) for each in figures]
    ratio = constant_ratio(sides, may_drift=True)
    assert ratio is not None
    assert ratio.words == "divided by 1,000"


@given(FIGURES)
def test_figures_that_moved_each_by_itself_have_no_ratio(figures):
    sides = [(each, each * (2 + n % 5)) for n, each in enumerate(figures)]
    assert constant_ratio(sides, may_drift=True) is None


def test_a_figure_that_moved_otherwise_is_named():
    sides = [(each, each / 100) for each in range(500, 1700, 100)]
    sides[3] = (800, 80)
    ratio = constant_ratio(sides, may_drift=True)
    assert ratio is not None
    assert ratio.beside == (3,)


def test_figures_that_are_zero_on_both_sides_keep_to_nothing():
    sides = [(0, 0)] * 60 + [(100 + 10 * n, (100 + 10 * n) * (2 if n % 2 else 1.3)) for n in range(10)]
    assert constant_ratio(sides, may_drift=True) is None
