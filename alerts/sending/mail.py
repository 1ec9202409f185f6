"""Mail with two parts of our own: readable plain text, and HTML in which every publisher's word is escaped.

apprise would derive the plain part from the HTML and put every cell of a table on a line of its own, and says
of a refusal only that there was one. So it reads the address, and the message is built and handed over here.
"""

from __future__ import annotations

import base64
import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from alerts.context import FIGURE
from alerts.items_csv import media_type_of
from alerts.message import IN_FULL, Message, message_of
from alerts.rendering.chart import words_of
from alerts.rendering.chat import render_chat
from alerts.rendering.page import Chart, render_page
from alerts.sending.outcome import Delivery, Sent, of_smtp
from state.kinds import Severity
from state.model import Alert

LARGEST_PAGE: Final = 100_000
"""Bytes of HTML: above them mail services cut a message in the middle."""


def send_mail(alert: Alert, service: Any) -> Sent:  # noqa: ANN401 - apprise has no types for it
    """Send ``alert`` by ``service``, apprise's NotifyEmail with one recipient."""
    _, recipient = service.targets[0]
    message = build_mail(
        alert, sender=service.from_addr[1], sender_name=service.from_addr[0] or "", recipient=recipient
    )
    try:
        with _session(service) as server:
            server.sendmail(service.from_addr[1], [recipient], message.as_bytes())
    except smtplib.SMTPRecipientsRefused as error:
        return of_smtp(*_said(next(iter(error.recipients.values()))))
    except smtplib.SMTPResponseException as error:
        return of_smtp(*_said((error.smtp_code, error.smtp_error)))
    except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
        late = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
        what = "did not answer in time" if late else "closed the connection before it answered"
        return Sent(Delivery.DOUBTFUL, f"the mail server {what}")
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Delivery.FAILED, f"the mail server {service.smtp_host} cannot be spoken to: {error}")
    return Sent(Delivery.SENT)


@contextmanager
def _session(service: Any) -> Iterator[smtplib.SMTP]:  # noqa: ANN401
    """A connection as the address wants it, logged in. What goes wrong at the farewell is nobody's business.

    apprise's own hides what the server says.
    """
    from apprise.plugins.email.common import SecureMailMode

    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port, timeout = service.smtp_host, service.port, service.socket_read_timeout or 30
    if service.secure_mode == SecureMailMode.SSL:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if service.secure_mode == SecureMailMode.STARTTLS:
            server.starttls(context=context)
        if service.user and service.password:
            server.login(service.user, service.password)
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _said(answer: tuple[int, bytes | str]) -> tuple[int, str]:
    code, words = answer
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def build_mail(alert: Alert, *, sender: str, sender_name: str, recipient: str) -> EmailMessage:
    """The message: plain text, HTML, and the attachments.

    It is dated when it was due. The Message-ID comes from destination and event, so that a message sent twice
    after a crash can be seen to be one; mails of one source are a thread.
    """
    told = message_of(alert)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = alert.subject
    message["From"] = Address(sender_name or "Release monitor", addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = alert.not_before or dt.datetime.now(dt.UTC)
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{uuid5(NAMESPACE_URL, f'{alert.destination} {alert.event}')}@{domain}>"
    message["List-Id"] = f"Release monitor <release-monitor.{domain}>"
    if thread := _thread(told):
        root = f"<{uuid5(NAMESPACE_URL, f'{alert.destination} {thread}')}@{domain}>"
        message["In-Reply-To"], message["References"] = root, root
    if told.severity is Severity.CRITICAL:
        message["Importance"] = "high"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Release-Monitor-Event"] = alert.event
    message.set_content(render_chat(told).body)
    pictures = [content for name, content in alert.attachments if name.endswith(FIGURE)][:1]
    _add_page(message, told, domain=domain, picture=next(iter(pictures), None))
    for name, content in alert.attachments:
        if pictures and name.endswith(FIGURE):
            continue  # it stands in the page
        main, _, sub = media_type_of(name).partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _add_page(mail: EmailMessage, told: Message, *, domain: str, picture: bytes | None) -> None:
    """The HTML, with the picture that stands in it as its own part: nothing is loaded from anywhere."""
    if picture is None:
        mail.add_alternative(_page(told), subtype="html")
        return
    name = f"{uuid5(NAMESPACE_URL, str(mail['Message-ID']))}@{domain}"
    mail.add_alternative(_page(told, chart=Chart(name, words_of(picture))), subtype="html")
    parts = mail.get_payload()
    assert isinstance(parts, list)
    page = parts[-1]
    assert isinstance(page, EmailMessage)
    page.add_related(picture, "image", "png", cid=f"<{name}>", filename=FIGURE, disposition="inline")


def page_alone(mail: EmailMessage) -> str:
    """The HTML of a mail with its picture in it, as a file that a browser shows."""
    page = mail.get_body(("html",))
    assert page is not None
    html = str(page.get_content())
    for part in mail.walk():
        if name := str(part.get("Content-ID", "")).strip("<>"):
            inline = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{inline}")
    return html


def _page(message: Message, *, chart: Chart | None = None) -> str:
    """The HTML, with fewer statements whole where it would grow beyond what mail services show."""
    for whole in (IN_FULL, 8, 2, 0):
        page = render_page(message, whole=whole, chart=chart)
        if len(page.encode("utf-8", "replace")) <= LARGEST_PAGE:
            break
    return page


def _thread(message: Message) -> str:
    """What mails of one source have in common; empty for those of several."""
    sources = {statement.source for statement in message.statements}
    return f"thread {sources.pop()}" if len(sources) == 1 else ""
