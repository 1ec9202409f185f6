"""Lives through rounds with the real store and the real judge, and returns what each said."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from diffing.workers.pool import Workers
from pipeline.round import take_in
from state.kinds import Severity
from state.model import Finding, Source
from state.store import Store
from state.vocabulary import OPERATIONS
from tests.incidents.making import Round


def live(source: Source, rounds: Iterable[Round]) -> list[tuple[Finding, ...]]:
    """What each round had to say that was not said before."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store(Path(folder) / "archive.db") as store,
        Workers(size=1) as workers,
    ):
        return [
            take_in(source, each.captures(source), store=store, workers=workers, now=each.at).news
            for each in rounds
        ]


def above_info(findings: Iterable[Finding]) -> list[Finding]:
    """What may wake somebody."""
    return [
        finding for finding in findings if finding.severity is not Severity.INFO and finding.kind not in OPERATIONS
    ]


def only(findings: Iterable[Finding], kind: str) -> Finding:
    """The one finding of a kind; fails with what was said instead."""
    said = list(findings)
    found = [finding for finding in said if finding.kind == kind]
    assert len(found) == 1, [(finding.kind, finding.severity.value, finding.title) for finding in said]
    return found[0]
