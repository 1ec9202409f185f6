"""Whatever the format: a figure is a finite number that can be reckoned with, everything else is a text."""

import io
import json

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from diffing.readers import csv
from diffing.readers.html import reader as html
from diffing.readers.json import reader as json_reader
from diffing.readers.spreadsheets import reader as spreadsheets
from diffing.values import LARGEST, read_value
from state.document import ReadingHints
from tests.diffing.workbooks import edited, make_workbook, put

HINTS = ReadingHints()
ENDLESS = [
    "1e999",
    "-1e999",
    "1E+120",
    "9" * 400,
    "9" * 5000,
    "-" + "9" * 101 + ".5",
    "NaN",
    "Infinity",
    "-Infinity",
]


def figures_of(document):
    """The cells under "Held", the numbers checked."""
    (table,) = document.tables
    place = [column.name for column in table.columns].index("Held")
    values = [row[place] for row in table.rows]
    for value in values:
        assert value is None or isinstance(value, str) or -LARGEST < value < LARGEST, value
    return values


@pytest.mark.parametrize("text", ENDLESS)
def test_what_is_no_figure_is_a_text_in_a_csv_and_on_a_page(text):
    rows = [("North", text), ("South", "12"), ("West", "3.5")]
    lines = "".join(f"{name},{held}\n" for name, held in rows)
    assert figures_of(csv.read(f"Area,Held\n{lines}".encode(), hints=HINTS))[1:] == [12, 3.5]
    cells = "".join(f"<tr><td>{name}<td>{held}" for name, held in rows)
    page = f"<table><tr><th>Area<th>Held{cells}</table>"
    assert figures_of(html.read(page.encode(), hints=HINTS))[1:] == [12, 3.5]


@pytest.mark.parametrize("text", ENDLESS)
def test_what_is_no_figure_is_a_text_in_json(text):
    records = f'[{{"Area": "North", "Held": {text}}}, {{"Area": "South", "Held": 12}}]'
    assert figures_of(json_reader.read(records.encode(), hints=HINTS)) == [text, 12]


@pytest.mark.parametrize("text", [*ENDLESS, "INF"])
def test_what_is_no_figure_is_a_text_in_a_workbook(text):
    body = make_workbook(lambda sheet: put(sheet, "A1", [["Area", "Held"], ["North", 4711], ["South", 12]]))
    body = edited(body, lambda _name, content: content.replace(b"4711", text.encode()))
    assert figures_of(spreadsheets.read(body, hints=HINTS)) == [text, 12]


def test_what_is_no_figure_is_a_text_in_an_old_workbook():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row, cells in enumerate([["Area", "Held"], ["North", 1e120], ["South", 12]]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    assert figures_of(spreadsheets.read(stream.getvalue(), hints=HINTS)) == ["1e+120", 12]


@given(st.floats(allow_nan=False).filter(lambda number: abs(number) < LARGEST))
def test_every_figure_is_read_back(number):
    assert read_value(f"{number:.17e}") == number
    document = json_reader.read(
        json.dumps([{"Area": "a", "Held": number}, {"Area": "b", "Held": 1}]).encode(), hints=HINTS
    )
    assert figures_of(document)[0] == pytest.approx(number)
