from msgspec.structs import replace

from diffing.grounds.past import past_of, stale_releases
from tests.diffing.tables import document_of, evidence_of, history_of, table_of


def release(*names):
    return document_of(table_of(["County", "Count"], *([name, len(name)] for name in names)))


def test_values_and_measures_by_release():
    older = [release("Ash", "Bex"), release("Ash", "Bex", "Cor")]
    evidence = evidence_of(release("Ash", "Dunmore"), release("Ash"), older=older)
    past = past_of(evidence, evidence.comparison.tables[0])
    assert past.values("bex", "count") == [3, 3]
    assert past.values("zed", "count") == []
    assert past.measures("rows.left") == [0, 2]
    assert past.rates("rows.joined") == [(1, 14.0), (1, 14.0)]


def test_a_stale_re_issue_makes_no_routine():
    history = history_of([release("Ash"), release("Ash", "Bex"), release("Ash"), release("Ash", "Bex", "Cor")])
    facts = list(history.facts)
    facts[2] = replace(facts[2], sha256=facts[0].sha256)
    history = replace(history, facts=tuple(facts))
    assert stale_releases(facts) == {"3"}
    evidence = replace(evidence_of(release("Ash", "Bex", "Cor"), release("Ash")), history=history)
    past = past_of(evidence, evidence.comparison.tables[0])
    assert past.measures("rows.left") == [0.0], "neither the re-issue's nor what followed it"


def test_the_same_body_twice_in_a_row_is_not_stale():
    facts = [replace(each, sha256="0") for each in history_of([release("Ash")] * 3).facts]
    assert not stale_releases(facts)
