"""``term-dropped`` and ``term-added``: how often a watched term is used went to zero, from zero, or moved far."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.passages import passages_of
from diffing.grounds.phrases import texts_of
from diffing.grounds.wording import plural
from diffing.values import normalise
from state.document import Document
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "term-dropped",
        Severity.MEDIUM,
        "a watched term is no longer used, or far less; low where it left with a sentence that is told",
        tolerances={
            "fewest": "uses from which on a share means something",
            "share": "share of its uses (0 to 1) by which a count may move",
        },
    ),
    Kind(
        "term-added",
        Severity.MEDIUM,
        "a watched term is used for the first time, or far more; low where it came with a sentence that is told",
    ),
)
RANK = 16

SHARE = 0.5
"""Share of its uses by which a count must move; ``term-dropped.share`` sets another."""

FEWEST = 4
"""Uses from which on a share means something; below, only zero does. ``term-dropped.fewest`` sets another."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a term that the source file declares; ``low`` where the sentence itself is told."""
    comparison = evidence.comparison
    if comparison is None or not evidence.rules.terms:
        return
    before, after = _words_of(comparison.before), _words_of(comparison.after)
    tolerances = evidence.rules.tolerances
    share = tolerances.get("term-dropped.share", SHARE)
    fewest = tolerances.get("term-dropped.fewest", FEWEST)
    for term in evidence.rules.terms:
        pattern = _pattern(term)
        count_before, count_after = len(pattern.findall(before)), len(pattern.findall(after))
        if _moved(count_before, count_after, share=share, fewest=fewest):
            draft = _draft(term, count_before, count_after)
            yield _as_told(draft) if _is_told(evidence, pattern, count_after - count_before) else draft


def _is_told(evidence: Evidence, pattern: re.Pattern[str], moved: int) -> bool:
    """Whether the sentences that graver findings show took or brought all of these uses."""
    assert evidence.comparison is not None
    shown = [passage for passage in passages_of(evidence.comparison) if passage.key in evidence.told]
    by_them = sum(
        len(pattern.findall(normalise(passage.after or "")))
        - len(pattern.findall(normalise(passage.before or "")))
        for passage in shown
    )
    return by_them <= moved if moved < 0 else by_them >= moved


def _as_told(draft: Draft) -> Draft:
    """The same as an aside: who reads the graver finding sees the word in its sentence."""
    reason = f"{draft.reason}; every use stood in a sentence that a graver finding shows"
    return replace(draft, severity=Severity.LOW, reason=reason)


def _words_of(document: Document) -> str:
    """All that a reader reads, once: definitions stand in the prose already."""
    cells = (
        cell
        for table in document.tables
        for cell in (*(c.name for c in table.columns), *(v for row in table.rows for v in row))
        if isinstance(cell, str)
    )
    prose = (text for text in texts_of(document, definitions=False))
    return normalise("\n".join((*prose, *cells)))


def _pattern(term: str) -> re.Pattern[str]:
    """The term as whole words, in singular or plural, with a space or a hyphen between its words."""
    words = [re.escape(word) for word in re.split(r"[\s-]+", normalise(term)) if word]
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(words) + r"(?:s|es)?(?!\w)")


def _moved(before: int, after: int, *, share: float, fewest: float) -> bool:
    if before == after:
        return False
    if not before or not after:
        return True
    return max(before, after) >= fewest and abs(after - before) >= share * before


def _draft(term: str, before: int, after: int) -> Draft:
    kind = "term-dropped" if after < before else "term-added"
    if not after:
        title = f"“{term}” is no longer used ({plural(before, 'time')} before)"
    elif not before:
        title = f"“{term}” is now used {plural(after, 'time')}, never before"
    else:
        title = f"“{term}” is used {plural(after, 'time')}, {plural(before, 'time')} before"
    return Draft(
        kind=kind,
        title=title,
        reason="counted as a whole word, in singular and plural, over headings, text, notes and tables",
        subject=(normalise(term),),
        items=(Item(term=term, before=before, after=after, difference=after - before),),
        before=before,
        after=after,
    )
