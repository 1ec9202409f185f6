"""Plain tables are read the short way, and exactly as the long way reads them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from diffing.readers.html.reader import read
from diffing.readers.tables.plain import find_plain
from diffing.values import read_column, read_value
from state.document import ReadingHints
from tests.budgets import examples

HEADERS = (
    "Office",
    "FY 2023",
    "FY 2024",
    "2023",
    "ADP",
    "ADP",
    "Count",
    "Oct",
    "1,234",
    "*",
    "City",
    "Total",
    "\u200b",
)
LABELS = (
    "Atlanta", "Boston", "Boston", "Total", "Grand total", "Office", "GPS", "No Tech", "FY 2023", "2023", "Oct",
    "007", "Note: as of 3/4/2023", "* Only with tracking", "2023-05-01", "", "a<b>b</b>", "<b>Male</b>", "x&shy;y",
    "c<br>d", " padded\n", "two  blanks", "R&amp;D", "&lt;b&gt;", "&nbsp;", "x<!-- <td>y</td> -->z", "Cañon – E",
)  # fmt: skip
FIGURES = (
    "1",
    "0",
    "12",
    "1,234",
    "1234",
    "12.5",
    "45%",
    "2023",
    "1,950",
    "*",
    "N/A",
    "",
    "012",
    "-",
    "$5",
    "\u200b",
    " 7 ",
    "8&nbsp;",
    "<b>9</b>",
)
"""What stands in tables, with what may be taken for a year, a header, a note, an identifier or a blank."""

rows = st.integers(2, 4).flatmap(
    lambda width: st.tuples(
        st.lists(st.sampled_from(HEADERS), min_size=width, max_size=width),
        st.lists(
            st.tuples(
                st.sampled_from(LABELS),
                *[st.one_of(st.integers(0, 99_999).map(str), st.sampled_from(FIGURES))] * (width - 1),
            ),
            min_size=1,
            max_size=7,
        ),
    )
)
cells = st.sampled_from(["td", 'td class="views-field"', "td title='a > b'", "td title='<td>7</td>'", 'TD x"y'])
labels_in_th = st.sampled_from(["td", "th", 'th scope="row"', 'th scope="col"'])


def page_of(header: list[str], body: list[tuple[str, ...]], *, head: str, label: str, cell: str = "td") -> bytes:
    """A page with one table; ``head`` wraps the header row, ``label`` and ``cell`` are the tags of the body."""
    first = "".join(f"<th>{text}</th>" for text in header)
    lines = [
        f"<tr><{label}>{row[0]}</{label[:2]}>" + "".join(f"<{cell}>{text}</td>" for text in row[1:]) + "</tr>"
        for row in body
    ]
    top = f"<{head}><tr>{first}</tr></{head}>" if head else f"<tr>{first}</tr>"
    return f"<main><h1>Detention</h1><h2>By office</h2><table>{top}{''.join(lines)}</table></main>".encode()


@settings(max_examples=examples(400))
@given(rows, st.sampled_from(["thead", ""]), labels_in_th, cells)
@example(
    (["Office", "ADP"], [("Atlanta", "1,234"), ("Boston", "2023"), ("Office", "ADP"), ("", "5")]),
    "thead",
    "td",
    "td",
)
@example((["Office", "ADP"], [("", "7"), ("x", "8")]), "", "th", "td")
@example((["Office", "01"], [("007", "7"), ("12", "8")]), "thead", "th", "td")
def test_a_plain_table_reads_as_it_does_cell_by_cell(table, head, label, cell):
    header, body = table
    plain = page_of(header, body, head=head, label=label, cell=cell)
    spanning = page_of(header, body, head=head, label=label, cell='td colspan="1"')
    assert read(plain, hints=ReadingHints()) == read(spanning, hints=ReadingHints())


def test_a_cell_that_spans_others_keeps_its_place():
    body = '<tr><td>Boston<td>5<td>6</tr><tr><td>Troy<td colspan="2">7<td>8</tr>'
    page = f"<main><h1>H</h1><table><tr><th>Office<th>ADP<th>Beds</tr>{body}</table></main>".encode()
    (table,) = read(page, hints=ReadingHints()).tables
    assert table.rows == (("Boston", 5, 6, None), ("Troy", 7, None, 8))


def test_a_header_over_figures_is_plain():
    plain = find_plain(["Office", "ADP"], [["Atlanta", "1,234"], ["Boston", "7"]], title="", section=())
    assert plain is not None
    assert plain.rows == [["Atlanta", 1234], ["Boston", 7]]
    assert plain.texts == [{1: "1,234"}, {}]


def test_what_may_be_a_heading_a_note_or_a_second_header_is_not():
    header = ["Office", "FY 2023"]
    for row in (["Field offices", ""], ["Office", "FY 2023"], ["Boston", "2023"], ["Note: as of 3 May", ""]):
        assert find_plain(header, [["Atlanta", "12"], row, ["Boston", "7"]], title="", section=()) is None


@given(
    st.lists(
        st.one_of(st.integers(-5, 10**20).map(str), st.integers(0, 10**19).map("{:,}".format), st.text(max_size=6))
    )
    | st.lists(st.text(st.characters(min_codepoint=31, max_codepoint=128), max_size=9), max_size=3)
)
@example(["1,234", "5"])
@example(["1,23", "5"])
@example(["1\n2"])
@example(["5", ""])
@example(["New York", "Boston 2", "A"])
@example(["New York ", "Boston"])
@example(["Room 12", "x\ny"])
def test_a_column_is_read_as_each_of_its_texts_by_itself(texts):
    values, shown = read_column(texts)
    assert values == [read_value(text) for text in texts]
    assert list(shown) == [str(value) for value in values]
