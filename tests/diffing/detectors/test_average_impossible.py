import datetime as dt

import pytest

from diffing.detectors.numbers.average_impossible import detect
from state.kinds import Severity
from state.model import Rules
from tests.diffing.tables import document_of, evidence_of, table_of

NAMES = [f"Jail {letter}" for letter in "ABCDEFGHIJ"]
ADP = "Average Daily Population"


def said(before, after, *, days=(266, 280), header=(ADP,), rules=None, years=(2025, 2025)):
    sides = [
        document_of(
            table_of(
                ["Facility", *header], *([n, *v] for n, v in zip(NAMES, rows, strict=False)), fiscal_year=year
            ),
            as_of=dt.date(2024, 10, 1) + dt.timedelta(days=elapsed),
        )
        for rows, elapsed, year in zip((before, after), days, years, strict=True)
    ]
    return list(detect(evidence_of(*sides, rules=rules)))


def test_the_arithmetic_is_shown():
    before = [[value] for value in (1857, 500, 400, 300, 200)]
    after = [[value] for value in (1748, 470, 375, 301, 210)]
    (draft,) = said(before, after)
    assert draft.items[0].note == "1,857 × 266 days = 493,962 stays, then 1,748 × 280 = 489,440"
    assert [item.row for item in draft.items] == ["Jail A", "Jail B", "Jail C"]
    assert draft.severity is None, "critical by kind: three rows and more"


def test_an_average_may_fall_as_far_as_the_days_allow():
    assert not said([[100.0]], [[95.2]])


def test_one_large_row_is_high_and_one_small_row_info():
    rest = [[300.25]] * 8
    assert said([[867.12], *rest], [[706.09], *rest], days=(113, 127))[0].severity is Severity.HIGH
    assert said([[2.44], *rest], [[2.11], *rest], days=(113, 127))[0].severity is Severity.INFO


def test_rounding_is_tolerated_by_the_published_precision():
    assert not said([[12.4], [8.4], [3.4]], [[12], [8], [3]], days=(60, 61))


def test_classes_are_added_up_before_they_are_judged():
    header = ("FY25 ADP / Level A", "FY25 ADP / Level B")
    assert not said([[400.5, 100.5]] * 3, [[300.5, 200.5]] * 3, header=header)


@pytest.mark.parametrize("header", ["Average length of stay", "ALOS", "Guaranteed minimum", "Population"])
def test_other_figures_are_let_alone(header):
    assert not said([[1857], [900], [800]], [[1200], [500], [400]], header=(header,))


def test_a_source_file_may_name_the_average():
    sides = ([[1857], [900], [800]], [[1200], [500], [400]])
    assert said(*sides, header=("Mean beds",), rules=Rules(to_date=("mean beds",)))


def test_a_new_fiscal_year_starts_again():
    assert not said([[1857], [900], [800]], [[1200], [500], [400]], years=(2025, 2026))


def test_a_mistyped_year_does_not_matter():
    before = [[1857], [900], [800], [700]]
    after = [[1790], [860], [760], [690]]
    tables = [
        table_of(["Facility", ADP], *([n, *v] for n, v in zip(NAMES, rows, strict=False)), fiscal_year=2023)
        for rows in (before, after)
    ]
    sides = [
        document_of(tables[0], as_of=dt.date(2022, 12, 27)),
        document_of(tables[1], as_of=dt.date(2022, 1, 9)),
    ]
    assert not list(detect(evidence_of(*sides))), (
        "9 January of fiscal year 2023 is 13 days later, not a year before"
    )
