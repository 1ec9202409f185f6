"""Rows and columns that a workbook showed and hides now."""

import io

import openpyxl
import pytest

from diffing.comparing.compare import compare
from diffing.detectors.vanished import column_vanished, rows_vanished
from diffing.extract import extract
from state.document import ReadingHints
from state.kinds import Severity
from tests.diffing.tables import evidence_of


def workbook(*, rows=(), columns=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Place", "Held", "Released"])
    for number in range(8):
        sheet.append([f"Place {number}", 40 + 7 * number, 12 + number])
    for row in rows:
        sheet.row_dimensions[row].hidden = True
    for column in columns:
        sheet.column_dimensions[column].hidden = True
    body = io.BytesIO()
    book.save(body)
    return extract(body.getvalue(), media_type="", hints=ReadingHints())


@pytest.mark.parametrize(
    ("detector", "after", "named"),
    [
        (rows_vanished, {"rows": (4, 6)}, ["Place 2", "Place 4"]),
        (column_vanished, {"columns": ("C",)}, ["Released"]),
    ],
)
def test_hidden_is_told_as_hidden_and_once(detector, after, named):
    before, hidden = workbook(), workbook(**after)
    (draft,) = detector.detect(evidence_of(before, hidden))
    assert "hidden" in draft.title
    assert draft.severity is Severity.MEDIUM
    assert [item.row or item.column for item in draft.items] == named
    assert not list(detector.detect(evidence_of(hidden, hidden)))
    assert not list(detector.detect(evidence_of(hidden, before)))
    assert not compare(before, hidden).tables[0].cells
