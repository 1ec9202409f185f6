"""Every other service, by apprise: it knows its address and form, we know what may stand in the message.

What apprise answers is not taken on trust: no match is a loud configuration error, a time-out may have arrived
(the message is sent again, and its event key lets a reader see that), what the server said is read from its log.
"""

from __future__ import annotations

import logging
import re
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from alerts.message import Message, message_of
from alerts.rendering.chat import render_chat
from alerts.rendering.dialects import dialect_of
from alerts.sending.outcome import Delivery, Sent, of_status, without_secrets
from state.errors import ConfigError
from state.kinds import Severity
from state.model import Alert, Destination

if TYPE_CHECKING:
    from apprise import Apprise, AppriseAttachment, NotifyType
    from apprise.result import AppriseResult

LONGEST: Final = 60.0
"""Seconds for one message, all requests of the service together."""

_CODE = re.compile(r"error=(\d{3})")
_DETAILS = re.compile(r"Response Details:\s*b?(.*)", re.DOTALL)
_SOCKET = re.compile(r"Socket Exception: (.*)", re.DOTALL)


def send_by_service(alert: Alert, service: Apprise, destination: Destination) -> Sent:
    """Send ``alert`` by the one service in ``service``.

    Raises ConfigError where nothing takes the message.
    """
    from apprise import NotifyFormat
    from apprise.result import AppriseResultStatus

    logging.getLogger("apprise").setLevel(logging.DEBUG)  # what servers say stands there only
    dialect = dialect_of(service[0])
    message = message_of(alert)
    words = render_chat(message, dialect)
    with ExitStack() as files:
        attached = _attachments(alert, files) if dialect.files else None
        result = service.notify(
            body=words.body,
            title=words.title,
            body_format=NotifyFormat.MARKDOWN if dialect.markdown else NotifyFormat.TEXT,
            notify_type=_colour(message),
            attach=attached,
            timeout=LONGEST,
            log_level=logging.DEBUG,
        )
    if result.status == AppriseResultStatus.SUCCESS:
        return Sent(Delivery.SENT)
    if result.status == AppriseResultStatus.NOMATCH:
        raise ConfigError(f"destination {alert.destination}: no service took the message; check its url")
    return _read_trouble(result, destination.url, partial=result.status == AppriseResultStatus.PARTIAL)


def _attachments(alert: Alert, files: ExitStack) -> AppriseAttachment | None:
    """The attachments as files: many services open them by name."""
    from apprise import AppriseAttachment

    if not alert.attachments:
        return None
    folder = Path(files.enter_context(TemporaryDirectory(prefix="release-monitor-")))
    attached = AppriseAttachment()
    for name, content in alert.attachments:
        path = folder / Path(name).name
        path.write_bytes(content)
        attached.add(str(path))
    return attached


def _read_trouble(result: AppriseResult, url: str, *, partial: bool) -> Sent:
    """What the server said, with its code, from what apprise noted on the way."""
    from apprise.result import AppriseResultStatus

    said = [str(entry.message) for entry in result.logs()]
    warnings = [str(entry.message) for entry in result.logs() if entry.level in ("WARNING", "ERROR", "CRITICAL")]
    details = next((found[1] for line in reversed(said) if (found := _DETAILS.search(line))), "")
    code = next((int(found[1]) for line in reversed(warnings) if (found := _CODE.search(line))), None)
    if result.status == AppriseResultStatus.TIMEOUT or partial:
        return Sent(Delivery.DOUBTFUL, without_secrets("; ".join(warnings) or "no answer in time", url))
    if code is not None:
        told = of_status(code, details.strip("'\""))
        if told.delivery is not Delivery.SENT:
            return Sent(told.delivery, without_secrets(told.trouble, url), told.retry_after)
    if socket := next((found[1] for line in said if (found := _SOCKET.search(line))), ""):
        doubtful = "timed out" in socket.lower() and "connect" not in socket.lower()
        kind = Delivery.DOUBTFUL if doubtful else Delivery.FAILED
        return Sent(kind, without_secrets(f"cannot be reached: {socket[:300]}", url))
    return Sent(Delivery.FAILED, without_secrets("; ".join(warnings) or "the service refused", url))


def connect(destination: Destination) -> Apprise:
    """The one service behind a destination. Raises ConfigError with the destination's name, never its secrets."""
    from apprise import Apprise, AppriseAsset
    from apprise.plugins.email import NotifyEmail

    asset = AppriseAsset(
        app_id="Release monitor",
        app_desc="Release monitor",
        app_url="",
        async_mode=False,
        http_redirects=False,
        image_url_mask="",  # no picture of a foreign host
        image_url_logo="",
    )
    service = Apprise(asset=asset)
    added = service.add(_with_defaults(destination.url, _settings(service, destination.url)))
    if not added or len(service) != 1:
        raise ConfigError(
            f"destination {destination.name}: its url is no apprise address of one service; "
            "compare it with https://appriseit.com/services/"
        )
    plugin = service[0]
    _refuse_half_addresses(destination)
    recipients = len(plugin) + len(plugin.cc) + len(plugin.bcc) if isinstance(plugin, NotifyEmail) else len(plugin)
    if recipients > 1:
        raise ConfigError(
            f"destination {destination.name}: its url names {recipients} recipients; make each a destination, "
            "so that one that is refused does not make the others get the message twice"
        )
    return service


def _refuse_half_addresses(destination: Destination) -> None:
    """Raises ConfigError where a recipient in a mail's address is none: apprise leaves it out and says nothing."""
    parts = urlsplit(destination.url)
    if not parts.scheme.startswith("mailto"):
        return
    for named in parse_qs(parts.query).get("to", ()):
        for recipient in named.split(","):
            if "@" not in recipient.strip(" <>"):
                raise ConfigError(
                    f"destination {destination.name}: to={recipient.strip() or '…'} is no mail address"
                )


def _settings(service: Apprise, url: str) -> tuple[tuple[str, str], ...]:
    """What the dialect of the service behind ``url`` wants its address to say."""
    from apprise import Apprise

    plugin = Apprise.instantiate(url, asset=service.asset, suppress_exceptions=True)
    return dialect_of(plugin).settings if plugin else ()


def _with_defaults(url: str, settings: tuple[tuple[str, str], ...]) -> str:
    """The address with our time-out, without pictures, and with what its dialect wants, unless it says otherwise.

    With apprise's own 4 seconds a slow server that took the message is a failure.
    """
    for name, value in (("rto", "30"), ("image", "no"), *settings):
        if f"?{name}=" not in url and f"&{name}=" not in url:
            url += f"{'&' if '?' in url else '?'}{name}={value}"
    return url


def _colour(message: Message) -> NotifyType:
    """The colour in which chat services show a message."""
    from apprise import NotifyType

    grave = {Severity.CRITICAL: NotifyType.FAILURE, Severity.HIGH: NotifyType.WARNING}
    return grave.get(message.severity, NotifyType.INFO)
