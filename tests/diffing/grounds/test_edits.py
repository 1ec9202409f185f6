from diffing.comparing.compare import compare
from diffing.grounds.edits import MOST_CELLS, edits_of
from tests.diffing.pages import page
from tests.diffing.tables import document_of, table_of

HEADER = ["County", "Beds"]


def told(before, after):
    return [edit.told for edit in edits_of(compare(before, after))]


def test_a_reworded_sentence_is_told_by_its_words_before_figures_that_moved():
    before = page("We held 1,200 people in March.", "Visitors are admitted on all days.")
    after = page("We held 1,300 people in March.", "Visitors are admitted on Sundays.")
    assert told(before, after) == ["“all days” became “Sundays”", "“1,200” became “1,300”"]


def test_what_left_a_table_comes_before_what_moved_and_what_joined():
    before = document_of(table_of(HEADER, ["Ash", 50], ["Bex", 40], ["Cor", 9], ["Dun", 7], ["Elm", 6]))
    after = document_of(table_of(HEADER, ["Ash", 55], ["Bex", 80], ["Cor", 9], ["Dun", 7], ["Fir", 2]))
    assert told(before, after) == ["Elm left", "Bex, Beds from 40 to 80", "Ash, Beds from 50 to 55", "Fir joined"]


def test_many_values_are_one_edit():
    rows = [[f"Row {number}", number] for number in range(MOST_CELLS + 1)]
    moved = [[label, number + 100] for label, number in rows]
    (edit,) = edits_of(compare(document_of(table_of(HEADER, *rows)), document_of(table_of(HEADER, *moved))))
    assert edit.told.startswith(f"{MOST_CELLS + 1} values in ")


def test_a_heading_is_told_once():
    before = page("The report.", headline="More than 110,000 criminal aliens identified")
    after = page("The report.", headline="More than 111,000 aliens charged with crimes identified")
    assert len(told(before, after)) == 1


def test_dates_and_counters_are_no_edits():
    assert not told(
        page("Last updated: March 3, 2024", "120 views"), page("Last updated: April 7, 2024", "150 views")
    )
