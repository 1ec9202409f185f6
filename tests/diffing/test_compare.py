"""Comparing whole documents: the laws that hold for all of them, and how the parts come together."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from diffing.comparing.alignment.meaning import same_meaning
from diffing.comparing.compare import compare
from state.document import Block, DateRole, Definition, Document, Link, StatedDate
from tests.diffing.making import applied, make_document, make_table

WORDS = st.sampled_from(
    ["facility", "removal", "total", "county", "jail", "book-in", "level", "male", "female", "oct", "arrest"]
)
LABELS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
VALUES = st.one_of(
    st.none(),
    st.integers(0, 9),
    st.integers(10, 99_999),
    st.floats(0, 5000).map(lambda number: round(number, 2)),
    st.sampled_from(["*", "N/A", "Yes", "No", "1,234", "12%"]),
)
SENTENCES = st.lists(WORDS, min_size=2, max_size=6).map(lambda words: " ".join(words).capitalize() + ".")
BLOCKS = st.lists(
    st.builds(
        Block,
        text=st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join),
        heading=st.sampled_from([(), ("Data",), ("Data", "Notes")]),
    ),
    max_size=4,
)
LINKS = st.lists(st.builds(Link, text=LABELS, url=st.sampled_from(["/a", "/b", "/c?id=1", "d"])), max_size=4)
DEFINITIONS = st.lists(st.builds(Definition, term=LABELS, wording=SENTENCES), max_size=3)
DATES = st.lists(
    st.builds(
        lambda day: StatedDate(day.isoformat(), day, DateRole.AS_OF),
        st.dates(dt.date(2022, 1, 1), dt.date(2024, 1, 1)),
    ),
    max_size=2,
)


@st.composite
def tables(draw):
    headers = draw(st.lists(LABELS, min_size=1, max_size=4, unique=True))
    labels = draw(st.lists(LABELS, max_size=6))
    rows = [(label, *draw(st.tuples(*[VALUES] * len(headers)))) for label in labels]
    return make_table(("Name", *headers), rows, name=draw(LABELS), sheet=draw(st.sampled_from(["S1", "S2"])))


DOCUMENTS = st.builds(
    lambda tables, blocks, links, definitions, dates: make_document(
        *tables,
        blocks=tuple(blocks),
        links=tuple(links),
        definitions=tuple(definitions),
        dates=tuple(dates),
        base_url="https://www.ice.gov/",
    ),
    st.lists(tables(), max_size=3),
    BLOCKS,
    LINKS,
    DEFINITIONS,
    DATES,
)


@st.composite
def permuted(draw, document):
    """The same document with tables, rows, columns, blocks and links in another order."""

    def turned(table):
        columns = draw(st.permutations(range(len(table.columns))))
        order = draw(st.permutations(range(len(table.rows))))
        rows = [tuple(table.rows[row][column] for column in columns) for row in order]
        names = [table.columns[column].name for column in columns]
        key = tuple(columns.index(column) for column in table.key)
        return make_table(names, rows, key=key, name=table.name, sheet=table.sheet)

    return make_document(
        *(turned(table) for table in draw(st.permutations(document.tables))),
        blocks=tuple(draw(st.permutations(document.blocks))),
        links=tuple(draw(st.permutations(document.links))),
        definitions=tuple(draw(st.permutations(document.definitions))),
        dates=document.dates,
        base_url=document.base_url,
    )


@st.composite
def edited(draw, document):
    """A later release of the document: cells, rows, columns and sentences changed here and there."""

    def later(table):
        names = [column.name for column in table.columns]
        if draw(st.booleans()):
            names[draw(st.integers(0, len(names) - 1))] += " revised"
        rows = [list(row) for row in table.rows if draw(st.integers(0, 5))]
        for row in rows:
            if not draw(st.integers(0, 3)):
                row[draw(st.integers(0, len(row) - 1))] = draw(VALUES)
        rows += [[draw(LABELS), *row[1:]] for row in rows[:1] if draw(st.booleans())]
        return make_table(names, [tuple(row) for row in rows], name=table.name, sheet=table.sheet)

    return make_document(
        *(later(table) for table in document.tables if draw(st.integers(0, 4))),
        blocks=document.blocks[draw(st.integers(0, 1)) :] + tuple(draw(BLOCKS)),
        links=document.links[draw(st.integers(0, 1)) :],
        definitions=document.definitions[draw(st.integers(0, 1)) :],
        dates=tuple(draw(DATES)),
        base_url=document.base_url,
    )


@st.composite
def releases(draw):
    """Two releases of one document, in either order."""
    document = draw(DOCUMENTS)
    pair = (document, draw(edited(document)))
    return pair if draw(st.booleans()) else pair[::-1]


def facts(comparison):
    """What a comparison says, without places, as (what left, what came)."""
    tables = comparison.tables
    left = [comparison.before.tables[index].name for index in comparison.tables_removed]
    came = [comparison.after.tables[index].name for index in comparison.tables_added]
    left += [("row", pair.before.rows[row]) for pair in tables for row in pair.rows_removed]
    came += [("row", pair.after.rows[row]) for pair in tables for row in pair.rows_added]
    left += [("column", pair.before.columns[column].name) for pair in tables for column in pair.columns_removed]
    came += [("column", pair.after.columns[column].name) for pair in tables for column in pair.columns_added]
    left += [("cell", change.before) for pair in tables for change in pair.cells]
    came += [("cell", change.after) for pair in tables for change in pair.cells]
    for changes in (comparison.texts, comparison.definitions, comparison.links, comparison.dates):
        left += [change.before for change in changes]
        came += [change.after for change in changes]
    return sorted(map(repr, left)), sorted(map(repr, came))


@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document):
    comparison = compare(document, document)
    assert not comparison.content_changed
    assert not comparison.dates
    assert not comparison.metadata
    assert not comparison.moved


@given(st.data())
def test_order_changes_nothing(data):
    document = data.draw(DOCUMENTS)
    assert not compare(document, data.draw(permuted(document))).content_changed


@given(releases())
def test_swapping_the_sides_swaps_what_left_and_what_came(pair):
    before, after = pair
    left, came = facts(compare(before, after))
    assert facts(compare(after, before)) == (came, left)


@given(releases())
def test_the_changes_turn_before_into_after(releases):
    before, after = releases
    comparison = compare(before, after)
    assert len(comparison.tables) + len(comparison.tables_removed) == len(before.tables)
    assert len(comparison.tables) + len(comparison.tables_added) == len(after.tables)
    for pair in comparison.tables:
        for made, published in zip(applied(pair), pair.after.rows, strict=True):
            assert all(same_meaning(one, other) for one, other in zip(made, published, strict=True))


@given(releases())
def test_comparing_is_deterministic(releases):
    assert compare(*releases) == compare(*releases)


def test_parts_come_together():
    before = Document(
        media_type="text/html",
        title="Statistics",
        headline="More Than 110,000 Criminal Aliens",
        blocks=(Block("Participation is voluntary."),),
        tables=(make_table(("Name", "ADP"), [("Otay", 12.5)], name="Facilities"),),
        metadata={"producer": "A"},
    )
    after = Document(
        media_type="text/html",
        title="Statistics",
        headline="More Than 111,000 Aliens Charged",
        blocks=(Block("Participation is mandatory."),),
        tables=(make_table(("Name", "ADP"), [("Otay", 11.5)], name="Facilities"),),
        metadata={"producer": "B"},
    )
    comparison = compare(before, after)
    assert comparison.title_changed
    assert comparison.content_changed
    assert [(one.before, one.after) for one in comparison.tables[0].cells] == [(12.5, 11.5)]
    assert [one.after for one in comparison.texts] == ["Participation is mandatory."]
    assert comparison.metadata == (("producer", "A", "B"),)


def test_a_table_that_moved_within_its_sheet_only_moved():
    table = make_table(("Name", "ADP"), [("Otay", 12.5), ("Eloy", 7.0)], name="Facilities", range="A5:B7")
    lower = make_table(("Name", "ADP"), [("Otay", 12.5), ("Eloy", 7.0)], name="Facilities", range="A9:B11")
    assert not compare(make_document(table), make_document(lower)).content_changed


def test_rows_in_another_order_are_said_to_have_moved():
    table = make_table(("Name", "ADP"), [("Otay", 12.5), ("Eloy", 7.0)])
    turned = make_table(("Name", "ADP"), [("Eloy", 7.0), ("Otay", 12.5)])
    comparison = compare(make_document(table), make_document(turned))
    assert comparison.moved
    assert not comparison.content_changed


def test_tables_of_one_shape_and_title_are_told_apart_by_their_cells():
    def jails(last):
        return make_table(("Name", "Beds"), [("Otay", None), ("Eloy", 3), ("Webb", last)], name="Jails")

    before, after = make_document(jails(None), jails(0)), make_document(jails(0), jails(None))
    assert not compare(before, after).content_changed


def test_a_column_renamed_among_few_rows_is_so_in_both_directions():
    before = make_document(
        make_table(("Name", "Beds revised"), [(None, None), ("Otay", 0), ("Eloy", 1), ("Webb", 1)])
    )
    after = make_document(make_table(("Name", "Beds"), [("Reno", None), ("Otay", 0), ("Eloy", 1), ("Webb", None)]))
    left, came = facts(compare(before, after))
    assert facts(compare(after, before)) == (came, left)


def test_pages_that_are_pictures_only_are_compared_by_them():
    before, after = make_document(pictures=("aa", "bb")), make_document(pictures=("aa", "cc"))
    assert compare(before, after).content_changed
    assert not compare(before, before).content_changed
