from __future__ import annotations

import email
import email.policy
import json
import smtplib
from email.message import EmailMessage
from pathlib import Path

import httpx

from demo.sinks import MailSink, WebhookSink


def test_mails_are_kept_in_order(tmp_path: Path) -> None:
    with MailSink(tmp_path / "mail") as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        for number in (1, 2):
            message = EmailMessage()
            message["Subject"] = f"Café {number}: removals fell / again"
            message["From"], message["To"] = "monitor@example.org", "desk@example.org"
            message.set_content("Maricopa −1,731")
            client.send_message(message)
        files = sink.files
    assert [path.name for path in files] == [f"00{n}-caf-{n}-removals-fell-again.eml" for n in (1, 2)]
    kept = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    body = kept.get_body()
    assert body is not None
    assert body.get_content().strip() == "Maricopa −1,731"


def test_payloads_are_kept_as_readable_json(tmp_path: Path) -> None:
    payload = {"attachments": [{"title": "Removals fell in 5 places", "text": "…"}]}
    with WebhookSink(tmp_path / "slack") as sink:
        url = f"http://127.0.0.1:{sink.port}/services/T/B/X"
        answers = [
            httpx.post(url, json=payload),
            httpx.post(url, json={"text": "Hi"}),
            httpx.post(url, content=b"{"),
        ]
        files = sink.files
    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert answers[0].text == "ok"
    assert [path.name for path in files] == ["001-removals-fell-in-5-places.json", "002-hi.json"]
    assert json.loads(files[0].read_text(encoding="utf-8")) == payload
