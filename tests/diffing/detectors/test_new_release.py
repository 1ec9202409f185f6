from diffing.detectors.news.new_release import detect
from state.document import DateRole
from tests.diffing.pages import dated, edited, page
from tests.diffing.rounds import only

MARCH, APRIL = dated(DateRole.AS_OF, 2024, 3, 3), dated(DateRole.AS_OF, 2024, 4, 7)


def test_another_name():
    evidence = edited(page(), page(), url_before="https://x.example/a.pdf", url_after="https://x.example/b.pdf")
    assert only(detect(evidence)).title == "A new release is out: b.pdf"


def test_a_later_date_under_the_same_name():
    draft = only(detect(edited(page(dates=[MARCH]), page(dates=[APRIL]))))
    assert draft.title == "A new release is out: The page, as of 2024-04-07"


def test_an_edit_is_no_release():
    assert not list(detect(edited(page("A text."), page("Another text."))))


def test_the_same_bytes_are_none():
    evidence = edited(page(dates=[MARCH]), page(dates=[APRIL]), sha256_after="0" * 64)
    assert not list(detect(evidence))
