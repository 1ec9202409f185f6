from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alerts.deliver import deliver_pending
from alerts.route import route
from alerts.sending.outcome import Delivery
from alerts.sending.send import send
from alerts.sending.service import connect
from state.errors import ConfigError
from state.model import Alert, Destination, Digest, Finding
from state.outbox_rows import OutboxState
from state.store import Store
from tests.alerts.examples import SCRIPT, MailServer, Webhook, finding

REPO = Path(__file__).parents[2]
AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "archive.db")


def _alerts(destinations: list[Destination], *findings: Finding) -> list[Alert]:
    return route(findings or [finding()], destinations, release=None, archive="http://127.0.0.1:8717", at=AT)


def _deliver(store: Store, destinations: list[Destination], *, at: dt.datetime = AT) -> tuple[str, ...]:
    return tuple(map(str, deliver_pending(store.outbox, destinations, clock=lambda: at)))


def test_mail_has_a_readable_text_an_escaped_html_and_the_items(store: Store) -> None:
    with MailServer() as mail:
        people = [Destination("people", mail.url())]
        store.outbox.add(_alerts(people, finding(25)), at=AT)
        assert _deliver(store, people) == ()
        (message,) = mail.messages
    assert (
        message["Subject"]
        == "CRITICAL, ice/secure-communities statistics: Noncriminal removals fell in 25 of 1,049 jurisdictions"
    )
    assert message["From"] == "Release monitor <monitor@example.org>"
    assert message["Date"].datetime == AT
    event = message["X-Release-Monitor-Event"]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "County 0 & Sons: 4,328 → 2,597 (−1,731, −40.0 %)" in plain.get_content()
    assert f"Event: {event}" in plain.get_content()
    assert SCRIPT not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()
    (items,) = message.iter_attachments()
    assert (items.get_filename(), items.get_content_type()) == ("items.csv", "text/csv")
    assert len(items.get_content().splitlines()) == 26
    assert store.outbox.counts() == {OutboxState.SENT: 1}


def test_the_same_event_is_one_message_id(store: Store) -> None:
    with MailServer() as mail:
        people = Destination("people", mail.url())
        (alert,) = _alerts([people])
        for _ in range(2):
            assert send(alert, people).delivery is Delivery.SENT
        assert len({message["Message-ID"] for message in mail.messages}) == 1


def test_a_webhook_gets_the_public_json(store: Store) -> None:
    with Webhook() as hook:
        people = [Destination("hook", hook.url)]
        store.outbox.add(_alerts(people), at=AT)
        _deliver(store, people)
        (body,) = hook.bodies
    assert body["findings"][0]["kind"] == "cumulative-decreased"
    assert body["findings"][0]["items"][0]["before"] == 4328
    assert body["title"].startswith("CRITICAL, ")
    assert body["event"] in body["message"]
    assert body["type"] == "failure"


