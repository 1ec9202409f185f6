"""Every kind is declared once, and every rule says which kinds it raises."""

import ast
import importlib
from pathlib import Path

import pytest

from diffing.explain import all_causes
from diffing.judge import all_detectors
from state.kinds import names_of
from state.vocabulary import KINDS

RULES = [rule.__name__ for rule in (*all_causes(), *all_detectors())]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_raises_the_kinds_that_it_names(name: str) -> None:
    module = importlib.import_module(name)
    named = set(names_of(module.KINDS))
    assert named <= set(KINDS), "run `make docs`"
    calls = (
        node
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )
    given = [word.value for call in calls for word in call.keywords if word.arg == "kind"]
    raised = {each.value for value in given for each in ast.walk(value) if isinstance(each, ast.Constant)}
    assert raised & set(KINDS) <= named
    assert raised <= set(KINDS) | {None}


def test_every_kind_has_a_group_and_a_sentence() -> None:
    for kind in KINDS.values():
        assert kind.group is not None, kind.name
        assert kind.sentence, kind.name
        assert not kind.sentence.endswith("."), kind.name
        assert not kind.sentence[0].isupper(), kind.name
