from diffing.detectors.vanished.rows_vanished import detect
from state.kinds import Severity
from state.model import Rules
from tests.diffing.tables import document_of, evidence_of, table_of

NAMES = [f"Jail {letter}" for letter in "ABCDEFGHIJKLMNOPQRST"]


def said(before, after, **fields):
    return list(detect(evidence_of(document_of(before), document_of(after), **fields)))


def agencies(names):
    return table_of(["Agency", "State"], *([name, "TX"] for name in names), name="Participating agencies")


def jails(names, amount=50):
    return table_of(["Facility", "Population"], *([name, amount] for name in names), name="Facilities")


def test_rows_are_named():
    (draft,) = said(agencies(NAMES[:5]), agencies(NAMES[1:5]))
    assert draft.title == "1 agency left “Participating agencies”: Jail A"
    assert [item.row for item in draft.items] == ["Jail A"]
    assert draft.severity is None, "high by kind: a list of names that never lost any"


def test_a_list_of_names_that_grows_is_watched_and_one_that_churns_is_not():
    grows = [document_of(agencies(NAMES[: 5 + k])) for k in range(6)]
    (draft,) = said(agencies(NAMES[:11]), agencies(NAMES[1:12]), older=grows)
    assert draft.severity is None
    assert "no row left it in 6 releases before" in draft.reason
    churns = [document_of(agencies(NAMES[k : k + 10])) for k in range(6)]
    (draft,) = said(agencies(NAMES[6:16]), agencies(NAMES[7:17]), older=churns)
    assert draft.severity is Severity.INFO
    assert "1 of 10 rows left, usually 1 in an ordinary release" in draft.reason


def test_a_purge_stands_out_from_the_churn():
    churns = [document_of(jails(NAMES[k : k + 14])) for k in range(5)]
    (draft,) = said(jails(NAMES[5:19]), jails(NAMES[10:19]), older=churns)
    assert draft.severity is None
    assert "5 of 14 rows left, usually 1" in draft.reason


def test_without_a_past_thresholds_decide():
    ordinary = said(
        jails(NAMES), jails([*NAMES[1:], "Jail Z"]), rules=Rules(tolerances={"rows-vanished.weight": 6})
    )
    large = said(jails(NAMES), jails(NAMES[5:]))
    assert ordinary[0].severity is Severity.INFO
    assert large[0].severity is None


def test_rows_that_held_next_to_nothing_are_info():
    rows = [[name, 10_000] for name in NAMES]
    before = table_of(["Facility", "Population"], *rows, ["Jail Z", 1])
    (draft,) = said(before, table_of(["Facility", "Population"], *rows))
    assert draft.severity is Severity.INFO


def test_cumulative_rows_and_declared_lists_cannot_lose_any():
    rows = [[name, 10_000] for name in NAMES]
    header = ["County", "Removals, cumulative"]
    (draft,) = said(table_of(header, *rows, ["Jail Z", 1]), table_of(header, *rows))
    assert draft.severity is None
    sides = jails([*NAMES, "Jail Z"], amount=0), jails(NAMES, amount=0)
    assert said(*sides)[0].severity is Severity.INFO
    assert said(*sides, rules=Rules(growing_lists=("*",)))[0].severity is None


def test_a_table_of_prose_is_told_as_text():
    long = "The data provided are as of the date of the report and are subject to change daily, as is every figure"
    before = table_of(["Topic", "Note"], ["Removals", long + " here."], ["Arrests", long + " there."])
    (draft,) = said(before, table_of(["Topic", "Note"], ["Removals", long + " here."]))
    assert draft.severity is Severity.INFO


def test_what_is_told_is_not_repeated():
    evidence = evidence_of(document_of(agencies(NAMES[:5])), document_of(agencies(NAMES[1:5])))
    (draft,) = detect(evidence)
    evidence.told.update(draft.explains)
    assert not list(detect(evidence))


def test_rows_that_fell_to_nothing_where_a_table_prints_no_nought():
    def held(**counts):
        return table_of(["Facility", "Held now"], *([n, c] for n, c in counts.items()), name="Held by facility")

    still = {f"jail{n}": 3 + n for n in range(12)}
    before = held(**still | {"ash": 4, "bex": 3, "cor": 5})
    after = held(**still | {"jail3": 1, "jail5": 1, "jail7": 2, "jail1": 6, "dun": 2})
    (draft,) = said(before, after)
    assert draft.severity is Severity.INFO
    assert "no row of it says 0, and others fell by as much" in draft.reason
    (draft,) = said(held(**still | {"ash": 40, "bex": 3, "cor": 5}), after)
    assert draft.severity is None, "more than any that stayed lost"
    (draft,) = said(before, held(**still | {"jail1": 6, "dun": 2}))
    assert draft.severity is None, "none that stayed fell"
