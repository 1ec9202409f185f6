from diffing.detectors.vanished.page_moved import detect
from state.model import Verdict
from tests.diffing.rounds import looked, only, round_of

AWAY = "https://publisher.example/"
SEEN = looked(Verdict.PRESENT, 0)


def test_the_title_says_where_the_page_leads():
    draft = only(detect(round_of([looked(Verdict.MOVED, 1, final_url=AWAY)], before=[SEEN])))
    assert draft.title == f"The page “Statistics” now leads to {AWAY}"
    assert "seen once so far" in draft.reason


def test_a_second_look_makes_it_surer():
    once = only(detect(round_of([looked(Verdict.MOVED, 1, final_url=AWAY)], before=[SEEN])))
    before = [SEEN, looked(Verdict.MOVED, 1, final_url=AWAY)]
    twice = only(detect(round_of([looked(Verdict.MOVED, 2, final_url=AWAY)], before=before)))
    assert once.confidence < twice.confidence


def test_a_not_found_page_with_status_200_is_told_as_that():
    draft = only(
        detect(round_of([looked(Verdict.MOVED, 1, reason="a page that says “not found”")], before=[SEEN]))
    )
    assert "says that it was not found" in draft.title


def test_it_holds_while_blocked_and_ends_when_the_page_is_back():
    before = [SEEN, looked(Verdict.MOVED, 1, final_url=AWAY)]
    assert only(detect(round_of([looked(Verdict.BLOCKED, 2)], before=before)))
    assert not list(detect(round_of([looked(Verdict.UNCHANGED, 2)], before=before)))


def test_a_page_that_was_never_seen_has_not_moved():
    looks = [looked(Verdict.MOVED, at, final_url=AWAY) for at in range(3)]
    assert not list(detect(round_of(looks[-1:], before=looks[:-1])))
