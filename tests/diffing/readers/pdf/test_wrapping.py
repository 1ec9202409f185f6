from __future__ import annotations

from collections.abc import Mapping, Sequence

from diffing.readers.pdf.aligned import read_aligned
from diffing.readers.pdf.lines import to_lines
from tests.diffing.readers.pdf.placed import rows, texts_of, words

HEAD = {72: "Agency", 220: "2009", 280: "2010"}


def read(cells: Sequence[Mapping[float, str]]) -> list[tuple[str, ...]]:
    return texts_of(read_aligned(rows([HEAD, *cells]), page=1, strokes=()))[1:]


def test_a_label_that_goes_on_below() -> None:
    assert read(
        [{72: "Office of the", 220: "1", 280: "2"}, {72: "inspector"}, {72: "Marshals", 220: "3", 280: "4"}]
    ) == [
        ("Office of the inspector", "1", "2"),
        ("Marshals", "3", "4"),
    ]


def test_a_label_that_begins_above_its_figures() -> None:
    assert read(
        [{72: "Persons held for"}, {72: "removal", 220: "1", 280: "2"}, {72: "Others", 220: "3", 280: "4"}]
    ) == [
        ("Persons held for removal", "1", "2"),
        ("Others", "3", "4"),
    ]


def test_a_group_label_stays_a_row_of_its_own() -> None:
    cells = [
        {72: "Border"},
        {80: "Apprehended", 220: "1", 280: "2"},
        {72: "Interior"},
        {80: "Arrested", 220: "3", 280: "4"},
    ]
    assert read(cells) == [("Border",), ("Apprehended", "1", "2"), ("Interior",), ("Arrested", "3", "4")]


def test_rows_told_by_space_with_figures_at_half_height() -> None:
    placed = [word for x, text in HEAD.items() for word in words(text, left=x, base=100)]
    for number in range(4):
        base = 130.0 + 36 * number
        placed += words("Investigative matters", left=72, base=base - 6)
        placed += words("Received", left=72, base=base + 6)
        placed += words(f"{number}12", left=220, base=base)
        placed += words(f"{number}15", left=280, base=base)
    found = texts_of(read_aligned(to_lines(placed), page=1, strokes=()))
    assert found[1:] == [("Investigative matters Received", f"{n}12", f"{n}15") for n in range(4)]
