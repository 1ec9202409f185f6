import pytest
from msgspec.structs import replace

from diffing.detectors.redefined.section_renamed import detect
from state.document import Block
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only

UNDER = "The office keeps a list of everybody who is in one of its centres, by name and day."


def under(heading, *texts):
    blocks = (Block(heading, kind="heading"), *(Block(text, (heading,)) for text in texts))
    return replace(page(), blocks=blocks)


def test_a_heading_that_calls_the_same_part_otherwise():
    draft = only(detect(edited(under("Who is held", UNDER), under("Who is housed", UNDER))))
    assert draft.title == "“held” became “housed” in a heading: “Who is housed”"
    assert draft.severity == "medium"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Latest reports", "Recent reports"),
        ("Reports of 2030", "Reports of 2031"),
        ("Complaints and appeals", "Complaint and appeals"),
        ("Who is held", "What the office does for its visitors"),
    ],
)
def test_a_heading_that_says_nothing_else_or_stands_for_another_part(before, after):
    assert not list(detect(edited(under(before, UNDER), under(after, UNDER))))


def test_a_heading_over_another_text():
    other = "Visitors are admitted on Sundays between nine and five, with a document that is valid."
    assert not list(detect(edited(under("Who is held", UNDER), under("Who is housed", other))))
