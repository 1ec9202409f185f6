import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.readers.tables.rectangles import LARGE, ColumnReader, name_columns
from diffing.values import is_identifier, read_value, tidy


def read_in_pieces(texts, size):
    reader = ColumnReader()
    for start in range(0, len(texts), size):
        reader.add(tuple(texts[start : start + size]))
    return reader


TEXTS = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.integers(0, 10**6).map("{:,}".format),
    st.floats(-1e6, 1e6).map(str),
    st.sampled_from(["", " ", "*", "TX", "12%", "$5", "nan", "inf", "1e5", "+5", "1_000", "٣", "5.0", "Infinity"]),
)


@given(st.lists(TEXTS, max_size=30), st.integers(1, 10))
def test_a_column_reads_as_its_cells_do_however_it_is_cut(texts, size):
    reader = read_in_pieces(texts, size)
    values = [tidy(value) if isinstance(value, str) else value for value in map(read_value, texts)]
    assert reader.finish() == values
    assert [type(value) for value in reader.finish()] == [type(value) for value in values]
    shown = dict(reader.texts)
    for row, (text, value) in enumerate(zip(texts, values, strict=True)):
        assert shown.get(row, "" if value is None else str(value)) == tidy(text)


@pytest.mark.parametrize("odd", ["Adams", "US$5", "a  b", " a", "05", "1.50", "", "Doña", "x\ny"])
def test_names_that_do_not_repeat_are_read_as_each_alone(odd):
    texts = [*(f"F-{n:03} County, TX" for n in range(200)), odd]
    reader = read_in_pieces(texts, len(texts))
    alone = read_in_pieces(texts, 1)
    assert (reader.finish(), reader.texts) == (alone.finish(), alone.texts)


def test_one_identifier_makes_identifiers_of_all_whole_numbers():
    reader = read_in_pieces(["78017", "02863", "1"], 1)
    assert reader.finish() == ["78017", "02863", "1"]
    assert is_identifier("02863")


def test_the_text_of_numbers_is_not_kept_in_large_tables():
    reader = read_in_pieces(["1,000"] * (LARGE + 10) + ["  TX "], LARGE)
    assert len(reader.texts) == LARGE
    assert reader.finish()[-1] == "TX"


def test_columns_get_unique_names():
    columns = name_columns(["", "a", "A ", "", "FY2024"], fiscal_year=None)
    assert [column.name for column in columns] == ["", "a", "A #2", "column 4", "FY2024"]
    assert columns[4].period is not None
