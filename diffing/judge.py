"""Runs the detectors over the evidence, lets each fact be told once, and grades what they say."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Container, Iterator
from functools import cache
from typing import Protocol, cast

from msgspec.structs import replace

from diffing import detectors
from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.grounds.wording import cut_title
from state.kinds import DEFAULT_SEVERITY
from state.model import Finding


class Detector(Protocol):
    """What a module in ``diffing.detectors`` offers; ``RANK``: lower is more telling and runs first."""

    KINDS: tuple[str, ...]
    RANK: int

    def detect(self, evidence: Evidence) -> Iterator[Draft]:
        """What this rule has to say, leaving out facts that are in ``evidence.told``."""
        ...


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """All findings of a round, gravest first, then in order of detection.

    A fact that one draft explains is told: no later draft repeats it, whether its detector asks or not. The same
    evidence gives the same findings in the same order; ``evidence.told`` is filled on the way.
    """
    findings: dict[str, Finding] = {}
    for detector in all_detectors():
        for draft in detector.detect(evidence):
            left = untold_of(draft, evidence.told)
            if left is None:
                continue
            evidence.told.update(left.explains)
            finding = _finding_of(evidence, left)
            findings[_free_id(finding.id, findings)] = finding
    named = (replace(finding, id=id_) for id_, finding in findings.items())
    return tuple(sorted(named, key=lambda finding: -finding.severity.rank))


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


def fingerprint(*, source: str, series: str, kind: str, subject: tuple[str, ...]) -> str:
    """The identity of a finding: the same statement about the same place has it again next week.

    ``subject`` names the place (normalised table, column, row), never a title, a value or an address.
    """
    words = "\x1f".join((source, series, kind, *subject))
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def _finding_of(evidence: Evidence, draft: Draft) -> Finding:
    source, series = evidence.source.id, evidence.series.name
    return Finding(
        id=fingerprint(source=source, series=series, kind=draft.kind, subject=draft.subject),
        kind=draft.kind,
        severity=draft.severity or DEFAULT_SEVERITY[draft.kind],
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
