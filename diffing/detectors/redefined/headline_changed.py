"""``headline-changed``: the title or main heading of a published document says something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.phrases import essence, joined_mask, moves, stands_in
from diffing.grounds.returns import back_after
from diffing.grounds.wording import shorten
from diffing.values import normalise
from state.document import Document, Where
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "headline-changed",
        Severity.HIGH,
        "title or main heading of a published document changed; medium for the title of a table in it",
    ),
)
RANK = 12

SHOWN = 40
"""Characters of each heading that a title has room for."""

LEAD = 3
"""Words before the difference that a cut heading keeps, one where there is no room for more."""

_ARCHIVED = re.compile(r"^archived?(?: content)? ")
_SITE_NAME = re.compile(r"\s+(?:[|»·–—]|-)\s+[^|»·–—]{1,60}$")


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement for heading and title together; dates that advance and the site's name apart."""
    comparison = evidence.comparison
    if comparison is None or not comparison.title_changed:
        return
    pair = _changed(comparison.before, comparison.after)
    if pair is None:
        return
    before, after = pair
    words = moves(before, after)
    yield Draft(
        kind="headline-changed",
        title=back_after(evidence, after) + "Headline changed: “{}” became “{}”".format(*_excerpts(before, after)),
        reason=f"the words that moved: {words.told}",
        subject=(),
        where=Where(section="Headline"),
        before=before,
        after=after,
        severity=Severity.INFO if _only_archived(before, after) else None,
        explains=(FactKey("headline"), *_as_text(comparison, before)),
    )


def _as_text(comparison: Comparison, heading: str) -> Iterator[FactKey]:
    """The heading where it counts as a changed text as well."""
    words = {essence(heading), essence(comparison.after.headline)}
    for change in comparison.texts:
        if any(side and essence(side) in words for side in (change.before, change.after)):
            yield FactKey("text", change.index)


def _changed(before: Document, after: Document) -> tuple[str, str] | None:
    """The heading before and after where they differ in meaning, else the title, else None.

    A heading that only stands lower now, below another one or on a later sheet, was not changed.
    """
    sides = [(_without_site(before.title), _without_site(after.title))]
    if essence(before.headline) not in _headings(after):
        sides.insert(0, (before.headline, after.headline))
    for left, right in sides:
        if left and right and essence(left) != essence(right) and not _cut_elsewhere(before, after, left, right):
            return left, right
    return None


def _cut_elsewhere(before: Document, after: Document, left: str, right: str) -> bool:
    """Whether only the line ends elsewhere: the rest of the longer heading stands in the other side's text."""
    short, long = sorted((left, right), key=len)
    rest = normalise(long).removeprefix(normalise(short))
    other = after if short == right else before
    return len(rest) < len(normalise(long)) and stands_in(rest, masked=joined_mask(other).replace("|", ""))


def _headings(document: Document) -> set[str]:
    return {essence(block.text) for block in document.blocks if block.kind == "heading"}


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Both headings, cut so that a narrow title shows where they part."""
    left, right = before.split(), after.split()
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    if max(len(before), len(after)) <= SHOWN:
        return before, after
    pair = [before, after]
    for lead in (LEAD, 1):
        start = max(0, shared - lead)
        mark = "… " if start else ""
        pair = [mark + " ".join(side[start:]) for side in (left, right)]
        if max(map(len, pair)) <= SHOWN:
            break
    return shorten(pair[0], limit=SHOWN), shorten(pair[1], limit=SHOWN)


def _only_archived(before: str, after: str) -> bool:
    """Whether the publisher only marked the page as archived, or took the mark back."""
    left, right = (_ARCHIVED.sub("", essence(side)) for side in (before, after))
    return left == right


def _without_site(title: str) -> str:
    """A page title without the name of the site behind a dash or a bar."""
    return _SITE_NAME.sub("", title) if _SITE_NAME.search(title) else title
