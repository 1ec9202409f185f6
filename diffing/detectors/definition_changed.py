"""``definition-changed``, ``-vanished`` and ``-added``: the words that define a term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.facts import Comparison, DefinitionChange, Draft, Evidence, FactKey
from diffing.passages import Passage, passages_of
from diffing.phrases import essence, joined_mask, likeness, moves, stands_in
from diffing.values import normalise
from diffing.wording import shorten
from state.document import Definition, Where
from state.model import Item

KINDS = ("definition-changed", "definition-vanished", "definition-added")
RANK = 8


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a term. Wording that only moved, and dates or running figures in it, are no change."""
    comparison = evidence.comparison
    if comparison is None:
        return
    passages = passages_of(comparison) if comparison.definitions else []
    for change in comparison.definitions:
        if FactKey("definition", change.index) in evidence.told:
            continue
        if change.before and change.after:
            if _reworded(change.before, change.after):
                yield _changed(change, change.before, change.after, passages)
        elif change.before and not _still_said(change.before, comparison):
            yield _vanished(change, change.before, passages)
        elif change.after and not _said_before(change.after, comparison):
            yield _added(change, change.after, passages)


def _reworded(before: Definition, after: Definition) -> bool:
    left, right = essence(before.wording), essence(after.wording)
    return left != right and sorted(left.split()) != sorted(right.split())


def _still_said(definition: Definition, comparison: Comparison) -> bool:
    return stands_in(definition.wording, masked=joined_mask(comparison.after))


def _said_before(definition: Definition, comparison: Comparison) -> bool:
    return stands_in(definition.wording, masked=joined_mask(comparison.before))


def _changed(
    change: DefinitionChange, before: Definition, after: Definition, passages: Sequence[Passage]
) -> Draft:
    words = moves(before.wording, after.wording)
    return Draft(
        kind="definition-changed",
        title=f"“{shorten(after.term, limit=50)}” is defined differently: {shorten(words.told, limit=80)}",
        reason=f"the words that moved: {words.told}",
        subject=(normalise(after.term),),
        where=_place(after),
        items=(Item(term=after.term, before=before.wording, after=after.wording),),
        before=before.wording,
        after=after.wording,
        explains=_facts(change, passages),
    )


def _vanished(change: DefinitionChange, before: Definition, passages: Sequence[Passage]) -> Draft:
    return Draft(
        kind="definition-vanished",
        title=f"The definition of “{shorten(before.term, limit=60)}” is gone",
        reason=f"it read: “{shorten(before.wording, limit=300)}”; no passage of the document says so any more",
        subject=(normalise(before.term),),
        where=_place(before),
        items=(Item(term=before.term, before=before.wording, valued=True),),
        before=before.wording,
        explains=_facts(change, passages),
    )


def _added(change: DefinitionChange, after: Definition, passages: Sequence[Passage]) -> Draft:
    return Draft(
        kind="definition-added",
        title=f"“{shorten(after.term, limit=50)}” is now defined: “{shorten(after.wording, limit=70)}”",
        reason="the release before defined no such term",
        subject=(normalise(after.term),),
        where=_place(after),
        items=(Item(term=after.term, after=after.wording, valued=True),),
        after=after.wording,
        explains=_facts(change, passages),
    )


def _place(definition: Definition) -> Where:
    return definition.where


def _facts(change: DefinitionChange, passages: Sequence[Passage]) -> tuple[FactKey, ...]:
    """The definition and the changed texts that hold the same words, so that no other kind repeats them."""
    sides = [definition.wording for definition in (change.before, change.after) if definition]
    held = (
        passage.facts
        for passage in passages
        if any(_same_words(side, wording) for side in (passage.before, passage.after) if side for wording in sides)
    )
    return (FactKey("definition", change.index), *(fact for facts in held for fact in facts))


def _same_words(text: str, wording: str) -> bool:
    """Whether a changed text is the wording, a sentence of it, or the paragraph that holds it."""
    small, large = sorted((essence(text), essence(wording)), key=len)
    return (len(small) > 20 and small in large) or likeness(text, wording) > 0.9
