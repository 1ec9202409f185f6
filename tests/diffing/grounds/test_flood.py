from diffing.comparing.model import Draft, FactKey
from diffing.grounds.flood import gather
from state.kinds import Severity
from state.model import Item


def drafts(count, kind="definition-changed", severity=None):
    return [
        Draft(
            kind=kind,
            title=f"“Term {n}” is defined differently",
            reason="because",
            subject=(f"term {n}",),
            items=(Item(term=f"Term {n}"),),
            severity=severity,
            explains=(FactKey("definition", n),),
        )
        for n in range(count)
    ]


def test_a_few_stay_as_they_are():
    assert gather(drafts(3), most=3, noun="definitions") == drafts(3)


def test_many_become_one_with_all_members():
    (one,) = gather(drafts(30), most=3, noun="definitions")
    assert one.title.startswith("30 definitions, among them: “Term 0”")
    assert len(one.items) == one.count == len(one.explains) == 30


def test_kinds_stay_apart():
    told = gather([*drafts(5), *drafts(2, kind="definition-added")], most=3, noun="definitions")
    assert [draft.kind for draft in told] == ["definition-changed", "definition-added", "definition-added"]


def test_the_gravest_stands_for_all():
    (one,) = gather([*drafts(5, severity=Severity.MEDIUM), *drafts(1)], most=3, noun="definitions")
    assert one.severity is None
