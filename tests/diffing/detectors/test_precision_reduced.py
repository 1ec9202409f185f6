from msgspec.structs import replace

from diffing.detectors.vanished.precision_reduced import detect
from tests.diffing.tables import document_of, evidence_of, table_of

HEADER = ["Facility", "ADP / A", "ADP / B", "Beds"]
BEFORE = [["Ash", 12.4, 8.2, 10], ["Bex", 104.2, 55.1, 20], ["Cor", 7.3, 2.2, 30], ["Dun", 9.9, 1.5, 40]]


def said(before, after):
    return list(detect(evidence_of(document_of(table_of(HEADER, *before)), document_of(table_of(HEADER, *after)))))


def test_a_block_that_lost_its_decimals_is_told_once_with_all_its_cells():
    (draft,) = said(BEFORE, [[n, round(a), round(b), beds + 1] for n, a, b, beds in BEFORE])
    assert [item.column for item in draft.items] == ["ADP / A", "ADP / B"]
    assert len(draft.explains) == 8, "the beds are told by others"
    assert "100 % of 8 figures had decimals before, 0 % now" in draft.reason


def test_some_whole_numbers_are_no_loss():
    assert not said(BEFORE, [[n, round(a), b, beds] for n, a, b, beds in BEFORE])
    whole = [[n, float(round(a)), float(round(b)), beds] for n, a, b, beds in BEFORE]
    assert not said(whole, [[n, int(a), int(b), beds] for n, a, b, beds in whole])


def test_categories_merged_into_their_sum():
    header = ["Category", "Oct", "Nov", "Dec"]
    before = table_of(header, ["Level 1", 100, 110, 120], ["Level 2", 50, 60, 70], ["Level 3", 5, 6, 7])
    after = table_of(header, ["Levels 1 and 2", 150, 171, 190], ["Level 3", 5, 6, 7])
    (draft,) = detect(evidence_of(document_of(before), document_of(after)))
    assert [item.row for item in draft.items] == ["Level 1", "Level 2"]
    other = replace(after, rows=(("Levels 1 and 2", 150, 171, 890), after.rows[1]))
    assert not list(detect(evidence_of(document_of(before), document_of(other))))
