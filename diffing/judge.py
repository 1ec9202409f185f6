"""Explains first, then runs the detectors over the rest: each fact is told once, causes before consequences."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from functools import cache
from typing import Protocol, cast

from msgspec.structs import replace

from diffing import detectors
from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.explain import explain
from diffing.grounds.accounting import unexplained
from diffing.grounds.edits import edits_of
from diffing.grounds.explained import MARKERS
from diffing.grounds.wording import cut_title
from state.events import fingerprint
from state.kinds import Kind, Severity
from state.model import Finding
from state.vocabulary import KINDS


class Detector(Protocol):
    """What a module in ``diffing.detectors`` offers; ``RANK``: lower is more telling and runs first."""

    KINDS: tuple[Kind | str, ...]  # declared here, or only raised here: then the name
    __name__: str
    RANK: int

    def detect(self, evidence: Evidence) -> Iterator[Draft]:
        """What this rule has to say, leaving out facts that are in ``evidence.told``."""
        ...


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """All findings of a round, gravest first, then in order of detection.

    A fact that one draft explains is told: no later draft repeats it, whether its detector asks or not. What a
    cause explains is kept as ``info`` beside it, with its ``cause``. The same evidence gives the same findings in
    the same order; ``evidence.told`` is filled on the way.
    """
    findings: dict[str, Finding] = {}
    causes: dict[FactKey, str] = {}
    for draft in explain(evidence):
        id_ = _add(evidence, draft, findings)
        findings[id_] = replace(findings[id_], explains=len(_differences(draft)))
        causes.update((fact, id_) for fact in _differences(draft) if fact not in causes)
        evidence.told.update(draft.explains)
    loud: set[FactKey] = set()
    for draft in _detected(evidence):
        id_ = _add(evidence, draft, findings)
        if findings[id_].severity is not Severity.INFO:
            loud.update(_differences(draft))
    _say_once(evidence, findings, loud)
    for draft, cause in _consequences(evidence, causes):
        _add_consequence(evidence, draft, cause, findings)
    named = (replace(finding, id=id_) for id_, finding in findings.items())
    return tuple(sorted(named, key=lambda finding: -finding.severity.rank))


def _say_once(evidence: Evidence, findings: dict[str, Finding], loud: Container[FactKey]) -> None:
    """That an edit was silent is told once with the edit: in its place where that is a mere rewording, else, of
    figures, by the gravest of the findings that tell all of it, in its reason."""
    told = {id_: each for id_, each in findings.items() if each.severity is not Severity.INFO}
    id_ = next((id_ for id_, each in told.items() if each.kind == _SILENT), None)
    if id_ is None or evidence.comparison is None:
        return
    silent = told.pop(id_)
    edits = {fact for edit in edits_of(evidence.comparison) for fact in edit.facts}
    if not told or not edits or any(fact not in loud for fact in edits):
        return
    lead, gravest = max(told.items(), key=lambda each: each[1].severity.rank)
    if len(told) == 1 and gravest.kind == _REWORDED:
        findings[lead] = replace(gravest, severity=Severity.INFO, cause=id_)
        findings[id_] = replace(silent, reason=f"{silent.reason}; {gravest.reason}")
        return
    if any(fact.subject in _PROSE for fact in edits):
        return  # of what was said otherwise under the same date, that nobody was told is news of its own
    findings[lead] = replace(gravest, reason=f"{gravest.reason}; {silent.reason}")
    findings[id_] = replace(silent, severity=Severity.INFO, cause=lead)


_SILENT, _REWORDED = "silent-edit", "text-changed"
"""The kind that tells of no difference but of how they came, and the one that says the least of them."""

_PROSE = frozenset({"headline", "text", "definition", "link"})
"""Subjects of facts that are words and not figures."""


def _detected(evidence: Evidence) -> Iterator[Draft]:
    for _, draft in detected_by(evidence):
        yield draft


def detected_by(evidence: Evidence) -> Iterator[tuple[str, Draft]]:
    """What the rules say beyond what is told, each with the name of its module; fills ``evidence.told``."""
    for detector in all_detectors():
        for draft in detector.detect(evidence):
            left = untold_of(draft, evidence.told)
            if left is not None:
                evidence.told.update(left.explains)
                yield detector.__name__, left
    for draft in unexplained(evidence):
        evidence.told.update(draft.explains)
        yield "grounds.accounting", draft


def _differences(draft: Draft) -> frozenset[FactKey]:
    return frozenset(fact for fact in draft.explains if fact.subject not in MARKERS)


def _consequences(evidence: Evidence, causes: Mapping[FactKey, str]) -> Iterator[tuple[Draft, str]]:
    """What would be said if nothing had been explained, with the cause that explains most of it."""
    if not causes:
        return
    for draft in _detected(replace(evidence, told=set())):
        named = Counter(causes[fact] for fact in draft.explains if fact in causes)
        if named:
            yield draft, named.most_common(1)[0][0]


def _add(evidence: Evidence, draft: Draft, findings: dict[str, Finding]) -> str:
    finding = finding_of(evidence, draft)
    id_ = _free_id(finding.id, findings)
    findings[id_] = finding
    return id_


def _add_consequence(evidence: Evidence, draft: Draft, cause: str, findings: dict[str, Finding]) -> None:
    """Keep what a cause explains; a place that has something to say of its own says it itself."""
    finding = finding_of(evidence, draft)
    findings.setdefault(finding.id, replace(finding, severity=Severity.INFO, cause=cause))


def untold_of(draft: Draft, told: Container[FactKey]) -> Draft | None:
    """What a draft says beyond the facts that are ``told``; None where that is nothing.

    Where it has an item for each of its facts, those of the told ones go with them.
    """
    left = [place for place, fact in enumerate(draft.explains) if fact not in told]
    if len(left) == len(draft.explains):
        return draft
    if not left:
        return None
    explains = tuple(draft.explains[place] for place in left)
    if len(draft.items) != len(draft.explains):
        return replace(draft, explains=explains)
    items = tuple(draft.items[place] for place in left)
    count = None if draft.count is None else max(1, draft.count - len(draft.items) + len(items))
    return replace(draft, explains=explains, items=items, count=count)


def _free_id(id_: str, taken: Container[str]) -> str:
    """Two places of the same name in one document get identities of their own, in reading order."""
    free, ordinal = id_, 2
    while free in taken:
        free, ordinal = f"{id_}-{ordinal}", ordinal + 1
    return free


@cache
def all_detectors() -> tuple[Detector, ...]:
    """The rules of ``diffing.detectors`` in the order in which they run: by rank, then by name."""
    found = pkgutil.walk_packages(detectors.__path__, prefix=f"{detectors.__name__}.")
    names = sorted((each.name for each in found if not each.ispkg), key=lambda name: name.rsplit(".", 1)[-1])
    modules = [importlib.import_module(name) for name in names]
    return tuple(sorted((cast(Detector, module) for module in modules), key=lambda module: module.RANK))


def _declared(kind: str) -> Kind:
    if kind not in KINDS:
        raise LookupError(f"the kind {kind} is not in the vocabulary yet: `make docs` takes in what rules declare")
    return KINDS[kind]


def finding_of(evidence: Evidence, draft: Draft) -> Finding:
    """The statement that a draft makes, by the name of its place."""
    source, series = evidence.source.id, evidence.series.name
    return Finding(
        id=fingerprint(source=source, series=series, kind=draft.kind, subject=draft.subject),
        kind=draft.kind,
        severity=draft.severity or _declared(draft.kind).severity,
        title=cut_title(draft.title),
        where=draft.where,
        items=draft.items,
        count=draft.count if draft.count is not None else max(1, len(draft.items)),
        before=draft.before,
        after=draft.after,
        confidence=draft.confidence,
        reason=draft.reason,
        source=source or None,
        series=series or None,
        url=evidence.url_after or evidence.url_before,
        ends=draft.ends,
    )
