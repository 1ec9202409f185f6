import json

import pytest

from diffing.readers.json import reader
from state.document import ReadingHints
from state.errors import ReadingError


def read(data):
    return reader.read(json.dumps(data).encode(), hints=ReadingHints())


def names(table):
    return [column.name for column in table.columns]


def test_arrays_of_objects_are_tables():
    (table,) = read(
        [{"facility": "Adams", "count": "               1,878"}, {"facility": "Baker", "count": "  12"}]
    ).tables
    assert names(table) == ["facility", "count"]
    assert table.rows == (("Adams", 1878), ("Baker", 12))
    assert table.row_keys == ("Adams", "Baker")


def test_objects_of_columns_are_tables():
    (table,) = read({"state": ["TX", "CA"], "count": [5, None]}).tables
    assert table.rows == (("TX", 5), ("CA", None))


def test_nested_objects_are_paths():
    (table,) = read([{"name": "Adams", "adp": {"male": {"crim": 1.5}, "female": 2}}]).tables
    assert names(table) == ["name", "adp / male / crim", "adp / female"]
    assert table.columns[1].path == ("adp", "male", "crim")


def test_tables_inside_an_object_are_titled_by_where_they_stand_and_texts_are_blocks():
    document = read(
        {"meta": {"asof": "data as of 3/1/2025"}, "data": {"rows": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}}
    )
    assert [table.name for table in document.tables] == ["data / rows"]
    assert document.blocks[0].text == "asof: data as of 3/1/2025"
    assert [str(stated.date) for stated in document.dates] == ["2025-03-01"]


def test_arrays_of_arrays_have_their_first_as_header():
    (table,) = read([["state", "count"], ["TX", 5], ["CA"]]).tables
    assert names(table) == ["state", "count"]
    assert table.rows == (("TX", 5), ("CA", None))


def test_records_by_key_are_a_table():
    (table,) = read({"TX": {"count": 5, "share": 0.5}, "CA": {"count": 6, "share": 0.25}}).tables
    assert table.row_keys == ("TX", "CA")
    assert table.rows[1] == ("CA", 6, 0.25)


def test_figures_of_an_object_are_a_table():
    (table,) = read({"detained": 20506, "booked": 59047}).tables
    assert table.rows == (("detained", 20506), ("booked", 59047))


def test_objects_that_lack_a_name_are_blank_there():
    (table,) = read([{"a": 1, "b": 2}, {"a": 3, "c": [1, {"d": 2}]}]).tables
    assert table.rows == ((1, 2, None), (3, None, '[1, {"d": 2}]'))


def test_a_byte_order_mark_and_utf_16_are_understood():
    for encoding in ("utf-8-sig", "utf-16"):
        document = reader.read('[{"ort": "Doña Ana", "n": 1}]'.encode(encoding), hints=ReadingHints())
        assert document.tables[0].rows == (("Doña Ana", 1),)


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe\x00", b"[" * 100_000, b"nope"])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(ReadingError, match="cannot be parsed"):
        reader.read(body, hints=ReadingHints())


def test_empty_and_bare_values_have_no_tables():
    for data in ([], {}, 5, "text", None, [[]], [None]):
        assert all(not table.rows for table in read(data).tables)


def test_deep_objects_end_somewhere():
    data = value = {}
    for _ in range(400):
        value["a"] = {"n": 1}
        value = value["a"]
    assert read(data).media_type == "application/json"


def test_days_of_arcgis_are_days_where_its_fields_say_so():
    fields = [{"name": "BERTH", "type": "esriFieldTypeString"}, {"name": "SEEN", "type": "esriFieldTypeDate"}]
    rows = [("Anker", 2030659200000), ("Brae", 2030695200000), ("Cove", None)]
    features = [{"attributes": {"BERTH": berth, "SEEN": seen, "BOATS": 2030659200000}} for berth, seen in rows]
    (table,) = (each for each in read({"fields": fields, "features": features}).tables if each.name == "features")
    assert [row[1] for row in table.rows] == ["2034-05-08", "2034-05-08 10:00:00", None]
    assert table.rows[0][2] == 2030659200000
