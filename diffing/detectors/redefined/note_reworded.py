"""``definition-changed``: a note under a table says otherwise what its figures are."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import essence, gist, mask, mended, moves
from diffing.grounds.wording import shorten
from diffing.values import normalise
from state.kinds import Severity
from state.model import Item

KINDS = ("definition-changed",)
RANK = 27

_MARKS = frozenset("#@")
"""What stands for figures and dates in the essence of a text: notes that hold them differ in every release."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a note that no graver rule told."""
    if evidence.comparison is None:
        return
    for passage in passages_of(evidence.comparison):
        if passage.is_note and passage.key not in evidence.told and _says_otherwise(passage):
            yield _draft(passage)


def _says_otherwise(passage: Passage) -> bool:
    """Whether words of weight differ, wherever they stand."""
    before, after = passage.before, passage.after
    if not before or not after or gist(before) == gist(after) or mended(before, after):
        return False
    if mask(before) == mask(after):
        return False  # a count in a note is a figure of the table, another in every release
    return not any(_MARKS.intersection(essence(text).split()) for text in (before, after))


def _draft(passage: Passage) -> Draft:
    before, after = passage.before or "", passage.after or ""
    return Draft(
        kind="definition-changed",
        title=f"A note to a table was reworded: {shorten(moves(before, after).told, limit=80)}",
        reason=f"“{shorten(before, limit=250)}” now reads “{shorten(after, limit=250)}”",
        subject=(normalise(passage.section), mask(before)),
        where=passage.where,
        items=(Item(section=passage.section or None, before=before, after=after),),
        before=before,
        after=after,
        severity=Severity.MEDIUM,
        confidence=0.8,
        explains=passage.facts,
    )