def test_slack_gets_a_title_and_a_body_within_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.slack import NotifySlack

    with Webhook() as hook:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{hook.port}")
        slack = Destination("slack", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts")
        (alert,) = _alerts([slack], finding(400, title="A title that goes on and on " * 20))
        assert send(alert, slack).delivery is Delivery.SENT
        (body,) = hook.bodies
    header, section = body["attachments"][0]["blocks"][:2]
    assert header["type"] == "header"
    assert len(header["text"]["text"]) <= 150
    assert section["text"]["type"] == "mrkdwn"
    assert len(section["text"]["text"]) <= 2_900
    assert "http://127.0.0.1:8717/findings/abc123" in section["text"]["text"]
    assert alert.event in section["text"]["text"]


class TestTrouble:
    def test_a_failure_waits_and_is_sent_later(self, store: Store) -> None:
        answers = iter([500, 200])
        with Webhook(lambda: next(answers)) as hook:
            people = [Destination("hook", hook.url)]
            store.outbox.add(_alerts(people), at=AT)
            (line,) = _deliver(store, people)
            assert line.startswith("not sent yet: 1 alert waits for hook: failed: ")
            (waiting,) = store.outbox.list()
            assert waiting.trouble is not None
            assert waiting.trouble.startswith("failed: ")
            assert waiting.not_before > AT
            assert _deliver(store, people) == (line,)
            assert len(hook.bodies) == 1
            _deliver(store, people, at=waiting.not_before)
            assert [body["event"] for body in hook.bodies] == [waiting.alert.event] * 2
        assert store.outbox.counts() == {OutboxState.SENT: 1}

    def test_one_bad_destination_does_not_hold_up_the_others(self, store: Store) -> None:
        with Webhook() as hook:
            both = [Destination("down", "json://127.0.0.1:9/"), Destination("hook", hook.url)]
            store.outbox.add(_alerts(both), at=AT)
            _deliver(store, both)
            assert len(hook.bodies) == 1
        assert store.outbox.counts() == {OutboxState.PENDING: 1, OutboxState.SENT: 1}

    def test_operators_hear_of_an_outage_and_of_what_was_given_up_in_the_end(self, store: Store) -> None:
        with Webhook() as hook:
            down = Destination("down", "json://127.0.0.1:9/")
            everyone = [down, Destination("crew", hook.url, operators=True)]
            store.outbox.add(_alerts([down]), at=AT)
            at = AT
            said: tuple[str, ...] = ()
            for _ in range(8):
                said = _deliver(store, everyone, at=at)
                at += dt.timedelta(days=1)
            first, last = hook.bodies[0], hook.bodies[-1]
            assert _deliver(store, everyone, at=at) == (
                "undelivered: 1 alert for down, given up: failed: cannot be reached: "
                "[Errno 111] Connection refused; monitor.py outbox retry --dead, or outbox drop --dead",
            )
        assert said[0].startswith("given up: 'CRITICAL, ice/secure-communities statistics: Noncriminal")
        assert first["title"] == "down cannot be reached: 1 alert waiting"
        assert last["title"].startswith("Not delivered to down: CRITICAL")
        assert store.outbox.counts()[OutboxState.DEAD] == 1

    def test_a_mail_server_that_refuses(self, store: Store) -> None:
        with MailServer() as mail:
            mail.keeper.answer = "554 no thanks"
            people = Destination("people", mail.url())
            (alert,) = _alerts([people])
            result = send(alert, people)
            mail.keeper.answer = "451 later"
            assert send(alert, people).trouble == "451 later"
        assert (result.delivery, result.trouble) == (Delivery.REFUSED, "554 no thanks")
        assert send(alert, people).delivery is Delivery.FAILED, "nobody is listening any more"

    @pytest.mark.parametrize("url", ["", "nosuch://x", "not a url", "mailto://", "json://"])
    def test_an_address_that_means_nothing_is_loud(self, store: Store, url: str) -> None:
        wrong = Destination("people", url)
        with pytest.raises(ConfigError, match="destination people"):
            connect(wrong)
        store.outbox.add(_alerts([wrong]), at=AT)
        at = AT
        for _ in range(12):
            (said,) = _deliver(store, [wrong], at=at)
            assert "destination people" in said
            at += dt.timedelta(days=1)
        assert store.outbox.counts() == {OutboxState.PENDING: 1}, "it waits until the address is mended"

    def test_broken_text_holds_nobody_up(self, store: Store) -> None:
        with MailServer() as mail, Webhook() as hook:
            both = [Destination("people", mail.url()), Destination("hook", hook.url)]
            odd = finding(title="caf\udce9 \x00\r\nBcc: all@example.org", reason="\ud800", items=())
            store.outbox.add(_alerts(both, odd), at=AT)
            assert _deliver(store, both) == ()
            (message,) = mail.messages
            assert message["Bcc"] is None
            assert len(hook.bodies) == 1
        assert store.outbox.counts() == {OutboxState.SENT: 2}

    def test_several_recipients_in_one_address_are_refused(self) -> None:
        with MailServer() as mail:
            several = Destination("people", mail.url("one@example.org", "two@example.org"))
            with pytest.raises(ConfigError, match="2 recipients"):
                connect(several)

    def test_no_secret_in_what_is_said(self, store: Store) -> None:
        wrong = Destination("people", "nosuch://user:hunter2@host")
        store.outbox.add(_alerts([wrong]), at=AT)
        assert "hunter2" not in _deliver(store, [wrong])[0]

    def test_a_destination_that_was_renamed(self, store: Store) -> None:
        store.outbox.add(_alerts([Destination("old", "json://127.0.0.1:9/")]), at=AT)
        (said,) = _deliver(store, [])
        assert "no destination is called 'old'" in said


def test_a_digest_is_one_message_with_all_event_keys(store: Store) -> None:
    with MailServer() as mail:
        people = [Destination("people", mail.url(), digest=Digest.DAILY)]
        alerts = _alerts(people, finding(), finding(2, id="def456", kind="rows-vanished", title="Two rows left"))
        store.outbox.add(alerts, at=AT)
        assert _deliver(store, people) == ()
        assert mail.messages == []
        _deliver(store, people, at=AT + dt.timedelta(days=1))
        (message,) = mail.messages
    assert message["Subject"].endswith("in 5 of 1,049 jurisdictions and 1 more")
    plain = message.get_body(("plain",))
    assert plain is not None
    for alert in alerts:
        assert str(alert.payload["archive"]) in plain.get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["01-items.csv", "02-items.csv"]


def test_apprise_is_imported_only_where_something_is_sent(tmp_path: Path) -> None:
    program = (
        "import datetime as dt, sys; from pathlib import Path; from state.store import Store\n"
        "from alerts.deliver import deliver_pending\n"
        f"store = Store(Path({str(tmp_path / 'archive.db')!r}))\n"
        "deliver_pending(store.outbox, [], clock=lambda: dt.datetime.now(dt.UTC))\n"
        "assert 'apprise' not in sys.modules"
    )
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=tmp_path)
