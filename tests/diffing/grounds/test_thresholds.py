import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.grounds.thresholds import redrawn, thresholds_of

CRITERIA = [
    "Facilities with more than {} beds are inspected every year.",
    "Facilities that hold more than {} detainees must be inspected twice a year.",
    "Large facilities are facilities with at least {} beds.",
    "Long-term detainees are persons held longer than {} days.",
    "Counts of fewer than {} are suppressed.",
    "A facility is compliant if it meets at least {}% of standards.",
    "A jurisdiction is counted as active when it submits {} or more fingerprints a month.",
]
NEWS = [
    "More than {} agencies have signed agreements.",
    "So far at least {} facilities have joined the programme.",
    "The list includes more than {} agencies.",
    "ICE operates facilities in more than {} states.",
    "When the programme began, more than {} agencies asked to join.",
    "With more than {},000 officers, the agency is the largest of its kind.",
    "ICE has agreements with more than {} agencies that are listed below.",
    "As of March 3, 2025, ICE holds people in facilities with more than {} beds.",
]


@pytest.mark.parametrize("sentence", CRITERIA)
def test_a_line_that_says_what_counts_was_redrawn(sentence):
    line = redrawn(sentence.format(12), sentence.format(72), is_note=False)
    assert line is not None
    assert "12" in line.before
    assert "72" in line.after


@pytest.mark.parametrize("sentence", NEWS)
def test_a_running_figure_draws_no_line(sentence):
    assert redrawn(sentence.format(12), sentence.format(72), is_note=False) is None


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("* Detainees held for less than {} hours.", True),
        ("Note: adults of at least {} years of age.", True),
        ("* More than {} facilities reported data.", False),
    ],
)
def test_in_a_note_a_threshold_counts_unless_it_comes_first(sentence, told):
    assert (redrawn(sentence.format(12), sentence.format(72), is_note=True) is not None) is told


def test_the_bound_alone_may_change():
    line = redrawn("Counts up to 10 are suppressed.", "Counts of fewer than 10 are suppressed.", is_note=False)
    assert line is not None
    assert (line.before, line.after) == ("up to 10", "fewer than 10")


def test_a_separator_redraws_nothing():
    before, after = (f"Cities with more than {number} people are counted." for number in ("50,000", "50000"))
    assert redrawn(before, after, is_note=False) is None


@given(st.text(max_size=80), st.text(max_size=80), st.booleans())
def test_any_texts_are_compared_and_the_same_text_redraws_nothing(before, after, is_note):
    assert redrawn(before, before, is_note=is_note) is None
    redrawn(before, after, is_note=is_note)
    assert len(thresholds_of(f"{before} more than 12 beds")) >= 1
