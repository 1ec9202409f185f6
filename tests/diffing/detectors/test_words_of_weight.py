import pytest

from diffing.detectors.redefined.words_of_weight import detect
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only


def told(before, after):
    return list(detect(edited(page(before), page(after))))


def test_a_condition_of_a_list_that_ends_otherwise():
    draft = only(told("a medical examination within 24 hours of arrival;", "a medical examination where needed;"))
    assert "“within 24 hours of arrival” became “where needed”" in draft.title


def test_another_sentence_is_no_softening():
    assert not told("Reports within 10 days of a visit;", "Maps of all of the centres and of their gates;")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Calls are paid by the wardens.", "Calls are paid by the caller."),
        ("Complaints are decided by an ombudsman.", "Complaints are decided by the director."),
    ],
)
def test_who_does_or_bears_something_became_another(before, after):
    assert "who does or bears it became another" in only(told(before, after)).reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The figures are published by the Office.", "The figures are published by the Agency."),
        ("The list was revised by March.", "The list was revised by 2031."),
        ("Calls are paid by the wardens.", "Calls are paid by the warden."),
    ],
)
def test_an_imprint_a_date_and_a_plural_are_none(before, after):
    assert not told(before, after)
