from diffing.detectors.news.text_changed import detect
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only

STAYS = "The figures cover the first year of the programme and all offices."
ROW = "The office counted {} people on {} in all of its places."


def test_figures_alone():
    draft = only(detect(edited(page(ROW.format(12, "May 3, 2024")), page(ROW.format(14, "June 7, 2024")))))
    assert draft.title == "Figures or dates moved in 1 sentence, no word did"


def test_words_come_before_figures():
    before = page(ROW.format(12, "May 3, 2024"), STAYS)
    after = page(ROW.format(14, "June 7, 2024"), STAYS.replace("first", "second"))
    draft = only(detect(edited(before, after)))
    assert draft.title == "1 sentence reworded: “first” became “second”"
    assert len(draft.items) == 2


def test_new_text():
    draft = only(detect(edited(page(STAYS), page(STAYS, "Visitors are admitted on Sundays with a document."))))
    assert draft.kind == "text-added"


def test_only_places_changed():
    other = "Visitors are admitted on Sundays with a document."
    assert only(detect(edited(page(STAYS, other), page(other, STAYS)))).kind == "layout-changed"


def test_nothing_to_say():
    assert not list(detect(edited(page(STAYS), page(STAYS))))
