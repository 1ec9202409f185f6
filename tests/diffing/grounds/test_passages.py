from msgspec.structs import replace

from diffing.comparing.compare import compare
from diffing.comparing.model import FactKey
from diffing.grounds.passages import is_prose, passages_of
from state.document import Block, Document
from tests.diffing.tables import table_of

ADP = ("ADP", "The average number of people held on a day of the fiscal year")
ALOS = ("ALOS", "The average number of days that people are held in a facility")
LONGER = ("ALOS", "The average number of days and nights that people are held in a facility")
BOND = ("Bond", "Money that is paid so that a person may leave a facility for a time")


def footnotes(*rows):
    table = table_of(("Term", "Definition"), *rows, name="Footnotes")
    return Document(media_type="text/csv", tables=(table,))


def test_a_paragraph_is_told_by_its_text():
    before = Document("text/html", blocks=(Block("Visitors are admitted on all days of the week."),))
    after = Document("text/html", blocks=(Block("Visitors are admitted on some days of the week."),))
    (passage,) = passages_of(compare(before, after))
    assert passage.key == FactKey("text", 0)
    assert not passage.entry


def test_an_entry_that_changed_names_its_row_and_cell():
    (passage,) = passages_of(compare(footnotes(ADP, ALOS, BOND), footnotes(ADP, LONGER, BOND)))
    assert (passage.before, passage.after) == (ALOS[1], LONGER[1])
    assert passage.entry
    assert passage.where.row == "ALOS"
    assert {fact.subject for fact in passage.facts} == {"passage", "cell"}


def test_an_entry_that_left_names_the_row_that_left():
    (passage,) = passages_of(compare(footnotes(ADP, ALOS, BOND), footnotes(ADP, BOND)))
    assert passage.before == ALOS[1]
    assert passage.after is None
    assert "row-removed" in {fact.subject for fact in passage.facts}


def test_where_an_entry_stands_does_not_matter():
    assert passages_of(compare(footnotes(ADP, ALOS, BOND), footnotes(BOND, ADP, ALOS))) == []


def test_rows_of_data_with_a_remark_are_no_text():
    before = table_of(("County", "A", "B", "C", "Remark"), ("X", 1, 2, 3, ADP[1]), ("Y", 4, 5, 6, ALOS[1]))
    after = replace(before, rows=before.rows[:1], row_keys=before.row_keys[:1])
    documents = [Document(media_type="text/csv", tables=(table,)) for table in (before, after)]
    assert passages_of(compare(*documents)) == []


def test_a_label_is_no_prose():
    assert is_prose(ADP[1])
    assert not is_prose("Maricopa County Detention Center")
    assert not is_prose(1234)
    assert not is_prose(None)
