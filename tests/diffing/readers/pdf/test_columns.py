from __future__ import annotations

from diffing.readers.pdf.columns import find_corridors, place, to_piece
from diffing.readers.pdf.lines import to_chunks
from diffing.readers.pdf.shapes import Line
from tests.diffing.readers.pdf.placed import line, rows

CHUNKED = [
    to_chunks(each) for each in rows([{72: f"County {n}", 200: f"{n}04", 260: f"{n}7"} for n in range(1, 9)])
]


def columns_of(chunked: list[Line]) -> list[int]:
    return [piece.first for piece in place(chunked, find_corridors(CHUNKED))]


def test_corridors_are_where_no_text_stands() -> None:
    corridors = find_corridors(CHUNKED)
    assert len(corridors) == 2
    assert corridors[0].right == 200
    assert corridors[1].right == 260


def test_a_blank_cell_stays_blank_in_its_column() -> None:
    assert columns_of(to_chunks(rows([{72: "County 3", 260: "37"}])[0])) == [0, 2]


def test_a_head_over_two_columns_spans_them() -> None:
    piece = to_piece(line("Persons removed", left=205), find_corridors(CHUNKED))
    assert (piece.first, piece.last) == (1, 2)


def test_one_long_label_does_not_close_a_corridor() -> None:
    long = to_chunks(rows([{72: "County of the Holy Cross and the River 4", 254: "12"}])[0])
    assert len(find_corridors([*CHUNKED, long])) == 2


def test_a_head_with_nothing_under_it_has_a_column() -> None:
    head = to_chunks(rows([{72: "County", 150: "State", 195: "Held", 255: "Moved"}])[0])
    assert len(find_corridors([head, *CHUNKED])) == 3


def test_a_column_of_few_values_is_a_column() -> None:
    sparse = [*CHUNKED, to_chunks(rows([{72: "County 9", 160: "5", 200: "904", 260: "97"}])[0])]
    assert len(find_corridors(sparse)) == 3
