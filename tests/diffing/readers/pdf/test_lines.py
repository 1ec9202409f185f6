from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.readers.pdf.lines import is_figure, is_number, is_wordy, to_chunks, to_lines
from diffing.readers.pdf.shapes import Box, Word
from tests.diffing.readers.pdf.placed import line, words


@pytest.mark.parametrize("text", ["1,204", "(12)", "$1,234.50", "12%", "−4.5", "±0.3", "1998", "3.1*"])
def test_figures(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["Total", "FY2009", "a", "Sept."])
def test_texts(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("text", ["*", "N/A", "—", "(X)", "1,2 3", "12"])
def test_marks_stand_for_figures(text: str) -> None:
    assert is_figure(text)


def test_raised_marks_stand_on_the_line_they_belong_to() -> None:
    label, note = words("Detainers", left=72, base=100)[0], Box(113, 89, 117, 95)
    lines = to_lines([label, Word("1", note, base=96.5), *words("next line", left=72, base=112)])
    assert [each.text for each in lines] == ["Detainers 1", "next line"]


def test_chunks_part_at_wide_gaps_and_between_figures() -> None:
    row = [*words("New York 1,204", left=72, base=100), *words("15 17", left=200, base=100)]
    assert [chunk.text for chunk in to_chunks(to_lines(row)[0])] == ["New York 1,204", "15", "17"]


def test_a_date_is_one_text() -> None:
    assert [chunk.text for chunk in to_chunks(line("May 21, 2009"))] == ["May 21, 2009"]


def test_leaders_part_a_label_from_its_figure() -> None:
    assert [chunk.text for chunk in to_chunks(line("All ages ..... 291,099"))][-1] == "291,099"


def test_running_text_is_wordy() -> None:
    assert is_wordy(line("the agency reported the figures"))
    assert not is_wordy(line("12 13 14 15 16"))
    assert not is_wordy(line("New York County"))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), unique=True, min_size=1, max_size=60))
def test_every_word_is_on_exactly_one_line(places: list[tuple[int, int]]) -> None:
    placed = [words("word", left=25 * x, base=100 + 14 * y)[0] for x, y in places]
    lines = to_lines(placed)
    assert sorted(word for each in lines for word in each.words) == sorted(placed)
    assert len(lines) == len({y for _, y in places})
    assert all([w.box.left for w in each.words] == sorted(w.box.left for w in each.words) for each in lines)
