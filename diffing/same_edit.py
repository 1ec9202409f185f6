"""The same edit on many pages is one statement with many members, not as many statements."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from state.document import Value
from state.kinds import Severity
from state.model import Finding, Item
from state.vocabulary import KINDS, OPERATIONS

FEWEST_PAGES = 3
"""So many pages must share an edit before it is told as one."""

MANY_PAGES = 10
"""From so many pages on the same edit is at least medium: somebody edited the site, not a page."""

_MONTH = re.compile("|".join(month for month in calendar.month_name if month))
_SILENT = frozenset({"new-release", "metadata-changed", "layout-changed"})
_DATED = frozenset({"date-restamped", "silent-edit"})


class PageFindings(Struct, frozen=True):
    """What was found on one page of a series of pages."""

    url: str
    findings: tuple[Finding, ...]


def group_same_edits(
    pages: Sequence[PageFindings],
) -> tuple[tuple[PageFindings, ...], tuple[Finding, ...]]:
    """The pages with what is theirs alone, and one finding for each edit that several of them share.

    Two pages share an edit where everything that was found on them is the same but the place and the date
    before. Findings that only note a new release stay with their page.
    """
    signed = [(page, _signature(page)) for page in pages]
    edits: dict[str, list[PageFindings]] = {}
    for page, signature in signed:
        if signature:
            edits.setdefault(signature, []).append(page)
    shared = {
        signature: _together(signature, members)
        for signature, members in edits.items()
        if len(members) >= FEWEST_PAGES
    }
    alone = tuple(_without(page, shared[signature]) if signature in shared else page for page, signature in signed)
    return alone, tuple(shared.values())


def _without(page: PageFindings, shared: Finding) -> PageFindings:
    """A page with what stays its own; what a cause explains that is told for all pages names that."""
    left = [finding for finding in page.findings if finding.kind in _SILENT]
    own = {finding.id for finding in left}
    return replace(
        page,
        findings=tuple(
            replace(finding, cause=shared.id) if finding.cause and finding.cause not in own else finding
            for finding in left
        ),
    )


def _signature(page: PageFindings) -> str:
    """A digest of what was found on a page, places apart; empty where there is nothing to group."""
    told = [finding for finding in page.findings if finding.kind not in _SILENT]
    if not told or any(finding.kind in OPERATIONS for finding in told):
        return ""
    parts = sorted(_words(finding) for finding in told)
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:24]


def _words(finding: Finding) -> str:
    if finding.kind in _DATED:
        return f"{finding.kind}\x1f{finding.after}"
    items = sorted(
        f"{_undated(item.before)}\x1f{item.after}\x1f{item.text}\x1f{item.term}" for item in finding.items
    )
    return "\x1f".join((finding.kind, _undated(finding.before), str(finding.after), *items))


def _undated(before: Value) -> str:
    """What stood before, numbers and months apart: each page had a date of its own."""
    return _MONTH.sub("month", re.sub(r"\d+", "#", str(before)))


def _together(signature: str, members: Sequence[PageFindings]) -> Finding:
    """One finding for an edit, under the gravest kind of its parts."""
    told = [finding for finding in members[0].findings if finding.kind not in _SILENT]
    leading = max((finding for finding in told if finding.cause is None), key=_telling, default=told[0])
    count = len(members)
    severity = leading.severity
    if count >= MANY_PAGES and severity.rank < Severity.MEDIUM.rank:
        severity = Severity.MEDIUM
    also = sorted({finding.kind for finding in told} - {leading.kind})
    together = f"; with it on every page: {', '.join(also)}" if also else ""
    identity = "\x1f".join((leading.source or "", leading.series or "", leading.kind, "same edit", signature))
    return replace(
        leading,
        id=hashlib.sha256(identity.encode()).hexdigest()[:24],
        severity=severity,
        title=f"The same edit on {count:,} pages: {_lowered(leading.title)}",
        items=tuple(Item(url=page.url) for page in members),
        count=count,
        reason=f"all {count:,} pages were changed in the same way between two looks{together}",
        url=None,
    )


def _telling(finding: Finding) -> tuple[int, int, bool]:
    """How much a part of an edit tells of it: by gravity, then words that came before words that changed."""
    return (finding.severity.rank, KINDS[finding.kind].severity.rank, finding.kind != "text-changed")


def _lowered(title: str) -> str:
    """A title to stand after a colon: its first word in lower case, unless it is a name or a quotation."""
    return re.sub(r"^[A-Z](?=[a-z])", lambda letter: letter[0].lower(), title)
