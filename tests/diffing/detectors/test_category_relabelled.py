from msgspec.structs import replace

from diffing.comparing.model import Comparison
from diffing.detectors.redefined.category_relabelled import detect
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, table_of

HEADER = ["Criminality", "Oct", "Nov", "Dec"]
ROWS = [["Criminal record", 4120, 4305, 4411], ["Pending", 2210, 2290, 2350], ["No record", 8120, 8410, 8702]]


def said(before, after, *, renamed=()):
    """``renamed`` are the pairs of rows that comparing would have found."""
    evidence = evidence_of(document_of(before), document_of(after))
    pair = evidence.comparison.tables[0]
    gone = tuple(row for row in pair.rows_removed if row not in [old for old, _ in renamed])
    new = tuple(row for row in pair.rows_added if row not in [fresh for _, fresh in renamed])
    pair = replace(pair, rows_renamed=tuple(renamed), rows_removed=gone, rows_added=new)
    comparison = Comparison(evidence.comparison.before, evidence.comparison.after, tables=(pair,))
    return list(detect(replace(evidence, comparison=comparison)))


def test_a_category_under_another_name_in_the_same_place():
    after = table_of(HEADER, ["Convicted criminal", 4300, 4400, 4500], *ROWS[1:])
    (draft,) = said(table_of(HEADER, *ROWS), after)
    assert (draft.before, draft.after) == ("Criminal record", "Convicted criminal")
    assert draft.severity is None, "high by kind"
    assert {fact.subject for fact in draft.explains} == {"row-removed", "row-added"}


def test_a_category_replaced_by_one_of_another_size_is_not_relabelled():
    assert not said(table_of(HEADER, *ROWS), table_of(HEADER, ["Convicted criminal", 43, 44, 45], *ROWS[1:]))


def test_what_comparing_paired_is_told():
    after = table_of(HEADER, ["Convicted", 4120, 4305, 4411], *ROWS[1:])
    (draft,) = said(table_of(HEADER, *ROWS), after, renamed=[(0, 0)])
    assert draft.severity is None


def test_a_re_spelling_is_info():
    after = table_of(HEADER, ["Criminal records", 4120, 4305, 4411], *ROWS[1:])
    assert said(table_of(HEADER, *ROWS), after, renamed=[(0, 0)])[0].severity is Severity.INFO


def test_a_thing_known_by_its_address_is_no_category():
    header = ["Facility", "Address", "City", "Population"]
    before = table_of(header, ["Immigration Centers of America", "508 Waterworks Rd", "Farmville", 520])
    after = table_of(header, ["ICA", "508 Waterworks Rd", "Farmville", 512])
    assert said(before, after, renamed=[(0, 0)])[0].severity is Severity.INFO


def test_agencies_whose_names_are_written_out():
    header = ["Agency", "Signed"]
    before = table_of(header, ["Tampa PD", "2025-02-28"], ["Gulf County BOCC", "2025-02-26"])
    after = table_of(
        header,
        ["Tampa Police Department", "2025-02-28"],
        ["Gulf County Board of County Commissioners", "2025-02-26"],
    )
    (draft,) = said(before, after)
    assert draft.severity is Severity.INFO
    assert len(draft.items) == 2


def test_a_category_renamed_through_all_groups():
    def release(label, factor):
        rows = []
        for n, area in enumerate(["Atlanta", "Boston", "Chicago", "Dallas"]):
            rows += [[f"{area} / GPS", 500 + n, 1], [f"{area} / {label}", (40 + n) * factor, 1]]
        return table_of(["Area", "Count", "Sites"], *rows)

    (draft,) = said(release("TR", 1), release("VoiceID", 1.1))
    assert draft.title.startswith("“TR” is now called “VoiceID”")
    assert len(draft.explains) == 8
    assert not said(release("TR", 1), release("VoiceID", 9)), "another size, another thing"


def test_an_agency_of_another_state_is_another_agency():
    header = ["State", "Agency", "Type", "Signed", "Note", "Model", "Form"]
    rows = [
        ["TEXAS", f"{name} County Department of Corrections", "County", "2025-01-01", "on", "Jail Model", "A"]
        for name in "ABCDEFGHIJ"
    ]
    left = ["FLORIDA", "Gulf University Police Department", "State Agency", "2025-05-01", "on", "Jail Model", "A"]
    came = [
        "TENNESSEE",
        "Tennessee Department of Corrections",
        "State Agency",
        "2025-05-01",
        "on",
        "Jail Model",
        "A",
    ]
    before, after = (table_of(header, *rows, row) for row in (left, came))
    keys = [[f"{row[0]} / {row[1]} / {row[5]}" for row in (*rows, last)] for last in (left, came)]
    before, after = replace(before, row_keys=tuple(keys[0])), replace(after, row_keys=tuple(keys[1]))
    assert not said(before, after)
