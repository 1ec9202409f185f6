"""Sending: apprise is known here and in ``mail`` only, and imported only where something is sent.

What apprise answers is not taken on trust: no match is a loud configuration error, a time-out may have arrived
(the message is sent again, and its event key lets a reader see that), and a partial success cannot be
told from a failure where one address means several recipients, which is why a destination is one recipient.
"""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from collections.abc import Callable, Sequence
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from alerts.bundle import bundled
from alerts.mail import send_mail
from state.errors import ConfigError
from state.kinds import Severity
from state.model import Alert, Destination
from state.outbox import Outbox, Pending

if TYPE_CHECKING:
    from apprise import Apprise, NotifyType

READ_TIMEOUT = 30
"""Seconds to wait for an answer. With the default of 4 a slow server that took the message is a failure."""


_NOTICE = "given-up-"
_CALL = re.compile(r"@(?=everyone|here|channel|all\b|room\b|team\b)|<(?=[!@#&])", re.IGNORECASE)
_SECRET = 5  # characters from which on a part of an address may be a secret


class Delivery(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    FAILED = "failed"
    DOUBTFUL = "doubtful"  # may have arrived: time-out or partial success


class Sent(Struct, frozen=True):
    """The result of one attempt; ``trouble`` says why it did not succeed."""

    delivery: Delivery
    trouble: str = ""


class Unsent(Struct, frozen=True):
    """What could not be sent: given up, or waiting to be tried again. ``str`` is a line for a person."""

    destination: str
    trouble: str
    subject: str = ""  # of a message that was given up
    count: int = 1  # alerts that wait
    again: dt.datetime | None = None  # when they are tried again; None: given up

    def __str__(self) -> str:
        if self.again is None:
            return f"given up: {self.subject!r} for {self.destination}: {self.trouble}"
        alerts = "1 alert waits" if self.count == 1 else f"{self.count:,} alerts wait"
        return (
            f"not sent yet: {alerts} for {self.destination}: {self.trouble};"
            f" tried again in the first round after {self.again:%Y-%m-%d %H:%M} UTC"
        )


def deliver_pending(
    outbox: Outbox, destinations: Sequence[Destination], *, clock: Callable[[], dt.datetime]
) -> tuple[Unsent, ...]:
    """Send everything that is due. Returns what was given up now, and for each destination what still waits.

    Failures are tried again, ``ATTEMPTS`` times at the most. An alert whose destination has a wrong address waits
    until that is mended; one whose destination is not configured any more is dead at once.
    """
    known = {destination.name: destination for destination in destinations}
    dead: list[Unsent] = []
    while claimed := outbox.claim(now=clock()):
        alert = bundled([pending.alert for pending in claimed])
        trouble = _attempt(outbox, claimed, alert, known, clock=clock)
        if trouble is not None:
            dead.append(Unsent(alert.destination, trouble, subject=alert.subject))
            outbox.add(_notices(alert, destinations, trouble), at=clock())
    waiting = (
        Unsent(each.destination, each.trouble, count=each.count, again=each.again) for each in outbox.waiting()
    )
    return (*dead, *waiting)


def _attempt(
    outbox: Outbox,
    claimed: Sequence[Pending],
    alert: Alert,
    known: dict[str, Destination],
    *,
    clock: Callable[[], dt.datetime],
) -> str | None:
    """Send once and note what became of it; the reason where it was the last attempt."""
    destination = known.get(alert.destination)
    if destination is None:
        trouble = (
            f"no destination is called {alert.destination!r}; name it so again and retry, or drop the message"
        )
        outbox.failed(claimed, now=clock(), trouble=trouble, last=True)
        return trouble
    try:
        result = send(alert, destination)
    except ConfigError as error:
        outbox.held(claimed, now=clock(), trouble=str(error))
        return None
    except Exception as error:  # noqa: BLE001 - the sender's boundary: one message must not hold up the others
        trouble = without_secrets(f"{type(error).__name__}: {error}", destination.url)
        result = Sent(Delivery.DOUBTFUL, trouble)
    if result.delivery is Delivery.SENT:
        outbox.sent(claimed, now=clock())
        return None
    trouble = f"{result.delivery.value}: {result.trouble}"
    return trouble if outbox.failed(claimed, now=clock(), trouble=trouble) else None


def _notices(alert: Alert, destinations: Sequence[Destination], trouble: str) -> list[Alert]:
    """What operators are told of a message that was given up; nothing about a notice that fails itself."""
    if alert.event.startswith(_NOTICE):
        return []
    text = (
        f"A message could not be delivered to {alert.destination} and was given up.\n\n{alert.subject}\n"
        f"Why: {trouble}\nEvent: {alert.event}\n\nWhen the cause is mended: python monitor.py outbox retry"
    )
    return [
        Alert(
            event=_NOTICE + alert.event,
            destination=destination.name,
            subject=f"Not delivered to {alert.destination}: {alert.subject}"[:150],
            text=text,
            html=f"<pre>{escape(text)}</pre>",
            payload={"event": _NOTICE + alert.event, "given_up": alert.event, "trouble": trouble},
        )
        for destination in destinations
        if destination.operators and destination.name != alert.destination
    ]


def send(alert: Alert, destination: Destination) -> Sent:
    """Send one alert now. Raises ConfigError for an address that is not one service and one recipient."""
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.email import NotifyEmail
    from apprise.plugins.email.base import PGP_MODE_DEFAULT

    service = connect(destination)
    plugin = service[0]
    if isinstance(plugin, NotifyEmail) and plugin.pgp_mode == PGP_MODE_DEFAULT:
        return _mailed(alert, plugin)
    if isinstance(plugin, NotifyJSON):
        plugin.payload_extras |= alert.payload
    return _notified(alert, service, destination.url)


def connect(destination: Destination) -> Apprise:
    """The one service behind a destination. Raises ConfigError with the destination's name, never its secrets."""
    from apprise import Apprise, AppriseAsset
    from apprise.plugins.email import NotifyEmail

    asset = AppriseAsset(app_id="Release monitor", app_desc="Release monitor", app_url="", async_mode=False)
    service = Apprise(asset=asset)
    added = service.add(_with_defaults(destination.url))
    if not added or len(service) != 1:
        raise ConfigError(
            f"destination {destination.name}: its url is no apprise address of one service; "
            "compare it with https://appriseit.com/services/"
        )
    plugin = service[0]
    recipients = len(plugin) + len(plugin.cc) + len(plugin.bcc) if isinstance(plugin, NotifyEmail) else len(plugin)
    if recipients > 1:
        raise ConfigError(
            f"destination {destination.name}: its url names {recipients} recipients; make each a destination, "
            "so that one that is refused does not make the others get the message twice"
        )
    return service


def _with_defaults(url: str) -> str:
    """The address with our time-out and without pictures, where it does not say otherwise itself."""
    for name, value in (("rto", str(READ_TIMEOUT)), ("image", "no")):
        if f"?{name}=" not in url and f"&{name}=" not in url:
            url += f"{'&' if '?' in url else '?'}{name}={value}"
    return url


def _mailed(alert: Alert, plugin: object) -> Sent:
    try:
        trouble = send_mail(alert, plugin)
    except TimeoutError:
        return Sent(Delivery.DOUBTFUL, "the mail server did not answer in time")
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Delivery.FAILED, f"the mail server: {error}")
    return Sent(Delivery.SENT) if trouble is None else Sent(Delivery.FAILED, trouble)


