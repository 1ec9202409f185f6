"""Catalogues are read entry by entry, in every form the same."""

from __future__ import annotations

import json
import random

import pytest

from diffing.readers.json.reader import read
from state.document import ReadingHints, Table
from state.errors import PartialAnswer, ReadingError
from tests.diffing.catalogues import FORMS, ckan, datasets

HINTS = ReadingHints()


def entries_of(body: bytes, **hints: str) -> Table:
    document = read(body, hints=ReadingHints(**hints))
    (table,) = document.tables
    assert not document.definitions
    assert not document.blocks
    return table


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_is_a_row_by_its_identifier(form: str) -> None:
    table = entries_of(FORMS[form](datasets(12, of_gender=3)))
    names = [column.name for column in table.columns]
    assert table.catalogue
    assert [names[place] for place in table.key] == ["Identifier"]
    row = dict(zip(names, table.rows[2], strict=True))
    assert row["Title"] == "Maternal mortality, table 2"
    assert row["Description"] == "Counts and rates of maternal mortality by gender, race and state, 1999 on."
    assert row["Keywords"] == "gender, health"
    assert row["License"] == "CC0"
    assert str(row["Modified"]).startswith("2025-01-01")


def test_what_a_catalogue_counts_by_itself_is_no_part_of_an_entry() -> None:
    names = {column.name for form in FORMS for column in entries_of(FORMS[form](datasets(5))).columns}
    assert not names & {"viewCount", "downloadCount", "num_resources", "tracking_summary / total"}


def test_columns_of_a_dataset_stand_with_their_types_and_words() -> None:
    table = entries_of(FORMS["socrata"](datasets(3, of_gender=1)))
    place = [column.name for column in table.columns].index("Columns")
    assert table.rows[0][place] == "Year (text): The Year; State (text): The State; Gender (text): The Gender"


def test_socrata_s_search_is_the_same_catalogue() -> None:
    found = [
        {
            "resource": {
                "id": "abcd-1234", "name": "Deaths", "description": "By sex.", "updatedAt": "2025-01-02T00:00:00Z",
                "columns_name": ["Year", "Sex"], "columns_datatype": ["Number", "Text"],
                "columns_description": ["", "S"],
                "page_views": {"page_views_total": 12},
            },
            "classification": {"domain_tags": ["health"], "domain_category": "Vital records"},
            "permalink": "https://data.agency.example/d/abcd-1234",
        }
    ]  # fmt: skip
    table = entries_of(json.dumps({"results": found, "resultSetSize": 1}).encode())
    row = dict(zip([column.name for column in table.columns], table.rows[0], strict=True))
    assert row["Columns"] == "Year (Number); Sex (Text): S"
    assert row["Theme"] == "Vital records"


def test_linked_data_with_prefixes_is_the_same_catalogue() -> None:
    entry = {
        "dct:title": "Deaths", "dct:description": "By sex.", "dct:identifier": "d-1",
        "dct:license": {"@id": "https://cc"},
        "dcat:keyword": ["b", "a"], "dcat:distribution": [{"dcat:downloadURL": "https://x.example/a.csv"}],
    }  # fmt: skip
    table = entries_of(json.dumps({"dcat:dataset": [entry]}).encode())
    row = dict(zip([column.name for column in table.columns], table.rows[0], strict=True))
    assert (row["Identifier"], row["Keywords"], row["License"]) == ("d-1", "a, b", "https://cc")
    assert row["Files"] == "https://x.example/a.csv"


def test_a_part_of_a_catalogue_is_no_catalogue() -> None:
    with pytest.raises(PartialAnswer, match=r"10 of its 2,500 entries; ask for all at once"):
        read(ckan(datasets(10), count=2_500), hints=HINTS)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_declared_and_is_none_is_refused(form: str) -> None:
    others = [body(datasets(4)) for name, body in FORMS.items() if name != form]
    for body in (*others, b'{"error": "busy"}', b"[]"):
        with pytest.raises(ReadingError, match=rf"no such catalogue .*catalogue: {form}"):
            read(body, hints=ReadingHints(catalogue=form))


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "abcd-1234", "name": "x", "value": 3}],
        {"dataset": [{"title": "a", "value": 3}]},
        {"success": True, "result": [{"name": "a", "value": 1}]},
        {"dataset": []},
        {"results": [{"resource": "a"}], "resultSetSize": 1},
    ],
)
def test_what_only_looks_like_one_is_read_as_data(data: object) -> None:
    assert not any(table.catalogue for table in read(json.dumps(data).encode(), hints=HINTS).tables)


def test_odd_entries_harm_nobody() -> None:
    odd = [{"title": None, "description": [], "identifier": {"a": 1}, "keyword": 3, "distribution": "x"}]
    assert len(entries_of(json.dumps({"dataset": odd}).encode()).rows) == 1
    shuffled = datasets(50)
    random.Random(4).shuffle(shuffled)
    assert sorted(entries_of(ckan(shuffled)).rows) == sorted(entries_of(ckan(datasets(50))).rows)
