"""Who each row is: keys chosen over both releases."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.comparing.align import align_table
from diffing.comparing.alignment.choice import Known
from diffing.comparing.compare import compare
from diffing.readers.tables.keys import choose_key
from diffing.readers.tables.roles import Role, roles_of
from diffing.readers.tables.rows import row_periods
from state.document import ReadingHints
from state.model import Rules
from tests.diffing.making import applied, make_document, make_table

WARDS = ["Ashby", "Brill", "Corwen", "Dalby", "Esher", "Frome", "Goole", "Hythe"]


def read(columns, rows, **hints):
    """A table keyed as readers key it."""
    return make_table(columns, rows, key=choose_key(columns, rows, hints=ReadingHints(**hints)))


def changed(pair):
    return [(pair.after.row_keys[one.row_after], one.before, one.after) for one in pair.cells]


def test_roles_of_columns():
    rows = [
        (n, "2031-05-01", 2000 + n % 4, ward, f"https://x.example/{ward}", 100 * n + 7)
        for n, ward in enumerate(WARDS)
    ]
    assert roles_of(rows, 6) == [
        Role.COUNTER,
        Role.CONSTANT,
        Role.PERIOD,
        Role.LABEL,
        Role.ADDRESS,
        Role.FIGURE,
    ]


def test_the_editions_date_names_no_row_and_is_told_as_a_date():
    columns = ("as at", "ward", "cases")
    before = read(columns, [("2031-05-01", ward, 10 * n) for n, ward in enumerate(WARDS)])
    after = read(columns, [("2031-06-01", ward, 10 * n + (ward == "Esher")) for n, ward in enumerate(WARDS)])
    comparison = compare(make_document(before), make_document(after))
    (pair,) = comparison.tables
    assert (pair.rows_removed, pair.rows_added) == ((), ())
    assert changed(pair) == [("Esher", 40, 41)]
    assert [(one.before.text, one.after.text) for one in comparison.dates] == [("2031-05-01", "2031-06-01")]


def test_one_row_is_the_same_row_whatever_date_it_bears():
    pair = align_table(
        read(("date", "open", "shut"), [("2031-05-01", 812, 97)]),
        read(("date", "open", "shut"), [("2031-05-02", 790, 97)]),
        index=0,
    )
    assert changed(pair) == [("the only row", 812, 790)]


def test_years_ages_and_columns_beyond_the_twelfth_take_part():
    columns = ("ward", *(f"measure {n}" for n in range(12)), "year")
    rows = [(ward, *(n * 1.5 + k for k in range(12)), 2019 + y) for n, ward in enumerate(WARDS) for y in range(5)]
    assert read(columns, rows).key == (0, 13)
    ages = [(age, year, 0.5 * age) for age in range(30, 40) for year in range(2019, 2024)]
    assert read(("age", "year", "rate"), ages).key == (0, 1)


def test_a_year_is_the_same_year_as_its_first_day():
    before = read_dated(("year", "mean"), [(1960 + n, 300 + n / 7) for n in range(40)])
    after = read_dated(("year", "mean"), [(f"{1960 + n}-01-01", 300 + n / 7 + (n == 9)) for n in range(40)])
    pair = align_table(before, after, index=0)
    assert (pair.rows_removed, pair.rows_added, pair.rows_renamed) == ((), (), ())
    assert [name for name, _, _ in changed(pair)] == ["1969-01-01"]


def test_years_and_months_in_two_columns_are_the_months_of_one():
    months = [(year, month) for year in range(2011, 2016) for month in range(1, 13)]
    before = read(("year", "month", "mean"), [(*each, 400 + n / 7) for n, each in enumerate(months)])
    rows = [(f"{year}-{month:02}", 400 + n / 7 + (n == 20)) for n, (year, month) in enumerate(months)]
    for left, right in (
        (before, read_dated(("date", "mean"), rows)),
        (read_dated(("date", "mean"), rows), before),
    ):
        pair = align_table(left, right, index=0)
        assert not (pair.rows_removed or pair.rows_added or pair.rows_renamed or pair.columns_removed)
        assert len(pair.cells) == 1


def test_what_moved_with_the_rows_is_no_part_of_their_key():
    names = [f"{ward}-{n}.example" for ward in WARDS for n in range(4)]
    before = make_table(("site", "seat"), [(name, "Aston") for name in names], key=(0, 1))
    after = make_table(("site", "seat"), [(name, "Bury") for name in names[1:]], key=(0, 1))
    pair = align_table(before, after, index=0)
    assert [pair.before.row_keys[row] for row in pair.rows_removed] == [names[0]]
    assert len(pair.cells) == len(names) - 1


def test_codes_given_anew_are_changed_cells_of_the_same_rows():
    before = read(("code", "ward", "beds"), [(f"K{n:03}", ward, 11 * n) for n, ward in enumerate(WARDS)])
    after = read(("code", "ward", "beds"), [(f"{900 + n}", ward, 11 * n) for n, ward in enumerate(WARDS)])
    pair = align_table(before, after, index=0)
    assert not (pair.rows_removed or pair.rows_added or pair.rows_renamed)
    assert {pair.after.columns[one.column_after].name for one in pair.cells} == {"code"}


def test_a_header_that_moved_onto_other_content_is_renamed():
    sites = [f"{ward}-{n}" for ward in WARDS for n in range(3)]
    rows = [(site, f"Body {site[:2]}", f"Office {site} of {site[:2]}") for site in sites]
    pair = align_table(read(("site", "body", "office"), rows), read(("site", "office", "branch"), rows), index=0)
    assert not (pair.cells or pair.columns_removed or pair.columns_added)
    assert sorted(pair.columns_renamed) == [(1, 1), (2, 2)]


def test_a_name_over_labels_is_not_the_one_over_figures():
    before = read(("", "Beds"), [("All", 118327), ("Beds in wards under repair", 8)])
    after = read(("Beds", "All"), [("All", 125605), ("Beds in wards under repair", 8)])
    pair = align_table(before, after, index=0)
    assert not (pair.rows_removed or pair.rows_added)
    assert changed(pair) == [("All", 118327, 125605)]


def test_days_that_rolled_on_are_other_rows():
    columns = ("day", "boats")
    before = read_dated(columns, [(f"{day} May 2031", 0) for day in range(1, 8)])
    after = read_dated(columns, [(f"{day} May 2031", 0) for day in range(2, 9)])
    pair = align_table(before, after, index=0)
    assert [pair.before.row_keys[row] for row in pair.rows_removed] == ["1 May 2031"]
    assert not pair.rows_renamed


def read_dated(columns, rows):
    return make_table(columns, rows, row_periods=row_periods([row[0] for row in rows], None))


def test_a_repeat_that_leaves_is_known_as_one():
    rows = [(ward, 10 * n) for n, ward in enumerate(WARDS)]
    pair = align_table(read(("ward", "beds"), [*rows, rows[3]]), read(("ward", "beds"), rows), index=0)
    assert len(pair.rows_removed) == 1
    assert pair.repeats_removed == pair.rows_removed


def test_what_a_source_file_declares_holds():
    columns, keys = ("ward", "team", "seen on", "beds"), ("team", "beds")
    before, after = (
        read(columns, [(w, "A", f"2031-0{month}-{n + 1:02}", n) for n, w in enumerate(WARDS)], key_columns=keys)
        for month in (5, 6)
    )
    pair = align_table(before, after, index=0, known=Known(Rules(keys=keys, stamps=("seen on",))))
    assert pair.after.key == (1, 3)
    assert not pair.cells


def test_the_key_of_the_release_before_holds():
    rows = [(f"{ward}", f"seat {n}", n) for n, ward in enumerate(WARDS)]
    table = make_table(("ward", "seat", "beds"), rows, key=(0, 1))
    assert align_table(table, table, index=0, known=Known(learnt=("ward",))).after.key == (0,)
    assert align_table(table, table, index=0, known=Known(learnt=("no such column",))).after.key == (0, 1)


panels = st.lists(
    st.tuples(st.sampled_from(WARDS), st.integers(1990, 2025), st.sampled_from(["men", "women"])),
    min_size=4,
    max_size=40,
    unique=True,
)


@given(panels, st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_order_of_rows_and_columns_never_matters(panel, seed):
    chance = random.Random(seed)
    columns = ["ward", "year", "sex", "count"]
    rows = [(*cells, 13 * place + 5) for place, cells in enumerate(panel)]
    order = chance.sample(range(4), 4)
    mixed = [tuple(row[place] for place in order) for row in chance.sample(rows, len(rows))]
    pair = align_table(read(columns, rows), read([columns[place] for place in order], mixed), index=0)
    assert not (pair.rows_removed or pair.rows_added or pair.cells or pair.columns_removed or pair.columns_added)


@given(panels, panels, st.data())
@settings(max_examples=60, deadline=None)
def test_the_changes_applied_to_before_give_after(left, right, data):
    columns = ("ward", "year", "sex", "count")
    before = read(columns, [(*cells, 3 * place) for place, cells in enumerate(left)])
    after = read(columns, [(*cells, data.draw(st.integers(0, 90))) for cells in right])
    assert applied(align_table(before, after, index=0)) == [tuple(row) for row in after.rows]
