import datetime as dt

from msgspec.structs import replace

from diffing.causes.another_year import find
from diffing.judge import judge
from state.document import DateRole, StatedDate
from tests.diffing.tables import document_of, evidence_of, table_of

WARDS = ["Ash", "Bex", "Cor", "Dun", "Elm"]


def beds(factor, *, year=None, day=None, name="Beds by ward"):
    stated = StatedDate(day.isoformat(), day, DateRole.AS_OF) if day else None
    rows = [[ward, round(factor * (40 + 3 * n)), round(factor * (90 + 7 * n))] for n, ward in enumerate(WARDS)]
    return table_of(["Ward", "Held", "Beds"], *rows, name=name, fiscal_year=year, as_of=stated)


def said(before, after):
    return list(find(evidence_of(before, after)))


def test_a_table_of_last_year_beside_one_of_this_year():
    before = document_of(beds(1, year=2031), beds(3, year=2031, name="Meals"))
    after = document_of(beds(2, year=2030), beds(3.1, year=2031, name="Meals"))
    (draft,) = said(before, after)
    assert (draft.kind, draft.before, draft.after) == ("wrong-edition", "FY2031", "FY2030")
    assert "beside 1 table of FY2031" in draft.reason


def test_a_table_whose_own_date_runs_back():
    (draft,) = said(document_of(beds(1, day=dt.date(2031, 5, 2))), document_of(beds(0.4, day=dt.date(2029, 5, 9))))
    assert (draft.before, draft.after) == ("2031-05-02", "2029-05-09")


def test_a_year_mistyped_over_figures_that_go_on_is_none():
    assert not said(document_of(beds(1, year=2031)), document_of(beds(1.02, year=2030)))
    assert not said(document_of(beds(1, year=2031)), document_of(beds(2, year=2032))), "a new year"


def test_tables_of_one_edition_are_one_statement_and_explain_what_follows():
    before = document_of(beds(1, year=2031), beds(3, year=2031, name="Meals"))
    after = document_of(beds(2, year=2030), beds(7, year=2030, name="Meals"))
    findings = judge(evidence_of(before, after))
    cause = next(finding for finding in findings if finding.kind == "wrong-edition")
    assert [item.table for item in cause.items] == ["Beds by ward", "Meals"]
    assert cause.explains == 20
    assert {finding.cause for finding in findings if finding is not cause} == {cause.id}
    assert all(finding.severity == "info" for finding in findings if finding is not cause)


def test_what_a_cause_does_not_explain_is_told_beside_it():
    before = document_of(beds(1, year=2031), beds(3, year=2031, name="Meals"))
    meals = beds(3, year=2031, name="Meals")
    after = document_of(beds(2, year=2030), replace(meals, rows=meals.rows[:3], row_keys=meals.row_keys[:3]))
    loud = {finding.kind for finding in judge(evidence_of(before, after)) if finding.severity != "info"}
    assert loud == {"wrong-edition", "rows-vanished"}
