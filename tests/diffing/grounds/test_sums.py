import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diffing.grounds.sums import column_promises, miss, row_promises, slack
from state.document import Column
from tests.diffing.tables import table_of

HEADER = ["Area", "Count"]


def parts_of(table, guess):
    return {key[0]: promise.parts for key, promise in row_promises(table).items() if key[1] == guess}


def test_guesses_at_the_parts_of_a_total():
    table = table_of(
        HEADER, ["North", 1], ["South", 2], ["Total", 3], ["East", 4], ["West", 5], ["Grand total", 12]
    )
    assert parts_of(table, "above") == {"total": (0, 1), "grand total": (3, 4)}
    assert parts_of(table, "below") == {"total": (3, 4)}
    assert parts_of(table, "others")["grand total"] == (0, 1, 3, 4)


def test_groups_and_namesakes():
    labels = ["Total", "Total / Men", "Total / Women", "North", "North / Men", "North / Women"]
    labels += ["South", "South / Men", "South / Women"]
    table = table_of(HEADER, *([label, 1] for label in labels))
    assert parts_of(table, "tops")["total"] == (3, 6)
    assert parts_of(table, "children")["total"] == (1, 2)
    assert parts_of(table, "namesakes")["total / men"] == (4, 7)


def test_total_columns_and_their_parts():
    table = table_of(["Agency", "Oct", "Nov", "Total"], ["CBP", 5, 6, 11], ["ICE", 7, 8, 15])
    assert {key[1]: promise.parts for key, promise in column_promises(table).items()} == {
        "siblings": (1, 2),
        "left": (1, 2),
        "others": (1, 2),
    }


def test_a_sum_says_something_only_with_two_parts_and_a_total():
    assert miss(30, [10, 25]) == 5
    assert miss(0, [0, 0]) is None
    assert miss(30, [30, 0]) is None
    assert miss("n/a", [10, 20]) is None


@pytest.mark.parametrize(("numbers", "allowed"), [((30, 10, 20), 0.5), ((30.1, 10.1, 20.0), 0.15)])
def test_rounding_is_allowed_by_the_published_decimals(numbers, allowed):
    assert slack(numbers[0], numbers[1:]) == pytest.approx(allowed, abs=1e-5)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=10))
def test_a_true_sum_never_misses(parts):
    assert miss(sum(parts), parts) == 0


def test_a_column_without_a_header_is_no_total():
    table = table_of(["Agency", "Oct", "Nov"], ["CBP", 5, 6])
    nameless = replace(table, columns=(Column("", ()), *table.columns[1:]))
    assert column_promises(nameless) == {}