def _notified(alert: Alert, service: Apprise, url: str) -> Sent:
    from apprise import AppriseAttachment, NotifyFormat
    from apprise.attachment.memory import AttachMemory
    from apprise.result import AppriseResultStatus

    attachments = AppriseAttachment()
    for name, content in alert.attachments:
        attachments.add(AttachMemory(content=content, name=name, mimetype="text/csv"))  # type: ignore[no-untyped-call]
    result = service.notify(
        body=without_calls(alert.text),
        title=without_calls(alert.subject),
        body_format=NotifyFormat.TEXT,
        notify_type=_colour(alert),
        attach=attachments if alert.attachments else None,
    )
    if result.status == AppriseResultStatus.SUCCESS:
        return Sent(Delivery.SENT)
    if result.status == AppriseResultStatus.NOMATCH:
        raise ConfigError(f"destination {alert.destination}: no service took the message; check its url")
    said = "; ".join(str(entry.message) for entry in result.logs()) or result.status.name.lower()
    trouble = without_secrets(said, url)
    doubtful = result.status in (AppriseResultStatus.PARTIAL, AppriseResultStatus.TIMEOUT)
    return Sent(Delivery.DOUBTFUL if doubtful else Delivery.FAILED, trouble)


def without_calls(text: str) -> str:
    """``text`` in which a publisher's words call nobody: no ``@everyone``, no ``<!channel>``, no ``<@U123>``.

    A word joiner, which nobody sees, stands after the mark. Not every service escapes what it is given as text.
    """
    return _CALL.sub("\\g<0>\u2060", text)


def without_secrets(text: str, url: str) -> str:
    """``text`` without the parts of a destination's address that may be secret: all but its scheme and host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    words = re.split(r"[/?&=:@#,+]", url.partition("://")[2])
    for word in sorted({*words, *map(unquote, words)}, key=len, reverse=True):
        if len(word) >= _SECRET and word.lower() != host:
            text = text.replace(word, "…")
    return text


def _colour(alert: Alert) -> NotifyType:
    """The colour in which chat services show a message."""
    from apprise import NotifyType

    grave = {Severity.CRITICAL: NotifyType.FAILURE, Severity.HIGH: NotifyType.WARNING}
    severity = alert.payload.get("severity")
    return grave.get(Severity(str(severity)), NotifyType.INFO) if severity else NotifyType.INFO
