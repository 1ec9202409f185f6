"""``page-replaced``: the address answers with something else than its page, and did so in an earlier round too.

Seen once, that is a question and no news: consent walls, error pages and notices stand with status 200 in a page's
place for an hour. ``question_of`` asks it; the look of a later round answers it.
"""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.explained import all_of
from diffing.grounds.looks import day, is_looked_at
from diffing.grounds.wording import plural, shorten
from diffing.values import normalise
from state.document import Document
from state.formats import HTML
from state.kinds import Group, Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "page-replaced",
        Severity.HIGH,
        "the address answers 200 with something else: title, tables and nearly all blocks are gone, at two looks",
        group=Group.VANISHED,
    ),
)
RANK = 1

KEPT = 0.1
"""Share of its text of which at most so much is left of a page that was replaced."""

ALIKE = 0.5
"""Share of the words of a title from which on two titles name the same page."""

LEAST_TEXT = 200
"""Characters of a page without tables below which it has too little to be known again by."""


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all that is gone, once a look of a later round confirms it."""
    comparison = evidence.comparison
    if comparison is None or evidence.questioned is None or not is_looked_at(evidence):
        return
    if not is_replaced(comparison):
        return
    before, after = comparison.before, comparison.after
    name = shorten(evidence.source.title or before.headline or before.title, limit=45)
    lost = [plural(len(before.tables), "table")] if before.tables else []
    lost += [plural(len(before.links), "link")] if before.links else []
    yield Draft(
        kind="page-replaced",
        title=f"The page “{name}” is replaced by “{shorten(_name_of(after), limit=40)}”",
        reason=f"nothing of it stood there on {day(evidence.questioned)} and again on {day(evidence.now)}: "
        f"its text{''.join(f', {each}' for each in lost)} are gone",
        subject=(),
        items=tuple(Item(table=table.name or None, sheet=table.sheet) for table in before.tables),
        before=before.headline or before.title,
        after=after.headline or after.title,
        explains=tuple(all_of(comparison)),
    )


def question_of(evidence: Evidence) -> str | None:
    """Why a release is not believed at its first look, or ever; None where it is what it seems to be.

    A page in another language is what the server makes of whoever asks; it is never the publisher's news.
    """
    comparison = evidence.comparison
    if comparison is None or not is_looked_at(evidence) or not is_replaced(comparison):
        return None
    before, after = comparison.before, comparison.after
    if before.language and after.language and before.language != after.language:
        return f"the page came in another language ({after.language}, not {before.language})"
    if evidence.questioned is not None:
        return None
    shown = shorten(_name_of(after), limit=60)
    return f"nothing of the page is left, in its place stands “{shown}”; a look in a later round decides"


def _name_of(document: Document) -> str:
    return document.headline or document.title or "a page without a title"


def is_replaced(comparison: Comparison) -> bool:
    """Whether nothing of a page is left: no table, hardly any text, and another title or nothing else."""
    before, after = comparison.before, comparison.after
    if before.media_type != HTML or after.media_type != HTML:
        return False
    had = sum(len(block.text) for block in before.blocks)
    if not before.tables and had < LEAST_TEXT:
        return False
    if any(pair.rows or pair.columns for pair in comparison.tables):
        return False
    gone = sum(len(change.before) for change in comparison.texts if change.before is not None)
    if had - gone > KEPT * had:
        return False
    left = sum(len(block.text) for block in after.blocks)
    return not _share_a_title(before, after) or (left < KEPT * had and not after.tables)


def _share_a_title(before: Document, after: Document) -> bool:
    """Whether the main headings, or the titles where there are none, name the same page."""
    for one, two in ((before.headline, after.headline), (before.title, after.title)):
        if one and two:
            words, others = set(normalise(one).split()), set(normalise(two).split())
            return len(words & others) >= ALIKE * min(len(words), len(others))
    return False
