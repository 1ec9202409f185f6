import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.comparing.model import FactKey
from diffing.detectors.vanished.text_vanished import MOST_SECTIONS, detect
from state.document import Block, Document
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only

STAYS = "The figures cover the first year of the programme and all offices."
BOARD = "Complaints about officers are examined by an independent board of citizens."
DUTY = "The office must tell the family of a detainee about every transfer."


def test_a_sentence_that_left():
    draft = only(detect(edited(page(STAYS, BOARD), page(STAYS))))
    assert draft.before == BOARD
    assert BOARD[:40] in draft.title
    assert draft.severity is None


def test_what_bound_somebody_is_graver():
    assert only(detect(edited(page(STAYS, DUTY), page(STAYS)))).severity == "high"


def test_a_section_is_one_statement():
    before = Document("text/html", blocks=(Block(STAYS), Block(BOARD, ("Rights",)), Block(DUTY, ("Rights",))))
    draft = only(detect(edited(before, page(STAYS))))
    assert len(draft.items) == 2
    assert "2 passages left “" in draft.title


def test_a_document_cut_to_pieces_is_one_statement():
    sections = [(f"Part {letter}", f"{BOARD[:-1]} in part {letter * 3}.") for letter in "abcdefghijk"]
    assert len(sections) > MOST_SECTIONS
    before = Document("text/html", blocks=tuple(Block(text, (name,)) for name, text in sections))
    assert len(only(detect(edited(before, page(STAYS)))).items) == len(sections)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((STAYS, BOARD), (BOARD, STAYS)),
        ((f"{STAYS} {BOARD}",), (STAYS, BOARD)),
        ((STAYS, "Last updated: March 3, 2024"), (STAYS,)),
        ((STAYS, "12,345 views"), (STAYS,)),
        (
            (STAYS, "Data as of 3/3/2024 cover FY2023 in full and are final."),
            (STAYS, "Data as of 4/7/2024 cover FY2024 in full and are final."),
        ),
        (
            (STAYS, "ICE removed 12 non citizens to their homes."),
            (STAYS, "ICE removed 14 noncitizens to their homes."),
        ),
        (
            (STAYS, "Court data of the contractor *only participants with court tracking"),
            ("Court data of the contractor as of May", f"*Only participants with court tracking. {STAYS}"),
        ),
    ],
)
def test_what_is_still_said_did_not_vanish(before, after):
    assert not list(detect(edited(page(*before), page(*after))))


def test_a_reworded_sentence_did_not_vanish():
    assert not list(detect(edited(page(STAYS, BOARD), page(STAYS, BOARD.replace("independent ", "")))))


def test_the_words_of_a_link_leave_with_it():
    words = "Testimony of the director before the committee"
    before = page(STAYS, words, links=[(words, "/doclib/director.pdf")])
    assert not list(detect(edited(before, page(STAYS))))


def test_what_is_told_already_is_left_out():
    evidence = edited(page(STAYS, BOARD), page(STAYS))
    evidence.told.add(FactKey("text", evidence.comparison.texts[0].index))
    assert not list(detect(evidence))


@given(
    st.permutations(
        [STAYS, BOARD, DUTY, "The budget grew by 12 per cent in the second year.", "Offices open at nine."]
    )
)
def test_the_order_of_paragraphs_does_not_matter(texts):
    first = sorted(texts)
    assert not list(detect(edited(page(*first), page(*texts))))
    assert not list(detect(edited(page(*first), page(" ".join(texts)))))


def test_a_promise_that_is_told_as_gone_is_no_graver_here():
    evidence = edited(page(STAYS, DUTY), page(STAYS))
    evidence.told.add(FactKey("promise of text", evidence.comparison.texts[0].index))
    assert only(detect(evidence)).severity == "medium"
