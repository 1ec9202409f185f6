import pytest

from diffing.detectors.operations.source_trouble import detect
from state.kinds import Severity
from state.model import ConditionState, Verdict
from state.vocabulary import OPERATIONS
from tests.diffing.rounds import DOCUMENT, FILES, PAGE, looked, only, released, reported, round_of

FILE = "https://publisher.example/files/stats-2025.xlsx"


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict.BLOCKED, "source-blocked"),
        (Verdict.UNREACHABLE, "source-unreachable"),
        (Verdict.MAINTENANCE, "source-unreachable"),
        (Verdict.EMPTY, "source-unreachable"),
        (Verdict.TRUNCATED, "source-unreachable"),
    ],
)
def test_a_failed_look_is_for_operators(verdict, kind):
    draft = only(detect(round_of([looked(verdict, 1, reason="it said no")], before=[looked(Verdict.PRESENT, 0)])))
    assert draft.kind == kind in OPERATIONS
    assert draft.severity is Severity.LOW
    assert "it said no" in draft.title


def test_it_escalates_with_the_rounds():
    def after(rounds):
        looks = [looked(Verdict.BLOCKED, n) for n in range(rounds)]
        return only(detect(round_of(looks[-1:], before=looks[:-1])))

    assert [after(n).severity for n in (1, 2, 3, 23, 24)] == ["low", "low", "medium", "medium", "high"]


def test_trouble_that_only_goes_on_keeps_its_title():
    def title(rounds):
        looks = [looked(Verdict.BLOCKED, n) for n in range(rounds)]
        return only(detect(round_of(looks[-1:], before=looks[:-1]))).title

    assert title(1) == title(2)
    assert title(2) != title(3) == title(9)


def test_coming_back_is_told_once():
    before = [looked(Verdict.PRESENT, 0), looked(Verdict.BLOCKED, 1), looked(Verdict.UNREACHABLE, 2)]
    back = round_of([looked(Verdict.PRESENT, 3)], before=before)
    assert "after 2 failed rounds" in only(detect(back)).title
    later = round_of([looked(Verdict.UNCHANGED, 4)], before=[*before, looked(Verdict.PRESENT, 3)])
    assert not list(detect(later))


def test_a_good_round_and_a_404_are_no_trouble():
    assert not list(detect(round_of([looked(Verdict.PRESENT, 1)])))
    assert not list(detect(round_of([looked(Verdict.GONE, 1)], before=[looked(Verdict.PRESENT, 0)])))


@pytest.mark.parametrize("verdict", [Verdict.GONE, Verdict.MOVED])
def test_an_address_that_never_answered_is_the_operators_business(verdict):
    draft = only(detect(round_of([looked(verdict, 0)])))
    assert draft.kind == "source-unreachable"


def test_a_document_has_a_finding_of_its_own_and_the_page_is_not_told_twice():
    captures = [looked(Verdict.BLOCKED, 1), looked(Verdict.TRUNCATED, 1, url=FILE, series="files")]
    on_page = only(detect(round_of(captures)))
    on_file = only(detect(round_of(captures, series=FILES)))
    assert on_page.items[0].url == PAGE
    assert on_file.items[0].url == FILE
    assert on_file.title.startswith("stats-2025.xlsx")
    assert on_page.subject != on_file.subject


def test_an_unreadable_release_is_told_with_its_reason_and_stays_open_until_one_reads():
    first = round_of([], now=1, trouble="the workbook is protected by a password", url_after=FILE)
    assert "protected by a password" in only(detect(first)).title
    past = [reported("source-unreadable", first=1, last=1)]
    assert only(detect(round_of([], now=2, findings=past))).title == "It was said"
    back = only(detect(round_of([], now=2, findings=past, document=DOCUMENT, releases=[released(1)])))
    assert (back.kind, back.title, back.ends) == ("source-recovered", "Statistics can be read again", ("x",))
    closed = [reported("source-unreadable", first=1, last=1, state=ConditionState.CLOSED)]
    assert not list(detect(round_of([], now=2, findings=closed)))
