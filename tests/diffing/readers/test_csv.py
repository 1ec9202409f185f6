import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.readers import csv
from diffing.readers.tables.rectangles import LARGE
from state.document import ReadingHints
from state.errors import ReadingError
from tests.budgets import examples

HINTS = ReadingHints()


def read(text, encoding="utf-8"):
    return csv.read(text.encode(encoding), hints=HINTS)


def only(text, encoding="utf-8"):
    (table,) = read(text, encoding).tables
    return table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter):
    rows = [["Facility", "Cases", "Deaths"], ["Adams, MS", "1.5", "2"], ["Baker; FL", "3", "4"]]
    text = "\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows)
    table = only(text)
    assert [column.name for column in table.columns] == rows[0]
    assert table.rows[0] == ("Adams, MS", 1.5, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found_out(encoding):
    table = only("Facility,Cases\nDoña Ana,5\nO’Hanlon,6\n", encoding)
    assert table.row_keys == ("Doña Ana", "O’Hanlon")
    assert table.columns[0].name == "Facility"


def test_numbers_dates_and_marks_are_typed_and_their_text_is_kept():
    table = only('Date,Detained,Share,Deaths,Note\n3/27/2020,"15,054",12%,*,\n3/28/2020,"    1,878",0.5%,-,x\n')
    assert table.rows == (("2020-03-27", 15054, 0.12, "*", None), ("2020-03-28", 1878, 0.005, "-", "x"))
    assert table.text_at(0, 1) == "15,054"
    assert table.text_at(1, 1) == "1,878"
    assert table.text_at(0, 0) == "3/27/2020"
    assert [str(period.start) for period in table.row_periods] == ["2020-03-27", "2020-03-28"]


def test_line_breaks_inside_fields_are_no_rows():
    table = only('Facility,Cases\n"Folkston\n   (D. Ray James)",6\nIrwin,13\n')
    assert table.row_keys == ("Folkston (D. Ray James)", "Irwin")


def test_a_title_and_a_note_around_the_rows_are_found():
    table = only("Arrests by area\n\nArea,Count\nAtlanta,5\nBoston,7\nSource: field offices\n")
    assert table.name == "Arrests by area"
    assert table.row_keys == ("Atlanta", "Boston")
    assert table.notes == ("Source: field offices",)


def test_ragged_rows_are_filled():
    table = only("Area,Count,Share\nAtlanta,5\nBoston,7,0.5\nChicago,8,0.5\n")
    assert table.rows[0] == ("Atlanta", 5, None)


def test_a_header_without_rows_is_an_empty_table():
    table = only("Area,Count,Share\n")
    assert (len(table.columns), table.rows) == (3, ())


def test_long_files_are_read_column_by_column():
    count = LARGE + 10
    rows = [f'{i},F{i % 7},{i / 4},"{i:,}"' for i in range(count)]
    table = only("id,name,adp,booked\n" + "\n".join(rows))
    assert len(table.rows) == count
    assert table.rows[count - 1] == (count - 1, f"F{(count - 1) % 7}", (count - 1) / 4, count - 1)
    assert table.rows[0][1] is table.rows[7][1]
    assert len(set(table.row_keys)) == count


def test_long_files_with_rows_of_other_lengths_say_so():
    body = io.StringIO()
    body.write("id,name,zip\n")
    body.writelines(f"{i},F{i},{'02863' if i == 3 else 10000 + i}\n" for i in range(LARGE + 5))
    body.write("short\n\n")
    document = read(body.getvalue())
    (table,) = document.tables
    assert document.remarks == ("1 rows have more or fewer fields than the header; they were cut or filled.",)
    assert table.rows[-1] == ("short", None, None)
    assert table.rows[4][2] == "10004"  # zip codes, as one of them has a leading zero


def test_binary_files_are_refused():
    for body in (b"\x00\x01\x02\x03" * 50, b"\x81\x01\x02\xff" * 50):
        with pytest.raises(ReadingError, match="binary"):
            csv.read(body, hints=HINTS)


FIELDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Cs", "Cc"]), max_size=12
)


@settings(max_examples=examples(150))
@given(st.lists(st.lists(FIELDS, min_size=1, max_size=5), max_size=12))
def test_any_fields_are_read_and_tables_are_rectangles(rows):
    text = "\n".join(",".join('"' + field.replace('"', '""') + '"' for field in row) for row in rows)
    for table in read(text).tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len(set(table.row_keys)) == len(table.rows)


@settings(max_examples=examples(100))
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body):
    try:
        csv.read(body, hints=HINTS)
    except ReadingError as error:
        assert str(error)


@given(st.text(alphabet="a,1.\n", max_size=60), st.integers(1, 4), st.integers(0, 2))
def test_unquoted_text_is_cut_as_the_csv_module_parts_it(text, width, skipped):
    cuts = []
    for cut in (csv._cut_plain, csv._cut_quoted):
        fitting = csv._Fitting(width=width)
        pieces = list(cut(text, ",", skipped=skipped, fitting=fitting))
        columns = [[field for piece in pieces for field in piece[column]] for column in range(width)]
        cuts.append((columns, fitting.odd, fitting.rows))
    assert cuts[0] == cuts[1]


def test_a_line_of_a_million_fields_is_refused_at_once():
    with pytest.raises(ReadingError, match="columns"):
        read("a," * 1_000_000 + "a\n" + "1," * 1_000_000 + "1\n")
