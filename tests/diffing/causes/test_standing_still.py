import datetime as dt

from msgspec.structs import replace

from diffing.causes.standing_still import find as detect
from state.document import DateRole, StatedDate
from state.kinds import Severity
from tests.diffing.tables import document_of, evidence_of, table_of

OFFICES = ["Ash", "Bex", "Cor", "Dun"]


def table(step, **fields):
    rows = [[o, 100 + step * (n + 3), 50 + step * 7 * n + step, 900 - step * n - 1] for n, o in enumerate(OFFICES)]
    return table_of(["Office", "Detained", "Moved", "Freed"], *rows, name="By office", **fields)


def release(step, day=0):
    return document_of(table(step), as_of=dt.date(2024, 1, 1) + dt.timedelta(days=14 * (day or step)))


def said(before, after, **fields):
    return list(detect(evidence_of(before, after, **fields)))


def test_a_table_that_always_moves_and_stands_still_under_a_newer_date():
    older = [release(step) for step in range(1, 9)]
    (draft,) = said(release(9), release(9, day=10), older=older)
    assert draft.severity is Severity.HIGH
    assert draft.title == "“By office” is unchanged under a newer date"
    assert not said(release(9), release(9, day=9), older=older), "the date did not move either"
    assert not said(release(9), release(9, day=10), older=older[-3:]), "its habits are not known yet"


def test_a_table_that_seldom_moves_may_stand_still():
    older = [release(1, day=step) for step in range(1, 9)]
    assert not said(release(1, day=9), release(1, day=10), older=older)


def large(step, day, **fields):
    rows = [[f"Site {n}", 10 * n + step + 1, 7 * n + 3] for n in range(60)]
    date = dt.date(2024, 1, day)
    stated = StatedDate(date.isoformat(), date, DateRole.AS_OF)
    return table_of(["Site", "Held", "Beds"], *rows, name="By site", as_of=stated, **fields)


def test_a_large_table_that_stands_still_under_its_own_later_date_beside_others_that_moved():
    before = document_of(large(0, 1), table(1))
    (draft,) = said(before, document_of(large(0, 15), table(2)))
    assert draft.title == "“By site” is unchanged under a newer date (2024-01-01 became 2024-01-15)"
    assert draft.severity is Severity.HIGH
    assert not said(before, document_of(large(0, 1), table(2)))
    assert not said(before, document_of(large(0, 15), table(1))), "dated anew as a whole"
    assert not said(before, document_of(large(1, 15), table(2)))


def test_words_that_move_do_not_hide_that_the_figures_stand_still():
    def rated(step, word, day):
        rows = [[*row, word] for row in table(step).rows]
        made = table_of(["Office", "Detained", "Moved", "Freed", "Rating"], *rows, name="By office")
        return document_of(made, as_of=dt.date(2024, 1, 1) + dt.timedelta(days=14 * day))

    older = [rated(step, "fair", step) for step in range(1, 9)]
    (draft,) = said(rated(9, "fair", 9), rated(9, "good", 10), older=older)
    assert "4 other cells moved" in draft.reason
    assert draft.severity is Severity.HIGH


def test_a_table_that_keeps_its_date_and_figures_while_its_sibling_moves_on():
    def both(step, other):
        def own(number, name):
            date = dt.date(2024, 1, 1) + dt.timedelta(days=14 * number)
            stated = StatedDate(date.isoformat(), date, DateRole.AS_OF)
            return replace(table(number), name=name, as_of=stated)

        return document_of(own(step, "By office"), own(other, "By reason"))

    older = [both(step, step) for step in range(1, 9)]
    (draft,) = said(both(9, 9), both(9, 10), older=older)
    assert draft.title.startswith("“By office” is unchanged, still as of 2024-05-06, while other tables moved on")
    assert not said(both(9, 9), both(9, 9), older=older)
