import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.readers.spreadsheets.formulas import work_out
from diffing.readers.tables.cells import Cell
from tests.diffing.workbooks import only, put, read_filled

CELLS = {
    (0, column): Cell(value, str(value)) for column, value in enumerate((12, 8, "text", 0))
}  # A1:D1, E1 blank


def worked_out(formula, **others):
    places = {(1, index): other for index, other in enumerate(others.values())}
    return work_out({(9, 9): formula, **places}, CELLS).get((9, 9))


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("SUM(A1:E1)", 20),
        ("SUM(A1,B1,5)", 25),
        ("A1+B1*2", 28),
        ("-(A1-B1)/4", -1),
        ("$A$1/B$1", 1.5),
        ("IF(ISERROR(A1/D1),0,A1/D1)", 0),
        ("IF(ISERROR(A1/B1),0,A1/B1)", 1.5),
        ("IFERROR(A1/E1,7)", 7),
        ("AVERAGE(A1:B1)", 10),
        ("A1*50%", 6),
        ("A1", 12),
    ],
)
def test_what_sums_shares_and_differences_give(formula, result):
    assert worked_out(formula) == result


@pytest.mark.parametrize(
    "formula",
    [
        "A1/D1",
        "C1",
        "E1",
        "C1+1",
        "VLOOKUP(A1,B1:C9,2)",
        "Other!A1",
        "IF(A1>1,2,3)",
        "SUM(A1",
        '"x"&A1',
        "J10",
        "",
    ],
)
def test_anything_else_stays_blank(formula):
    assert worked_out(formula) is None


def test_formulas_lean_on_each_other_and_a_circle_gives_nothing():
    assert worked_out("SUM(A2:B2)", a="A1+1", b="A2+1") == 27
    assert worked_out("A2", a="B2", b="A2") is None


@given(st.text(alphabet='SUMIF(ERO)+-*/,:$A1%9. "', max_size=40))
def test_any_text_is_worked_out_or_left(formula):
    worked_out(formula)


def test_a_workbook_saved_without_results_reads_like_one_with_them():
    rows = [["County", "Men", "Women", "Total"], ["Ash", 5, 6, "=SUM(B2:C2)"], ["Bex", 7, 8, "=B3+C3"]]
    read = only(read_filled(lambda sheet: put(sheet, "A1", [*rows, ["Total", 12, 14, "=SUM(D2:D3)"]])))
    assert [row[3] for row in read.rows] == [11, 15, 26]
