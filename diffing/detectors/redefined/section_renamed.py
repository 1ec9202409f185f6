"""``text-changed`` above info: what a page calls a part of it, one word put for another over the same text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diffing.comparing.model import Comparison, Draft, Evidence, TextChange
from diffing.grounds.phrases import is_trivial, mask, mended, moves
from diffing.grounds.wording import shorten
from diffing.values import normalise
from state.document import Block, Document, Where
from state.kinds import Severity
from state.model import Item

KINDS = ("text-changed",)
RANK = 28

HEADING = "heading"

LEAST_UNDER = 40
"""Characters of text under a heading that stands as it did, so that it is known to be the same part."""

_PLAIN = re.compile(
    r"(?:latest|recent|new|news|newest|current|updates?|more|other|about|overview|info\w*|faqs?|questions|related"
    r"|resources|links?|quick|key|main|top|featured|upcoming|past|previous|contacts?|menu|details|summary|here)"
)
"""Words that name a place on a page; one for another says nothing else."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a heading; the headline of the page is told by itself."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for change in comparison.texts:
        before, after = change.before, change.after
        if not before or not after or change.block.kind != HEADING or (change.fact in evidence.told):
            continue
        if _is_another_word(before, after) and _stands_over(comparison, before, after):
            yield _draft(change, before, after)


def _is_another_word(before: str, after: str) -> bool:
    """Whether one word of weight was put for one other."""
    words = moves(before, after)
    if len(words.left) != 1 or len(words.came) != 1 or mask(before) == mask(after) or mended(before, after):
        return False
    left, came = (normalise(run[0]).strip(" .,;:?!") for run in words)
    return all(one.isalpha() and len(one) > 2 and not _PLAIN.fullmatch(one) for one in (left, came))


def _stands_over(comparison: Comparison, before: str, after: str) -> bool:
    """Whether what stands under the heading is the same on both sides."""
    under = [_under(side, text) for side, text in ((comparison.before, before), (comparison.after, after))]
    return under[0] == under[1] and sum(map(len, under[0])) >= LEAST_UNDER


def _under(document: Document, heading: str) -> list[str]:
    """The texts between a heading and the next one, in comparison form; stamps and crumbs apart."""
    blocks = iter(document.blocks)
    for block in blocks:
        if block.kind == HEADING and normalise(block.text) == normalise(heading):
            return [mask(text) for text in _until_heading(blocks) if not is_trivial(text)]
    return []


def _until_heading(blocks: Iterator[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind == HEADING:
            return
        yield block.text


def _draft(change: TextChange, before: str, after: str) -> Draft:
    left, came = (shorten(" ".join(run), limit=40) for run in moves(before, after))
    return Draft(
        kind="text-changed",
        title=f"“{left}” became “{came}” in a heading: “{shorten(after, limit=60)}”",
        reason=f"the heading “{shorten(before, limit=150)}” now reads “{shorten(after, limit=150)}”; what stands "
        "under it is the same",
        subject=("heading", normalise(before)),
        where=Where(section=after),
        items=(Item(section=after, before=before, after=after),),
        before=before,
        after=after,
        severity=Severity.MEDIUM,
        confidence=0.8,
        explains=(change.fact,),
    )
