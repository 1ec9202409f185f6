from diffing.comparing.model import FactKey
from diffing.detectors.provenance.silent_edit import detect
from state.document import DateRole
from tests.diffing.pages import dated, edited, page
from tests.diffing.rounds import only

OLD, NEW = "Visitors are admitted on all days.", "Visitors are admitted on Sundays."
STANDS = dated(DateRole.LAST_UPDATED, 2024, 3, 3)
MOVED = dated(DateRole.LAST_UPDATED, 2024, 4, 7)
PUBLISHED = dated(DateRole.PUBLISHED, 2020, 1, 1)


def test_an_edit_under_the_same_date():
    draft = only(detect(edited(page(OLD, dates=[STANDS]), page(NEW, dates=[STANDS]))))
    assert draft.title == ("Edited silently: “all days” became “Sundays”, still dated 3 March 2024")
    assert (draft.before, draft.after) == (OLD, NEW)


def test_an_edit_that_is_stated():
    assert not list(detect(edited(page(OLD, dates=[STANDS]), page(NEW, dates=[MOVED]))))


def test_a_date_of_publication_that_stands_beside_an_update_that_moved():
    before, after = page(OLD, dates=[PUBLISHED, STANDS]), page(NEW, dates=[PUBLISHED, MOVED])
    assert not list(detect(edited(before, after)))


def test_a_page_without_a_date_says_nothing_of_it():
    assert not list(detect(edited(page(OLD), page(NEW))))


def test_the_same_content_is_no_edit():
    assert not list(detect(edited(page(OLD, dates=[STANDS]), page(OLD, dates=[STANDS]))))


def test_counters_and_places_are_no_edit():
    before = page(OLD, "12,345 views", dates=[STANDS])
    assert not list(detect(edited(before, page("12,400 views", OLD, dates=[STANDS]))))


def test_a_file_replaced_in_place_says_it_already():
    evidence = edited(page(OLD, dates=[STANDS]), page(NEW, dates=[STANDS]))
    evidence.told.add(FactKey("silent-edit"))
    assert not list(detect(evidence))
