"""``silent-edit``: the content changed, the date that the document states about itself did not."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.facts import Comparison, Draft, Evidence, FactKey
from diffing.phrases import said_differently
from state.document import DateRole, Document

KINDS = ("silent-edit",)
RANK = 72

_ROLES = {
    DateRole.LAST_UPDATED: "last-updated date",
    DateRole.PUBLISHED: "date of publication",
    DateRole.AS_OF: "as-of date",
    DateRole.DATA_THROUGH: "date of its data",
}


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release, where a date of the document is stated on both sides and none moved."""
    comparison = evidence.comparison
    if comparison is None or FactKey("silent-edit") in evidence.told or not said_differently(comparison):
        return
    role = _unmoved(comparison)
    if role is None:
        return
    stated = next(date for date in comparison.after.dates if date.role is role and date.date)
    assert stated.date is not None
    yield Draft(
        kind="silent-edit",
        title=f"Edited without saying so: the {_ROLES[role]} is still {stated.date.day} {stated.date:%B %Y}",
        reason=f"the content differs, “{' '.join(stated.text.split())}” stands as before",
        subject=(),
        where=stated.where,
        before=stated.date.isoformat(),
        after=stated.date.isoformat(),
        explains=(FactKey("silent-edit"),),
    )


def _unmoved(comparison: Comparison) -> DateRole | None:
    """The first role whose dates both sides state alike; None where any role's dates moved."""
    found = None
    for role in _ROLES:
        before, after = _dates(comparison.before, role), _dates(comparison.after, role)
        if before != after:
            return None
        if before and found is None:
            found = role
    return found


def _dates(document: Document, role: DateRole) -> set[object]:
    return {date.date for date in document.dates if date.role is role and date.date is not None}
