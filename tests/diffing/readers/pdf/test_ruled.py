from __future__ import annotations

from diffing.readers.pdf.framed import read_framed
from diffing.readers.pdf.ruled import components, fill_edges, find_frames, gap_borders
from diffing.readers.pdf.shapes import Box, Line, Stroke
from tests.diffing.readers.pdf.placed import lattice, line, lying, page, rows, standing, texts_of

XS, YS = (70.0, 190.0, 250.0, 310.0), (88.0, 104.0, 120.0, 136.0)


def read(lines: list[Line], strokes: list[Stroke]) -> list[tuple[str, ...]]:
    content = page(lines, strokes=strokes)
    (frame,) = find_frames(strokes, content.words)
    return texts_of(read_framed(frame, content.words, page=content))


def test_strokes_that_meet_are_one_component() -> None:
    assert len(components([*lattice(XS, YS), lying(500, 70, 310), standing(300, 500, 520)])) == 2


def test_a_fully_ruled_table() -> None:
    lines = rows(
        [{74: "County", 194: "Held", 254: "Moved"}, {74: "Bexar", 254: "3"}, {74: "Hays", 194: "14", 254: "5"}],
        step=16,
    )
    assert read(lines, lattice(XS, YS)) == [("County", "Held", "Moved"), ("Bexar", "3"), ("Hays", "14", "5")]


def test_cells_with_no_rule_between_them_are_one() -> None:
    strokes = [
        *(lying(y, 70, 310) for y in YS),
        standing(70, 88, 136),
        standing(310, 88, 136),
        standing(190, 104, 136),
    ]
    content = page(
        rows([{74: "A head over all columns"}, {74: "Bexar", 194: "12"}, {74: "Hays", 194: "14"}], step=16)
    )
    (frame,) = find_frames(strokes, content.words)
    assert any((cell.column, cell.last_column) == (0, 1) for cell in frame.cells)


def test_an_underline_does_not_part_a_cell() -> None:
    lines = rows(
        [
            {74: "County", 194: "Held", 254: "Moved"},
            {74: "Bexar", 194: "7", 254: "3"},
            {74: "Hays", 194: "14", 254: "5"},
        ],
        step=16,
    )
    assert read(lines, [*lattice(XS, YS), lying(102, 76, 96)])[0] == ("County", "Held", "Moved")


def test_a_ruled_cell_that_holds_several_rows_is_split() -> None:
    lines = rows(
        [
            {74: "County", 194: "Held", 254: "Moved"},
            *({74: f"C{n}", 194: f"{n}2", 254: f"{n}3"} for n in range(1, 6)),
        ]
    )
    strokes = lattice(XS, (88.0, 104.0, 180.0))
    assert read(lines, strokes) == [
        ("County", "Held", "Moved"),
        *((f"C{n}", f"{n}2", f"{n}3") for n in range(1, 6)),
    ]


def test_a_wrapped_text_in_a_ruled_cell_is_not_split() -> None:
    lines = rows([{74: "Source", 194: "Sort"}, {74: "Stationary", 194: "Any"}, {74: "and large", 194: "kind"}])
    strokes = lattice((70.0, 190.0, 310.0), (88.0, 104.0, 132.0))
    assert read(lines, strokes) == [("Source", "Sort"), ("Stationary and large", "Any kind")]


def test_blank_space_parts_rows_where_the_first_column_begins_anew() -> None:
    cells = [
        {74: "Major", 194: "Ten tons"},
        {194: "or more"},
        {},
        {74: "Area", 194: "Less than"},
        {194: "ten tons"},
    ]
    assert read(rows(cells), lattice((70.0, 190.0, 310.0), (88.0, 160.0))) == [
        ("Major", "Ten tons or more"),
        ("Area", "Less than ten tons"),
    ]


def test_coloured_cells_side_by_side_have_borders() -> None:
    assert len(fill_edges([Box(70, 88, 190, 104), Box(190, 88, 310, 104), Box(70, 200, 310, 216)])) == 8


def test_gaps_at_one_place_are_a_border() -> None:
    rules = [stroke for y in YS for stroke in (lying(y, 70, 188), lying(y, 192, 310))]
    (border,) = gap_borders(rules)
    assert (border.lying, border.at, border.start, border.end) == (False, 190, 88, 136)
    assert gap_borders([*rules, lying(112, 70, 310)]) == []


def test_the_ticks_of_a_chart_are_no_table() -> None:
    strokes = lattice([70.0 + 4 * n for n in range(30)], YS)
    assert find_frames(strokes, line("Chart", left=74).words) == []
