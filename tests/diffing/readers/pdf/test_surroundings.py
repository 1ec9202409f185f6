from __future__ import annotations

import pytest

from diffing.readers.pdf.prose import Paragraph, mark_headings, to_paragraphs
from diffing.readers.pdf.surroundings import settle
from tests.diffing.readers.pdf.placed import line, table

FOUND = table([("County", "Held"), ("Bexar", "1")], top=200)  # ends at 224
BODY = line(
    "the text of the report goes on for longer than all of its headings do together, as a text will", base=20
)


def around_it(*lines: tuple[str, float, bool]) -> list[Paragraph]:
    placed = [BODY, *(line(text, base=base, bold=bold) for text, base, bold in lines)]
    return mark_headings(to_paragraphs(placed, page=1))


def test_title_section_and_notes() -> None:
    paragraphs = around_it(
        ("Removals", 100, True),
        ("Detainees held by county", 192, False),
        ("* Withheld", 236, False),
        ("Text again", 300, False),
    )
    setting = settle(FOUND, paragraphs, others=[FOUND])
    assert setting.table.title == "Detainees held by county"
    assert setting.table.section == ("Removals",)
    assert [paragraphs[number].text for number in setting.notes] == ["* Withheld"]


def test_a_unit_in_brackets_is_passed_over() -> None:
    paragraphs = around_it(("Table 1. Held", 172, False), ("[In thousands]", 192, False))
    assert settle(FOUND, paragraphs, others=[FOUND]).table.title == "Table 1. Held"


@pytest.mark.parametrize("line", ["As of 3 May 2034", "Stand: 31. März 2034", "Data as of 05/03/2034"])
def test_a_date_is_passed_over(line: str) -> None:
    paragraphs = around_it(("Table 1. Held", 172, False), (line, 192, False))
    assert settle(FOUND, paragraphs, others=[FOUND]).table.title == "Table 1. Held"


def test_a_sentence_is_no_title() -> None:
    paragraphs = around_it(("They were held, as the table shows.", 192, False))
    assert settle(FOUND, paragraphs, others=[FOUND]).table.title == ""


def test_notes_end_at_the_next_table() -> None:
    other = table([("County", "Moved"), ("Bexar", "1")], top=240)
    paragraphs = around_it(("* Of another table", 276, False))
    assert settle(FOUND, paragraphs, others=[FOUND, other]).notes == ()
