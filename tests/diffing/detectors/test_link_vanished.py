import pytest

from diffing.detectors.vanished.link_vanished import detect
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only

FORM = ("complaint form", "https://rights.example/form")


def linked(before, after):
    return list(detect(edited(page(links=before), page(links=after))))


def test_a_link_that_left():
    draft = only(linked([FORM], []))
    assert draft.kind == "link-vanished"
    assert "“complaint form”" in draft.title


def test_several_that_left_one_place_are_one_statement():
    assert len(only(linked([FORM, ("guide", "/guide"), ("write us", "mailto:a@b.example")], [])).items) == 3


def test_a_link_that_leads_off_site():
    draft = only(linked([FORM], [(FORM[0], "https://contractor.example/form")]))
    assert draft.kind == "link-retargeted"
    assert "on another site" in draft.title


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([FORM], [("form for complaints", FORM[1])]),
        ([FORM], [(FORM[0], "http://rights.example/form/?utm_source=x")]),
        ([FORM], [(FORM[0], "https://www.rights.example/form")]),
        ([("top", "#top")], []),
        ([("stats", "/stats01222026.xlsx")], [("stats", "/stats02022026.xlsx")]),
        ([("stats", "/stats01222026.xlsx")], []),
    ],
)
def test_no_loss_and_no_other_target(before, after):
    assert not linked(before, after)
