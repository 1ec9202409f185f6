"""Mail with two parts of our own: readable plain text, and HTML in which every publisher's word is escaped.

apprise would derive the plain part from the HTML and put every cell of a table on a line of its own. So it
reads the address and makes the connection, and the message is built here.
"""

from __future__ import annotations

import datetime as dt
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from state.model import Alert


def send_mail(alert: Alert, service: Any) -> str | None:  # noqa: ANN401 - apprise has no types for it
    """Send ``alert`` by ``service``, apprise's NotifyEmail with one recipient.

    Returns None where the server took it, else why not.

    Raises OSError or SMTPException where the server cannot be spoken to.
    """
    from apprise.plugins.email.smtp import AppriseSMTPController

    _, recipient = service.targets[0]
    message = build_mail(
        alert, sender=service.from_addr[1], sender_name=service.from_addr[0] or "", recipient=recipient
    )
    with AppriseSMTPController(
        host=service.smtp_host,
        port=service.port,
        secure_mode=service.secure_mode,
        user=service.user,
        password=service.password,
        verify_certificate=service.verify_certificate,
        socket_connect_timeout=service.socket_read_timeout,
    ) as server:
        if server.sendmail(service.from_addr[1], [recipient], message.as_string()):
            return None
    return f"{service.smtp_host} did not take the message"


def build_mail(alert: Alert, *, sender: str, sender_name: str, recipient: str) -> EmailMessage:
    """The message: plain text, HTML, and the attachments.

    It is dated when it was due. The Message-ID comes from the event, so that a message sent twice after a
    crash can be seen to be one.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = alert.subject
    message["From"] = Address(sender_name or "Release monitor", addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = alert.not_before or dt.datetime.now(dt.UTC)
    _, _, domain = sender.rpartition("@")
    message["Message-ID"] = f"<{uuid5(NAMESPACE_URL, alert.event)}@{domain or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Release-Monitor-Event"] = alert.event
    message.set_content(alert.text)
    message.add_alternative(
        f'<!doctype html><html><head><meta charset="utf-8"></head><body>{alert.html}</body></html>', subtype="html"
    )
    for name, content in alert.attachments:
        main, _, sub = _media_type(name).partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _media_type(name: str) -> str:
    return "text/csv" if name.endswith(".csv") else "application/octet-stream"
