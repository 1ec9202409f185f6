import pytest

from diffing.grounds.rhythm import publishing_of, rhythm_of


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("published every two weeks", 14),
        ("published every other week", 14),
        ("posted within 90 days of a death", 90),
        ("no later than 5 business days after", 7),
        ("at least every six months", 182.5),
        ("updated daily", 1),
        ("reported quarterly", 91.25),
        ("within twenty (20) days", 20),
        ("within 24 hours", 1),
    ],
)
def test_a_rhythm_in_days(text, days):
    found = rhythm_of(text)
    assert found is not None
    assert found.days == pytest.approx(days)


@pytest.mark.parametrize("text", ["every detainee", "in 90 days", "within the facility", "last year"])
def test_no_rhythm(text):
    assert rhythm_of(text) is None


def test_publishing_needs_a_verb_and_a_rhythm():
    assert publishing_of("Statistics are published every two weeks")
    assert not publishing_of("Statistics are published")
    assert not publishing_of("Detainees are counted every day")
