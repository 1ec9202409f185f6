"""Several alerts of one destination as one message: those of one release, and digests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from alerts.compose import TEXT_LIMIT, TITLE_LIMIT, shorten
from state.kinds import Severity
from state.model import Alert

_ALSO = "\n\nAlso:\n"
_FOR_OTHERS = 900  # characters of the text kept for the others of the same release

IN_FULL = 20
"""Messages that a digest holds whole, with their items attached."""


def bundled(alerts: Sequence[Alert]) -> Alert:
    """One message that holds all ``alerts``, which are for the same destination, gravest first.

    A single one stays as it is.
    """
    if len(alerts) == 1:
        return alerts[0]
    alerts = sorted(alerts, key=lambda alert: -_severity_of(alert).rank)
    event = hashlib.sha256("\n".join(alert.event for alert in alerts).encode()).hexdigest()[:20]
    return Alert(
        event=event,
        destination=alerts[0].destination,
        subject=_subject(alerts),
        text=_text(alerts),
        html=_html(alerts),
        payload={
            "event": event,
            "severity": _severity_of(alerts[0]).value,
            "alerts": [dict(alert.payload) for alert in alerts],
        },
        attachments=tuple(
            (f"{number:02d}-{name}", content)
            for number, alert in enumerate(alerts[:IN_FULL], start=1)
            for name, content in alert.attachments
        ),
        not_before=max((alert.not_before for alert in alerts if alert.not_before), default=None),
        bundled=alerts[0].bundled,
        batch=alerts[0].batch,
    )


def _subject(alerts: Sequence[Alert]) -> str:
    """The first, and how many more there are, which no long title may cut off."""
    more = f" and {len(alerts) - 1:,} more"
    return shorten(alerts[0].subject, TITLE_LIMIT - len(more)) + more


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


def _severity_of(alert: Alert) -> Severity:
    return Severity(str(alert.payload.get("severity", Severity.INFO)))


def _text(alerts: Sequence[Alert]) -> str:
    """Of one release the gravest whole, then the others in a line each; of a digest all in a line each."""
    whole = [] if alerts[0].bundled else _whole(alerts[0], cut=not _subject(alerts).startswith(alerts[0].subject))
    room = TEXT_LIMIT - _FOR_OTHERS
    while len("\n".join(whole)) > room and (items := [line for line in whole if line.startswith("• ")]):
        del whole[len(whole) - 1 - whole[::-1].index(items[-1])]
    text = "\n".join(whole)
    if not text or len(text) > room:
        return _list(alerts, room=TEXT_LIMIT)
    others = _list(alerts[1:], room=TEXT_LIMIT - len(text) - len(_ALSO))
    return f"{text}{_ALSO}{others}"


def _whole(alert: Alert, *, cut: bool) -> list[str]:
    """The lines of one message, with its subject where the common one had to cut it."""
    return [*([alert.subject, ""] if cut else []), *alert.text.splitlines()]


def _list(alerts: Sequence[Alert], *, room: int) -> str:
    """Subjects with their links and event keys, as many as fit."""
    lines: list[str] = []
    room -= 60
    for alert in alerts:
        entry = f"• {alert.subject}\n  {alert.payload.get('archive', '')}  (event {alert.event})"
        if room < len(entry) + 1:
            lines.append(f"… and {len(alerts) - len(lines):,} more")
            break
        room -= len(entry) + 1
        lines.append(entry)
    return "\n".join(lines)
