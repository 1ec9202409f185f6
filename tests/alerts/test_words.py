from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.items_csv import items_as_csv
from alerts.words import figure, item_line, shorten, sides
from state.model import Item


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (
            Item(row="Travis, TX", before=594, after=315, difference=-279, percent=-47.0),
            "594 → 315 (−279, −47.0 %)",
        ),
        (Item(row="Travis, TX", before=0, after=5, difference=5), "Travis, TX: 0 → 5 (+5)"),
        (Item(row="Stewart", column="ADP", before=1857.25, after=None, valued=True), "1,857.2 → blank"),
        (Item(text="Complaints", url="https://x.example"), "Complaints / https://x.example"),
        (Item(), "(unnamed)"),
        (Item(row="Conroe", note="looks swapped"), "Conroe; looks swapped"),
        (Item(before="It is voluntary.", after="It is not."), "It is voluntary. → It is not."),
        (Item(before="It is voluntary.", section="FAQ", valued=True), "FAQ: It is voluntary. → (gone)"),
    ],
)
def test_an_item_in_a_line(item: Item, line: str) -> None:
    assert line in item_line(item)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4328, "4,328"),
        (-5, "−5"),
        (720.466667, "720.5"),
        (3.14159, "3.14"),
        (0.031234, "0.0312"),
        (0.0, "0"),
        (7.0, "7"),
    ],
)
def test_figures_as_people_write_them(value: float, text: str) -> None:
    assert figure(value) == text


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_two_figures_that_differ_can_be_told_apart(before: float, after: float) -> None:
    first, second = sides(before, after, cell=True)
    if abs(before - after) > 1e-11 * max(1.0, abs(before), abs(after)) and abs(before - after) > 1e-11:
        assert first != second


def test_a_spreadsheet_will_not_take_text_for_a_formula() -> None:
    rows = list(
        csv.reader(io.StringIO(items_as_csv([Item(row='=HYPERLINK("http://x")', before=-5)]).decode("utf-8-sig")))
    )
    assert rows == [["row", "before"], ['\'=HYPERLINK("http://x")', "-5"]]


@given(st.text(max_size=300), st.integers(2, 200))
def test_shortening_keeps_to_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short.isprintable()
    assert short == " ".join(text.split()) or short.endswith("…") or not text.isprintable()
