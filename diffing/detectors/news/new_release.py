"""``new-release``: another edition of a series came out."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.looks import file_name, same_address
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (Kind("new-release", Severity.INFO, "another edition of a series came out"),)
RANK = 92


def detect(evidence: Evidence) -> Iterator[Draft]:
    """Said where an edition follows another one: under a new name, or with a later as-of date."""
    comparison = evidence.comparison
    if comparison is None or evidence.sha256_before == evidence.sha256_after:
        return
    before, after = comparison.before.as_of, comparison.after.as_of
    advanced = bool(before and after and before.date and after.date and before.date < after.date)
    url = evidence.url_after
    renamed = bool(url and evidence.url_before and not same_address(evidence.url_before, url))
    if not advanced and not renamed:
        return
    title = evidence.document.headline if evidence.document else ""
    name = file_name(url) if url and renamed else evidence.series.title or evidence.source.title or title
    as_of = f", as of {after.date}" if after and after.date else ""
    yield Draft(
        kind="new-release",
        title=f"A new release is out: {name}{as_of}",
        reason=f"the one before spoke as of {before.date}" if before and before.date else "under a new address",
        subject=(),
        items=(Item(url=url),) if url else (),
        before=before.date.isoformat() if before and before.date else None,
        after=after.date.isoformat() if after and after.date else None,
    )
