from msgspec.structs import replace

from diffing.detectors.numbers import tables_disagree
from diffing.detectors.numbers.total_mismatch import detect
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, table_of


def said(before, after):
    return list(detect(evidence_of(document_of(before), document_of(after))))


def devices(*values, total):
    rows = [[f"Device {n}", value] for n, value in enumerate(values)]
    return table_of(["Technology", "Count"], *rows, ["Total", total], name="By technology")


def test_a_sum_that_held_and_no_longer_does():
    (draft,) = said(devices(10, 20, 30, total=60), devices(11, 25, 31, total=60))
    assert [(i.row, i.column, i.difference) for i in draft.items] == [("Total", "Count", 7)]
    assert draft.items[0].note == "parts make 67, stated 60"
    assert draft.severity is None, "high by kind"


def test_a_sum_that_holds_or_never_held_is_no_news():
    assert not said(devices(10, 20, 30, total=60), devices(11, 25, 31, total=67))
    assert not said(devices(10, 20, 30, total=50), devices(11, 25, 31, total=50))


def test_new_parts_are_parts_too():
    assert not said(devices(10, 20, 30, total=60), devices(11, 25, 31, 13, total=80))


def test_a_total_of_columns():
    header = ["Agency", "Oct", "Nov", "Total"]
    before = table_of(header, ["CBP", 5, 6, 11], ["ICE", 7, 8, 15])
    after = table_of(header, ["CBP", 5, 6, 11], ["ICE", 7, 9, 18])
    (draft,) = said(before, after)
    assert [(i.row, i.column, i.difference) for i in draft.items] == [("ICE", "Total", -2)]


def test_groups_under_a_group_total():
    def table(*values):
        labels = ["Total", "North", "North / Men", "North / Women", "South", "South / Men", "South / Women"]
        return table_of(["Area", "Count"], *([label, value] for label, value in zip(labels, values, strict=True)))

    (draft,) = said(table(100, 60, 40, 20, 40, 30, 10), table(100, 60, 40, 20, 37, 27, 10))
    assert [(i.row, i.difference) for i in draft.items] == [("Total", -3)]


def test_shares_beside_counts_are_no_parts():
    header = ["Group", "Men", "Share of men", "Total"]
    before = table_of(header, ["A", 10, 0.4, 10], ["B", 30, 0.6, 30])
    assert not said(before, before)


def test_decimals_that_were_dropped_are_told_as_that():
    before = devices(10.25, 20.5, 30.25, total=61.0)
    assert not said(before, devices(10, 21, 31, total=61))


def test_a_first_release_is_told_what_nearly_holds():
    first = evidence_of(document_of(), document_of(devices(1000, 2000, 3000, total=6010)))
    (draft,) = detect(replace(first, comparison=None))
    assert draft.severity is Severity.INFO
    second = evidence_of(document_of(), document_of(devices(1000, 2000, 3000, total=9999)))
    assert not list(detect(replace(second, comparison=None))), "too far off to be meant as that sum"


def test_two_tables_that_agreed():
    offices = table_of(["Office", "Count"], ["Ash", 20000], ["Bex", 3460], ["Total", 23460], name="By office")
    after = table_of(["Office", "Count"], ["Ash", 20100], ["Bex", 3400], ["Total", 23500], name="By office")
    before = document_of(devices(4449, 19011, total=23460), offices)
    evidence = evidence_of(before, document_of(devices(4502, 19210, total=23712), after))
    (draft,) = tables_disagree.detect(evidence)
    assert draft.title == "“By technology” and “By office” no longer agree: 23,712 against 23,500"
    assert draft.items[0].difference == -212


def test_two_tables_that_agreed_once_by_chance():
    def release(one, other):
        offices = table_of(["Office", "Count"], ["Ash", other - 5], ["Bex", 5], ["Total", other], name="By office")
        return document_of(devices(one - 7, 7, total=one), offices)

    older = [release(20000 + k, 21000 + 5 * k) for k in range(4)]
    evidence = evidence_of(release(23460, 23460), release(23500, 23700), older=older)
    assert not list(tables_disagree.detect(evidence))
