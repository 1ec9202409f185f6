"""Tables as statistical offices set them: spacer columns, titles in two cells, totals without a label."""

from __future__ import annotations

import pytest

from tests.diffing.workbooks import indent, names, only, put, read_filled, read_rows

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def test_blank_columns_and_rows_part_no_table() -> None:
    rows: list[list[object]] = [
        ["Table 7b", "Berths by type of vessel (hundreds)"],
        [None],
        [None, None, "All", None, "Ferries", None, "of which fast", None, "Other"],
        [None],
    ]
    for year in (2031, 2032, 2033):
        for number, quarter in enumerate(QUARTERS):
            lead = year if number == 0 else None
            rows.append([lead, quarter, 900 + number, None, 500 + number, None, 100 + number, None, 400])
    table = only(read_rows(rows))
    assert table.name == "Table 7b Berths by type of vessel (hundreds)"
    assert names(table)[2:] == ["All", "Ferries", "of which fast", "Other"]
    assert table.rows[5] == (2032, "Q2", 901, 501, 101, 400)
    assert table.row_keys[5] == "2032 / Q2"


def test_tables_side_by_side_with_labels_of_their_own_stay_apart() -> None:
    rows = [["Harbour", "Calls", None, "Berth", "Depth"]]
    rows += [[f"H{n}", 10 + n, None, f"B{n}", 3.5 + n] for n in range(5)]
    assert [names(table) for table in read_rows(rows).tables] == [["Harbour", "Calls"], ["Berth", "Depth"]]


@pytest.mark.parametrize("extra", [[None, 61, 9.5], [None, 61, None]])
def test_a_row_without_a_label_that_says_the_total_again_is_none(extra: list[object]) -> None:
    rows = [["Harbour", "Calls", "Depth"], ["Total", 61, extra[2]]]
    rows += [[f"H{n}", 10 + n, 3.5 + n] for n in range(4)] + [["Moor", 15, 4.0], extra]
    table = only(read_rows(rows))
    assert table.row_keys == ("Total", "H0", "H1", "H2", "H3", "Moor")


def test_a_sum_without_a_label_is_a_total() -> None:
    rows = [["Harbour", "Calls"], ["Anker", 10], ["Brae", 21], ["Cove", 5], ["Dunes", 7], [None, 43]]
    assert only(read_rows(rows)).totals == {4}
    rows[-1] = [None, 44]
    assert only(read_rows(rows)).totals == frozenset()


def test_a_heading_formatted_one_row_too_low_keeps_its_members() -> None:
    def fill(sheet: object, *, slip: bool) -> None:
        put(sheet, "A1", [["Harbour and berth", "Calls", "Days"]])
        row = 2
        for harbour in ("Anker", "Brae", "Cove", "Dunes"):
            for member in (harbour, "North quay", "South quay", "Roads"):
                put(sheet, f"A{row}", [[member, 10 * row, row]])
                depth = 0 if member == harbour else 1
                if slip and harbour == "Cove" and member in ("Cove", "North quay"):
                    depth = 1 - depth
                indent(sheet, f"A{row}", depth)
                row += 1

    right, slipped = (only(read_filled(lambda sheet, slip=slip: fill(sheet, slip=slip))) for slip in (False, True))
    assert "Cove / North quay" in right.row_keys
    assert slipped.row_keys == right.row_keys


def test_a_title_over_its_explanation_in_one_cell_is_the_title() -> None:
    told = "This figure counts every vessel that lay at a quay for one night or more during the month in question."
    rows = [[f"March 2033\n\n{told}"], ["Harbour", "Nights"], ["Anker", 41], ["Brae", 17], ["Cove", 8]]
    document = read_rows(rows)
    assert only(document).name == "March 2033"
    assert told in [block.text for block in document.blocks]


def test_years_over_a_blank_row_head_the_figures_below() -> None:
    rows: list[list[object]] = [["Catch by port (tonnes)"], [None], ["Port", "2031", "2032", "2033"], [None]]
    rows += [[f"P{n}", 30.5 + n, 28.1 + n, 7.6 + n] for n in range(4)]
    table = only(read_rows(rows))
    assert names(table) == ["Port", "2031", "2032", "2033"]
    assert table.row_keys == ("P0", "P1", "P2", "P3")
    assert table.columns[3].period is not None


@pytest.mark.parametrize(
    "line",
    [
        "Stand: 31. März 2034",
        "Dati aggiornati al 15 maggio 2034",
        "Données arrêtées au 1er juin 2034",
        "Quelle: Hafenamt",
    ],
)
def test_a_line_under_a_table_that_says_its_date_or_its_source_is_no_row(line: str) -> None:
    rows = [["Ort", "Boote"], *([f"O{n}", 40 + n] for n in range(4)), [line]]
    document = read_rows(rows)
    assert document.tables[0].row_keys == ("O0", "O1", "O2", "O3")
    assert document.tables[0].notes == (line,)
    assert document.definitions == ()
    assert (document.as_of is not None) == ("2034" in line)
