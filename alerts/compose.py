"""The alert for a finding: its subject, the JSON contract that every form is made of, and the items as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from alerts.context import FIGURE, NO_CONTEXT, Context, edition_to_json, source_to_json
from alerts.items_csv import items_as_csv
from alerts.message import whose
from alerts.words import shorten
from state.contract import finding_to_json
from state.kinds import Severity
from state.model import Alert, Finding
from state.serialisation.nouns import storable

SUBJECT_LIMIT: Final = 150
"""Slack cuts a header block at 150 characters."""


class Notice(Struct, frozen=True):
    """All that a message is made of."""

    finding: Finding
    event: str
    destination: str
    archive: str  # how the addresses of the archive's pages begin
    at: dt.datetime
    not_before: dt.datetime
    bundled: bool = False
    batch: str = ""
    context: Context = NO_CONTEXT

    @property
    def address(self) -> str:
        """Of what was said, as it was said, in the archive."""
        event = f"/{self.finding.event}" if self.finding.event else ""
        return f"{self.archive.rstrip('/')}/findings/{self.finding.id}{event}"


def compose(notice: Notice) -> Alert:
    """The alert for a finding."""
    finding, context = notice.finding, notice.context
    return Alert(
        event=notice.event,
        destination=notice.destination,
        finding=finding.id,
        said=finding.event or "",
        subject=storable(_subject(finding, context)),
        text="",
        payload={
            "event": finding.event or notice.event,
            "at": notice.at.isoformat(),
            "severity": finding.severity.value,
            "archive": notice.address,
            "source": source_to_json(context.source),
            "before": edition_to_json(context.before, archive=notice.archive),
            "after": edition_to_json(context.after, archive=notice.archive),
            "findings": [finding_to_json(finding)],
        },
        attachments=tuple(_attachments(finding, context)),
        not_before=notice.not_before,
        bundled=notice.bundled,
        batch=notice.batch,
        ends=finding.ends,
    )


def _attachments(finding: Finding, context: Context) -> Iterator[tuple[str, bytes]]:
    if finding.items:
        yield "items.csv", items_as_csv(finding.items)
    if context.chart is not None and (picture := context.chart(finding)) is not None:
        yield FIGURE, picture


def _subject(finding: Finding, context: Context) -> str:
    """Whose, what and how much: ``ICE 287(g) participating: 1 agency left (NV)``; what is critical says so."""
    title, name = finding.title, whose(finding, source_to_json(context.source))
    grave = "CRITICAL, " if finding.severity is Severity.CRITICAL else ""
    head = "" if not name or title.lower().startswith(name.lower()) else f"{name}: "
    return shorten(f"{grave}{head}{title}", SUBJECT_LIMIT)
