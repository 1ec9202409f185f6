"""Incidents 8 to 22 of the documented ones, each raised on the day with the right kind and figures.

Incidents 1 to 7 are the demonstration's (tests/demo).
"""

from __future__ import annotations

from state.kinds import Severity
from state.model import Finding, Verdict
from tests.incidents import cases
from tests.incidents.living import above_info, live, only
from tests.incidents.making import Lived, Round, day, page, series, source


def _lived(story: Lived) -> list[tuple[Finding, ...]]:
    return live(story.source, story.rounds)


def test_8_transcripts_removed_overnight_are_one_finding() -> None:
    said = _lived(cases.transcripts_removed())
    assert [above_info(each) for each in said[:2]] == [[], []]
    withdrawn = only(above_info([*said[2], *said[3]]), "file-withdrawn")
    assert withdrawn.count == 190
    assert withdrawn.severity is Severity.CRITICAL
    assert {finding.kind for each in said for finding in above_info(each)} == {"file-withdrawn"}


def test_9_stale_sheets_in_a_new_release_name_the_older_one() -> None:
    said = _lived(cases.stale_sheets())
    assert not [
        finding for each in said[:9] for finding in above_info(each) if finding.kind == "stale-republished"
    ]
    stale = above_info(said[9])
    assert {finding.kind for finding in stale} == {"stale-republished"}
    items = [item for finding in stale for item in (finding.items or (finding,))]
    assert stale
    assert all(finding.severity is Severity.CRITICAL for finding in stale)
    assert len(items) == 2
    told = " ".join(f"{finding.title} {finding.reason} {finding.items}" for finding in stale)
    assert "2022-04-19" in told or "19 April 2022" in told
    assert "2022-04-05" in told or "5 April 2022" in told


def test_10_a_closed_year_rewritten_in_place() -> None:
    said = _lived(cases.closed_year_rewritten())
    revised = only(above_info(said[2]), "past-value-revised")
    assert {(item.row, item.before, item.after) for item in revised.items} == {
        ("GPS", 56_805, 31_205),
        ("GPS", 361_000, 276_000),
    }
    assert only(above_info(said[2]), "file-replaced-in-place").severity is Severity.HIGH


def test_11_swapped_labels_are_named() -> None:
    said = _lived(cases.labels_swapped())
    assert not [finding for each in said[:4] for finding in above_info(each)]
    jump = only(above_info(said[4]), "implausible-jump")
    assert "swapped" in jump.title + jump.reason
    assert {(item.row, item.before, item.after) for item in jump.items} >= {
        ("GPS", 4_576, 188_934),
        ("SmartLINK", 224_300, 34_576),
    }


def test_12_a_learnt_rhythm_that_breaks_is_told_once_and_then_graver() -> None:
    said = _lived(cases.rhythm_broken())
    overdue = [(number, finding) for number, each in enumerate(said[8:], start=1) for finding in above_info(each)]
    assert {finding.kind for _, finding in overdue} == {"release-overdue"}
    assert 14 < overdue[0][0] <= 38
    severities = [finding.severity.rank for _, finding in overdue]
    assert severities == sorted(set(severities))
    assert len(overdue) <= 3


def test_13_a_promised_release_that_stops() -> None:
    said = _lived(cases.promised_release_stops())
    assert not above_info(said[2])
    assert only(above_info(said[3]), "release-overdue").severity.rank >= Severity.HIGH.rank


def test_14_the_same_edit_on_many_pages_is_one_finding() -> None:
    said = _lived(cases.pages_restamped())
    edits = [
        finding for finding in said[1] if finding.kind in ("date-restamped", "text-added") and finding.count > 1
    ]
    assert len(edits) == 1
    assert edits[0].count == 60
    assert len({item.url for item in edits[0].items}) == 60
    assert not [finding for finding in above_info(said[1]) if finding is not edits[0]]


