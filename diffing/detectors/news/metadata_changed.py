"""``metadata-changed``: what the file says of its own making differs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.grounds.phrases import said_differently
from diffing.grounds.wording import listing
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (Kind("metadata-changed", Severity.INFO, "what the file says of its own making differs"),)
RANK = 98

_EVERY_TIME = frozenset({"modified", "created", "printed", "revision", "moddate", "creationdate"})
_TITLE = re.compile(r"(?:^|[:.])title$", re.IGNORECASE)
"""What every saving changes; worth a word only where nothing else differs."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release with every entry that came, went or differs."""
    comparison = evidence.comparison
    if comparison is None or not comparison.metadata:
        return
    entries = tuple(e for e in comparison.metadata if FactKey("metadata", row=e[0]) not in evidence.told)
    if said_differently(comparison):
        entries = tuple(entry for entry in entries if not _repeats(entry[0]))
    if not entries:
        return
    names = [name for name, _, _ in entries]
    yield Draft(
        kind="metadata-changed",
        title=f"The file's own record of its making differs: {listing(names)}",
        reason="metadata say who or what made the file and when, not what it publishes",
        subject=(),
        items=tuple(Item(text=name, before=before, after=after, valued=True) for name, before, after in entries),
        explains=tuple(FactKey("metadata", row=name) for name in names),
    )


def _repeats(name: str) -> bool:
    """Whether an entry only says again what is told of the content: its title, the time of saving."""
    return name.lower() in _EVERY_TIME or _TITLE.search(name) is not None
