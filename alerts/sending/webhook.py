"""``json://`` destinations: the public JSON as one POST to a program of the user's own.

apprise reads the address. The request is made here, for its bytes are signed, its answer's code decides, and
redirects are not followed: a client would turn the POST into a GET without a body.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
from typing import Any

from alerts.items_csv import media_type_of
from alerts.message import message_of
from alerts.rendering.chat import render_chat
from alerts.sending.outcome import Delivery, Sent, of_status, without_secrets
from state.kinds import Severity
from state.model import Alert, Destination

TIMEOUT = (10, 30)
"""Seconds to connect, and to wait for an answer."""


def send_webhook(alert: Alert, service: Any, destination: Destination) -> Sent:  # noqa: ANN401 - apprise has no types
    """POST ``alert`` to the address of ``service``, apprise's NotifyJSON."""
    import requests

    body = body_of(alert, extras=service.payload_extras)
    at = dt.datetime.now(dt.UTC)
    patience = service.socket_read_timeout or TIMEOUT[1]
    try:
        answer = requests.post(
            _address(service),
            data=body,
            params=service.params,
            headers=headers_for(alert, body, secret=destination.signing_key, at=at) | dict(service.headers),
            auth=(service.user, service.password) if service.user else None,
            verify=service.verify_certificate,
            timeout=(TIMEOUT[0], patience),
            allow_redirects=False,
            stream=True,
        )
        with answer:
            said = answer.raw.read(400, decode_content=True).decode("utf-8", "replace")
    except requests.exceptions.ReadTimeout:
        return Sent(Delivery.DOUBTFUL, f"no answer within {patience:g} seconds")
    except (requests.RequestException, OSError) as error:
        return Sent(Delivery.FAILED, without_secrets(_plainly(error), destination.url))
    told = of_status(answer.status_code, said, retry_after=answer.headers.get("Retry-After"))
    return Sent(told.delivery, without_secrets(told.trouble, destination.url), told.retry_after)


def _address(service: Any) -> str:  # noqa: ANN401
    port = f":{service.port}" if isinstance(service.port, int) else ""
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"{'https' if service.secure else 'http'}://{host}{port}{service.fullpath}"


def body_of(alert: Alert, *, extras: dict[str, str] | None = None) -> bytes:
    """What is posted: the contract, the same in words, and the items as CSV."""
    message = message_of(alert)
    words = render_chat(message)
    grave = {Severity.CRITICAL: "failure", Severity.HIGH: "warning"}
    body = {
        "version": "1.0",
        "title": words.title,
        "message": words.body,
        "type": grave.get(message.severity, "info") if "severity" in alert.payload else "info",
        "attachments": [
            {"filename": name, "base64": base64.b64encode(content).decode(), "mimetype": media_type_of(name)}
            for name, content in alert.attachments
        ],
        **(extras or {}),
        **alert.payload,
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")


def headers_for(alert: Alert, body: bytes, *, secret: str | None, at: dt.datetime) -> dict[str, str]:
    """Headers by which a program knows a message again and, where there is a ``secret``, that it is ours.

    The signature is HMAC-SHA256 over ``<seconds since 1970>.<body>``, as Stripe and Slack do it: a receiver
    refuses what is older than minutes, so that nobody can send it again.
    """
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "release-monitor",
        "Idempotency-Key": alert.event,
    }
    if secret is not None:
        stamp = str(int(at.timestamp()))
        signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers["X-Release-Monitor-Timestamp"] = stamp
        headers["X-Release-Monitor-Signature"] = f"v1={signature}"
    return headers


def _plainly(error: Exception) -> str:
    """What went wrong, without the layers that wrap it."""
    reason: BaseException = error
    while isinstance(
        inner := getattr(reason, "reason", None) or (reason.args[0] if reason.args else None), Exception
    ):
        reason = inner
    said = re.sub(r"^.*?(?=\[Errno|\[SSL)", "", str(reason))
    return f"cannot be reached: {said}"
