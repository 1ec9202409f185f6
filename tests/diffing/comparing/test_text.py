"""Sentences that came, went or changed."""

import time

import pytest

from diffing.comparing.text import compare_texts
from state.document import Block

OPT_OUT = (
    "If a jurisdiction does not wish to activate on its scheduled date, it must formally notify its state "
    "identification bureau and ICE in writing."
)


def blocks(*texts, heading=(), **more):
    return [Block(text=text, heading=heading, **more) for text in texts]


def changes(before, after):
    return [(one.before, one.after) for one in compare_texts(before, after).changes]


def test_a_sentence_that_left_is_told_alone():
    before = blocks(f"Activation is planned by county. {OPT_OUT} Questions may be sent to the field office.")
    after = blocks("Activation is planned by county. Questions may be sent to the field office.")
    assert changes(before, after) == [(OPT_OUT, None)]
    assert changes(after, before) == [(None, OPT_OUT)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The data are final.", "The  data are final"),
        ("“Final” data – all", '"Final" data - all'),
        ("THE DATA ARE FINAL.", "The data are final."),
        ("de\u00adtention data", "detention data"),
        ("U.S. residents", "US residents"),
        ("[1] Houses adults only.", "[2] Houses adults only."),
        ("* Data are preliminary.", "Data are preliminary."),
    ],
)
def test_typography_and_footnote_numbers_are_no_change(before, after):
    assert changes(blocks(before), blocks(after)) == []


def test_a_number_inside_a_sentence_is_a_change_not_a_loss():
    before = "Of the 167,284 records in the data, 80,562 were positive as of January 3, 2023."
    after = "Of the 171,780 records in the data, 82,576 were positive as of January 17, 2023."
    assert changes(blocks(before), blocks(after)) == [(before, after)]


def test_one_word_is_a_change():
    before, after = "Participation is voluntary for states.", "Participation is mandatory for states."
    assert changes(blocks(before), blocks(after)) == [(before, after)]


def test_a_sentence_in_another_section_only_moved():
    before = blocks("Complaints go to the office.", heading=("Contact",)) + blocks("Data.", heading=("Figures",))
    after = blocks("Data.", heading=("Figures",)) + blocks("Complaints go to the office.", heading=("Footer",))
    found = compare_texts(before, after)
    assert found.changes == ()
    assert found.moved


def test_paragraphs_joined_and_reordered_are_no_change():
    before = blocks("First statement here.", "Second statement here.", "Third one.")
    after = blocks("Third one.", "Second statement here. First statement here.")
    found = compare_texts(before, after)
    assert found.changes == ()
    assert found.moved


def test_a_copy_that_went_while_another_stands_is_no_loss():
    note = "Data from the participants report."
    assert changes(blocks(note, note, note), blocks(note)) == []


def test_a_heading_is_one_statement():
    before = blocks("More Than 110,000 Criminal Aliens. Identified", kind="heading")
    after = blocks("More Than 111,000 Aliens Charged. Identified", kind="heading")
    assert changes(before, after) == [(before[0].text, after[0].text)]


def test_the_section_is_that_of_the_sentence():
    (change,) = compare_texts(blocks(OPT_OUT, heading=("Policy", "Opting out")), []).changes
    assert change.section == "Policy / Opting out"
    assert change.block.text == OPT_OUT


def test_fiscal_years_in_headings_move_no_sentence():
    before = blocks("Data are preliminary.", heading=("Detention FY25",))
    after = blocks("Data are preliminary.", heading=("Detention FY26",))
    assert not compare_texts(before, after).moved


def test_repetitive_and_long_texts_stay_cheap():
    lines = [f"Row {index % 50} of the list holds the same words as ever." for index in range(20_000)]
    changed = [*lines[:9_000], "Something quite different stands here now.", *lines[9_001:]]
    fresh = [f"Entirely new statement {index} about item{index} and place{index}." for index in range(3_000)]
    stale = [f"Wholly old remark {index} on thing{index} near spot{index}." for index in range(3_000)]
    start = time.process_time()
    found = compare_texts(blocks(*lines, *stale), blocks(*changed, *fresh))
    assert time.process_time() - start < 5
    assert any(one.after == "Something quite different stands here now." for one in found.changes)
