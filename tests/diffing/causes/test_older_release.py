import datetime as dt

from msgspec.structs import replace

from diffing.causes.older_release import find as detect
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, table_of

OFFICES = ["Ash", "Bex", "Cor", "Dun"]


def table(step, **fields):
    rows = [[o, 100 + step * (n + 3), 50 + step * 7 * n + step, 900 - step * n - 1] for n, o in enumerate(OFFICES)]
    return table_of(["Office", "Detained", "Moved", "Freed"], *rows, name="By office", **fields)


def release(step, day=0):
    return document_of(table(step), as_of=dt.date(2024, 1, 1) + dt.timedelta(days=14 * (day or step)))


def said(before, after, **fields):
    return list(detect(evidence_of(before, after, **fields)))


def test_a_table_that_is_an_older_one_again():
    (draft,) = said(release(4), release(1, day=5), older=[release(1), release(2), release(3)])
    assert draft.title == "“By office” has the figures of the release of 1 January 2024 again"
    assert draft.severity is None, "critical by kind"
    assert sum(fact.subject == "cell" for fact in draft.explains) == 11, "each cell"


def test_old_figures_under_new_headers():
    dressed = release(1, day=5)
    columns = tuple(
        replace(c, name=c.name + " FY24", path=(c.name + " FY24",)) for c in dressed.tables[0].columns[1:]
    )
    old = dressed.tables[0]
    after = replace(dressed, tables=(replace(old, columns=(old.columns[0], *columns)),))
    evidence = evidence_of(release(4), after, older=[release(1), release(2)])
    pair = evidence.comparison.tables[0]
    same = replace(pair, columns=((0, 0), (1, 1), (2, 2), (3, 3)), rows_added=(0,))
    (draft,) = detect(replace(evidence, comparison=replace(evidence.comparison, tables=(same,))))
    assert "1 January 2024" in draft.title


def test_a_whole_body_that_is_an_older_one():
    evidence = evidence_of(release(3), release(1, day=4), older=[release(1), release(2)])
    first = evidence.history.releases()[0]
    evidence = replace(evidence, sha256_before="9" * 64, sha256_after=first.sha256)
    (draft,) = detect(evidence)
    assert draft.title == "The new release is the release of 1 January 2024 again, byte for byte"
    assert {fact.subject for fact in draft.explains} >= {"table-stale", "cell"}


def test_a_correction_taken_back_is_info():
    wrong = release(2)
    values = [list(row) for row in wrong.tables[0].rows]
    values[0][1] = 999
    edited = replace(wrong, tables=(replace(wrong.tables[0], rows=tuple(map(tuple, values))),))
    (draft,) = said(edited, release(2, day=4), older=[release(1), release(2)])
    assert draft.severity is Severity.INFO
    assert "is back to what it was" in draft.title


def test_figures_that_come_back_after_they_were_withheld_are_info():
    whole = release(2)
    blank = tuple((row[0], None, None, None) for row in whole.tables[0].rows)
    withheld = replace(whole, tables=(replace(whole.tables[0], rows=blank),))
    (draft,) = said(withheld, release(2, day=4), older=[release(1), release(2)])
    assert draft.severity is Severity.INFO


def test_few_figures_meet_by_chance():
    def small(value):
        return document_of(table_of(["Office", "Count"], ["Ash", value]))

    assert not said(small(3), small(1), older=[small(1), small(2)])


def test_a_page_that_flips_between_two_bodies_without_losing_data_is_info():
    evidence = evidence_of(release(2), release(2), older=[release(2), release(2)])
    first = evidence.history.releases()[0]
    evidence = replace(evidence, sha256_before="9" * 64, sha256_after=first.sha256)
    (draft,) = detect(evidence)
    assert draft.severity is Severity.INFO
    assert not draft.explains, "whatever else differs is told by other rules"


def test_a_table_that_went_back_but_for_a_few_figures():
    back = release(1, day=5)
    values = [list(row) for row in back.tables[0].rows]
    values[0][1], values[3][2] = 777, 778
    nearly = replace(back, tables=(replace(back.tables[0], rows=tuple(map(tuple, values))),))
    (draft,) = said(release(4), nearly, older=[release(1), release(2), release(3)])
    assert draft.title == "“By office” has the figures of the release of 1 January 2024 again"
    assert "10 of 12 figures (83.3 %) equal" in draft.reason


def test_figures_that_go_on_are_no_older_release():
    assert not said(release(4), release(5), older=[release(1), release(2), release(3)])


def test_a_table_that_goes_on_after_a_broken_release_is_not_stale():
    def grown(rows, divided=1):
        figures = [[f"Month {n}", *((700 + 31 * n + 7 * k) / divided for k in range(4))] for n in range(rows)]
        return document_of(table_of(["Month", "0-17", "18-34", "35-64", "65+"], *figures, name="Deaths"))

    older = [grown(rows) for rows in (8, 9, 10)]
    (draft,) = said(grown(11, divided=1000), grown(12), older=[*older])
    assert draft.severity is Severity.INFO, "a release that holds a month more is none of before"
    (draft,) = said(grown(11, divided=1000), grown(10), older=[*older])
    assert draft.severity is None
