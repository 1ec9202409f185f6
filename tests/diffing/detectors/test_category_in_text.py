import pytest

from diffing.detectors.redefined.category_in_text import relabelled


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (
            "Agency Identifies More Than 110,000 Criminal Aliens in First Year",
            "Agency Identifies More Than 111,000 Aliens Charged with or Convicted of Crimes in First Year",
            ("Criminal Aliens", "Aliens Charged with or Convicted of Crimes"),
        ),
        (
            "The office removed 1,234 convicted criminals last spring.",
            "The office removed 1,234 criminal aliens last spring.",
            ("convicted criminals", "criminal aliens"),
        ),
        (
            "About 300 asylum seekers wait at the bridge.",
            "About 300 migrants wait at the bridge.",
            ("asylum seekers", "migrants"),
        ),
    ],
)
def test_what_a_figure_counts_got_another_name(before, after, names):
    found = relabelled(before, after)
    assert found is not None
    assert (found.before, found.after) == names


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Detention statistics FY 2024, March 3", "Detention statistics FY 2024, April 7"),
        ("The office removed 1,234 aliens.", "The office removed 1,300 aliens."),
        ("In 2010 the programme grew quickly.", "In 2010 the office closed down."),
        ("He was given 12 months in prison.", "He was given 12 years in prison."),
        ("More than 30 people attended the hearings.", "More than 30 people were sent to courts."),
        ("The office is led by a director.", "The office is run by a manager."),
        (
            "He was given 12 months in prison.",
            "He was given 12 years and a fine in a court of law that sat in the north.",
        ),
    ],
)
def test_other_edits_are_none(before, after):
    assert relabelled(before, after) is None


def test_the_figures_are_told():
    found = relabelled("Agency finds 110,000 criminals", "Agency finds 111,000 people")
    assert found is not None
    assert (found.figure_before, found.figure_after) == ("110,000", "111,000")
