"""What entries of a catalogue say of their data: one statement for all that was altered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from diffing.judge import judge
from diffing.readers.json.reader import read
from state.document import ReadingHints
from state.kinds import Severity
from state.model import Finding
from tests.diffing.catalogues import FORMS, Dataset, datasets, reworded
from tests.diffing.tables import evidence_of


def said(before: Sequence[Dataset], after: Sequence[Dataset], form: str = "dcat") -> list[Finding]:
    documents = [read(FORMS[form](entries), hints=ReadingHints()) for entries in (before, after)]
    return [each for each in judge(evidence_of(*documents)) if each.severity is not Severity.INFO]


@pytest.mark.parametrize("form", FORMS)
def test_one_word_for_another_in_106_of_232_entries_is_one_finding(form: str) -> None:
    before = datasets(232, of_gender=106)
    other = [replace(each, licence="All rights reserved") for each in before[106:114]]
    after = [*(reworded(each, "gender", "sex") for each in before[:106]), *other, *before[114:]]
    (finding,) = said(before, after, form)
    assert (finding.kind, finding.severity, finding.count) == ("definition-changed", Severity.HIGH, 114)
    assert finding.title == "“gender” became “sex” in 106 datasets of the catalogue, and 8 more were altered"
    assert finding.reason.startswith("114 of 232 datasets say something else")
    assert finding.reason.endswith("no date of change moved")
    assert len(finding.items) == 114
    assert [item.row for item in finding.items[:106]] == [each.title for each in before[:106]]
    assert all("gender" in str(item.before) and "sex" in str(item.after) for item in finding.items[:106])
    assert {item.column for item in finding.items[106:]} == {"License"}


def test_entries_that_left_and_joined_are_named_by_their_titles() -> None:
    before = datasets(60)
    (finding,) = said(before, [*before[:10], *before[13:], *datasets(62)[60:]])
    assert finding.kind == "rows-vanished"
    assert finding.title.startswith("3 datasets left")
    assert [item.note for item in finding.items] == [each.title for each in before[10:13]]


def test_the_same_in_another_order_is_nothing() -> None:
    before = datasets(1_000)
    after = list(before)
    random.Random(3).shuffle(after)
    assert said(before, after) == []


def test_dates_of_change_alone_are_no_news() -> None:
    before = datasets(40)
    assert said(before, [replace(each, modified=each.modified + 7) for each in before], "socrata") == []


def test_one_entry_edited_in_the_open_is_low_and_in_silence_medium() -> None:
    before = datasets(40)
    edited = replace(before[4], description="Counts of deaths that were reported late, provisional.")
    openly = replace(edited, modified=edited.modified + 9)
    (silent,) = said(before, [*before[:4], edited, *before[5:]])
    (dated,) = said(before, [*before[:4], openly, *before[5:]])
    assert (silent.severity, dated.severity) == (Severity.MEDIUM, Severity.LOW)
    assert silent.title == f"1 dataset of the catalogue is described otherwise: {before[4].title}"
    assert silent.reason.endswith("its date of change did not move")


def test_keywords_are_housekeeping() -> None:
    before = datasets(40)
    assert said(before, [replace(before[0], keywords=("health", "data")), *before[1:]]) == []


def test_a_title_is_what_an_entry_is_called_and_not_who_it_is() -> None:
    before = datasets(40, of_gender=5)
    after = [replace(each, title=each.title.replace("table", "release")) for each in before]
    (finding,) = said(before, after)
    assert (finding.kind, finding.count) == ("definition-changed", 40)
