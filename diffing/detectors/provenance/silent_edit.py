"""``silent-edit``: the content changed, the date that the document states about itself did not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.edits import Edit, edits_of
from diffing.grounds.looks import SHORT, is_document
from diffing.grounds.phrases import is_trivial, mask, mended, said_differently, tables_differ
from diffing.grounds.wording import TITLE, cut_title, number
from state.document import DateRole, Document
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind("silent-edit", Severity.MEDIUM, "content changed, the stated date did not; its items are the edits"),
)
RANK = 72

_CONTACT = re.compile(r"^(?:contact|telephone|tel\b|phone|call|fax|hotline|office hours)|@", re.IGNORECASE)

_ROLES = {
    DateRole.LAST_UPDATED: "last-updated date",
    DateRole.PUBLISHED: "date of publication",
    DateRole.AS_OF: "as-of date",
    DateRole.DATA_THROUGH: "date of its data",
}


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release with every edit, where a date is stated on both sides and none moved."""
    comparison = evidence.comparison
    if comparison is None or FactKey("silent-edit") in evidence.told or not said_differently(comparison):
        return
    role = _unmoved(comparison, today=evidence.now.date())
    if role is None or _only_lists_documents(evidence, comparison):
        return
    stated = next(date for date in comparison.after.dates if date.role is role and date.date)
    assert stated.date is not None
    stands = f"still dated {stated.date.day} {stated.date:%B %Y}"
    edits = edits_of(comparison)
    only = edits[0].item if len(edits) == 1 else Item()
    yield Draft(
        kind="silent-edit",
        title=f"Edited silently: {_told(edits, room=TITLE - len(f'Edited silently: {stands}'))}{stands}",
        reason=f"the content differs, the {_ROLES[role]} “{' '.join(stated.text.split())}” stands as before",
        subject=(),
        where=stated.where,
        items=tuple(edit.item for edit in edits),
        before=only.before,
        after=only.after,
        severity=Severity.INFO if _is_slight(comparison) else None,
        explains=(FactKey("silent-edit"),),
    )


def _is_slight(comparison: Comparison) -> bool:
    """Whether slips of the pen were mended, or how somebody is reached, and nothing else differs."""
    if tables_differ(comparison) or comparison.links or comparison.title_changed:
        return False
    sides = [(change.before or "", change.after or "") for change in comparison.texts]
    return all(
        left and right and (mended(left, right) or (_CONTACT.search(left) and mask(left) == mask(right)))
        for left, right in sides
    )


def _told(edits: list[Edit], *, room: int) -> str:
    """The first edit and how many more, so that the date that stands still fits behind it."""
    if not edits:
        return ""
    more = f", {number(len(edits) - 1)} more, " if len(edits) > 1 else ", "
    return f"{cut_title(edits[0].told, limit=room - len(more))}{more}"


def _only_lists_documents(evidence: Evidence, comparison: Comparison) -> bool:
    """Whether all that differs is which documents the page links: that they come and go is told of them."""
    before, after = comparison.before, comparison.after
    if tables_differ(comparison) or (before.title, before.headline) != (after.title, after.headline):
        return False
    links = [link for change in comparison.links for link in (change.before, change.after) if link is not None]
    series = (evidence.series, *evidence.source.series)
    base = urljoin(evidence.url_after or "", after.base_url or "")
    if not links or not all(
        any(is_document(link.url, series=each, base=base) for each in series) for link in links
    ):
        return False
    words = [mask(link.text) for link in links if link.text]
    texts = [text for change in comparison.texts for text in (change.before, change.after) if text]
    return all(is_trivial(text) or _holds(mask(text), words) for text in texts)


def _holds(text: str, words: list[str]) -> bool:
    """Whether a text is little more than the words of one of the links."""
    return text.count(" ") < SHORT and any(f" {one} " in f" {text} " for one in words)


def _unmoved(comparison: Comparison, *, today: dt.date) -> DateRole | None:
    """The first role whose dates both sides state alike; None where any role's dates moved.

    A day that is still to come is no stamp of this release.
    """
    found = None
    for role in _ROLES:
        before, after = _dates(comparison.before, role), _dates(comparison.after, role)
        if before != after:
            return None
        if min(before, default=today) <= today and before and found is None:
            found = role
    return found


def _dates(document: Document, role: DateRole) -> set[dt.date]:
    return {date.date for date in document.dates if date.role is role and date.date is not None}
