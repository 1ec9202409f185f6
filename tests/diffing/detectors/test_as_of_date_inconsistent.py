import re

import pytest

from diffing.detectors.provenance.as_of_date_inconsistent import detect
from state.document import DateRole
from tests.diffing.pages import dated, edited, page
from tests.diffing.rounds import only

OWN = dated(DateRole.AS_OF, 2023, 5, 6)
FOOTNOTE = "FY2023 ICE Arrests data are updated through {}."


def contradictions(before, after, **fields):
    return list(detect(edited(page(*before, dates=[OWN]), page(*after, dates=[OWN]), **fields)))


def test_data_that_end_before_their_year_began():
    draft = only(contradictions([FOOTNOTE.format("03/31/2023")], [FOOTNOTE.format("09/30/2022")]))
    assert "2022-09-30" in draft.title
    assert "began on 2022-10-01" in draft.title


def test_what_the_release_before_said_as_well_is_no_news():
    text = FOOTNOTE.format("09/30/2022")
    assert not contradictions([text], [text])


def test_a_first_release_shows_it_by_itself():
    evidence = edited(page(), page(FOOTNOTE.format("09/30/2022"), dates=[OWN]))
    alone = type(evidence)(**{**{f: getattr(evidence, f) for f in evidence.__struct_fields__}, "comparison": None})
    assert "release before" not in only(detect(alone)).reason


@pytest.mark.parametrize("mistyped", ["01/14/2022", "101/14/2023", "xx/xx/2023"])
def test_a_mistyped_date_is_none(mistyped):
    assert not contradictions([FOOTNOTE.format("01/01/2023")], [FOOTNOTE.format(mistyped)])


HEAD, NOTE = "Data as of {}.", "The technology counts below are data as of {} and final."


def test_a_heading_left_behind():
    before = [HEAD.format("January 21, 2025"), NOTE.format("January 21, 2025")]
    after = [HEAD.format("January 21, 2025"), NOTE.format("February 8, 2025")]
    assert "2025-01-21" in only(contradictions(before, after)).title


def test_long_sentences_leave_room_for_both_dates_and_the_count():
    heads = ["Data as of {}.", "Figures of all areas as of {}."]
    note = f"Active participants and average length in the programme, by area and technology: {NOTE}"
    before, after = (
        [*(head.format("January 21, 2025") for head in heads), note.format(date)]
        for date in ("January 21, 2025", "February 8, 2025")
    )
    title = only(contradictions(before, after)).title
    assert len(title) <= 150
    assert {"2025-01-21", "2025-02-08"} <= set(re.findall(r"\d{4}-\d\d-\d\d", title))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("January 21, 2025", "January 14, 2025"), ("February 4, 2025", "January 28, 2025")),
        (("January 21, 2025", "January 21, 2025"), ("January 28, 2025", "January 21, 2025")),
        (("January 31, 2025", "January 31, 2025"), ("January 31, 2025", "February 14, 2025")),
        (("January 21, 2025", "November 1, 2024"), ("January 21, 2025", "February 8, 2025")),
    ],
)
def test_ordinary_lags(before, after):
    sides = ([HEAD.format(head), NOTE.format(note)] for head, note in (before, after))
    assert not contradictions(*sides)


def test_a_source_that_is_behind_with_its_own_date_is_routine():
    before = [HEAD.format("April 8, 2023"), "Data from OBP Report, 4.9.2023"]
    after = [HEAD.format("April 22, 2023"), "Data from OBP Report, 4.9.2023"]
    assert not contradictions(before, after)
