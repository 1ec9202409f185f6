"""``source-blocked``: for one look something else stood with status 200 where the page should be."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.wording import shorten
from state.model import Item

KINDS = ("source-blocked",)
RANK = 4


def detect(evidence: Evidence) -> Iterator[Draft]:
    """Holds for the round in which the release was not believed; the next look raises it again or ends it."""
    if evidence.question is None:
        return
    name = shorten(evidence.source.title or evidence.url_after or "the page", limit=60)
    yield Draft(
        kind="source-blocked",
        title=f"“{name}” shows something else in its place",
        reason=evidence.question,
        subject=("in question",),
        items=(Item(url=evidence.url_after),),
    )
