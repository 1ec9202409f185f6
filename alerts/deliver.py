"""Sending: the only module that knows apprise, which it imports only where something is sent.

What apprise answers is not taken on trust: no match is a loud configuration error, a time-out may have arrived
(the message is sent again, and its event key lets a reader see that), and a partial success cannot be
told from a failure where one address means several recipients, which is why a destination is one recipient.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from alerts.bundle import bundled
from state.errors import ConfigError
from state.model import Alert, Destination
from state.outbox import Outbox, Pending

if TYPE_CHECKING:
    from apprise import Apprise

READ_TIMEOUT = 30
"""Seconds to wait for a server's answer. The default of 4 makes a slow server that took the message a failure."""

_MAIL = frozenset({"mailto", "mailtos"})
_JSON = frozenset({"json", "jsons"})


class Delivery(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    FAILED = "failed"
    DOUBTFUL = "doubtful"  # may have arrived: time-out or partial success


@dataclass(frozen=True, slots=True)
class Sent:
    """The result of one attempt; ``trouble`` says why it did not succeed."""

    delivery: Delivery
    trouble: str = ""


def deliver_pending(
    outbox: Outbox, destinations: Sequence[Destination], *, clock: Callable[[], dt.datetime]
) -> tuple[str, ...]:
    """Send everything that is due; a line for each message given up. Failures wait in the outbox for later.

    An alert for a destination that is not configured any more is dead at once, with that reason.
    """
    known = {destination.name: destination for destination in destinations}
    dead: list[str] = []
    while claimed := outbox.claim(now=clock()):
        alert = bundled([pending.alert for pending in claimed])
        destination = known.get(alert.destination)
        if destination is None:
            trouble = f"no destination is called {alert.destination}"
            outbox.failed(claimed, now=clock(), trouble=trouble, last=True)
            dead.append(_given_up(alert, trouble))
            continue
        dead.extend(_attempt(outbox, claimed, alert, destination, clock=clock))
    return tuple(dead)


def _attempt(
    outbox: Outbox,
    claimed: Sequence[Pending],
    alert: Alert,
    destination: Destination,
    *,
    clock: Callable[[], dt.datetime],
) -> list[str]:
    try:
        result = send(alert, destination)
    except ConfigError as error:
        outbox.failed(claimed, now=clock(), trouble=str(error), last=True)
        return [_given_up(alert, str(error))]
    if result.delivery is Delivery.SENT:
        outbox.sent(claimed, now=clock())
        return []
    died = outbox.failed(claimed, now=clock(), trouble=f"{result.delivery.value}: {result.trouble}")
    return [_given_up(alert, result.trouble)] if died else []


def _given_up(alert: Alert, trouble: str) -> str:
    return f"given up: {alert.subject!r} for {alert.destination}: {trouble}"


def send(alert: Alert, destination: Destination) -> Sent:
    """Send one alert now. Raises ConfigError for an address that apprise does not understand."""
    from apprise import NotifyFormat

    service = connect(destination)
    scheme = destination.url.split(":", 1)[0].lower()
    if scheme in _MAIL:
        return _result(service, body=alert.html, title=alert.subject, body_format=NotifyFormat.HTML, alert=alert)
    return _result(service, body=alert.text, title=alert.subject, body_format=NotifyFormat.TEXT, alert=alert)


def connect(destination: Destination) -> Apprise:
    """The one service behind a destination. Raises ConfigError with the destination's name, never its secrets."""
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(app_id="Release monitor", app_desc="Release monitor", app_url="", async_mode=False)
    service = Apprise(asset=asset)
    added = service.add(_with_defaults(destination.url))
    if not added or len(service) != 1:
        raise ConfigError(
            f"destination {destination.name}: its url is no single apprise address; "
            "compare it with https://appriseit.com/services/"
        )
    return service


def _with_defaults(url: str) -> str:
    """The address with our time-outs and without pictures, where it does not say otherwise itself."""
    for name, value in (("rto", str(READ_TIMEOUT)), ("image", "no")):
        if f"?{name}=" not in url and f"&{name}=" not in url:
            url += f"{'&' if '?' in url else '?'}{name}={value}"
    return url


def _result(service: Apprise, *, body: str, title: str, body_format: Any, alert: Alert) -> Sent:  # noqa: ANN401
    from apprise import AppriseAttachment
    from apprise.attachment.memory import AttachMemory
    from apprise.result import AppriseResultStatus

    attachments = AppriseAttachment()
    for name, content in alert.attachments:
        attachments.add(AttachMemory(content=content, name=name, mimetype="text/csv"))  # type: ignore[no-untyped-call]
    result = service.notify(
        body=body, title=title, body_format=body_format, attach=attachments if alert.attachments else None
    )
    if result.status == AppriseResultStatus.SUCCESS:
        return Sent(Delivery.SENT)
    if result.status == AppriseResultStatus.NOMATCH:
        raise ConfigError(f"destination {alert.destination}: no service took the message; check its url")
    trouble = "; ".join(str(entry.message) for entry in result.logs()) or result.status.name.lower()
    doubtful = result.status in (AppriseResultStatus.PARTIAL, AppriseResultStatus.TIMEOUT)
    return Sent(Delivery.DOUBTFUL if doubtful else Delivery.FAILED, trouble)
