import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from diffing.detectors.numbers.cumulative_decreased import detect
from state.kinds import Severity
from state.model import Rules
from tests.diffing.tables import document_of, evidence_of, month, table_of, with_periods

NAMES = ["Ash", "Bex", "Cor", "Dun", "Elk", "Fair", "Gar", "Hol"]


def said(before, after, **fields):
    return list(detect(evidence_of(document_of(before), document_of(after), **fields)))


def counts(header, values, **fields):
    return table_of(
        ["County", header], *([name, value] for name, value in zip(NAMES, values, strict=False)), **fields
    )


def test_every_fall_is_an_item_worst_first_with_difference_and_per_cent():
    (draft,) = said(
        counts("Removals, cumulative", [4328, 2411, 593, 900]),
        counts("Removals, cumulative", [2597, 1037, 314, 950]),
    )
    assert [(i.row, i.difference, i.percent) for i in draft.items] == [
        ("Ash", -1731, -40.0),
        ("Bex", -1374, -57.0),
        ("Cor", -279, -47.0),
    ]
    assert draft.title.startswith("“Removals, cumulative” fell in 3 of 4 counties, but can only grow")
    assert "its header says “cumulative”; 1 figure grew and 0 held" in draft.reason
    assert draft.severity is None, "critical by kind"
    assert len(draft.explains) == 3


def test_a_single_recoded_case_is_info_and_a_small_counter_is_not():
    tiny = said(counts("Removals, cumulative", [9000, 10]), counts("Removals, cumulative", [8999, 11]))
    small = said(counts("Total confirmed cases", [9, 10]), counts("Total confirmed cases", [8, 11]))
    assert tiny[0].severity is Severity.INFO
    assert small[0].severity is Severity.HIGH


def test_an_average_a_current_count_and_a_month_are_not_cumulative():
    title = "Removals FY2024 YTD"
    for header in ("Average stay", "Currently detained", "ADP", "Rate per 1,000"):
        assert not said(counts(header, [500, 400], name=title), counts(header, [300, 410], name=title)), header
    months = [with_periods(counts("Nov", v, name=title), None, month(2023, 11)) for v in ([500, 9], [300, 9])]
    assert not said(*months)


def test_a_year_to_date_in_the_title_of_a_stock_is_not_believed():
    title = "Detained population FY2024 YTD"
    assert not said(counts("County", [500, 400], name=title), counts("County", [300, 410], name=title))


def test_a_year_to_date_in_passing_is_believed_of_events_however_many_fall():
    before, after = [500, 400, 300, 200], [450, 410, 250, 230]
    (draft,) = said(counts("Removals", before, sheet="FY24 YTD"), counts("Removals", after, sheet="FY24 YTD"))
    assert len(draft.items) == 2
    assert not said(counts("Beds", before, sheet="FY24 YTD"), counts("Beds", after, sheet="FY24 YTD"))


def test_a_new_fiscal_year_starts_again():
    fields = {"name": "Removals, cumulative"}
    before = counts("Removals", [500, 400], fiscal_year=2024, **fields)
    assert not said(before, counts("Removals", [30, 20], fiscal_year=2025, **fields))


def test_the_source_file_may_declare_it():
    sides = counts("Bookings", [5120, 4088]), counts("Bookings", [5131, 3088])
    assert not said(*sides)
    assert said(*sides, rules=Rules(cumulative=("BOOKINGS ",)))[0].items[0].row == "Bex"
    lenient = Rules(
        cumulative=("Bookings",),
        tolerances={"cumulative-decreased.size": 5000, "cumulative-decreased.percent": 99},
    )
    assert said(*sides, rules=lenient)[0].severity is None, "a fall of 1,000 in a declared counter counts by size"


def test_what_never_fell_in_many_releases_is_learnt_to_be_cumulative():
    older = [document_of(counts("Removals", [100 * (i + 1) + 10 * k for i in range(8)])) for k in range(8)]
    last = [100 * (i + 1) + 80 for i in range(8)]
    now = [*last[:-1], 700]
    (draft,) = said(counts("Removals", last), counts("Removals", now), older=older)
    assert draft.items[0].row == "Hol"
    assert "never fell in 8 releases" in draft.reason


def test_a_row_that_fell_often_before_is_routine():
    def release(k):
        return counts("Removals, cumulative", [1000 + 10 * k, 500 - 40 * k])

    (draft,) = said(release(4), release(5), older=[document_of(release(k)) for k in range(4)])
    assert draft.severity is Severity.INFO
    assert draft.items[0].note == "fell 4 times before"


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=8), st.data())
def test_what_only_grows_is_never_told(values, data):
    grown = [value + data.draw(st.integers(0, 1000)) for value in values]
    assert not said(counts("Removals, cumulative", values), counts("Removals, cumulative", grown))


def test_the_turn_of_the_year_by_the_stated_dates():
    before = document_of(counts("Removals to date", [500, 400]), as_of=dt.date(2024, 9, 28))
    after = document_of(counts("Removals to date", [30, 20]), as_of=dt.date(2024, 10, 12))
    assert not list(detect(evidence_of(before, after)))
