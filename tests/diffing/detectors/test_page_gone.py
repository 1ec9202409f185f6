import pytest

from diffing.detectors.vanished.page_gone import detect
from state.model import ConditionState, Verdict
from tests.diffing.rounds import FILES, looked, only, released, reported, round_of

SEEN = looked(Verdict.PRESENT, 0)


def test_one_look_is_not_enough():
    assert not list(detect(round_of([looked(Verdict.GONE, 1)], before=[SEEN])))


def test_a_second_look_in_a_later_round_confirms():
    draft = only(detect(round_of([looked(Verdict.GONE, 2)], before=[SEEN, looked(Verdict.GONE, 1)])))
    assert draft.title == "The page “Statistics” is gone: it answers 404"
    assert "last seen on 1 January 2025" in draft.reason


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.UNREACHABLE, Verdict.MAINTENANCE, Verdict.EMPTY])
def test_rounds_that_could_not_look_say_nothing(verdict):
    before = [SEEN, looked(Verdict.GONE, 1)]
    assert not list(detect(round_of([looked(verdict, 2)], before=before)))
    confirmed = round_of([looked(Verdict.GONE, 3)], before=[*before, looked(verdict, 2)])
    assert only(detect(confirmed)).kind == "page-gone"


def test_it_holds_while_nobody_can_look_and_ends_when_the_page_is_back():
    gone = [SEEN, looked(Verdict.GONE, 1), looked(Verdict.GONE, 2)]
    assert only(detect(round_of([looked(Verdict.BLOCKED, 3)], before=gone)))
    assert not list(detect(round_of([looked(Verdict.PRESENT, 3)], before=gone)))


def test_a_page_that_never_was_there_is_not_gone():
    evidence = round_of([looked(Verdict.GONE, 2)], before=[looked(Verdict.GONE, 1)])
    assert not list(detect(evidence))


def test_an_old_release_shows_that_it_was_there():
    evidence = round_of([looked(Verdict.GONE, 9)], before=[looked(Verdict.GONE, 8)], releases=[released(0)])
    assert only(detect(evidence))


def test_only_one_series_tells_of_the_page():
    evidence = round_of([looked(Verdict.GONE, 2)], before=[SEEN, looked(Verdict.GONE, 1)], series=FILES)
    assert not list(detect(evidence))


def test_its_return_is_told_once_with_how_long_it_was_away():
    gone = [SEEN, looked(Verdict.GONE, 1), looked(Verdict.GONE, 2)]
    told = [reported("page-gone", first=2, last=2)]
    back = only(detect(round_of([looked(Verdict.PRESENT, 4)], before=gone, findings=told)))
    assert (back.kind, back.title) == ("page-returned", "The page “Statistics” is back after 3 days")
    assert back.ends == ("x",)
    closed = [reported("page-gone", first=2, last=2, state=ConditionState.CLOSED)]
    later = round_of([looked(Verdict.PRESENT, 5)], before=[*gone, looked(Verdict.PRESENT, 4)], findings=closed)
    assert not list(detect(later))


def test_a_page_that_nobody_said_was_gone_does_not_return():
    assert not list(detect(round_of([looked(Verdict.PRESENT, 2)], before=[SEEN, looked(Verdict.GONE, 1)])))
