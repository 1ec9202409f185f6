"""A byte order mark, a binary zero, half a character: they harm nobody."""

from __future__ import annotations

import codecs
import json

import pytest

from diffing.extract import extract
from state.document import Document, ReadingHints

TABLE = "County,Beds\nAlder,12\nBirch,30\nCedar,7\n"
RECORDS = [{"County": "Alder", "Beds": 12}, {"County": "Birch", "Beds": 30}, {"County": "Cedar", "Beds": 7}]
ROWS = (("Alder", 12), ("Birch", 30), ("Cedar", 7))


def read(body: bytes, name: str) -> Document:
    return extract(body, media_type="", hints=ReadingHints(file_name=name))


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        TABLE.encode() + b"\x00" * 40,
        TABLE.replace("Alder", "Al\x00der").encode(),
        TABLE.encode() + b"\x1a",
    ],
)
def test_lists_of_values(body: bytes) -> None:
    (table,) = read(body, "beds.csv").tables
    assert table.rows[:3] == ROWS


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + json.dumps(RECORDS).encode(),
        json.dumps(RECORDS).encode("utf-16"),
        json.dumps(RECORDS).encode() + b"\x00\x00",
        json.dumps(RECORDS).replace("Alder", "Alder\\u0000").encode(),
    ],
)
def test_json(body: bytes) -> None:
    (table,) = read(body, "beds.json").tables
    assert table.rows == ROWS


def test_half_a_character_is_shown_as_browsers_show_it() -> None:
    body = b'{"beds": [{"County": "A\\ud83d B", "Beds": 1}, {"County": "\\ud83d\\ude00", "Beds": 2}]}'
    (table,) = read(body, "beds.json").tables
    assert [row[0] for row in table.rows] == ["A\ufffd B", "\U0001f600"]


@pytest.mark.parametrize("body", [b"Beds in use:\x00 12\n\nMore.\n", "Beds in use: 12\n\nMore.".encode("utf-16")])
def test_plain_texts(body: bytes) -> None:
    assert [block.text for block in read(body, "beds.txt").blocks] == ["Beds in use: 12", "More."]
