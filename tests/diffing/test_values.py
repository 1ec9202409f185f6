import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.values import is_identifier, is_suppressed, normalise, read_value, tidy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234),
        ("               1,878", 1878),
        ("1878\u00a0", 1878),
        ("12%", 0.12),
        ("99.4 %", 0.994),
        ("$1,234.50", 1234.5),
        ("-$5", -5),
        ("$(1,234)", "$(1,234)"),
        ("($1,234)", -1234),
        ("(12)", -12),
        ("−3", -3),
        ("1,878*", 1878),
        (".5", 0.5),
        ("5.0", 5.0),
        ("1.2E+05", 120000.0),
        ("3E8", "3E8"),
        ("02863", "02863"),
        ("0", 0),
        ("0.5", 0.5),
        ("1,23", 1.23),
        ("701,8", 701.8),
        ("0,125", 0.125),
        ("12,5 %", 0.125),
        ("41'200", 41200),
        ("41’200", 41200),
        ("41 200", 41200),
        ("41\u202f200", 41200),
        ("1\u00a0041\u00a0200,5", 1041200.5),
        ("1.041.200", 1041200),
        ("4.120,5", 4120.5),
        ("1,23,456", 123456),
        ("4\u00ad1\u200b2", 412),
        ("1,5,7", "1,5,7"),
        ("555 1234", "555 1234"),
        ("1 234 56", "1 234 56"),
        ("41.200", 41.2),
        ("3/27/2020", "2020-03-27"),
        ("27/3/2020", "2020-03-27"),
        ("2020-03-27", "2020-03-27"),
        ("101/14/2023", "101/14/2023"),
        ("13/13/2023", "13/13/2023"),
        ("0-180 Days", "0-180 Days"),
        ("  TEXAS ", "TEXAS"),
        ("", None),
        (" \u00a0 ", None),
        ("*", "*"),
        ("12345678901234567890", 12345678901234567890.0),
        ("1.0e999", "1.0e999"),
        ("-1.5e400%", "-1.5e400%"),
        ("9" * 400, "9" * 400),
        ("9" * 400 + ".5", "9" * 400 + ".5"),
    ],
)
def test_published_text_is_read_as_what_it_means(text, value):
    read = read_value(text)
    assert read == value
    assert type(read) is type(value)


MARKS = [
    "*",
    "**",
    "-",
    "--",
    "—",
    "N/A",
    "n/a",
    "NA",
    "D",
    "S",
    "X",
    "(b)(7)(E)",
    "(b)(6)",
    "redacted",
    "Withheld",
    "unavailable",
    "#N/A",
]


@pytest.mark.parametrize("text", [*MARKS, "Not Available", "< 10"])
def test_marks_in_the_place_of_a_figure_are_suppressed(text):
    assert is_suppressed(read_value(text))


@pytest.mark.parametrize("value", [None, 0, 1.5, "", "TX", "Dallas", "Total", "SD", "December", "0-180 Days"])
def test_blanks_figures_and_words_are_not_suppressed(value):
    assert not is_suppressed(value)


def test_texts_compare_equal_whatever_typography_they_were_set_in():
    assert normalise("  ICE’s “Co\u00adunty”\u00a0 Jail – A ") == normalise('ice\'s "county" jail - a')
    assert normalise("ﬁrst") == "first"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_whole_number_reads_back_however_it_is_grouped(number):
    assert read_value(str(number)) == number
    assert read_value(f"{number:,}") == number
    assert read_value(f"   {number:,}  ") == number


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(lambda number: round(number, 4)))
def test_decimals_and_per_cents_read_back(number):
    assert read_value(f"{number:,.4f}") == pytest.approx(number)
    assert read_value(f"{number:.4f}%") == pytest.approx(number / 100)


@given(
    st.from_regex(r"[-(]?\$?[0-9]{1,3}(,[0-9]{3}){0,3}(\.[0-9]{1,4})?([eE][-+]?[0-9]{1,3})?%?\)?", fullmatch=True)
)
def test_a_number_is_finite_or_a_text(text):
    value = read_value(text)
    assert isinstance(value, str) or (value is not None and math.isfinite(value))


@given(st.text(max_size=60))
def test_any_text_is_read_to_something_and_normalising_is_idempotent(text):
    value = read_value(text)
    assert value is None or isinstance(value, int | float | str)
    assert normalise(normalise(text)) == normalise(text)
    assert tidy(tidy(text)) == tidy(text)


def test_digits_with_a_leading_zero_are_identifiers():
    assert is_identifier("02863")
    assert not is_identifier("2863")
    assert not is_identifier("0")
