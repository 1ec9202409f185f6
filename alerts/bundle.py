"""Digests: several alerts of one destination as one message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from alerts.compose import TEXT_LIMIT
from state.model import Alert


def bundled(alerts: Sequence[Alert]) -> Alert:
    """One message that holds all ``alerts``, which are for the same destination; a single one stays as it is."""
    if len(alerts) == 1:
        return alerts[0]
    events = "\n".join(alert.event for alert in alerts)
    return Alert(
        event=hashlib.sha256(events.encode()).hexdigest()[:20],
        destination=alerts[0].destination,
        subject=f"{len(alerts)} findings",
        text=_text(alerts),
        html="\n<hr>\n".join(alert.html for alert in alerts),
        payload={"alerts": [dict(alert.payload) for alert in alerts]},
        attachments=tuple(
            (f"{number:02d}-{name}", content)
            for number, alert in enumerate(alerts, start=1)
            for name, content in alert.attachments
        ),
    )


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
