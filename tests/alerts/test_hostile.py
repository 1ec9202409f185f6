"""A publisher whose words want more than to be read, and services that repeat our secrets."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from alerts.compose import Notice, compose
from alerts.items_csv import items_as_csv
from alerts.message import message_of
from alerts.rendering.dialects import without_calls
from alerts.rendering.page import LONGEST_CELL, render_page
from alerts.sending.mail import build_mail
from alerts.sending.outcome import Delivery, without_secrets
from alerts.sending.send import send
from state.model import Alert, Destination, Item
from tests.alerts.examples import Webhook, finding

AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)
BAD = "\ud800=1+1 <!channel> @everyone @HERE <@U123> <b>bold</b> \u202e\r\nBcc: victim@example.org\r\n\r\nbody"


def _alert(words: str = BAD) -> Alert:
    item = Item(row=words, before=words, after=words)
    told = finding(title=words, reason=words, before=words, after=words, items=(item,))
    return compose(Notice(finding=told, event="e1", destination="d", archive="http://x/", at=AT, not_before=AT))


def test_no_header_is_injected_into_mail() -> None:
    message = build_mail(_alert(), sender="a@example.org", sender_name="", recipient="b@example.org")
    assert message["Bcc"] is None
    assert message["To"] == "b@example.org"
    body = message.get_body(("html",))
    assert body is not None
    assert "<b>bold" not in body.get_content()
    assert b"\nBcc:" not in message.as_bytes().partition(b"\r\n\r\n")[0]


def test_mail_stays_small_whatever_a_cell_holds() -> None:
    assert len(render_page(message_of(_alert("word " * 1_000_000)))) < 20 * LONGEST_CELL


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "\xa0=1",
        "\uff1d1",
        "\uff20A",
    ],
)
def test_no_text_is_a_formula(text: str) -> None:
    (row,) = list(csv.DictReader(io.StringIO(items_as_csv((Item(row=text),)).decode("utf-8-sig"), newline="")))
    assert row["row"] == "'" + text


def test_items_that_are_no_text_are_spelt_out() -> None:
    assert b"\\ud800" in items_as_csv((Item(row="\ud800"),))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@everyone, @HERE", "@\u2060everyone, @\u2060HERE"),
        ("<!channel> <@U1> <#C1>", "<\u2060!channel> <\u2060@\u2060U1> <\u2060#C1>"),
        ("foia@ice.dhs.gov, a < b", "foia@ice.dhs.gov, a < b"),
    ],
)
def test_nobody_is_called_by_a_publisher(text: str, told: str) -> None:
    assert without_calls(text) == told


def test_a_webhook_calls_nobody() -> None:
    with Webhook() as hook:
        assert send(_alert(), Destination("d", hook.url)).delivery is Delivery.SENT
        (body,) = hook.bodies
    assert "@everyone" not in body["title"] + body["message"]
    assert "<!channel>" not in body["title"] + body["message"]


def test_what_a_service_says_of_our_address_is_kept_to_us() -> None:
    url = "json://user:Pa%2Fss-word@hooks.example.org:8080/services/T1JJ3T3L2/TIiajkdnlazkcOXrIdevi7FQ?key=hunter2"
    said = (
        "HTTPSConnectionPool(host='hooks.example.org', port=8080): Max retries exceeded with url: "
        "/services/T1JJ3T3L2/TIiajkdnlazkcOXrIdevi7FQ?key=hunter2 (user:Pa/ss-word)"
    )
    told = without_secrets(said, url)
    assert "hooks.example.org" in told
    for secret in ("T1JJ3T3L2", "TIiajkdnlazkcOXrIdevi7FQ", "hunter2", "ss-word"):
        assert secret not in told
