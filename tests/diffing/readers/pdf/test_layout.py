from __future__ import annotations

from diffing.readers.pdf.bands import find_bands
from diffing.readers.pdf.layout import lay_out
from tests.diffing.readers.pdf.placed import line, lying, page, rows, texts_of

CELLS = [
    {72: "County", 200: "Held", 260: "Moved"},
    *({72: f"C{n}", 200: f"{n}2", 260: f"{n}3"} for n in range(1, 6)),
]


def test_a_table_between_rules_ends_at_the_last_rule() -> None:
    lines = [*rows(CELLS), line("Source 2010", base=180)]
    rules = [lying(88, 72, 290), lying(104, 72, 290), lying(165, 72, 290)]
    (found,) = lay_out(page(lines, strokes=rules)).tables
    assert texts_of(found) == [tuple(row.values()) for row in CELLS]


def test_rules_of_the_page_around_prose_are_no_table() -> None:
    lines = [
        line("the agency reported the figures to the committee in full", base=100 + 12 * n) for n in range(20)
    ]
    content = page(lines, strokes=[lying(60, 72, 540), lying(400, 72, 540)])
    assert find_bands(content.words, content.strokes) == []
    assert lay_out(content).tables == ()


def test_typed_dashes_serve_as_rules() -> None:
    lines = rows([CELLS[0], {72: "-" * 45}, *CELLS[1:]])
    (found,) = lay_out(page(lines)).tables
    assert found.header_rows == 1
    assert "-" not in "".join(cell.text for cell in found.cells)


def test_what_is_in_no_table_is_prose_once() -> None:
    lines = [line("Detainees by county, and where they went", base=70), *rows(CELLS)]
    layout = lay_out(page(lines))
    assert [each.text for each in layout.prose] == ["Detainees by county, and where they went"]
    assert len(layout.tables) == 1


def test_labels_of_a_chart_are_no_table() -> None:
    scattered = [
        {60: "50"},
        {60: "40"},
        {60: "30"},
        {60: "20"},
        {60: "10"},
        {80: "1", 120: "2", 160: "3", 200: "4", 240: "5"},
    ]
    assert lay_out(page(rows(scattered, step=30))).tables == ()