def test_15_a_table_leaves_a_sheet_that_goes_on() -> None:
    said = _lived(cases.table_left())
    gone = only(above_info(said[1]), "table-vanished")
    assert gone.severity is Severity.CRITICAL
    assert "Transgender detainee population" in gone.title


def test_16_subtotals_that_stop_adding_up_and_dates_that_contradict() -> None:
    said = _lived(cases.subtotals_off())
    kinds = {finding.kind for finding in above_info(said[2])}
    assert "total-mismatch" in kinds
    assert "as-of-date-inconsistent" in kinds


def test_17_averages_that_fall_further_than_arithmetic_allows() -> None:
    said = _lived(cases.averages_fell())
    assert [above_info(each) for each in said[:3]] == [[], [], []]
    impossible = only(above_info(said[3]), "average-impossible")
    assert impossible.count == 96
    assert impossible.severity is Severity.CRITICAL
    stewart = next(item for item in impossible.items if item.row == "Stewart Detention Center")
    assert (round(float(stewart.before or 0)), round(float(stewart.after or 0))) == (1_857, 1_748)
    vanished = only(above_info(said[3]), "rows-vanished")
    assert vanished.count == 29
    mismatch = only(above_info(said[3]), "total-mismatch")
    assert {round(float(side or 0)) for side in (mismatch.items[0].before, mismatch.items[0].after)} == {
        42_221,
        56_816,
    }


def test_18_rounded_averages_are_told_once_and_not_cell_by_cell() -> None:
    said = _lived(cases.averages_rounded())
    told = above_info(said[1])
    assert [finding.kind for finding in told] == ["precision-reduced"]
    assert not above_info(said[2])


def test_19_a_variable_and_a_category_get_another_name() -> None:
    renamed = only(above_info(_lived(cases.variable_renamed())[1]), "column-renamed")
    assert "Gender" in renamed.title
    assert "Sex" in renamed.title
    relabelled = only(above_info(_lived(cases.category_renamed())[1]), "category-relabelled")
    assert "Criminal record" in relabelled.title
    assert "Criminal convictions" in relabelled.title


def test_20_arrests_by_place_lowered_and_places_removed() -> None:
    said = _lived(cases.arrests_lowered())
    vanished = only(above_info(said[1]), "rows-vanished")
    assert vanished.count == 3_700
    revised = only(above_info(said[1]), "past-value-revised")
    assert {(item.row, item.difference) for item in revised.items} == {
        ("Conroe, TX", -13_000), ("Dallas, TX", -12_000), ("San Diego, CA", -6_000),
    }  # fmt: skip


def test_21_a_column_always_handed_out_is_withheld() -> None:
    gone = only(above_info(_lived(cases.column_withheld())[1]), "column-vanished")
    assert gone.severity is Severity.CRITICAL
    assert "Detainer led to deportation" in gone.title


def test_a_page_that_is_gone_needs_a_second_look() -> None:
    body = page("Secure Communities", "The program is voluntary.")
    rounds = [
        Round(at=day(1), brings={"page": [(source().url, body)]}),
        Round(at=day(2), brings={"page": [(source().url, Verdict.GONE)]}),
        Round(at=day(3), brings={"page": [(source().url, Verdict.GONE)]}),
        Round(at=day(4), brings={"page": [(source().url, Verdict.GONE)]}),
    ]
    said = live(source(series("page")), rounds)
    assert [[finding.kind for finding in above_info(each)] for each in said] == [[], [], ["page-gone"], []]


def test_22_one_word_for_another_throughout_a_catalogue_is_one_finding() -> None:
    said = _lived(cases.catalogue_reworded())
    assert [above_info(each) for each in said[:2]] == [[], []], "entries in another order are no news"
    altered = only(above_info(said[2]), "definition-changed")
    assert (altered.count, altered.severity) == (114, Severity.HIGH)
    assert "“gender” became “sex” in 106 datasets" in altered.title
    assert {finding.kind for finding in above_info(said[2])} == {"definition-changed"}
