import datetime as dt
import pickle

from msgspec.structs import replace

from diffing.comparing.model import Draft, FactKey
from diffing.judge import all_detectors, fingerprint, judge, untold_of
from state.document import DateRole, StatedDate
from state.kinds import Severity, names_of
from state.model import Item
from state.vocabulary import KINDS
from tests.diffing.tables import compared, document_of, evidence_of, table_of

BEFORE = table_of(["County", "Removals, cumulative", "Beds"], ["Ash", 500, 10], ["Bex", 400, 20], ["Cor", 90, 5])
AFTER = table_of(["County", "Removals, cumulative", "Beds"], ["Ash", 300, 12], ["Bex", 410, 20], ["Cor", 95, 7])


def findings(before=BEFORE, after=AFTER, **fields):
    return judge(evidence_of(document_of(before), document_of(after), **fields))


def test_gravest_comes_first_and_a_cell_is_told_once():
    said = findings()
    assert [finding.kind for finding in said] == ["cumulative-decreased", "values-changed"]
    assert [item.row for item in said[0].items] == ["Ash"]
    assert {(item.row, item.column) for item in said[1].items} == {
        ("Ash", "Beds"),
        ("Bex", "Removals, cumulative"),
        ("Cor", "Removals, cumulative"),
        ("Cor", "Beds"),
    }


def test_the_same_statement_next_week_has_the_same_id_and_another_table_another():
    weekly = findings()[0]
    again = findings(after=table_of(["County", "Removals, cumulative", "Beds"], ["Ash", 9, 1], ["Bex", 400, 20]))
    elsewhere = findings(before=replace(BEFORE, name="Other"), after=replace(AFTER, name="Other"))
    assert weekly.id == next(f.id for f in again if f.kind == weekly.kind)
    assert weekly.id != elsewhere[0].id


def test_two_tables_of_one_name_have_findings_of_their_own():
    said = judge(evidence_of(document_of(BEFORE, BEFORE), document_of(AFTER, AFTER)))
    assert len(said) == 4
    assert len({finding.id for finding in said}) == 4


def test_judging_is_deterministic_and_evidence_travels():
    evidence = evidence_of(document_of(BEFORE), document_of(AFTER))
    assert judge(pickle.loads(pickle.dumps(evidence))) == judge(evidence)


def test_no_new_release_is_judged_without_a_word():
    evidence = evidence_of(document_of(BEFORE), document_of(AFTER))
    assert judge(replace(evidence, comparison=None, document=None, told=set())) == ()


def test_a_document_against_itself_says_nothing():
    same = document_of(BEFORE, as_of=dt.date(2024, 1, 1))
    assert judge(evidence_of(same, same)) == ()
    assert compared(same, same).content_changed is False


def test_the_order_of_the_parts_of_an_identity_matters():
    one = fingerprint(source="s", series="a", kind="rows-added", subject=("b", "c"))
    two = fingerprint(source="s", series="a", kind="rows-added", subject=("bc",))
    assert one != two
    assert len(one) >= 16


def test_every_detector_names_known_kinds_and_graver_rules_run_first():
    detectors = all_detectors()
    assert {kind for detector in detectors for kind in names_of(detector.KINDS)} <= set(KINDS)
    assert [detector.RANK for detector in detectors] == sorted(detector.RANK for detector in detectors)
    assert names_of(detectors[-1].KINDS) == ("values-changed",)


def test_severity_is_the_kind_s_own_unless_the_rule_says_otherwise():
    assert findings()[0].severity is Severity.CRITICAL


def draft_of(*rows, items=None, count=None):
    """A draft of cells, one a row, with as many items."""
    return Draft(
        kind="values-changed",
        title="Figures changed",
        reason="they differ",
        subject=("removals",),
        items=tuple(Item(row=row) for row in rows) if items is None else items,
        count=count,
        explains=tuple(FactKey("cell", 0, row, "1") for row in rows),
    )


def test_a_draft_whose_facts_are_all_told_is_not_told():
    draft = draft_of("Ash", "Bex")
    assert untold_of(draft, set(draft.explains)) is None


def test_a_draft_whose_facts_are_partly_told_loses_those_with_their_items():
    draft = draft_of("Ash", "Bex", "Cor", count=3)
    left = untold_of(draft, {draft.explains[1]})
    assert [item.row for item in left.items] == ["Ash", "Cor"]
    assert left.explains == (draft.explains[0], draft.explains[2])
    assert left.count == 2


def test_a_draft_that_explains_nothing_or_nothing_told_stays_as_it_is():
    silent, fresh = draft_of(), draft_of("Ash")
    assert untold_of(silent, {FactKey("headline")}) is silent
    assert untold_of(fresh, {FactKey("headline")}) is fresh


def test_items_stay_where_they_do_not_stand_for_facts_one_by_one():
    draft = draft_of("Ash", "Bex", items=(Item(row="both"),))
    left = untold_of(draft, {draft.explains[0]})
    assert left.items == draft.items
    assert left.explains == (draft.explains[1],)


def test_a_silent_edit_that_one_finding_tells_is_told_once():
    figures = [["Ash", 1409], *([f"Town {n}", 2000 + n] for n in range(6))]
    before = table_of(["Town", "Cost"], *figures)
    after = table_of(["Town", "Cost"], ["Ash", 4400], *figures[1:])
    stands = StatedDate(text="5 January 2024", date=dt.date(2024, 1, 5), role=DateRole.AS_OF)
    sides = [replace(document_of(table), dates=(stands,)) for table in (before, after)]
    said = judge(evidence_of(*sides))
    assert [each.kind for each in said if each.severity is not Severity.INFO] == ["implausible-jump"]
    assert "stands as before" in said[0].reason
    (silent,) = [each for each in said if each.kind == "silent-edit"]
    assert silent.cause == said[0].id


def test_a_silent_edit_of_figures_yields_to_a_graver_finding():
    stands = StatedDate(text="5 January 2024", date=dt.date(2024, 1, 5), role=DateRole.AS_OF)
    before = table_of(["County", "Removals, cumulative"], ["Ash", 500], ["Bex", 400])
    after = table_of(["County", "Removals, cumulative"], ["Ash", 300], ["Bex", 400])
    sides = [replace(document_of(table), dates=(stands,)) for table in (before, after)]
    said = judge(evidence_of(*sides))
    assert [each.kind for each in said if each.severity is not Severity.INFO] == ["cumulative-decreased"]
    assert "stands as before" in said[0].reason
