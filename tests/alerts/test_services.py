"""Every family of services, by stand-ins that enforce limits and take files as the real ones do."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alerts.compose import Notice, compose
from alerts.sending.outcome import Delivery
from alerts.sending.send import send
from state.model import Alert, Destination, Item
from tests.alerts.examples import finding
from tests.alerts.test_webhook import CONTEXT

AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)
HOSTILE = (
    "<!channel> @everyone [click](http://evil.example) ![x](http://evil.example/b.png) <http://evil.example|here>"
    " **b** `c` <b>t</b> <img src=x> <@U123>"
)
"""A mention, a link under other words, a picture that is fetched, Slack's own link, marks, HTML."""

ANSWER = {
    "ok": True,
    "status": "success",
    "success": True,
    "room_id": "!r:h",
    "event_id": "$e",
    "access_token": "t",
    "user_id": "@u:h",
    "home_server": "h",
    "id": "x",
    "channel_id": "c",
    "result": {"message_id": 1},
    "content_uri": "mxc://h/1",
}


class Stand:
    """A server that takes what the services' own do, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, bytes]] = []
        self.status = 200
        self.answer = json.dumps(ANSWER).encode()
        stand = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stand.requests.append((self.path, body))
                self.send_response(stand.status)
                self.send_header("Content-Length", str(len(stand.answer)))
                self.end_headers()
                self.wfile.write(stand.answer)

            do_GET = do_PUT = do_POST

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def words(self) -> str:
        """The text of the message among the requests, JSON and forms decoded."""
        for _, body in self.requests:
            text = body.decode("utf-8", "replace")
            if "evil" in text and "row,before" not in text.split("\r\n\r\n")[0][:400]:
                return json.dumps(json.loads(text), ensure_ascii=False) if text.startswith("{") else text
        return ""


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    from apprise.plugins.discord import NotifyDiscord
    from apprise.plugins.google_chat import NotifyGoogleChat
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.telegram import NotifyTelegram

    stand = Stand()
    there = f"http://127.0.0.1:{stand.port}"
    monkeypatch.setattr(NotifySlack, "webhook_url", there)
    monkeypatch.setattr(NotifyDiscord, "notify_url", there)
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"{there}/bot")
    monkeypatch.setattr(NotifyGoogleChat, "notify_url", there + "/{workspace}")
    yield stand
    stand.server.shutdown()
    stand.server.server_close()


FAMILIES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts",
    "discord": "discord://123456789/abcdefghijk",
    "mattermost": "mmost://127.0.0.1:{port}/aaaaaaaaaaaaaaaaaaaaaaaa",
    "google chat": "gchat://workspace/key/token",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "matrix": "matrix://u:p@127.0.0.1:{port}/!r:h",
    "ntfy": "ntfy://127.0.0.1:{port}/topic",
    "form": "form://127.0.0.1:{port}/x",
    "apprise": "apprise://127.0.0.1:{port}/token1",
    "gotify": "gotify://127.0.0.1:{port}/aaaaaaaaaaaaaaa",
    "xml": "xml://127.0.0.1:{port}/h",
}
LIVE = {
    "slack": r"<!channel>|<http://evil[^>]*\||<@U123>|\]\(http",
    "discord": r"@everyone|[^\\\\]\]\(http|avatar_url",
    "mattermost": r"@everyone|[^\\\\]\]\(http|icon_url",
    "google chat": r"<http://evil[^>]*\||<users/|\]\(http",
    "telegram": r"<b>t|<img|<a ",
    "matrix": r"formatted_body",
    "ntfy": r"\"markdown\": true",
}
"""What would act in a service, where it stood in what that service is sent."""


def _alert(count: int, words: str = HOSTILE) -> Alert:
    items = tuple(
        Item(row=f"{words} {number}", before=4000 + number, after=2000, difference=-2000 - number, valued=True)
        for number in range(count)
    )
    told = finding(count, title=words, reason=words, items=items)
    return compose(
        Notice(
            finding=told,
            event="e1",
            destination="d",
            archive="http://127.0.0.1:8717",
            at=AT,
            not_before=AT,
            context=CONTEXT,
        )
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("count", [20, 10_000])
def test_every_family_takes_a_finding_with_its_items_and_hostile_words_are_inert(
    stand: Stand, family: str, count: int
) -> None:
    if family == "slack":
        stand.answer = b"ok"
    sent = send(_alert(count), Destination(family, FAMILIES[family].format(port=stand.port)))
    assert (sent.delivery, sent.trouble) == (Delivery.SENT, "")
    assert "/findings/abc123" in stand.words
    text = stand.words
    if family == "slack":
        header, section = json.loads(stand.requests[0][1])["attachments"][0]["blocks"][:2]
        assert len(header["text"]["text"]) <= 150 + 40  # Slack counts what it shows, not the escapes
        assert len(section["text"]["text"]) <= 3_000
        text = section["text"]["text"]
        assert not re.search(r"<(?!http://127)", text), "only our own links are links"
        return
    if family == "discord":
        assert len(json.loads(stand.requests[0][1])["content"]) <= 2_000
    if family in LIVE:
        assert not re.search(LIVE[family], text)


@pytest.mark.parametrize(
    ("status", "delivery"),
    [(404, Delivery.REFUSED), (401, Delivery.REFUSED), (429, Delivery.FAILED), (500, Delivery.FAILED)],
)
@pytest.mark.parametrize("family", ["discord", "mattermost", "ntfy", "form"])
def test_a_refusal_is_told_with_the_servers_code_and_words(
    stand: Stand, family: str, status: int, delivery: Delivery
) -> None:
    stand.status, stand.answer = status, b"Unknown Webhook"
    sent = send(_alert(1, "a"), Destination(family, FAMILIES[family].format(port=stand.port)))
    assert sent.delivery is delivery
    assert f"HTTP {status}" in sent.trouble
    assert family == "ntfy" or "Unknown Webhook" in sent.trouble
