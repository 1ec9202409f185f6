from __future__ import annotations

from diffing.readers.pdf.prose import join_over_pages, mark_headings, rejoin_markers, to_paragraphs
from diffing.readers.pdf.prosecolumns import find_prose
from diffing.readers.pdf.shapes import Line
from tests.diffing.readers.pdf.placed import line, rows


def paragraphs(*lines: Line) -> list[str]:
    return [paragraph.text for paragraph in to_paragraphs(lines, page=1)]


def test_lines_right_under_each_other_are_a_paragraph() -> None:
    assert paragraphs(
        line("The agency reported", base=100), line("the figures.", base=112), line("Later", base=140)
    ) == [
        "The agency reported the figures.",
        "Later",
    ]


def test_a_word_hyphenated_at_the_end_of_a_line_is_whole() -> None:
    assert paragraphs(line("they were trans-", base=100), line("ferred on Monday", base=112)) == [
        "they were transferred on Monday"
    ]


def test_double_spaced_text_keeps_its_paragraphs() -> None:
    lines = [line("the agency reported the figures again", base=100 + 24 * n) for n in range(9)]
    assert len(paragraphs(*lines)) == 1


def test_items_of_a_list_are_apart_and_numbers_in_a_text_are_not() -> None:
    listed = [line("• first of all", base=100), line("• second of all", base=112)]
    assert len(paragraphs(*listed)) == 2
    running = [
        line("officers shall know the limits of this agreement and", base=100),
        line("(ii) the scope of it", base=112),
    ]
    assert len(paragraphs(*running)) == 1


def test_a_number_and_its_heading_are_one_line() -> None:
    joined = rejoin_markers([line("II.", left=72), line("PURPOSE", left=108)])
    assert [each.text for each in joined] == ["II. PURPOSE"]


def test_bold_lines_are_headings() -> None:
    lines = [
        line("Purpose of it", base=100, bold=True),
        line("the text that follows is longer than that.", base=130),
    ]
    assert [paragraph.level for paragraph in mark_headings(to_paragraphs(lines, page=1))] == [1, 0]


def test_a_sentence_over_a_page_break_is_one_paragraph() -> None:
    first = to_paragraphs(
        [line("The sheriff agrees that persons arrested under this agreement will be held and")], page=1
    )
    second = to_paragraphs([line("moved to the field office.")], page=2)
    (joined,) = join_over_pages([*first, *second])
    assert joined.text.endswith("held and moved to the field office.")
    assert (joined.page, joined.last_page) == (1, 2)


def test_prose_beside_a_table_is_told_from_it() -> None:
    text = "the agency reported these figures to the"
    lines = rows([{72: f"C{n}", 120: f"{n}14", 300: text} for n in range(1, 9)])
    prose, rest = find_prose(lines)
    assert [each.text for each in prose] == [text] * 8
    assert [each.text for each in rest] == [f"C{n} {n}14" for n in range(1, 9)]


def test_columns_are_read_one_after_the_other() -> None:
    lines = [line(f"left {n} words of it", left=72, base=100 + 12 * n) for n in range(3)]
    lines += [line(f"right {n} words of it", left=320, base=100 + 12 * n) for n in range(3)]
    assert [text[:4] for text in paragraphs(*lines)] == ["left", "righ"]
