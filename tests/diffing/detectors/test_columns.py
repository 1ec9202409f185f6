from msgspec.structs import replace

from diffing.detectors.news import column_added
from diffing.detectors.redefined import column_renamed
from diffing.detectors.vanished import column_vanished
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, table_of

ROWS = [["A", "Male", 12], ["B", "Female", 31], ["C", "Male", 44]]


def evidence(before, after, *, renamed=()):
    tables = (
        table_of(["Case", *before], *ROWS),
        table_of(["Case", *after], *[row[: len(after) + 1] for row in ROWS]),
    )
    found = evidence_of(document_of(tables[0]), document_of(tables[1]))
    pair = found.comparison.tables[0]
    pair = replace(
        pair,
        columns_renamed=tuple(renamed),
        columns_removed=tuple(c for c in pair.columns_removed if c not in [old for old, _ in renamed]),
        columns_added=tuple(c for c in pair.columns_added if c not in [new for _, new in renamed]),
    )
    return replace(found, comparison=replace(found.comparison, tables=(pair,)))


def renamed(before, after):
    (draft,) = column_renamed.detect(evidence([before, "Stay"], [after, "Stay"], renamed=[(1, 1)]))
    return draft


def test_a_header_with_another_meaning():
    draft = renamed("Gender", "Sex")
    assert (draft.before, draft.after, draft.severity) == ("Gender", "Sex", None)
    assert draft.title == "Column “Gender” of “Removals by county” is now “Sex”"
    assert draft.reason == "3 of 3 rows have the same value under the other header"
    assert renamed("Last Inspection Standard", "Last Nakamoto Inspection Standard").severity is None
    assert renamed("Level 1", "Level 2").severity is None


def test_a_header_with_another_year_or_spelling_is_info():
    for before, after in [
        ("FY24 ADP", "FY25 ADP"),
        ("FY 2023 YTD", "FY 2023"),
        ("Male Crim", "Male  crim."),
        ("County", "Conty"),
    ]:
        assert renamed(before, after).severity is Severity.INFO, (before, after)


def test_a_column_that_left_is_named():
    (draft,) = column_vanished.detect(evidence(["Sex", "Stay"], ["Sex"]))
    assert draft.title == "Column “Stay” left “Removals by county”"
    assert [item.column for item in draft.items] == ["Stay"]
    assert draft.severity is None, "critical by kind"


def test_a_column_whose_year_gave_way_to_the_next_is_info():
    (draft,) = column_vanished.detect(evidence(["Sex", "FY24 YTD removals"], ["Sex", "FY25 YTD removals"]))
    assert draft.severity is Severity.INFO


def test_a_column_that_joined_is_news():
    found = evidence(["Sex", "Stay"], ["Sex", "Height"])
    (draft,) = column_added.detect(found)
    assert draft.title == "1 column joined “Removals by county”: Height"
