"""Digests: several alerts of one destination as one message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from alerts.compose import TEXT_LIMIT, TITLE_LIMIT, shorten
from state.kinds import Severity
from state.model import Alert

IN_FULL = 20
"""Messages that a digest holds whole, with their items attached."""


def bundled(alerts: Sequence[Alert]) -> Alert:
    """One message that holds all ``alerts``, which are for the same destination; a single one stays as it is."""
    if len(alerts) == 1:
        return alerts[0]
    event = hashlib.sha256("\n".join(alert.event for alert in alerts).encode()).hexdigest()[:20]
    return Alert(
        event=event,
        destination=alerts[0].destination,
        subject=shorten(f"{len(alerts)} findings, first: {alerts[0].subject}", TITLE_LIMIT),
        text=_text(alerts),
        html=_html(alerts),
        payload={
            "event": event,
            "severity": _gravest(alerts),
            "alerts": [dict(alert.payload) for alert in alerts],
        },
        attachments=tuple(
            (f"{number:02d}-{name}", content)
            for number, alert in enumerate(alerts[:IN_FULL], start=1)
            for name, content in alert.attachments
        ),
        not_before=alerts[-1].not_before,
        bundled=True,
    )


def _html(alerts: Sequence[Alert]) -> str:
    """The first ``IN_FULL`` messages whole, of the others their subjects with their links."""
    lines = (
        f'<li><a href="{escape(str(alert.payload.get("archive", "")))}">{escape(alert.subject)}</a>'
        f" (event {escape(alert.event)})</li>"
        for alert in alerts[IN_FULL:]
    )
    rest = "\n".join(lines)
    parts = [alert.html for alert in alerts[:IN_FULL]]
    return "\n<hr>\n".join([*parts, f"<ul>\n{rest}\n</ul>"] if rest else parts)


def _gravest(alerts: Sequence[Alert]) -> str:
    severities = [Severity(str(alert.payload["severity"])) for alert in alerts if "severity" in alert.payload]
    return max(severities, key=lambda severity: severity.rank, default=Severity.INFO).value


def _text(alerts: Sequence[Alert]) -> str:
    """Subjects with their links and event keys, as many as fit."""
    lines: list[str] = []
    room = TEXT_LIMIT - 60
    for alert in alerts:
        entry = f"• {alert.subject}\n  {alert.payload.get('archive', '')}  (event {alert.event})"
        if room < len(entry) + 1:
            lines.append(f"… and {len(alerts) - len(lines):,} more")
            break
        room -= len(entry) + 1
        lines.append(entry)
    return "\n".join(lines)
