from msgspec.structs import replace

from diffing.detectors.news import text_changed
from diffing.detectors.redefined import headline_changed
from diffing.grounds.returns import back_after, gone_since
from state.model import Item
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only, reported

STAYS = "The figures cover the first year of the programme and all offices."
BOARD = "Complaints about officers are examined by an independent board of citizens."


def after_loss(evidence, kind="text-vanished", before=BOARD):
    past = reported(kind, first=50, last=50)
    finding = replace(past.finding, items=(Item(before=before),))
    history = replace(evidence.history, past_findings=(replace(past, finding=finding),))
    return replace(evidence, history=history)


def test_text_that_is_back():
    evidence = after_loss(edited(page(STAYS), page(STAYS, BOARD)))
    draft = only(text_changed.detect(evidence))
    assert draft.title.startswith("Text is back after 9 days: “Complaints about officers")
    assert "1 passage had been reported gone" in draft.reason


def test_text_that_never_left_is_new():
    evidence = edited(page(STAYS), page(STAYS, BOARD))
    assert gone_since(evidence, BOARD) is None
    assert back_after(evidence, BOARD) == ""
    assert only(text_changed.detect(evidence)).title.startswith("Text is new")


def test_a_headline_that_is_back():
    evidence = edited(page(headline="Agency finds people"), page(headline="Agency finds criminals"))
    evidence = after_loss(evidence, "headline-changed", "Agency finds criminals")
    assert only(headline_changed.detect(evidence)).title.startswith("Back after 9 days: Headline changed")
