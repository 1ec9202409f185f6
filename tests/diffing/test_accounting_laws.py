"""The accountant: what was before and is not after is in a finding, whatever the documents say."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from diffing.comparing.compare import compare
from diffing.extract import extract
from diffing.grounds.accounting import losses_of
from diffing.judge import judge
from state.document import DateRole, ReadingHints
from tests.budgets import examples
from tests.diffing.pages import dated, edited, page
from tests.diffing.tables import evidence_of
from tests.diffing.test_title_laws import documents

RELEASES = Path(__file__).parents[3] / "shared" / "releases"
FEW = 4
"""Releases of each series that are compared: all of them take minutes."""


def untold(before, after):
    """What was lost without a word, and what was said."""
    evidence = replace(evidence_of(before, after), comparison=compare(before, after))
    findings = judge(evidence)
    return [loss.told for loss in losses_of(evidence.comparison) if loss.fact not in evidence.told], findings


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), documents())
def test_nothing_is_lost_without_a_word(before, after):
    lost, findings = untold(before, after)
    assert lost == []
    if any("same content" in finding.title for finding in findings):
        assert not list(losses_of(compare(before, after)))


@pytest.mark.skipif(not RELEASES.is_dir(), reason="the real releases are not beside the project")
@pytest.mark.parametrize("folder", ["ice-287g-pending-2025-03-to-06", "ice-covid-page-table-2020-07"])
def test_nothing_is_lost_without_a_word_in_real_releases(folder):
    paths = sorted((RELEASES / folder).iterdir())[:FEW]
    read = [extract(path.read_bytes(), media_type="", hints=ReadingHints(file_name=path.name)) for path in paths]
    for before, after in itertools.pairwise(read):
        assert untold(before, after)[0] == []


def test_a_sentence_with_a_figure_is_missed_under_a_new_date():
    said = "As of 4 May 2031 the office held 31,455 people."
    days = [dated(DateRole.LAST_UPDATED, 2023, 3, 3)], [dated(DateRole.LAST_UPDATED, 2023, 3, 9)]
    stays = "Visitors are admitted on all days of the week."
    findings = judge(edited(page(stays, said, dates=days[0]), page(stays, dates=days[1])))
    assert not any("same content" in finding.title for finding in findings)
    assert any(finding.severity.rank and "31,455" in str(finding.before) for finding in findings)
