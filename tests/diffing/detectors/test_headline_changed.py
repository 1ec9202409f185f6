import pytest

from diffing.comparing.model import FactKey
from diffing.detectors.redefined.headline_changed import detect
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only


def changed(before, after, **fields):
    return list(detect(edited(page(headline=before, **fields), page(headline=after, **fields))))


def test_the_words_that_moved_are_told():
    draft = only(changed("Agency Finds 110,000 Criminals", "Agency Finds 111,000 People"))
    assert draft.title == "Headline changed: “Agency Finds 110,000 Criminals” became “Agency Finds 111,000 People”"
    assert "“110,000 Criminals” became “111,000 People”" in draft.reason
    assert FactKey("headline") in draft.explains


def test_a_long_headline_is_cut_where_it_parts():
    start = "The Secretary and the Director of the Agency Announce Together That the Programme Found "
    draft = only(changed(f"{start}Criminals", f"{start}People"))
    assert "the Programme Found Criminals” became “… the Programme Found People”" in draft.title


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Statistics, as of March 3, 2024", "Statistics, as of April 7, 2024"),
        ("Detention FY2023 YTD", "Detention FY2024 YTD"),
        ("Statistics for May 2023", "Statistics for June 2023"),
        ("The Agency’s “View”", 'The agency\'s "view"'),
    ],
)
def test_dates_that_advance_and_typing_are_no_change(before, after):
    assert not changed(before, after)


@pytest.mark.parametrize(
    ("before", "after"), [("View | ICE", "View | U.S. ICE"), ("View - ICE", "View"), ("View · ICE", "View — ICE")]
)
def test_the_name_of_the_site_is_no_headline(before, after):
    assert not list(detect(edited(page(headline="", title=before), page(headline="", title=after))))


def test_a_title_counts_where_no_heading_does():
    evidence = edited(page(headline="", title="Criminals | ICE"), page(headline="", title="People | ICE"))
    assert only(detect(evidence)).before == "Criminals"


def test_a_mark_of_the_archive_is_for_the_history():
    assert only(changed("Agency finds people", "Archived: Agency finds people")).severity == "info"
