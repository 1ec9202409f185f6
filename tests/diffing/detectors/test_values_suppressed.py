import datetime as dt

import pytest

from diffing.detectors.vanished.values_suppressed import detect
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, month, table_of, with_periods

COUNTIES = ["Ash", "Bex", "Cor", "Dun", "Elk"]
BEFORE = [512, 1033, 87, 640, 202]


def counties(values, **fields):
    return table_of(["County", "Removals"], *([c, v] for c, v in zip(COUNTIES, values, strict=True)), **fields)


def said(before, after, **fields):
    return list(detect(evidence_of(document_of(before), document_of(after), **fields)))


@pytest.mark.parametrize("mark", ["*", "-", "N/A", "unavailable", "D", "S", "(b)(7)(E)", "redacted", "withheld"])
def test_a_mark_where_a_number_was(mark):
    (draft,) = said(counties(BEFORE), counties([mark, *BEFORE[1:]]))
    assert draft.title == f"1 number in column “Removals” of “Removals by county” became “{mark}”"
    assert (draft.items[0].before, draft.items[0].after) == (512, mark)


def test_blanks_count_where_they_are_many():
    assert said(counties(BEFORE), counties([None, None, None, 640, 202]))[0].items[0].valued
    assert not said(counties(BEFORE), counties([None, *BEFORE[1:]]))


def test_a_block_zeroed():
    (draft,) = said(counties(BEFORE), counties([0, 0, 0, 0, 0]))
    assert draft.title.startswith("5 numbers in column “Removals”")
    assert not said(counties(BEFORE), counties([0, 0, 0, 640, 202]))


@pytest.mark.parametrize(
    "mark", ["[c]", "z", "1-10", "████", "see note 3", "Pending", "5 or fewer", "weniger als 5"]
)
def test_any_text_in_a_column_of_figures_stands_for_one_that_is_withheld(mark):
    (draft,) = said(counties(BEFORE), counties([BEFORE[0], mark, *BEFORE[2:]]))
    assert draft.items[0].before == 1033
    assert not said(counties(["n/a", *BEFORE[1:]]), counties(BEFORE))


@pytest.mark.parametrize("text", ["1,033 (revised)", "1033 [2]", "1,033 p", "1.040*"])
def test_a_figure_with_a_note_is_a_figure(text):
    assert not said(counties(BEFORE), counties([BEFORE[0], text, *BEFORE[2:]]))


def test_one_more_small_count_under_a_usual_mark_weighs_less():
    names = [f"c{n}" for n in range(20)]

    def table(values):
        return table_of(["County", "Removals"], *([c, v] for c, v in zip(names, values, strict=True)))

    before = ["..", "..", "..", *range(7, 24)]
    (draft,) = said(table(before), table(["..", "..", "..", "..", *range(8, 24)]))
    assert draft.severity is Severity.MEDIUM
    (draft,) = said(table(before), table(["..", "..", "..", "c", *range(8, 24)]))
    assert draft.severity is None


def test_a_nought_that_becomes_a_dash_is_none():
    assert not said(counties([512, 0, 87, 640, 202]), counties([512, "–", 87, 640, 202]))
    assert said(counties([512, 0, 87, 640, 202]), counties([512, "[c]", 87, 640, 202]))


def test_a_column_that_holds_something_else_now_was_not_withheld():
    assert not said(counties(BEFORE), counties(["Norden Jail", "Old Mill", "Quarry Road", "Ferry Lane", "Hill"]))


def test_a_mark_in_a_column_of_words_is_no_figure():
    words = ["open", "open", 3, "closed", "open"]
    assert not said(counties(words), counties(["open", "open", "late", "closed", "open"]))


def test_a_new_year_s_months_wait_for_their_figures():
    def year(values, start):
        return with_periods(counties(values, fiscal_year=start + 1), None, month(start + 1, 3))

    assert not said(year(BEFORE, 2023), year([None] * 5, 2024))
    same = [with_periods(counties(v, fiscal_year=2024), None, month(2024, 3)) for v in (BEFORE, [None] * 5)]
    sides = [document_of(t, as_of=dt.date(2024, 1, d)) for t, d in zip(same, (10, 24), strict=True)]
    assert not list(detect(evidence_of(*sides)))


def test_a_nought_that_became_a_word_for_nothing_is_not_withheld():
    table = table_of(["Agency", "Jan"], ["North", 40], ["South", 0])
    for word, count in (("null", 0), ("None", 0), ("withheld", 1)):
        after = table_of(["Agency", "Jan"], ["North", 40], ["South", word])
        assert len(list(detect(evidence_of(document_of(table), document_of(after))))) == count, word
    lost = table_of(["Agency", "Jan"], ["North", "null"], ["South", 0])
    assert len(list(detect(evidence_of(document_of(table), document_of(lost))))) == 1, "a figure became nothing"
