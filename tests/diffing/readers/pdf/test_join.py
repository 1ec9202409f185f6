from __future__ import annotations

from collections.abc import Sequence

from diffing.readers.pdf.join import drop_running_lines, join_tables
from diffing.readers.pdf.layout import PageLayout
from diffing.readers.pdf.shapes import FoundTable, Line
from tests.diffing.readers.pdf.placed import line, page, table, texts_of

HEAD = ("County", "Held")


def layout(number: int, *, tables: Sequence[FoundTable] = (), prose: Sequence[Line] = ()) -> PageLayout:
    return PageLayout(page((), number=number), tuple(tables), tuple(prose))


def test_page_numbers_and_repeated_lines_in_the_margin_go() -> None:
    pages = [
        layout(
            n,
            prose=[
                line("For official use", base=30),
                line(f"Text {n} of the page", base=300),
                line(f"{n}", base=780),
            ],
        )
        for n in (1, 2, 3)
    ]
    kept = [[each.text for each in found.prose] for found in drop_running_lines(pages)]
    assert kept == [["Text 1 of the page"], ["Text 2 of the page"], ["Text 3 of the page"]]
    first = drop_running_lines(pages, keep_first=True)[0]
    assert [each.text for each in first.prose] == ["For official use", "Text 1 of the page"]


def test_a_table_that_goes_on_is_one_with_its_header_once() -> None:
    pages = [
        layout(1, tables=[table([HEAD, ("Bexar", "1"), ("Hays", "2")])]),
        layout(2, tables=[table([HEAD, ("Travis", "3")], number=2)]),
        layout(3, tables=[table([HEAD, ("Webb", "4")], number=3)]),
    ]
    (joined,) = join_tables(pages)
    assert texts_of(joined) == [HEAD, ("Bexar", "1"), ("Hays", "2"), ("Travis", "3"), ("Webb", "4")]
    assert joined.ending == (3, pages[2].tables[0].box)


def test_a_title_that_says_continued_does_not_part_it() -> None:
    first = layout(1, tables=[table([HEAD, ("Bexar", "1")])], prose=[line("Table 1. Held", base=90)])
    second = layout(
        2, tables=[table([HEAD, ("Hays", "2")], number=2)], prose=[line("Table 1 (continued)", base=90)]
    )
    assert len(join_tables([first, second])) == 1


def test_another_title_or_text_between_parts_tables() -> None:
    first = layout(1, tables=[table([HEAD, ("Bexar", "1")])], prose=[line("Table 1. Held", base=90)])
    titled = layout(2, tables=[table([HEAD, ("Hays", "2")], number=2)], prose=[line("Table B. Moved", base=90)])
    assert len(join_tables([first, titled])) == 2
    noted = layout(1, tables=first.tables, prose=[line("Source: the agency", base=300)])
    assert len(join_tables([noted, layout(2, tables=[table([HEAD, ("Hays", "2")], number=2)])])) == 2


def test_other_columns_are_another_table() -> None:
    first = layout(1, tables=[table([HEAD, ("Bexar", "1")])])
    second = layout(2, tables=[table([("County", "Held", "Moved"), ("Hays", "2", "3")], number=2)])
    assert len(join_tables([first, second])) == 2
