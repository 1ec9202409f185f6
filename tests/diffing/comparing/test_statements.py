"""Definitions, stated dates and metadata."""

import datetime as dt

import pytest

from diffing.comparing.statements import compare_dates, compare_definitions, compare_metadata
from state.document import DateRole, Definition, StatedDate, Where

LEVEL_1 = Definition("Level 1", "Aggravated felonies, or two or more felonies.", Where(sheet="Footnotes"))
LEVEL_2 = Definition("Level 2", "Any felony, or three or more misdemeanors.", Where(sheet="Footnotes"))


def worded(definition, wording, term=None):
    return Definition(term or definition.term, wording, definition.where)


def dated(text, day, *, role=DateRole.AS_OF, flaw=None, **where):
    return StatedDate(
        text=text, date=day and dt.date.fromisoformat(day), role=role, where=Where(**where), flaw=flaw
    )


def test_another_wording():
    after = worded(LEVEL_1, "Aggravated felonies, or two or more crimes.")
    (change,) = compare_definitions([LEVEL_1, LEVEL_2], [LEVEL_2, after])
    assert (change.before, change.after) == (LEVEL_1, after)


@pytest.mark.parametrize(
    "after",
    [
        worded(LEVEL_1, "aggravated felonies – or two or more felonies"),
        worded(LEVEL_1, LEVEL_1.wording, "LEVEL 1"),
        worded(LEVEL_1, LEVEL_1.wording, "Level  1:"),
    ],
)
def test_spelling_is_no_other_wording(after):
    assert compare_definitions([LEVEL_1], [after]) == ()


def test_a_term_that_came_and_one_that_went():
    (change,) = compare_definitions([LEVEL_1, LEVEL_2], [LEVEL_1])
    assert (change.before, change.after) == (LEVEL_2, None)
    (change,) = compare_definitions([LEVEL_1], [LEVEL_1, LEVEL_2])
    assert (change.before, change.after) == (None, LEVEL_2)


def test_the_same_words_under_another_term_are_one_definition():
    before = Definition("Criminal alien", "A person with a criminal record in a system of record.")
    after = Definition("Convicted person", "A person with a criminal record in a system of record.")
    (change,) = compare_definitions([before], [after])
    assert (change.before, change.after) == (before, after)


def test_notes_on_one_term_are_paired_by_their_words():
    notes = [Definition("ICE Removals", f"Removals note {index} about matter {index * 7}.") for index in range(6)]
    edited = [*notes[3:], notes[0], Definition("ICE Removals", "Removals note 1 about another matter."), notes[2]]
    (change,) = compare_definitions(notes, edited)
    assert (change.before, change.after) == (notes[1], edited[4])


def test_a_copy_of_a_definition_is_no_news():
    copy = Definition(LEVEL_1.term, LEVEL_1.wording, Where(sheet="Footnotes_DEL"))
    assert compare_definitions([LEVEL_1], [LEVEL_1, copy]) == ()
    assert compare_definitions([copy, LEVEL_1], [LEVEL_1]) == ()


def test_dates_are_compared_by_role_and_place():
    before = [dated("1/9/2023", "2023-01-09", sheet="Facilities FY23"), dated("1/3/2023", "2023-01-03", sheet="X")]
    after = [dated("1/3/2023", "2023-01-03", sheet="X"), dated("1/23/2023", "2023-01-23", sheet="Facilities FY24")]
    (change,) = compare_dates(before, after)
    assert (change.before, change.after) == (before[0], after[1])


def test_the_same_day_in_other_words_is_no_change():
    assert compare_dates([dated("1/9/2023", "2023-01-09")], [dated("January 9, 2023", "2023-01-09")]) == ()


def test_a_flaw_is_a_change():
    before, after = dated("1/9/2023", "2023-01-09"), dated("1/9/2023", "2023-01-09", flaw="a year too early")
    assert len(compare_dates([before], [after])) == 1


def test_dates_that_came_and_went():
    as_of = dated("1/9/2023", "2023-01-09")
    assert [(one.before, one.after) for one in compare_dates([as_of], [])] == [(as_of, None)]
    assert [(one.before, one.after) for one in compare_dates([], [as_of])] == [(None, as_of)]


def test_metadata():
    assert compare_metadata({"producer": "A", "title": "x"}, {"title": " X ", "pages": "3"}) == (
        ("pages", None, "3"),
        ("producer", "A", None),
    )


def test_among_many_definitions_only_the_reworded_ones_are_told():
    before = [Definition(f"Term {index // 3}", f"Note {index} about matter {index * 13}.") for index in range(600)]
    after = [*before[:100], Definition("Term 33", "Note 100 about a wholly other matter 1300."), *before[101:]]
    (change,) = compare_definitions(before, after[::-1])
    assert (change.before, change.after) == (before[100], after[100])


def test_unlike_notes_on_one_term_are_not_one():
    note = Definition("ICE Removals", "Includes returns.")
    left = Definition("ICE Removals", "Locked on October 5th of each year.")
    came = Definition("ICE Removals", "Excludes persons transferred to marshals.")
    changes = compare_definitions([note, left], [note, came])
    assert [(one.before, one.after) for one in changes] == [(left, came)]
    changes = compare_definitions([note, left], [came])
    assert all(one.before is None or one.after is None for one in changes)
