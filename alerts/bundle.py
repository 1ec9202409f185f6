"""Several alerts of one destination as one message: those of one release, digests, and what an outage held up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import cast

from alerts.compose import SUBJECT_LIMIT
from alerts.context import FIGURE
from alerts.message import IN_FULL
from alerts.words import shorten
from state.contract import Json
from state.kinds import Severity
from state.model import Alert


def bundled(alerts: Sequence[Alert], *, remarks: Sequence[str] = ()) -> Alert:
    """One message that holds all ``alerts``, which are for the same destination: grouped by source where they
    are of several releases, the gravest first.

    A single one stays as it is. ``remarks`` say what else its reader must know.
    """
    if len(alerts) == 1:
        return _with_remarks(alerts[0], remarks)
    alerts = _in_order(alerts)
    event = hashlib.sha256("\n".join(sorted(alert.event for alert in alerts)).encode()).hexdigest()[:20]
    told = [alert for alert in alerts if "findings" in alert.payload]
    if not told:  # notices and the like
        return _with_remarks(_notices(alerts, event), remarks)
    lines = (alert.subject for alert in alerts if "findings" not in alert.payload)
    together = Alert(
        event=event,
        destination=alerts[0].destination,
        subject=_subject(alerts),
        text="",
        payload={
            "event": event,
            "severity": _severity_of(alerts[0]).value,
            "alerts": [dict(alert.payload) for alert in told],
        },
        attachments=tuple(
            (f"{number:02d}-{name}", content)
            for number, alert in enumerate(alerts[:IN_FULL], start=1)
            for name, content in alert.attachments
            if name != FIGURE or number == 1  # one picture a message: it goes with its first statement
        ),
        not_before=max((alert.not_before for alert in alerts if alert.not_before), default=None),
        bundled=len({alert.batch for alert in alerts}) > 1 or alerts[0].bundled,
        batch=alerts[0].batch,
    )
    return _with_remarks(together, (*lines, *remarks))


def _in_order(alerts: Sequence[Alert]) -> list[Alert]:
    """Gravest first, those of one source together behind the gravest of it."""
    worst: dict[str, int] = {}
    for alert in alerts:
        source = _source_of(alert)
        worst[source] = max(worst.get(source, -1), _severity_of(alert).rank)
    return sorted(
        alerts, key=lambda alert: (-worst[_source_of(alert)], _source_of(alert), -_severity_of(alert).rank)
    )


def _source_of(alert: Alert) -> str:
    source = alert.payload.get("source")
    return str(cast("Json", source).get("id", "")) if source else ""


def _notices(alerts: Sequence[Alert], event: str) -> Alert:
    text = "\n\n".join(f"{alert.subject}\n{alert.text}" for alert in alerts)
    return Alert(
        event=event,
        destination=alerts[0].destination,
        subject=_subject(alerts),
        text=text,
        payload={"event": event, "notices": [dict(alert.payload) for alert in alerts]},
        not_before=alerts[0].not_before,
        batch=alerts[0].batch,
    )


def _with_remarks(alert: Alert, remarks: Sequence[str]) -> Alert:
    if not remarks:
        return alert
    from msgspec.structs import replace

    return replace(alert, payload={**alert.payload, "remarks": list(remarks)})


def _subject(alerts: Sequence[Alert]) -> str:
    """The first, and how many more there are, which no long title may cut off."""
    sources = len({_source_of(alert) for alert in alerts})
    where = f" in {sources} sources" if sources > 1 else ""
    more = f" and {len(alerts) - 1:,} more{where}"
    return shorten(alerts[0].subject, SUBJECT_LIMIT - len(more)) + more


def _severity_of(alert: Alert) -> Severity:
    return Severity(str(alert.payload.get("severity", Severity.INFO)))
