import datetime as dt

from msgspec.structs import replace

from diffing.detectors.numbers.past_value_revised import detect
from state.document import Period, Span
from state.kinds import Severity
from state.model import Rules
from tests.diffing.tables import document_of, evidence_of, month, table_of, with_periods

MONTHS = ["Oct", "Nov", "Dec", "Jan", "Feb"]
PERIODS = [month(2023, 10), month(2023, 11), month(2023, 12), month(2024, 1), month(2024, 2)]


def release(*rows, day=dt.date(2024, 2, 10), name="Book-ins by month"):
    table = with_periods(table_of(["Agency", *MONTHS], *rows, name=name), None, *PERIODS)
    return document_of(table, as_of=day)


def said(before, after, **fields):
    return list(detect(evidence_of(before, after, **fields)))


NORTH = ["North", 9120, 8804, 8911, 7000, 900]


def test_a_large_revision_of_a_closed_month_is_told_and_the_open_month_is_not():
    after = release(["North", 9120, 8804, 7402, 7000, 5230])
    (draft,) = said(release(NORTH), after)
    assert [(i.column, i.difference) for i in draft.items] == [("Dec", -1509)]
    assert draft.severity is None, "high by kind"
    assert "0 went up and 1 down, net −1,509" in draft.reason


def test_small_revisions_are_info():
    (draft,) = said(release(NORTH), release(["North", 9118, 8811, 8894, 7004, 5230]))
    assert draft.severity is Severity.INFO
    assert len(draft.items) == 4


def test_large_is_both_by_size_and_by_share():
    assert (
        said(release(["South", 40, 50, 60, 70, 1]), release(["South", 40, 20, 60, 70, 9]))[0].severity
        is Severity.INFO
    )
    assert (
        said(release(["South", 90000, 1, 1, 1, 1]), release(["South", 90100, 1, 1, 1, 1]))[0].severity
        is Severity.INFO
    )


def test_a_row_of_counts_revised_bit_by_bit_is_seen_in_sum():
    (draft,) = said(release(["South", 900, 900, 900, 900, 9]), release(["South", 880, 880, 880, 880, 50]))
    assert draft.severity is None
    assert "the closed periods of South changed by −80 in sum (2.2 %)" in draft.reason


def test_what_the_table_always_does_is_routine():
    older = [release(["North", 9120 + 60 * k * (-1) ** k, 5000, 5000, 5000, 1]) for k in range(6)]
    last = release(["North", 9120, 5000, 5000, 5000, 1])
    small, large = release(["North", 9300, 5000, 5000, 5000, 1]), release(["North", 3000, 5000, 5000, 5000, 1])
    assert said(last, small, older=older)[0].severity is Severity.INFO
    assert said(last, large, older=older)[0].severity is None


def test_a_total_that_goes_one_way_in_all_months_as_never_before_stands_out():
    def total(by):
        return release(["Total", *(value + by[i] for i, value in enumerate([41000, 38000, 42000, 39000, 900]))])

    steps = [[0] * 5, [3, -2, 1, -4, 0], [1, 2, -3, 2, 0], [-2, 1, 3, -1, 0], [2, -1, 2, 1, 0], [1, 0, 1, 3, 0]]
    older = [total(step) for step in steps]
    (draft,) = said(older[-1], total([-6, -11, -14, -16, 0]), older=older[:-1])
    assert draft.severity is Severity.MEDIUM
    assert "all revised one way" in draft.title


def test_a_series_over_time_without_a_stated_date_is_closed_up_to_its_newest_period():
    def daily(values):
        days = [dt.date(2024, 1, d + 1) for d in range(len(values))]
        table = table_of(
            ["Date", "Positive"], *([day.isoformat(), v] for day, v in zip(days, values, strict=True))
        )
        return document_of(replace(table, row_periods=tuple(Period(Span.DAY, day, day) for day in days)))

    (draft,) = said(daily([1400, 1409, 1420, 5]), daily([1400, 14094, 1420, 900]))
    assert [item.before for item in draft.items] == [1409], "the newest day was still open"
    assert "a digit may have been doubled" in draft.reason


def test_thresholds_can_be_set():
    rules = Rules(tolerances={"past-value-revised.size": 5, "past-value-revised.percent": 0.01})
    assert said(release(NORTH), release(["North", 9100, 8804, 8911, 7000, 900]), rules=rules)[0].severity is None


def test_tables_revised_in_one_release_are_one_event_led_by_the_furthest():
    def both(north, south):
        tables = (release(north).tables[0], release(south, name="Average population by month").tables[0])
        return document_of(*tables, as_of=dt.date(2024, 2, 10))

    before = both(NORTH, ["South", 4000, 4000, 4000, 4000, 9])
    (draft,) = said(before, both(["North", 9120, 8804, 7402, 7000, 5230], ["South", 4000, 1900, 4000, 4000, 9]))
    assert draft.title == "2 closed figures revised in 2 tables: South, Nov from 4,000 to 1,900"
    assert {(item.table, item.row) for item in draft.items} == {
        ("Average population by month", "South"),
        ("Book-ins by month", "North"),
    }
    assert "“Book-ins by month”: North, Dec from 8,911 to 7,402" in draft.reason


def test_what_is_left_of_a_re_coding_in_the_running_month_is_routine():
    moved = ["Moved", 700, 650, 600, 584, 1756]
    (draft,) = said(release(moved), release(["Moved", 700, 650, 600, 527, 824]))
    assert draft.severity is Severity.INFO, "cases that are counted here first settle elsewhere"
    (draft,) = said(release(moved), release(["Moved", 700, 650, 600, 284, 824]))
    assert draft.severity is None, "as far as the running month: that is no remainder"
