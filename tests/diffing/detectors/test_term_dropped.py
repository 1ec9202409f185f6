import pytest

from diffing.detectors.redefined.term_dropped import detect
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only


def counted(before, after, *terms):
    return list(detect(edited(page(*before), page(*after), terms=terms)))


def test_a_term_that_is_no_longer_used():
    draft = only(counted(["It is voluntary."], ["It is."], "voluntary"))
    assert draft.kind == "term-dropped"
    assert draft.title == "“voluntary” is no longer used (1 time before)"


def test_a_term_that_comes_up():
    assert only(counted(["It is."], ["It is voluntary."], "voluntary")).kind == "term-added"


def test_plural_hyphen_case_and_headings_count():
    draft = only(counted(["Asylum seekers wait.", "ASYLUM-SEEKER"], ["They wait."], "asylum seeker"))
    assert draft.before == 2


def test_a_part_of_a_word_does_not_count():
    assert not counted(["An alienated man."], ["A man."], "alien")


@pytest.mark.parametrize(("before", "after", "told"), [(3, 2, 0), (6, 4, 0), (6, 3, 1), (4, 6, 1), (2, 3, 0)])
def test_a_count_must_move_by_its_share(before, after, told):
    texts = [[f"Refugees wait in place {n}." for n in range(count)] for count in (before, after)]
    assert len(counted(*texts, "refugee")) == told


def test_nothing_is_watched_unless_declared():
    assert not counted(["It is voluntary."], ["It is."])
