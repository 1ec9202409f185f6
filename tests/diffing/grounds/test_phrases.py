import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.grounds.phrases import (
    essence,
    gist,
    is_trivial,
    joined_mask,
    likeness,
    mask,
    moves,
    stands_in,
    undated,
    without_dates,
)
from state.document import Block, Document

WORDS = st.lists(st.text(alphabet="abcdefghij", min_size=1, max_size=8), max_size=20).map(" ".join)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Data as of March 3, 2024", "Data as of 04/07/2024"),
        ("FY2023 data through 3.25.2023", "FY2024 data through 10.05.2023"),
        ("FY 2023 YTD detention", "FY 2024 YTD detention"),
        ("run date10/05/2022; EID", "run date 04/25/2023; EID"),
        ("In Q1 2023 there were 12,345 book-ins", "In Q2 2023 there were 13,579 book-ins"),
        ("Updated 5 May 2023, 10:30 a.m.", "Updated 6 June 2023, 9:15 p.m."),
        ("It cost $1,234.50 or 12.5%", "It cost $1,300.00 or 13.1%"),
        ("Curly “quotes” and – dashes", 'Curly "quotes" and - dashes'),
    ],
)
def test_dates_running_figures_and_typing_are_set_aside(before, after):
    assert essence(before) == essence(after)
    assert mask(before) == mask(after)


def test_small_numbers_are_words():
    assert essence("two or more, within 90 days") != essence("two or more, within 30 days")
    assert mask("two or more, within 90 days") == mask("two or more, within 30 days")


def test_the_modal_verb_may_is_no_month():
    assert "may" in essence("officers may enter in May 2010").split()


@pytest.mark.parametrize(
    "text",
    [
        "Last updated: March 3, 2024",
        "12,345 views",
        "Print",
        "Read more about this",
        "04/07/2024",
        "* * *",
        "This site uses cookies to improve your visit: accept all cookies.",
    ],
)
def test_trivial(text):
    assert is_trivial(text)


@pytest.mark.parametrize(
    "text", ["Visitors are admitted on Sundays with a valid document.", "Aliens have rights."]
)
def test_not_trivial(text):
    assert not is_trivial(text)


def test_moves_are_runs_as_published():
    left, came = moves("More Than 110,000 Criminal Aliens", "More Than 111,000 Aliens Charged with Crimes")
    assert left == ("110,000 Criminal",)
    assert came == ("111,000", "Charged with Crimes")


def test_what_only_changed_its_place_did_not_move():
    assert moves("Bonded, and Paroled are", "Bonded, Paroled and Ordered are").told == "now with “Ordered”"
    assert moves("red green blue", "blue red green") == ((), ())


@given(WORDS)
def test_nothing_moves_in_the_same_text(text):
    assert moves(text, text) == ((), ())
    assert likeness(text, text) == 1.0


@given(WORDS, WORDS)
def test_swapping_sides_swaps_what_is_alike(left, right):
    assert likeness(left, right) == likeness(right, left)
    assert (gist(left) == gist(right)) == (gist(right) == gist(left))


def test_long_texts_are_compared_as_bags():
    text = "word " * 3000
    assert moves(text, text + "more") == ((), ("more",))


def test_a_sentence_is_found_wherever_words_are_parted():
    document = Document("text/html", blocks=(Block("ICE removed noncitizens in FY2023. It did."),))
    assert stands_in("ICE removed non citizens in FY2022.", masked=joined_mask(document))
    assert not stands_in("ICE removed nobody.", masked=joined_mask(document))


def test_undated_keeps_figures():
    assert undated("12,345 by March 3, 2024") == undated("12,345 by April 7, 2024")
    assert undated("12,345 by March 3, 2024") != undated("12,346 by March 3, 2024")


def test_dates_as_published_are_masked():
    assert without_dates("FY 2024, March 3 and 110,000") == "@, @ and 110,000"
