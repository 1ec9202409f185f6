"""``metadata-changed``: what the file says of its own making differs."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.facts import Draft, Evidence, FactKey
from diffing.wording import listing
from state.model import Item

KINDS = ("metadata-changed",)
RANK = 98


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release with every entry that came, went or differs."""
    comparison = evidence.comparison
    if comparison is None or not comparison.metadata:
        return
    names = [name for name, _, _ in comparison.metadata]
    yield Draft(
        kind="metadata-changed",
        title=f"The file's own record of its making differs: {listing(names)}",
        reason="metadata say who or what made the file and when, not what it publishes",
        subject=(),
        items=tuple(
            Item(text=name, before=before, after=after, valued=True) for name, before, after in comparison.metadata
        ),
        explains=tuple(FactKey("metadata", row=name) for name in names),
    )
