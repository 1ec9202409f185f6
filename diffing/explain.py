"""Causes before consequences: what happened to tables, sheets and files as a whole, and what follows from it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, Protocol, cast

from diffing import causes
from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.grounds.explained import MARKERS, everything
from state.kinds import Kind

HELD = 0.5
"""Share of what a cause explains that no weightier one may have explained, for both to be told."""


class Cause(Protocol):
    """What a module in ``diffing.causes`` offers; ``RANK``: the lower wins where two explain as much."""

    KINDS: tuple[Kind | str, ...]
    __name__: str
    RANK: int

    def find(self, evidence: Evidence) -> Iterator[Draft]:
        """Explanations with the facts that follow from them, without regard to other causes."""
        ...


class _Explanation(NamedTuple):
    draft: Draft
    rank: int
    facts: frozenset[FactKey]


def explain(evidence: Evidence) -> tuple[Draft, ...]:
    """The explanations that hold, those that explain most first.

    Of two that compete for the same facts, only the one that explains more is told; what explains the release as a
    whole explains more than what pairs its rows otherwise.
    """
    if evidence.comparison is None:
        return ()
    whole = frozenset(everything(evidence.comparison))
    found = [_Explanation(each, cause.RANK, frozenset(each.explains)) for cause, each in _all_found(evidence)]
    return tuple(each.draft for each in _weighed(found, whole=whole))


def _all_found(evidence: Evidence) -> Iterator[tuple[Cause, Draft]]:
    for cause in all_causes():
        for draft in cause.find(evidence):
            yield cause, draft


def _weighed(found: Sequence[_Explanation], *, whole: frozenset[FactKey]) -> Iterator[_Explanation]:
    told: set[FactKey] = set()
    left = list(found)
    while left:
        best = max(left, key=lambda each: (whole <= each.facts, _weight(each.facts - told), -each.rank))
        left.remove(best)
        if len(best.facts - told) >= HELD * len(best.facts):
            told |= best.facts
            yield best


def _weight(facts: frozenset[FactKey]) -> int:
    return sum(fact.subject not in MARKERS for fact in facts)


@cache
def all_causes() -> tuple[Cause, ...]:
    """The modules of ``diffing.causes`` by rank."""
    names = sorted(each.name for each in pkgutil.iter_modules(causes.__path__, prefix=f"{causes.__name__}."))
    modules = [cast("Cause", importlib.import_module(name)) for name in names]
    return tuple(sorted(modules, key=lambda module: module.RANK))
