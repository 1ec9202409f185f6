from msgspec.structs import replace

from diffing.comparing.model import Comparison, FactKey, TextChange
from diffing.detectors.news import rows_added, table_added, values_changed
from diffing.detectors.vanished import table_vanished
from state.document import Block
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, table_of


def gone(before, after):
    """The findings about the tables of ``before`` where no table has a counterpart in ``after``."""
    comparison = Comparison(
        document_of(*before),
        document_of(*after),
        tables_removed=tuple(range(len(before))),
        tables_added=tuple(range(len(after))),
    )
    evidence = replace(evidence_of(document_of(), document_of()), comparison=comparison)
    return list(table_vanished.detect(evidence)), list(table_added.detect(evidence))


def named(name, **fields):
    return table_of(["Area", "Count"], ["Ash", 1], ["Bex", 2], name=name, **fields)


def test_a_table_that_left():
    (draft,), added = gone(
        [named("Transgender detainees", sheet="Detention")], [named("Arrests", sheet="Detention")]
    )
    assert draft.title == "The table “Transgender detainees” is no longer published"
    assert draft.severity is None, "critical by kind"
    assert [each.title for each in added] == ["“Arrests” is new"]


def test_a_sheet_that_left_is_one_finding():
    (draft,), _ = gone([named("One", sheet="A"), named("Two", sheet="A")], [named("Three", sheet="B")])
    assert draft.title == "2 tables of sheet “A” are no longer published: One and Two"
    assert [item.table for item in draft.items] == ["One", "Two"]


def test_what_stood_on_a_sheet_that_left_is_told_with_it():
    texts = [Block("ICE publishes these figures every two weeks.", sheet=sheet) for sheet in "AB"]
    before = replace(document_of(named("One", sheet="A"), named("Three", sheet="B")), blocks=tuple(texts))
    changes = tuple(TextChange(i, "", block.text, None, block) for i, block in enumerate(texts))
    comparison = Comparison(before, document_of(named("Three", sheet="B")), tables_removed=(0,), texts=changes)
    evidence = replace(evidence_of(document_of(), document_of()), comparison=comparison)
    (draft,) = table_vanished.detect(evidence)
    assert FactKey("text", 0) in draft.explains
    assert FactKey("text", 1) not in draft.explains


def test_hidden_sheets_come_and_go():
    (draft,), _ = gone([named("Draft", sheet="DEL", hidden=True)], [])
    assert draft.severity is Severity.INFO


def test_the_oldest_of_a_rolling_set_leaves_and_another_may_not():
    quarters = [named(f"FY 2022 Quarter {quarter} Data") for quarter in (1, 2, 3, 4)]

    def severity(index):
        comparison = Comparison(document_of(*quarters), document_of(), tables_removed=(index,))
        (draft,) = table_vanished.detect(replace(evidence_of(document_of(), document_of()), comparison=comparison))
        return draft.severity

    assert severity(0) is Severity.INFO
    assert severity(3) is None


def test_a_closed_year_s_edition_leaves_some_day():
    before = named("By technology, EOFY23", sheet="ATD EOFY23", fiscal_year=2023)
    after = named("By technology, FY24", sheet="ATD FY24 YTD", fiscal_year=2024)
    assert gone([before], [after])[0][0].severity is Severity.INFO
    assert gone([before], [replace(after, fiscal_year=2022)])[0][0].severity is None


def test_rows_that_joined_and_values_that_moved_are_news():
    before = table_of(["Area", "Count"], ["Ash", 1], ["Bex", 100])
    after = table_of(["Area", "Count"], ["Ash", 2], ["Bex", 101], ["Cor", 7])
    evidence = evidence_of(document_of(before), document_of(after))
    (joined,), (changed,) = rows_added.detect(evidence), values_changed.detect(evidence)
    assert joined.title == "1 row joined “Removals by county”: Cor"
    assert [(i.row, i.percent) for i in changed.items] == [("Ash", 100.0), ("Bex", 1.0)]
    evidence.told.update(changed.explains[:1])
    (left,) = values_changed.detect(evidence)
    assert left.title == "Bex, Count: 100 became 101"


def test_a_sheet_that_was_hidden_can_no_longer_be_seen():
    seen = [named("One", sheet="A"), named("Two", sheet="A")]
    hidden = [replace(table, hidden=True) for table in seen]
    (draft,) = table_vanished.detect(evidence_of(document_of(*seen), document_of(*hidden)))
    assert draft.title == "2 tables of sheet “A” can no longer be seen: One and Two"
    assert draft.severity is Severity.HIGH
    assert not list(table_vanished.detect(evidence_of(document_of(*hidden), document_of(*seen))))
    assert not list(table_vanished.detect(evidence_of(document_of(*hidden), document_of(*hidden))))
