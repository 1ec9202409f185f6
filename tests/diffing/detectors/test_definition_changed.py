import pytest
from msgspec.structs import replace

from diffing.comparing.compare import compare
from diffing.detectors.redefined.definition_changed import MOST_TERMS, detect
from state.document import Definition, Document, Where
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only

FIRST = "a person convicted of a violent crime such as murder"
SECOND = "a person convicted of a property crime such as burglary"


def defined(*entries: tuple[str, str], where: Where = Where()) -> Document:
    definitions = tuple(Definition(term, wording, where) for term, wording in entries)
    return page(*(wording for _, wording in entries), definitions=definitions)


def told(before: Document, after: Document):
    return list(detect(edited(before, after)))


def test_a_term_that_is_defined_differently():
    draft = only(told(defined(("Level 1", FIRST)), defined(("Level 1", FIRST.replace("violent", "serious")))))
    assert draft.kind == "definition-changed"
    assert draft.title == "“Level 1” is defined differently: “violent” became “serious”"


def test_a_definition_rewritten_from_the_ground_is_of_its_term():
    rewritten = "aggravated felonies, or two or more offences each punishable by more than one year"
    draft = only(told(defined(("Level 1", FIRST)), defined(("Level 1", rewritten))))
    assert (draft.before, draft.after) == (FIRST, rewritten)


def test_the_sentences_that_hold_it_are_told_with_it():
    evidence = edited(defined(("Level 1", FIRST)), defined(("Level 1", FIRST.replace("violent", "serious"))))
    assert {fact.subject for fact in only(detect(evidence)).explains} == {"definition", "text"}


def test_gone_and_new():
    drafts = told(defined(("A", FIRST)), defined(("B", "money paid so that somebody may leave a facility")))
    assert [draft.kind for draft in drafts] == ["definition-vanished", "definition-added"]


@pytest.mark.parametrize(
    "after",
    [
        [("Level 2", SECOND), ("Level 1", FIRST)],
        [("LEVEL 1", FIRST.upper()), ("Level 2", SECOND)],
        [("Level 1", f"{FIRST}."), ("Level 2", SECOND.replace("property crime", "property crimes"))],
        [("Level 1 *", FIRST), ("Level 2", SECOND.replace("such as", "such - as"))],
    ],
)
def test_order_typing_and_endings_are_no_change(after):
    assert not told(defined(("Level 1", FIRST), ("Level 2", SECOND)), defined(*after))


def test_dates_and_running_figures_are_no_change():
    before = defined(("Arrests", "counts of arrests as of 03/03/2024, 12,345 in all, by office"))
    after = defined(("Arrests", "counts of arrests as of 04/07/2024, 13,579 in all, by office"))
    assert not told(before, after)


def test_one_word_put_for_another_is_one_statement():
    names = ("Arrests", "Removals", "Returns", "Transfers")
    before = defined(*((name, f"the count of noncitizens who were in {name.lower()}") for name in names))
    after = defined(*((name, f"the count of aliens who were in {name.lower()}") for name in names))
    draft = only(told(before, after))
    assert draft.title.startswith("“noncitizens” became “aliens” in 4 definitions")
    assert len(draft.items) == 4


def test_a_glossary_that_was_thrown_away_is_one_statement():
    entries = [
        (f"Term {letter}", f"the meaning of the term {letter * 4} in all tables") for letter in "abcdefghijklmno"
    ]
    assert len(entries) > MOST_TERMS
    assert len(only(told(defined(*entries), page("Nothing is left of it."))).items) == len(entries)


def test_a_note_on_a_table_is_less_than_a_definition():
    where = Where(sheet="Facilities", table="Facilities, FY23")
    before = defined(("Facilities", "Blank means that no inspection was completed."), where=where)
    after = defined(("Facilities", "Blank means that an inspection was waived."), where=where)
    draft = only(told(before, after))
    assert draft.severity == "medium"
    assert draft.title.startswith("A note on “Facilities” reads differently")


def test_a_sheet_that_came_or_went_is_told_as_a_table():
    hidden = defined(("Level 1", FIRST), where=Where(sheet="Footnotes_DEL"))
    assert not told(page("Text of the page."), replace(hidden, blocks=()))
    assert not told(replace(hidden, blocks=()), page("Text of the page."))


def test_what_no_longer_looks_like_a_definition_is_reworded():
    before = defined(("Rating", "The rating is the result of the last inspection of the facility."))
    after = page("The rating is the outcome of the last inspection of the facility.")
    assert compare(before, after).definitions[0].after is None
    assert only(told(before, after)).kind == "definition-changed"


def test_terms_defined_anew_in_one_release_are_one_statement():
    after = defined(("A", FIRST), ("Bond", SECOND), ("Parole", "freed on a word"))
    draft = only(told(defined(("A", FIRST)), after))
    assert draft.kind == "definition-added"
    assert draft.title.startswith("“Bond” and 1 more are now defined:")
    assert [item.term for item in draft.items] == ["Bond", "Parole"]


def test_a_note_on_an_entry_that_takes_in_more_entries_is_reworded():
    before = defined(("Lexington Failure", "it was reviewed, and the result does not count against the measure"))
    after = defined(("Lexington, Elmore and Randall County", "rated to another standard, for information"))
    assert only(told(before, after)).kind == "definition-changed"
