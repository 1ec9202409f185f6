"""Edits of a press office: what they take from a page or a memo is told, and harmless ones are not."""

from __future__ import annotations

import pytest

from benchmarks import edits


@pytest.mark.parametrize(("of", "least"), [(edits.of_page, 50), (edits.of_memo, 24)], ids=["page", "memo"])
def test_no_fewer_edits_are_right_than_before(of, least):
    verdicts = of()
    wrong = [verdict for verdict in verdicts if verdict.faults]
    assert len(verdicts) - len(wrong) >= least, wrong


def test_harmless_edits_are_never_told():
    harmless = {
        edit.name for edit in (*edits.press_office_page.EDITS, *edits.press_office_memo.EDITS) if not edit.told
    }
    wrong = [verdict for verdict in (*edits.of_page(), *edits.of_memo()) if verdict.faults]
    assert len(harmless) == 9
    assert not harmless & {verdict.name for verdict in wrong}
