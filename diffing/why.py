"""Why a finding is said: its cause, the facts behind it, what is usual, and the rules that stood back for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.examination import Request
from diffing.examine import evidence_for
from diffing.explain import all_causes, explain
from diffing.extract_history import measures_of
from diffing.grounds.explained import MARKERS
from diffing.grounds.facts_named import fact_in_words
from diffing.grounds.figures import tidy
from diffing.grounds.past import median, past_of, routine
from diffing.grounds.wording import place
from diffing.judge import all_detectors, detected_by, finding_of
from state.model import Finding

MOST_FACTS: Final = 12
"""Facts that are shown one by one; the count holds for all."""


class Line(Struct, frozen=True):
    """Another statement about some of the same facts: which module makes it, and of how many."""

    rule: str
    title: str
    facts: int


class Norm(Struct, frozen=True):
    """What is usual for a table: a measure now, its median and routine, and through how many releases."""

    table: str
    measure: str
    now: int | float
    median: int | float
    routine: int | float
    releases: int


class Why(Struct, frozen=True):
    """Why one finding is said. ``stood_back``: causes and rules that would speak of the same facts."""

    finding: str  # id
    rule: str  # the module that said it
    cause: Line | None  # that explains it, where it is told under a cause
    facts: tuple[str, ...]
    fact_count: int
    norms: tuple[Norm, ...]
    stood_back: tuple[Line, ...]


class _Said(NamedTuple):
    rule: str
    draft: Draft
    finding: Finding

    @property
    def facts(self) -> frozenset[FactKey]:
        return frozenset(fact for fact in self.draft.explains if fact.subject not in MARKERS)

    def over(self, facts: frozenset[FactKey]) -> Line:
        return Line(self.rule, self.finding.title, len(self.facts & facts))


def why(request: Request, ids: Sequence[str]) -> tuple[Why, ...]:
    """The reasons of the findings with these ids, in their order; none of an id that is not found here."""
    evidence = evidence_for(request)
    would = _causes(evidence)
    explained = explain(evidence)
    held = [each for each in would if each.draft in explained]
    told = list(_detected(evidence, held))
    would += _alone(evidence)
    found = {each.finding.id: each for each in (*would, *told, *held)}
    names = [id_ if id_ in found else id_.partition("-")[0] for id_ in ids]  # a second place of one name
    return tuple(
        _reasons(evidence, found[name], held=held, would=would, told=told) for name in names if name in found
    )


def _causes(evidence: Evidence) -> list[_Said]:
    """Whatever a cause would say, whether another explains more or not."""
    return [_said(evidence, cause.__name__, draft) for cause in all_causes() for draft in cause.find(evidence)]


def _detected(evidence: Evidence, causes: Sequence[_Said]) -> Iterator[_Said]:
    told = {fact for each in causes for fact in each.draft.explains}
    for module, draft in detected_by(replace(evidence, told=told)):
        yield _said(evidence, module, draft)


def _alone(evidence: Evidence) -> Iterator[_Said]:
    """What each rule would say if nothing had been told."""
    for detector in all_detectors():
        for draft in detector.detect(replace(evidence, told=set())):
            yield _said(evidence, detector.__name__, draft)


def _said(evidence: Evidence, module: str, draft: Draft) -> _Said:
    return _Said(module.removeprefix("diffing."), draft, finding_of(evidence, draft))


def _reasons(
    evidence: Evidence, said: _Said, *, held: Sequence[_Said], would: Sequence[_Said], told: Sequence[_Said]
) -> Why:
    facts = said.facts
    causes = [each.over(facts) for each in held if each.draft != said.draft and each.facts & facts]
    return Why(
        finding=said.finding.id,
        rule=said.rule,
        cause=max(causes, key=lambda line: line.facts, default=None),
        facts=tuple(fact_in_words(evidence.comparison, fact) for fact in said.draft.explains[:MOST_FACTS]),
        fact_count=len(said.draft.explains),
        norms=tuple(_norms(evidence, facts)),
        stood_back=tuple(
            each.over(facts)
            for each in would
            if each.facts & facts and all(each.draft != other.draft for other in (said, *held, *told))
        ),
    )


def _norms(evidence: Evidence, facts: frozenset[FactKey]) -> Iterator[Norm]:
    """What the tables of the facts did through the releases before, beside what they do now."""
    comparison = evidence.comparison
    concerned = {fact.table for fact in facts}
    for pair in comparison.tables if comparison else ():
        if pair.index not in concerned or comparison is None:
            continue
        past = past_of(evidence, pair)
        for name, now in measures_of(pair, comparison).items():
            usual = past.measures(name)
            if usual and ":" not in name and (now or any(usual)):
                middle, most = tidy(median(usual)), tidy(routine(usual))
                yield Norm(place(pair.after), name, tidy(now), middle, most, len(usual))
